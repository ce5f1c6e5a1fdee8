"""Arrival: the page of a flow that comes from elsewhere: it is kept only when that is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

from components import state
from components.given import GivenFlow
from components.offer import make_offer
from components.opening import create_copy
from components.pictures import figures_of, more_aside, readable_picture
from components.services import Services
from components.text import plain
from flows.document.model import AgentNode, Flow, Node, RouterNode
from flows.document.problem import Problem
from flows.errors import ConnectionsError, EditRefused, FlowFileError, FlowsError, StoreError
from flows.models.connections import Connections, status
from flows.plan.checks import find_problems
from flows.share.link import read_link
from flows.share.reading import passages_of
from flows.store.points import LONGEST_NAME

_MOST_STEPS: Final = 60
_MOST_PROBLEMS: Final = 20
_MOST_REMARKS: Final = 50
_STYLE: Final = Path(__file__).with_name("templates.css")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Which flow an address brings: the one in a link, or the one given to this session."""

    link: str = ""
    given: str = ""


def show_page(services: Services, arrival: Arrival, *, build_page: Page) -> None:
    """Draw what has come; nothing of it runs, and only a press keeps it."""
    st.html(_STYLE)
    with st.container(key="template-page", width=1120, gap="small"):
        try:
            given = _given(arrival)
        except FlowFileError as error:
            _say_problems(error.problems)
            _offer_to_leave(build_page, label="Go back")
        except FlowsError as error:
            st.error(plain(str(error)))
            _offer_to_leave(build_page, label="Go back")
        else:
            _show(services, given, build_page)


def _given(arrival: Arrival) -> GivenFlow:
    if arrival.link:
        return GivenFlow(read_link(arrival.link), "a link")
    given: GivenFlow | None = state.given(arrival.given)
    if given is None:
        raise FlowsError(
            "What was given to be opened is no longer at hand, because the page was loaded anew or "
            "something else was opened since. Open it again, unless you kept it."
        )
    return given


def _say_problems(problems: Sequence[Problem]) -> None:
    st.error("The link carries no flow that can be opened. Ask for it as a file.")
    st.markdown("\n".join(f"- {plain(each.message)}" for each in problems[:_MOST_PROBLEMS]))
    if len(problems) > _MOST_PROBLEMS:
        st.caption(f"And {len(problems) - _MOST_PROBLEMS} more.")


def _show(services: Services, given: GivenFlow, build_page: Page) -> None:
    flow = given.flow
    same = services.store.flows.same_as(flow)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"### {plain(flow.name) or 'A flow without a name'}", width="stretch")
        if same is not None and st.button("Open the one I have", key="open-mine", type="tertiary"):
            st.switch_page(build_page, query_params={"flow": same.id})
        _offer_to_leave(build_page, label="Not now")
        if st.button("Make it mine", key="make-it-mine", type="primary", icon=":material/add:"):
            _keep(services, given, build_page)
    st.caption(
        f"This flow comes from {plain(given.source)}. Nothing of it has run, nothing is "
        "connected, and nothing is kept until you make it yours."
    )
    if same is not None:
        st.info("You have this flow already, exactly as it is here. Making it yours adds a second.")
    _tell_reading(given)
    picture = readable_picture(flow, st.context.theme.type or "auto")
    with st.container(key="link-picture", border=True):
        shown = f'<div class="ff-picture">{picture}</div>{more_aside(flow)}'
        st.html(f'<div class="ff-template ff-large">{shown}</div>')
    uses, steps = st.columns([3, 5], gap="medium")
    with uses:
        _show_uses(services, flow)
    with steps:
        if flow.description:
            st.text(flow.description)
        _show_steps(flow)


def _offer_to_leave(build_page: Page, *, label: str) -> None:
    """Lead back to the flow that was open before."""
    if st.button(label, key="not-now", type="tertiary"):
        before = state.flow_before()
        st.switch_page(build_page, query_params={"flow": before} if before else {})


def _tell_reading(given: GivenFlow) -> None:
    """Say how much of a program was read, and list what the flow cannot say of it."""
    if given.remarks:
        said = "The flow cannot say all of this program. What it leaves out stands on it as notes:"
        lines = [f"- {plain(each)}" for each in given.remarks[:_MOST_REMARKS]]
        st.warning("\n".join([said, "", *lines]))
        if len(given.remarks) > _MOST_REMARKS:
            st.caption(f"And {len(given.remarks) - _MOST_REMARKS} more.")
    if given.summary:
        st.caption(plain(given.summary))


def _keep(services: Services, given: GivenFlow, build_page: Page) -> None:
    """Keep the flow, and as a restore point what it comes from and how it was."""
    library = services.store.flows
    try:
        stored = create_copy(given.flow, library)
        library.keep_point(stored.id, f"As it came from {given.source}"[:LONGEST_NAME])
    except (EditRefused, StoreError) as error:
        st.error(plain(str(error)))
        return
    state.confirm(f"Opened “{stored.flow.name}” from {given.source}.")
    st.switch_page(build_page, query_params={"flow": stored.id})


def _show_uses(services: Services, flow: Flow) -> None:
    st.markdown("**What it would use**")
    lines = [figures_of(flow), *uses_of(flow), *_would_run_on(services, flow)]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    if any(node.tools or node.mcp for node in flow.nodes if isinstance(node, AgentNode)):
        st.caption("Of tools and servers a flow has the names only, never a command or an address.")


def uses_of(flow: Flow) -> Iterator[str]:
    """Name the models, tools, servers and checks in the flow, each with how many steps name it."""
    agents = [node for node in flow.nodes if isinstance(node, AgentNode)]
    models = _models_of(flow)
    if models:
        yield f"Models: {_counted(models)}"
    named = {
        "Tools": [name for node in agents for name in node.tools],
        "MCP servers": [name for node in agents for name in node.mcp],
        "Guardrails": [name for node in agents for name in node.guardrails],
    }
    yield from (f"{noun}: {_counted(names)}" for noun, names in named.items() if names)
    if not any(named.values()):
        yield "No tools, no MCP servers, no guardrails"
    if any(node.session for node in agents):
        yield "It keeps conversations between runs"


def _models_of(flow: Flow) -> list[str | None]:
    """Return what every step that asks a model names, None for the default one."""
    return [
        node.model
        for node in flow.nodes
        if isinstance(node, AgentNode) or (isinstance(node, RouterNode) and node.ask is not None)
    ]


def connections_of(flow: Flow, connections: Connections) -> str:
    """Name the connections that the flow needs by name, and which of them cannot be used here."""
    known = {each.name: each for each in connections.all}
    needed = dict.fromkeys(each.partition("/")[0] for each in _models_of(flow) if each)

    def said(name: str) -> str:
        if name not in known:
            return f'"{name}" (not set up here)'
        usable = status(known[name], connections.environ).usable
        return f'"{name}"' if usable else f'"{name}" (cannot be used here yet)'

    return f"Connections: {', '.join(map(said, needed))}" if needed else ""


def _counted(names: Sequence[str | None]) -> str:
    said = (
        ("the default model" if name is None else f'"{name}"')
        + (f" ({count} steps)" if count > 1 else "")
        for name, count in Counter(names).items()
    )
    return ", ".join(said)


def _would_run_on(services: Services, flow: Flow) -> Iterator[str]:
    """Say who would answer here; the file of connections is read, none is opened."""
    try:
        connections = services.connections
    except ConnectionsError as error:
        yield str(error)
        return
    offer = make_offer(flow, find_problems(flow), connections)
    if needed := connections_of(flow, connections):
        yield needed
    if offer.why_not:
        yield f"Here it could not run yet: {offer.why_not}"
    else:
        yield f"Here it would run on: {offer.label}" if offer.label else "It asks no model."


def _show_steps(flow: Flow) -> None:
    st.markdown("**What stands in it**")
    for node in flow.nodes[:_MOST_STEPS]:
        _show_step(node)
    if len(flow.nodes) > _MOST_STEPS:
        st.caption(f"And {len(flow.nodes) - _MOST_STEPS:,} more steps.")
    if flow.notes:
        with st.expander(f"Notes :small[:gray[{len(flow.notes):,} on the canvas]]"):
            for note in flow.notes[:_MOST_STEPS]:
                st.code(note.text, language=None, wrap_lines=True)


def _show_step(node: Node) -> None:
    passages = passages_of(node)
    with st.expander(f"{plain(node.name) or plain(node.id)} :small[:gray[{node.type}]]"):
        if not passages:
            st.caption("Nothing is written in it.")
        for passage in passages:
            st.caption(passage.title)
            st.code(passage.text, language=None, wrap_lines=True)
