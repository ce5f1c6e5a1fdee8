"""Opening: which flow an address opens."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from flows.document.model import Flow
from flows.errors import FlowsError
from flows.ids import FlowId
from flows.store.library import Library, StoredFlow
from flows.templates import Template, list_templates, load_template

_LONGEST_NAME = 200
_MOST_LOOKED_THROUGH = 1_000
_ONE_AT_A_TIME = threading.Lock()  # eight tabs on an empty home open one flow, not eight


class NothingToOpenError(FlowsError):
    """An address names a flow or a template that is not there."""


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says about the flow; empty texts where it is silent."""

    flow: str = ""
    template: str = ""


def read_address(words: Mapping[str, str]) -> Address:
    """Read `?flow=` and `?template=`; a flow goes before a template."""
    return Address(flow=words.get("flow", ""), template=words.get("template", ""))


def open_flow(address: Address, library: Library) -> StoredFlow:
    """Return the flow of the address; without one the last flow of this home, or the first ever.

    Raises NothingToOpenError when the address names what is not there.
    """
    if address.flow:
        return _known_flow(FlowId(address.flow), library)
    if address.template:
        return create_copy(_template(address.template), library)
    with _ONE_AT_A_TIME:
        return _last_flow(library) or library.create(opening_template())


def create_copy(flow: Flow, library: Library) -> StoredFlow:
    """Keep a flow under a name that no other has: a second "Three views" is "Three views 2".

    A copy of that one is "Three views 3". A year at the end of a name is no such number.
    """
    taken = {row.name for row in library.list()}
    stem = re.sub(r" [1-9]\d?$", "", flow.name)
    names = itertools.chain([flow.name], (_numbered(stem, each) for each in itertools.count(2)))
    name = next(each for each in names if each not in taken)
    return library.create(flow.model_copy(update={"name": name}))


def _numbered(name: str, number: int) -> str:
    ending = f" {number}"
    return f"{name[: _LONGEST_NAME - len(ending)]}{ending}"


def opening_template() -> Flow:
    """Return the flow that the very first start shows."""
    return load_template(list_templates()[0].name)


def _known_flow(flow_id: FlowId, library: Library) -> StoredFlow:
    stored = library.get(flow_id)
    if stored is None:
        for gone in library.deleted(limit=_MOST_LOOKED_THROUGH):
            if gone.id == flow_id:
                raise NothingToOpenError(
                    f'The flow "{gone.name}" was deleted. The Flows page can bring it back.'
                )
        raise NothingToOpenError(
            f'There is no flow "{flow_id}" on this machine. It may have been deleted, or the '
            "address belongs to another machine."
        )
    return stored


def _template(name: str) -> Flow:
    known: list[Template] = list(list_templates())
    if name not in {template.name for template in known}:
        names = ", ".join(f'"{template.name}"' for template in known)
        raise NothingToOpenError(f'There is no template "{name}". There are: {names}.')
    return load_template(name)


def _last_flow(library: Library) -> StoredFlow | None:
    rows = library.list(limit=1)
    return library.get(rows[0].id) if rows else None
