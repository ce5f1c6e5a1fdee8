"""The sample runs that ship: each fits its template, says what it is, and is up to date."""

from dataclasses import replace
from itertools import pairwise

import pytest

from flows.document.files import read_values
from flows.errors import FlowsError
from flows.templates import Template, list_templates, load_template
from flows.templates.samples import FOLDER, load_sample, sample_file, template_of
from flows.templates.samples.record import record_sample
from flows.trace.events import NodeFinished, NodeRetried, RunFailed, RunStarted, TextDelta
from flows.trace.fold import build_trace
from flows.trace.sample import WRITTEN, is_sample

MOST_BYTES = 30_000

every_template = pytest.mark.parametrize("template", list_templates(), ids=lambda each: each.name)


def test_there_is_one_sample_a_template_and_no_other():
    names = {f"{template.name}.fanfold-run.jsonl" for template in list_templates()}
    assert {file.name for file in FOLDER.glob("*.jsonl")} == names


@every_template
def test_a_sample_recorded_anew_is_the_one_that_ships(template: Template):
    assert sample_file(template.name).read_bytes() == record_sample(template.name)


@every_template
def test_a_sample_ran_the_template_as_it_ships_on_its_own_examples(template: Template):
    start = load_sample(template.name)[0].event
    assert isinstance(start, RunStarted)
    flow = load_template(template.name)
    assert read_values(start.flow) == flow
    assert start.inputs == {each.id: each.example for each in flow.inputs}


@every_template
def test_a_sample_says_in_its_own_records_that_it_was_written(template: Template):
    records = load_sample(template.name)
    models = {each.event.model for each in records if isinstance(each.event, NodeFinished)}
    assert records[0].event.model == WRITTEN == "written answers, invented timings"
    assert models <= {WRITTEN, ""}
    assert template_of(build_trace(records)) == template.name


@every_template
def test_a_sample_is_small_streams_and_has_uneven_times(template: Template):
    records = load_sample(template.name)
    assert sample_file(template.name).stat().st_size <= MOST_BYTES
    said = [each.at for each in records if isinstance(each.event, TextDelta)]
    assert len({round(late - early, 3) for early, late in pairwise(said)}) > len(said) / 3
    assert 1.5 < records[-1].at - records[0].at < 20


def statuses(name: str) -> dict[str, str]:
    return {key: node.status for key, node in build_trace(load_sample(name)).nodes.items()}


def test_samples_of_templates_about_failure_show_it():
    assert statuses("task_group") == {
        "about": "cancelled",
        "activities": "cancelled",
        "rules": "failed",
        "leaflet": "skipped",
    }
    assert isinstance(load_sample("task_group")[-1].event, RunFailed)
    assert statuses("some_may_fail")["hurried"] == "failed"
    assert statuses("race_two_models")["first"] == "cancelled"
    assert [key for key, status in statuses("expert_panel").items() if status == "cancelled"] == [
        "lawyer",
        "historian",
    ]
    assert build_trace(load_sample("with_timeout")).nodes["long"].output == "No story in time."


def test_a_limited_call_is_refused_and_tried_again_in_a_sample():
    retried = [each for each in load_sample("rate_limited") if isinstance(each.event, NodeRetried)]
    assert [(each.event.node, each.event.delay_s) for each in retried] == [("cairo", 1.2)]


def test_a_run_of_a_model_is_no_sample():
    trace = build_trace(load_sample("three_views"))
    asked = replace(trace, model="local/small")
    assert (is_sample(asked), template_of(asked)) == (False, None)


def test_an_unknown_template_has_no_sample():
    with pytest.raises(FlowsError, match='There is no template "nothing"'):
        load_sample("nothing")
