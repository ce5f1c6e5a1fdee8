"""Settings: `ModelSettings(...)` and how often a call is tried again."""

from __future__ import annotations

from pydantic import JsonValue

from flows.share.python_import.agents import Settings
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.values import (
    NOTHING,
    Known,
    Listed,
    Made,
    SettingsValue,
    Table,
    Unclear,
    Value,
)


def model_settings(machine: Machine, call: Call) -> Value:
    """Read `ModelSettings(...)`."""
    settings = Settings()
    for name, value in call.options.items():
        if isinstance(value, SettingsValue):
            settings = settings.with_those_of(Settings(retries=value.settings.retries))
        elif (said := json_of(value)) is not None:
            settings.values[name] = said
        elif value != NOTHING:
            machine.draft.remark(
                call.tree.lineno,
                f"`{name}` of these settings is worked out in Python; write it in.",
            )
    return SettingsValue(settings)


def json_of(value: Value) -> JsonValue:
    """Return a value as JSON, None where it is none."""
    match value:
        case Known(value=said):
            return said
        case Listed(items=items):
            return [json_of(each) for each in items]
        case Table(pairs=pairs):
            return {key: json_of(each) for key, each in pairs.items()}
        case Made(kind="Reasoning", options=options):
            return {key: json_of(each) for key, each in options.items()}
        case _:
            return None


def retry_settings(_machine: Machine, call: Call) -> Value:
    """Read `ModelRetrySettings(...)`: how often a call is tried again."""
    most = call.get("max_retries", 0)
    count = most.value if isinstance(most, Known) and isinstance(most.value, int) else None
    return SettingsValue(Settings(retries=count))


def replaced(machine: Machine, call: Call) -> Value:
    """Read `replace(settings, ...)`."""
    match call.args:
        case [SettingsValue(settings=settings), *_]:
            new = Call([], call.options, call.tree)
            made = retry_settings(machine, new) if "max_retries" in call.options else NOTHING
            own = made.settings if isinstance(made, SettingsValue) else Settings()
            return SettingsValue(settings.with_those_of(own))
        case [only, *_]:
            return only
        case _:
            return Unclear()


def default_settings(_machine: Machine, _call: Call) -> Value:
    """Read `get_default_model_settings(...)`: the flow takes them by itself."""
    return SettingsValue(Settings())
