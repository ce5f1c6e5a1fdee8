"""Patterns: one small flow for each thing the exported program has a form for."""

from __future__ import annotations

from flows.document.model import Flow
from tests.shapes import shape

_TOPICS = {
    "title": "plan",
    "type": "object",
    "properties": {"topics": {"type": "array", "items": {"type": "string"}}},
    "required": ["topics"],
    "additionalProperties": False,
}
_TITLED = _TOPICS | {"properties": {"title": {"type": "string"}}, "required": ["title"]}
_NOTES = "{{ input }}\n\n{{ nodes.a.output }}\n{{ nodes.b.output }}\n{{ nodes.c.output }}"
_TWO_WAYS = {
    "type": "router",
    "rules": [{"branch": "yes", "when": {"contains": "Hi"}}],
    "otherwise": "no",
}
_RULES = [
    {"branch": "yes", "when": {"contains": "two"}},
    {"branch": "no", "when": {"contains": "red"}},
]
_TWO = _TWO_WAYS | {"rules": _RULES[:1]}
_UNEVEN = "in > a b; a > c; b c > d"

PATTERNS: dict[str, Flow] = {
    "gather": shape("in > a b c > fold", fold={"type": "join"}),
    "task_group": shape("in > a b > c", run={"on_failure": "cancel"}),
    "collect": shape("in > a b c > pick", run={"on_failure": "collect"}),
    "collect_goes_on": shape("in > a b; a > c", run={"on_failure": "collect", "start": "by_stage"}),
    "sequence": shape("in > a > b > c", run={"on_failure": "collect"}),
    "by_stage": shape(_UNEVEN, run={"start": "by_stage"}),
    "as_ready": shape(_UNEVEN),
    "lines": shape("in > a > c > e; in > b > d > e"),
    "lines_cancel": shape("in > a > c; in > b > d > e", run={"on_failure": "cancel"}),
    "lines_joined": shape("in > a > j > c > e; in > b > j; in > d > e", j={"type": "join"}),
    "as_ready_cancel": shape(_UNEVEN, run={"on_failure": "cancel"}),
    "as_ready_collect": shape(_UNEVEN, run={"on_failure": "collect"}),
    "race": shape("in > a b > pick", pick={"needs": "any"}),
    "quorum": shape(
        "in > a b c > pick", run={"on_failure": "collect"}, pick={"needs": {"first": 2}}
    ),
    "race_of_lines": shape(
        "in > a > b > pick; in > c > pick > last",
        run={"on_failure": "cancel"},
        pick={"needs": "any"},
    ),
    "route_first": shape(
        "in > r; r.yes > a; r.no > b; a b > fold", r=_TWO_WAYS, fold={"type": "join"}
    ),
    "route_nested": shape(
        "in > a > r; r.yes > b > s; s.yes > c; s.no > d; r.no > e; c > f; d > f", r=_TWO, s=_TWO
    ),
    "route_typed": shape(
        "in > plan > r; r.yes > a; r.no > b",
        plan={"output_schema": _TOPICS | {"properties": {"topics": {"type": "string"}}}},
        r={
            "type": "router",
            "rules": [{"branch": "yes", "when": {"at": "/topics", "contains": "red"}}],
            "otherwise": "no",
        },
    ),
    "route_lines": shape("in > r; r.yes > a > c; r.yes > b; b c > d; r.no > e", r=_TWO),
    "route_rest": shape("in > r; r.yes > a > c; r.no > b", r={"type": "router", "rules": _RULES}),
    "route_all": shape("in > r; r.yes > a; r.no > b", r=_TWO_WAYS | {"take": "all"}),
    "route_uneven": shape("in > r; r.yes > a > c; r.no > b; b c > d", r=_TWO_WAYS),
    "route_asked": shape("in > r; r.yes > a; r.no > b", r={"type": "router", "ask": "Which?"}),
    "for_each": shape("in > a > b", a={"for_each": {"items": "{{ input }}", "max_concurrency": 2}}),
    "for_each_collect": shape(
        "in > a > b", a={"for_each": {"items": ["x", "y", "z"], "on_failure": "collect"}}
    ),
    "for_each_cancel": shape(
        "in > a c > b", run={"on_failure": "cancel"}, a={"for_each": {"items": ["x", "y"]}}
    ),
    "structured": shape(
        "in > plan > work > fold",
        plan={"output_schema": _TOPICS},
        work={
            "for_each": {"items": "{{ nodes.plan.output.topics }}"},
            "prompt": "{{ index }}: {{ item }}",
        },
        fold={"prompt": "{{ nodes.plan.output.topics.0 }}\n{{ nodes.work.output }}"},
    ),
    "gather_of_unlike": shape(
        "in > plan a > fold",
        plan={"output_schema": _TOPICS},
        fold={"prompt": "{{ nodes.plan.output.topics.0 }}\n{{ nodes.a.output }}"},
    ),
    "limits": shape(
        "in > a b c > d", run={"max_concurrency": 3, "stages": {"a": {"max_concurrency": 2}}}
    ),
    "timeouts": shape(
        "in > a b > c",
        run={"timeout_s": 60, "stages": {"a": {"timeout_s": 20}}},
        a={"timeout_s": 5, "on_error": {"fallback": "Too late."}},
    ),
    "as_completed": shape("in > a b", run={"results": "as_completed"}),
    "as_completed_uneven": shape("in > a b; a > c", run={"results": "as_completed"}),
    "as_completed_cancel": shape(
        "in > a b", run={"results": "as_completed", "on_failure": "cancel"}
    ),
    "several_inputs": shape("in in2 > a", a={"prompt": "{{ inputs.in }} and {{ inputs.in2 }}"}),
    "text_messages": shape("in > a b", a={"output": "text_messages", "max_turns": 3}),
    "text_messages_and_class": shape(
        "in > a b c > plan > r; r.yes > d; r.no > e; d e > fold",
        run={"stages": {"a": {"max_concurrency": 2}}},
        **{each: {"output": "text_messages", "timeout_s": 60} for each in "abc"},
        plan={"output_schema": _TITLED, "prompt": "{{ input }}"},
        r={
            "type": "router",
            "rules": [{"branch": "yes", "when": {"at": "/title", "equals": "red"}}],
            "otherwise": "no",
        },
        d={"prompt": _NOTES},
        e={"prompt": _NOTES},
    ),
    "list_join": shape("in > a b > all", all={"type": "join", "as": "list"}),
    "json_path": shape("in > a > b", b={"prompt": "{{ nodes.a.output.title }}!"}),
}
