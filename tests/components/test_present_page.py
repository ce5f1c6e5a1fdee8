"""The page that presents a run has nothing on it but the run."""

from __future__ import annotations

import re

import pytest

from components.pages.present import about
from components.past_canvas import typed_or_example
from components.services import Services
from flows.templates import Template, list_templates, load_template, presented_name
from flows.templates.samples import load_sample
from flows.trace.sample import WRITTEN
from tests.components.conftest import Visit
from tests.flows.store.records import records_of
from tests.shapes import shape


def test_a_sample_is_presented_in_plain_words_with_its_label(visit: Visit, services: Services):
    run_id = services.store.runs.keep_file(load_sample("gather"))
    page = visit(present=str(run_id))
    assert not page.exception
    said = [each.value for each in page.markdown]
    assert said == [f"## Different tasks side by side :small[:orange[{WRITTEN}]]"]
    assert len(page.button) == 0


def test_first_is_said_what_the_flow_is_for_and_what_it_was_given(services: Services):
    run_id = services.store.runs.keep_file(load_sample("gather"))
    flow, trace = services.flow_of_run(run_id), services.runner.fold(run_id)
    assert flow is not None
    assert trace is not None
    (given,) = trace.inputs.values()
    name = next(node.name for node in flow.nodes if node.type == "input")
    purpose, _, _ = flow.description.partition("\n\n")
    assert about(flow, trace.inputs) == f"{purpose}\n\n**{name}**\n\n{given}"


@pytest.mark.parametrize("template", list_templates(), ids=lambda each: each.name)
def test_no_word_for_builders_is_said_to_who_looks_on(template: Template):
    said = about(load_template(template.name), {})
    assert 60 < len(said) < 260
    assert re.findall(r"\w*[_(=`]\w*|Python|asyncio|embedded|cancel|Take it", said) == []


@pytest.mark.parametrize("template", list_templates(), ids=lambda each: each.name)
def test_no_word_of_code_heads_what_is_presented(template: Template):
    name = presented_name(load_template(template.name))
    assert name[0].isupper()
    assert re.findall(r"[_()/]|gather|parallel|TaskGroup|timeout|pipeline|Semaphore", name) == []


def test_a_copy_of_a_template_keeps_its_number_and_a_flow_of_ones_own_its_name():
    flow = load_template("pipeline")
    renamed = [flow.model_copy(update={"name": name}) for name in ("pipeline 2", "Our pipeline")]
    own = flow.model_copy(update={"description": "What we do on Mondays."})
    assert [presented_name(each) for each in (*renamed, own)] == [
        "Side by side, then step by step 2",
        "Our pipeline",
        "pipeline",
    ]


def test_a_flow_is_presented_by_its_newest_run(visit: Visit, services: Services):
    stored = services.store.flows.create(shape("in > a"))
    for run_id, at in (("old", 1000.0), ("new", 2000.0)):
        services.store.runs.append(records_of(run_id, at=at), flow_id=stored.id)
    page = visit(present=stored.id)
    assert not page.exception
    assert page.markdown[0].value == "## Flow of new"


def test_a_flow_that_never_ran_is_presented_as_drawn_with_what_it_would_be_given(
    visit: Visit, services: Services
):
    flow = shape("in > a", **{"in": {"example": "Good morning"}})
    stored = services.store.flows.create(flow)
    page = visit(present=stored.id)
    assert not page.exception
    assert [each.value for each in page.markdown] == [f"## {flow.name}"]
    assert typed_or_example(stored) == {"in": "Good morning"}


def test_what_is_not_there_is_told_what_to_do(visit: Visit):
    page = visit(present="nobody")
    assert not page.exception
    assert page.info[0].value.startswith("There is no run to present under “nobody”. Run the flow")
