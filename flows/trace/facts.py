"""Facts: what tells the runs of one flow apart at a glance, known from a run's first record."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from flows.trace.events import Json, RunStarted

LONGEST_INPUT: Final = 120
"""How many letters of the input are shown."""

LONGEST_SAID: Final = 20_000
"""How many letters of a run can be searched."""

_MOST_MODELS: Final = 2
_WHOLE: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i"})
"""Letters with a stroke or without a dot, which Unicode does not take apart."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """`input`: its first words. `model`: whom it asked. `settings`: those that are not as usual.

    `said`: all that a run can be found by, folded: its name, its input and its models.
    """

    input: str = ""
    model: str = ""
    settings: str = ""
    said: str = ""


def facts_of(start: RunStarted) -> RunFacts:
    """Read what tells a run apart; a run file from elsewhere may hold anything as its flow."""
    every = " ".join(_clean(_text(value)) for value in start.inputs.values())
    models = tuple(dict.fromkeys(_models(start)))
    said = " ".join((_clean(_text(start.flow.get("name", ""))), *models, every))
    return RunFacts(
        input=every if len(every) <= LONGEST_INPUT else f"{every[: LONGEST_INPUT - 1].rstrip()}…",
        model=_several(models),
        settings=", ".join((*settings_in(start.flow), *_earlier(start))),
        said=fold(said)[:LONGEST_SAID],
    )


def words_of(text: str) -> tuple[str, ...]:
    """Take what is typed into a search apart, as `said` is written."""
    return tuple(fold(_clean(text)).split())


def fold(text: str) -> str:
    """Write a text as it is searched, in one case and without accents: "Übung" as "ubung"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return bare.casefold().translate(_WHOLE)


def settings_in(flow: Mapping[str, Json]) -> Iterator[str]:
    """Name the settings of a flow's policy that are not as usual, by their words in the file."""
    run = _object(flow.get("run"))
    if run.get("start") == "by_stage":
        yield "by_stage"
    if run.get("on_failure") in {"cancel", "collect"}:
        yield run["on_failure"]
    if run.get("max_concurrency") is not None:
        yield f"max {_text(run['max_concurrency'])}"
    if run.get("timeout_s") is not None:
        yield f"timeout {_text(run['timeout_s'])} s"
    if run.get("results") == "as_completed":
        yield "as_completed"
    if _object(run.get("stages")):
        yield "stages set"


def _models(start: RunStarted) -> Iterator[str]:
    nodes = start.flow.get("nodes")
    for node in nodes if isinstance(nodes, list) else ():
        values = _object(node)
        if values.get("type") == "agent" or values.get("ask"):
            yield _clean(_text(values.get("model") or start.model))


def _several(models: tuple[str, ...]) -> str:
    named = [model for model in models if model]
    more = [f"{len(named) - _MOST_MODELS} more"] if len(named) > _MOST_MODELS else []
    return ", ".join([*named[:_MOST_MODELS], *more])


def _earlier(start: RunStarted) -> Iterable[str]:
    if start.reused_from:
        yield "results reused"
    if start.measures is not None:
        yield "one after another"


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _clean(text: str) -> str:
    """Put a text on one line; Postgres keeps no text with a zero in it."""
    return " ".join(text.replace("\0", " ").split())
