"""Drawing: what the canvas knows and no code says, as comments at the end of a program."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from flows.document.model import AgentNode, Flow, InputNode, JoinNode, Node, Note, RouterNode
from flows.document.policy import ForEach
from flows.ids import NodeId
from flows.plan.layout import COLUMN, complete_layout
from flows.share.python_code.command_line import is_asked_for
from flows.share.python_code.docstrings import plain_words, wrapped

HEADING = "For Fanfold, which draws this program as a flow:"
"""Above what these comments say."""

FAILURE = "When a step fails: "
"""Begins the line with the policy of a flow whose code has no place to say it."""

NOTE = "Note"
"""Begins a line of a note of the drawing: `Note: …`, or `Note at variable: …` beneath its card."""

NOTE_LEFT = -110
"""From a card's centre to the left edge of the note that stands beneath it."""

_USUAL_ITEMS = ForEach.model_fields["max_items"].default


def words_of(variable: str) -> str:
    """Write a variable's name as words: `incident_log` becomes `Incident log`."""
    words = variable.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def drawing(
    flow: Flow,
    variables: Mapping[NodeId, str],
    *,
    capped: Container[NodeId] = (),
    in_row: bool = False,
) -> list[str]:
    """Write what each node is called where its variable does not say it, in the flow's order.

    `variables`: how the program calls each node. `capped`: those whose code says `max_items`.
    `in_row`: nothing runs side by side, so that no code says what a failure means for others.
    """
    said: list[str] = []
    same: list[str] = []
    for node in flow.nodes:
        entry = _entry(node, flow, variables[node.id], capped)
        if entry == variables[node.id]:
            same.append(entry)
            continue
        said += _listed(", ".join(same))
        said += _listed(entry)
        same = []
    said += _listed(", ".join(same))
    if in_row and flow.run.on_failure != "finish":
        said.append(f"{FAILURE}{flow.run.on_failure}.")
    for note in flow.notes:
        card = _card_above(note, flow)
        head = NOTE if card is None else f"{NOTE} at {variables[card]}"
        for line in note.text.splitlines():
            said += _listed(f"{head}: {words}" if (words := plain_words(line)) else "")
    return [f"# {line}" for line in [HEADING, *said]]


def _card_above(note: Note, flow: Flow) -> NodeId | None:
    """Return the lowest card of the column the note stands in; None where that is the first."""
    places = complete_layout(flow)
    if not places:
        return None
    middle = note.x - NOTE_LEFT
    x = min((place.x for place in places.values()), key=lambda each: abs(each - middle))
    if x == min(place.x for place in places.values()):
        return None
    column = (node for node, place in places.items() if abs(place.x - x) < COLUMN / 2)
    return max(column, key=lambda node: places[node].y)


def _listed(entry: str) -> Iterator[str]:
    for number, line in enumerate(wrapped(entry.split())):
        yield f"  {line}" if number else f"- {line}"


def _entry(node: Node, flow: Flow, variable: str, capped: Container[NodeId]) -> str:
    """Write what a node is called: `intro_text: an agent, 'Intro text' (intro)`."""
    more = "" if node.id == variable else f" ({node.id})"
    if isinstance(node, AgentNode) and node.for_each and node.id not in capped:
        most = node.for_each.max_items
        more += f", at most {most} items" if most != _USUAL_ITEMS else ""
    if isinstance(node, InputNode) and node.required != is_asked_for(node, flow):
        more += ", required" if node.required else ", optional"
    if not more and _is_said(node, variable):
        return variable
    kind = node.kind.replace("_", " ") if isinstance(node, InputNode) else node.type
    article = "an" if kind[0] in "aeiou" else "a"
    return f"{variable}: {article} {kind}, '{plain_words(node.name)}'{more}"


def _is_said(node: Node, variable: str) -> bool:
    """Say whether the code tells what a node is and how it is called."""
    match node:
        case InputNode():
            return node.kind == "text" and node.name == words_of(variable)
        case RouterNode() | JoinNode():
            return False
        case _:
            return True
