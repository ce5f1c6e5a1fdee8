"""Wait: a link that makes a node wait for an output it never reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from flows.document.advice import Advice
from flows.document.beside import name_also
from flows.document.edits import ChangeNode, Edit, Group, apply_edit
from flows.document.model import AgentNode, Flow, JoinNode, Node
from flows.document.placeholders import placeholders
from flows.ids import NodeId
from flows.plan.cuts import Links, Pair, cut_links, links_of, nodes_in
from flows.plan.graph import parents_in_order
from flows.plan.wording import advice, called, listed

Seconds = Mapping[NodeId, float]


@dataclass(frozen=True, slots=True)
class _Wait:
    """A node with those of its parents it waits for in vain, and the edit that cuts it loose."""

    node: NodeId
    parents: tuple[NodeId, ...]
    edit: Edit

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple((parent, self.node) for parent in self.parents)


def needless_waits(flow: Flow, seconds: Seconds) -> Iterator[Advice]:
    """Advise to cut the links that carry nothing, in one piece of advice.

    Where a message names other parents of its node, the one left out is to be named too.

    `seconds`: node → how long its work took in the last run. The flow has no errors. Several waits
    are told together, or where they cannot all be cut at once, one after the other.
    """
    links = links_of(flow)
    ends = _ends(links.parents, seconds)
    found = [wait for node in flow.nodes for wait in _waits(links, node, ends)]
    forgotten = [wait for wait in found if _reads_others(links, wait)]
    if forgotten:
        yield _advise_use(links, forgotten, seconds)
    waits = [wait for wait in found if wait not in forgotten]
    if not waits:
        return
    pairs = [pair for wait in waits for pair in wait.pairs]
    together = cut_links(links, set(pairs)) if len(waits) > 1 else None
    if together is not None:
        message = _say_all(flow, waits, seconds, together)
        nodes = dict.fromkeys(node for pair in pairs for node in reversed(pair))
        problem = advice("needless_waits", message, *nodes)
        yield Advice(problem, fix="Cut the links", edit=together)
        return
    (first, *_) = waits
    is_chain = links.parents[first.node] == first.parents and len(first.parents) == 1
    code = "needless_sequence" if is_chain else "unread_parent"
    message = (_say_chain if is_chain else _say_unread)(links, first, seconds)
    problem = advice(code, message, *first.parents, first.node)
    fix = "Cut the link" if len(first.parents) == 1 else "Cut the links"
    yield Advice(problem, fix=fix, edit=first.edit)


def _reads_others(links: Links, wait: _Wait) -> bool:
    """Whether the node's message names others that it waits for: then this one was forgotten."""
    return bool(_named_parents(links, wait))


def _named_parents(links: Links, wait: _Wait) -> list[NodeId]:
    node = links.flow.node(wait.node)
    if not isinstance(node, AgentNode | JoinNode):
        return []
    return [each for each in nodes_in(placeholders(node.prompt)) if each in links.parents[node.id]]


def _advise_use(links: Links, waits: Sequence[_Wait], seconds: Seconds) -> Advice:
    """Advise to name what was forgotten beside the others, in their form."""
    edits = tuple(_naming(links, wait) for wait in waits)
    nodes = dict.fromkeys(each for wait in waits for each in (*wait.parents, wait.node))
    if len(waits) == 1:
        (wait,) = waits
        words = "Use its output" if len(wait.parents) == 1 else "Use their outputs"
        problem = advice("unread_parent", _say_forgotten(links, wait, seconds), *nodes)
        return Advice(problem, fix=words, edit=edits[0])
    message = f"{_say_waits(links.flow, waits)} Name them in the prompts, or remove the links."
    problem = advice("unread_parents", message, *nodes)
    return Advice(problem, fix="Use the outputs", edit=Group(edits=edits))


def _naming(links: Links, wait: _Wait) -> Edit:
    prompt = str(getattr(links.flow.node(wait.node), "prompt", ""))
    beside = _named_parents(links, wait)
    for parent in wait.parents:
        prompt = name_also(prompt, links.flow.node(parent), beside=beside)
        beside.append(parent)
    return ChangeNode(id=wait.node, changes={"prompt": prompt})


def _waits(links: Links, node: Node, ends: Seconds) -> Iterator[_Wait]:
    """Find what a node waits for in vain: all of it, or where that cannot be cut, one of it."""
    mine = links.parents.get(node.id, ())
    unread = [each for each in mine if _may_be_cut(links, each, node)]
    kept = [each for each in mine if each not in unread]
    if not unread or not (kept or isinstance(node, AgentNode)):
        return
    late = tuple(each for each in unread if _holds_up(links, each, kept, ends))
    for parents in (late, *((each,) for each in late if len(late) > 1)):
        rest = [each for each in mine if each not in parents]
        if parents and not all(_holds_up(links, each, rest, ends) for each in parents):
            continue
        edit = cut_links(links, {(each, node.id) for each in parents}) if parents else None
        if edit is not None:
            yield _Wait(node.id, parents, edit)
            return


def _holds_up(links: Links, parent: NodeId, others: Sequence[NodeId], ends: Seconds) -> bool:
    """Say whether the node would start sooner without the parent, as far as that is known."""
    if not others:
        return True
    if any(parent in links.upstream[each] for each in others):
        return False  # another parent waits for it in any case
    return _extra_wait(ends, [parent], others) != 0


def _may_be_cut(links: Links, parent: NodeId, node: Node) -> bool:
    """Say whether the node reads other things only, and nothing but the data speaks for the order.

    What stands behind a tool may depend on what the tool did; routers and approvals decide.
    """
    read = links.reads[node.id]
    if read is None or parent in nodes_in(read) or node.needs != "all":
        return False
    source = links.flow.node(parent)
    return isinstance(source, JoinNode) or (
        isinstance(source, AgentNode) and not (source.tools or source.mcp or source.session)
    )


def _say_chain(links: Links, wait: _Wait, seconds: Seconds) -> str:
    """Two agents stand one after the other only where the second uses what the first said."""
    (only,) = wait.parents
    return (
        f"{called(links.flow, wait.node)} waits for {called(links.flow, only)} and never uses its "
        f"output. {_cost(seconds, only, wait.node)} Link them side by side."
    )


def _say_unread(links: Links, wait: _Wait, seconds: Seconds) -> str:
    """A node that folds several parents waits only for those it reads."""
    places, link, it_is = _told_of(wait)
    return (
        f"{_say_kept_waiting(links, wait, seconds)} Remove the {link}, or write {places} where "
        f"{it_is} needed."
    )


def _say_forgotten(links: Links, wait: _Wait, seconds: Seconds) -> str:
    places, link, it_is = _told_of(wait)
    return (
        f"{_say_kept_waiting(links, wait, seconds)} Write {places} where {it_is} needed, or remove "
        f"the {link}."
    )


def _told_of(wait: _Wait) -> tuple[str, str, str]:
    places = _first_of([f"{{{{ nodes.{each}.output }}}}" for each in wait.parents])
    return (places, "link", "it is") if len(wait.parents) == 1 else (places, "links", "they are")


def _say_kept_waiting(links: Links, wait: _Wait, seconds: Seconds) -> str:
    others = [each for each in links.parents[wait.node] if each not in wait.parents]
    held = _extra_wait(_ends(links.parents, seconds), wait.parents, others)
    costs = f", which cost {held:.1f} s in the last run" if held else ""
    names = _first_of([called(links.flow, each) for each in wait.parents])
    outputs = "that output" if len(wait.parents) == 1 else "these outputs"
    return (
        f"{called(links.flow, wait.node)} waits for {names}{costs}, but its prompt never uses "
        f"{outputs}."
    )


def _say_all(flow: Flow, waits: Sequence[_Wait], seconds: Seconds, edit: Edit) -> str:
    after = _ends(parents_in_order(apply_edit(flow, edit)), seconds)
    before = _ends(parents_in_order(flow), seconds)
    costs = (
        f"By the times of the last run they would be done after {max(after.values()):.1f} s "
        f"instead of {max(before.values()):.1f} s."
        if len(before) == len(after) == len(parents_in_order(flow))
        else "One after the other they take as long as all together; side by side as long as the "
        "slowest."
    )
    return f"{_say_waits(flow, waits)} {costs} Link them side by side."


def _say_waits(flow: Flow, waits: Sequence[_Wait]) -> str:
    told = [
        f"{called(flow, wait.node)} for {_first_of([called(flow, each) for each in wait.parents])}"
        for wait in waits
    ]
    return f"{len(told)} nodes wait for outputs they never use: {_first_of(told)}."


def _first_of(names: Sequence[str]) -> str:
    """Name at most four, in a sentence."""
    return listed(names if len(names) < 5 else [*names[:3], f"{len(names) - 3} more"])


def _cost(seconds: Seconds, first: NodeId, second: NodeId) -> str:
    if first not in seconds or second not in seconds:
        return (
            "One after the other they take as long as both together; side by side as long as the "
            "slower one."
        )
    one, two = seconds[first], seconds[second]
    return (
        f"In the last run that took {one:.1f} s + {two:.1f} s = {one + two:.1f} s; side by side it "
        f"is {max(one, two):.1f} s."
    )


def _ends(parents: Mapping[NodeId, tuple[NodeId, ...]], seconds: Seconds) -> dict[NodeId, float]:
    """Return when each step would end if each waited for its parents alone; unknown ones left out.

    `parents` has parents before their children.
    """
    ends: dict[NodeId, float] = {}
    for node, mine in parents.items():
        if node in seconds and all(each in ends for each in mine):
            ends[node] = max((ends[each] for each in mine), default=0.0) + seconds[node]
    return ends


def _extra_wait(
    ends: Mapping[NodeId, float], late: Iterable[NodeId], others: Iterable[NodeId]
) -> float | None:
    """Return how much later the late come than all others; None when that is not known."""
    held, rest = list(late), list(others)
    if not all(each in ends for each in chain(rest, held)):
        return None
    start = max((ends[each] for each in rest), default=0.0)
    return max(0.0, max(ends[each] for each in held) - start)
