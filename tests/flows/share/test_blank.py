"""Blank: a flow or a run without its contents."""

import json
import re

from hypothesis import given

from flows.document.files import read_flow, write_flow
from flows.plan.graph import stages_of
from flows.share.blank import blank_flow, blank_records
from flows.templates import list_templates, load_template
from flows.trace.events import encode_record
from flows.trace.fold import build_trace
from flows.trace.timing import measure
from tests.flows.document.drawings import flows
from tests.flows.document.test_golden import golden
from tests.flows.share.stories import failed_story, patient, story

SAID = re.compile(r"Message|Tone|Plan|Writ|search|files|secret|gpt|urgent|ASAP|team|Why|topics")


def test_no_text_of_a_flow_with_every_field_is_left():
    assert SAID.search(write_flow(read_flow(golden())))
    assert not SAID.search(write_flow(blank_flow(read_flow(golden()))))


@patient
@given(flows)
def test_every_flow_has_a_blank_that_is_a_flow(flow):
    blank = blank_flow(flow)
    assert read_flow(write_flow(blank)) == blank
    assert [node.type for node in blank.nodes] == [node.type for node in flow.nodes]


def test_a_blank_keeps_its_stages():
    for template in list_templates():
        flow = load_template(template.name)
        sizes = [len(stage) for stage in stages_of(flow)]
        assert [len(stage) for stage in stages_of(blank_flow(flow))] == sizes


def test_a_blank_run_keeps_its_times_and_counts_and_nothing_said():
    told = story(text="sesame")
    blank = blank_records(told)
    lines = b"\n".join(encode_record(record) for record in blank).decode()
    assert [
        word for word in ("sesame", "garden", "search", "plain", "shape") if word in lines
    ] == []
    assert [record.seq for record in blank] == list(range(1, len(blank) + 1))
    old, new = measure(build_trace(told)), measure(build_trace(blank))
    assert (new.wall_s, new.sequential_s, new.overlap) == (
        old.wall_s,
        old.sequential_s,
        old.overlap,
    )
    assert [node.usage for node in build_trace(blank).nodes.values()] == [
        node.usage for node in build_trace(told).nodes.values()
    ]


def test_a_blank_of_a_failed_run_says_that_it_failed_and_not_why():
    trace = build_trace(blank_records(failed_story(text="sesame")))
    assert trace.status == "failed"
    assert json.dumps([trace.error, dict(trace.errors)]) == json.dumps(
        ["What was said is left out.", {"agent_2": "What was said is left out."}]
    )
