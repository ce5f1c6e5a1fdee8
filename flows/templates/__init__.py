"""Template: a flow that ships with Fanfold."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flows.document.files import read_flow
from flows.document.model import Flow
from flows.errors import FlowsError

_FOLDER = Path(__file__).parent
_COPY = re.compile(r" \d+$")


@dataclass(frozen=True, slots=True)
class Template:
    """A shipped flow.

    `name`: its file's stem, as in `?template=`. `shows`: what it is about. `pattern`: what the
    decision guide calls it. `presented`: its title before people who do not write programs.
    """

    name: str
    file: Path
    title: str
    shows: str
    pattern: str
    presented: str
    needs_larger_model: bool

    @property
    def is_pattern(self) -> bool:
        """Whether it shows a pattern bare, under the pattern's own name."""
        return self.title.casefold().startswith(self.pattern.casefold())


@cache
def list_templates() -> tuple[Template, ...]:
    """Return the shipped flows in the order they are offered, the opening one first."""
    entries: list[dict[str, Any]] = json.loads((_FOLDER / "order.json").read_text("utf-8"))
    return tuple(_template(entry) for entry in entries)


def load_template(name: str) -> Flow:
    """Read a shipped flow. Raises FlowsError when there is none of this name."""
    for template in list_templates():
        if template.name == name:
            return read_flow(template.file.read_bytes())
    names = ", ".join(template.name for template in list_templates())
    raise FlowsError(f'There is no template "{name}". There are: {names}.')


def presented_name(flow: Flow) -> str:
    """Name a flow before people who look on: one named after a pattern of asyncio in plain words.

    It goes by a shipped flow's name, a copy's number aside, and by what it says it is for: whoever
    names a flow of their own has their word.
    """
    name = _COPY.sub("", flow.name)
    for template in list_templates():
        if template.title == name and template.shows == _shown(flow):
            return template.presented + flow.name.removeprefix(name)
    return flow.name


def _shown(flow: Flow) -> str:
    return " ".join(flow.description.split())


def _template(entry: dict[str, Any]) -> Template:
    file = _FOLDER / f"{entry['name']}.json"
    flow = read_flow(file.read_bytes())
    return Template(
        name=entry["name"],
        file=file,
        title=flow.name,
        shows=_shown(flow),
        pattern=entry["pattern"],
        presented=entry.get("presented", flow.name),
        needs_larger_model=bool(entry.get("needs_larger_model")),
    )
