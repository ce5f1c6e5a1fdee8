"""Drawing: flows as hypothesis invents them; every field of the format takes part."""

from __future__ import annotations

from hypothesis import strategies as st

from flows.document.model import (
    AgentNode,
    ApprovalNode,
    Edge,
    Flow,
    InputNode,
    JoinNode,
    Note,
    Position,
    RouterNode,
    Rule,
    When,
)
from flows.document.policy import Fallback, FirstOf, ForEach, RunPolicy, StagePolicy

texts = st.text(st.characters(codec="utf-8"), max_size=20)
ids = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
limits = st.none() | st.integers(-1, 5)
seconds = st.none() | st.floats(-1, 100, allow_nan=False)
scalars = st.none() | st.booleans() | st.integers(-9, 9) | texts
json_values = st.recursive(
    scalars, lambda each: st.lists(each, max_size=3) | st.dictionaries(texts, each, max_size=3)
)
needs = st.sampled_from(["all", "any"]) | st.builds(FirstOf, first=st.integers(-1, 4))
failures = st.sampled_from(["finish", "cancel", "collect"])
common = {
    "id": ids,
    "name": texts,
    "icon": st.none() | st.sampled_from(["🎩", "a"]),
    "needs": needs,
    "timeout_s": seconds,
    "on_error": st.just("fail") | st.builds(Fallback, fallback=texts),
}
for_each = st.builds(
    ForEach,
    items=texts | st.lists(json_values, max_size=3).map(tuple),
    max_concurrency=limits,
    on_failure=st.none() | failures,
    max_items=st.integers(-1, 2000),
)
agents = st.builds(
    AgentNode,
    **common,
    type=st.just("agent"),
    instructions=texts,
    prompt=texts | st.sampled_from(["{{ input }}", "{{ nodes.a.output.b }}", "{{ item }}"]),
    model=st.none() | texts,
    model_settings=st.dictionaries(texts, json_values, max_size=2),
    output_schema=st.none() | st.dictionaries(texts, json_values, max_size=2),
    tools=st.lists(texts, max_size=2).map(tuple),
    retries=st.integers(-1, 5),
    session=st.booleans(),
    for_each=st.none() | for_each,
    output=st.sampled_from(["final_output", "text_messages"]),
)
rules = st.builds(Rule, branch=texts, when=st.builds(When, contains=st.none() | texts))
nodes = (
    agents
    | st.builds(InputNode, **common, type=st.just("input"), example=texts)
    | st.builds(
        JoinNode.model_validate,
        st.fixed_dictionaries(
            {
                "id": ids,
                "name": texts,
                "type": st.just("join"),
                "as": st.sampled_from(["text", "list"]),
            }
        ),
    )
    | st.builds(
        RouterNode, **common, type=st.just("router"), rules=st.lists(rules, max_size=2).map(tuple)
    )
    | st.builds(ApprovalNode, **common, type=st.just("approval"), prompt=texts)
)
edges = st.builds(
    Edge,
    source=ids,
    target=ids,
    kind=st.sampled_from(["data", "handoff", "tool"]),
    branch=st.none() | texts,
)
places = st.floats(-1e6, 1e6, allow_nan=False)
stage_policies = st.builds(
    StagePolicy, on_failure=st.none() | failures, max_concurrency=limits, timeout_s=seconds
)
flows = st.builds(
    Flow,
    fanfold=st.just(1),
    name=texts,
    description=texts,
    nodes=st.lists(nodes, max_size=6).map(tuple),
    edges=st.lists(edges, max_size=6).map(tuple),
    run=st.builds(
        RunPolicy,
        start=st.sampled_from(["as_ready", "by_stage"]),
        on_failure=failures,
        max_concurrency=limits,
        timeout_s=seconds,
        results=st.sampled_from(["in_order", "as_completed"]),
        stages=st.dictionaries(ids, stage_policies, max_size=2),
    ),
    layout=st.dictionaries(ids, st.builds(Position, x=places, y=places), max_size=3),
    notes=st.lists(st.builds(Note, id=ids, text=texts, x=places, y=places), max_size=2).map(tuple),
)
