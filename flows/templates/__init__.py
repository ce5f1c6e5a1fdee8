"""Template: a flow that ships with Fanfold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flows.document.files import read_flow
from flows.document.model import Flow
from flows.errors import FlowsError

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Template:
    """A shipped flow.

    `name`: its file's stem, as in `?template=`. `shows`: what it is about. `pattern`: what the
    decision guide calls it.
    """

    name: str
    file: Path
    title: str
    shows: str
    pattern: str
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


def _template(entry: dict[str, Any]) -> Template:
    file = _FOLDER / f"{entry['name']}.json"
    flow = read_flow(file.read_bytes())
    return Template(
        name=entry["name"],
        file=file,
        title=flow.name,
        shows=" ".join(flow.description.split()),
        pattern=entry["pattern"],
        needs_larger_model=bool(entry.get("needs_larger_model")),
    )
