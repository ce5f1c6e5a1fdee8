"""Method: what attributes and methods of values stand for."""

from __future__ import annotations

import ast
from dataclasses import replace

from flows.share.python_import.conversation import said_by
from flows.share.python_import.fields import has_field
from flows.share.python_import.loops import keys_of, rows_of
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.text_methods import SAME, call_on_text
from flows.share.python_import.texts import text_of
from flows.share.python_import.values import (
    NOTHING,
    AgentValue,
    Chosen,
    ClassOf,
    Function,
    Given,
    Index,
    Instance,
    Item,
    Known,
    Later,
    Library,
    Limit,
    Listed,
    Listing,
    Made,
    Member,
    Merged,
    Output,
    Result,
    SettingsValue,
    Table,
    Text,
    Unclear,
    Value,
    later_value,
)

_FIELDS = frozenset({"model_dump", "dict", "model_dump_json", "json"})
"""Methods that give the fields of an object."""

_TEXT_METHODS = SAME | {"startswith", "endswith", "join", "format", "items", "values", "keys"}


def attribute_of(  # noqa: C901, PLR0911, PLR0912 - one arm a kind
    machine: Machine, owner: Value, name: str
) -> Value:
    """Return an attribute of a value."""
    match owner:
        case Library(name=library):
            return Library(f"{library}.{name}")
        case Result(step=step) if name == "final_output":
            return Output(step)
        case Result(step=step) if name == "new_items":
            return said_by(step)
        case Result(step=step) if name == "last_agent":
            agent = machine.draft.steps[step].agent
            alone = agent is not None and not agent.handoffs
            return AgentValue(agent) if agent is not None and alone else Unclear((Output(step),))
        case Output(path=path) | Given(path=path) | Item(path=path) if (
            name not in _TEXT_METHODS or has_field(machine, owner, name)
        ):
            return replace(owner, path=(*path, name))
        case AgentValue(spec=spec) if name == "name":
            return Known(spec.name)
        case AgentValue() if name == "handoffs":
            return Made("handoffs", (owner,))
        case AgentValue(spec=spec) if name == "instructions":
            return Known(spec.instructions)
        case Instance():
            return _of_instance(owner, name)
        case Made(kind="event", args=args):
            return args[0] if name == "delta" else owner
        case ClassOf(tree=tree, scope=scope):
            return _of_instance(Instance(tree, scope), name)
        case Made(kind="wrapper", options=options) if name == "context":
            return options["context"]
        case Made(kind="options"):
            return Given(name)
        case Chosen() if name in {"branch", "branches"}:
            return owner
        case Merged(options=options):
            found = [
                each if each == NOTHING else attribute_of(machine, each, name) for each in options
            ]
            plain = all(not isinstance(each, Member) for each in found)
            return replace(owner, options=tuple(found)) if plain else Member(owner, name)
        case _:
            return Member(owner, name)


def _of_instance(owner: Instance, name: str) -> Value:
    """Return an attribute of an object, or a method that knows its object."""
    if name in owner.attributes:
        return owner.attributes[name]
    for each in owner.tree.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name == name:
            marks = {ast.unparse(mark) for mark in each.decorator_list}
            return Function(each, owner.scope, None if "staticmethod" in marks else owner)
        if isinstance(each, ast.Assign) and name in {ast.unparse(to) for to in each.targets}:
            said = getattr(each.value, "value", None)
            return Known(said if isinstance(said, str) else None)
    return Member(owner, name)


def make_instance(machine: Machine, made: ClassOf, call: Call) -> Value:
    """Make an object: by its `__init__`, or of the fields that are named."""
    instance = Instance(made.tree, made.scope)
    begin = _of_instance(instance, "__init__")
    if isinstance(begin, Function):
        machine.call(begin, call)
        return instance
    fields = [
        each.target.id
        for each in made.tree.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]
    instance.attributes |= dict(zip(fields, call.args, strict=False)) | call.options
    return instance


def item_of(owner: Value, key: Value) -> Value:  # noqa: C901, PLR0911 - one arm a kind
    """Return an element of a value by its place or its name."""
    match owner, key:
        case Listed(items=items), Known(value=int() as place):
            return items[place] if -len(items) <= place < len(items) else Unclear()
        case Table(pairs=pairs), Known(value=said):
            return pairs.get(str(said), Unclear())
        case Library(name="sys.argv"), _:
            return Given("input")
        case Library(name="os.environ"), _:
            return Library("os.environ[]")
        case Library(), _:
            return owner  # a generic class with its type
        case Output(path=path) | Given(path=path) | Item(path=path), Known(value=said):
            return replace(owner, path=(*path, str(said)))
        case Listing(element=element), Known():
            return Unclear((element,))
        case Merged(options=options), _:
            found = [each if each == NOTHING else item_of(each, key) for each in options]
            return replace(owner, options=tuple(found))
        case _:
            kept = isinstance(owner, Output | Given | Item | Text | Listed)
            return owner if kept else Unclear((owner,))


def call_method(  # noqa: C901, PLR0911, PLR0912 - one arm a kind
    machine: Machine, owner: Value, name: str, call: Call
) -> Value:
    """Follow a call of a method."""
    match owner:
        case Result():
            return _of_result(machine, owner, name)
        case Listed():
            return _of_list(machine, owner, name, call)
        case Table():
            return _of_table(owner, name, call)
        case Later():
            return later_value(owner) if name == "result" else NOTHING
        case AgentValue():
            return _of_agent(machine, owner, name, call)
        case SettingsValue(settings=settings) if name == "resolve":
            other = call.get("override", 0)
            own = other.settings if isinstance(other, SettingsValue) else type(settings)()
            return SettingsValue(settings.with_those_of(own))
        case Made(kind="run_item", args=[said, *_]):
            return said
        case Made():
            return _of_made(machine, owner, name, call)
        case Instance() if name in _FIELDS:
            return Table(dict(owner.attributes))
        case Known(value=str()) | Text() | Output() | Given() | Item() | Merged() | Index():
            return call_on_text(machine, owner, name, call)
        case Listing() if name == "append":
            return NOTHING
        case Listing():
            return owner
        case _:
            return Unclear((owner, *call.args, *call.options.values()))


def _of_result(machine: Machine, result: Result, name: str) -> Value:
    if name == "final_output_as":
        return Output(result.step)
    if name == "to_input_list":
        step = machine.draft.steps[result.step]
        machine.draft.remark(
            step.line, "The conversation goes on as text: the message, then the answer."
        )
        return text_of(step.message, "\n\n", Output(result.step))
    return Unclear() if name == "stream_events" else Unclear((Output(result.step),))


def _of_list(machine: Machine, owner: Listed, name: str, call: Call) -> Value:
    if name in {"append", "add"} and call.args:
        value = call.args[0]
        if isinstance(value, Made) and value.kind == "error":
            failed = [each.step for each in value.args if isinstance(each, Output)]
            owner.failed |= set(failed)
            return NOTHING
        owner.put(value, machine.context.loop)
        return NOTHING
    if name in {"extend", "update"} and call.args:
        value = call.args[0]
        owner.items += value.items if isinstance(value, Listed) else [value]
        return NOTHING
    if name == "pop":
        return owner.items[-1] if owner.items else Unclear()
    return owner if name == "copy" else NOTHING


def _of_table(owner: Table, name: str, call: Call) -> Value:
    match name, call.args:
        case "items", _:
            return rows_of(owner.rows(), lambda key, each: Listed([key, each]))
        case "values", _:
            return rows_of(owner.rows(), lambda _, each: each)
        case "keys", _:
            return keys_of(owner)
        case "get", [Known(value=said), *_]:
            return owner.pairs.get(str(said), Unclear())
        case _:
            return Unclear(tuple(owner.pairs.values()))


def _of_agent(machine: Machine, owner: AgentValue, name: str, call: Call) -> Value:
    if name == "as_tool":
        from flows.share.python_import.sdk import remark_rest

        remark_rest(machine, call, "tool", frozenset())
        return AgentValue(owner.spec, as_tool=True)
    if name == "clone":
        from flows.share.python_import.sdk import cloned

        return cloned(machine, owner.spec, call)
    return Unclear()


def _of_made(machine: Machine, owner: Made, name: str, call: Call) -> Value:
    match owner.kind, name:
        case "group", "create_task":
            return machine.start(call.args[0]) if call.args else Unclear()
        case "parser", "add_argument":
            from flows.share.python_import.arguments import add_argument

            add_argument(machine, call)
            return NOTHING
        case "handoffs", "append" | "extend":
            from flows.share.python_import.sdk import add_handoff

            for each in call.args:
                for target in each.items if isinstance(each, Listed) else [each]:
                    assert isinstance(owner.args[0], AgentValue)
                    add_handoff(owner.args[0].spec, target)
            return NOTHING
        case "parser", "parse_args":
            return Made("options")
        case _:
            return Unclear(tuple(call.args))


__all__ = ["ClassOf", "Limit", "attribute_of", "call_method", "item_of"]
