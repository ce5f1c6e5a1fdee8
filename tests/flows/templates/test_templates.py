"""The flows that ship: each is right, runs, and does what its name says."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.document.edits import apply_edit
from flows.document.model import AgentNode, Flow
from flows.models.connections import Connections, load_connections, status
from flows.plan.checks import find_problems
from flows.plan.graph import stages_of
from flows.plan.guide import GUIDE, PATTERNS
from flows.plan.layout import arrange
from flows.plan.plan import plan_flow
from flows.run.deps import open_deps
from flows.run.run import Run
from flows.templates import Template, list_templates, load_template
from flows.trace.events import (
    Event,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    Record,
    RunFailed,
    RunFinished,
)
from flows.trace.fold import build_trace
from tests.actors import Actors, play
from tests.virtual_time import run_in_virtual_time

every_template = pytest.mark.parametrize("template", list_templates(), ids=lambda each: each.name)
PLAN = {"questions": ["Who rides?", "Where to?", "In the rain?"]}


@dataclass(frozen=True)
class Played:
    """A template that was run by actors."""

    flow: Flow
    actors: Actors
    records: list[Record]

    @property
    def last(self) -> Event:
        return self.records[-1].event

    def nodes(self, *kinds: type) -> set[str]:
        """Return the nodes with an event of these kinds."""
        return {each.event.node for each in self.records if isinstance(each.event, kinds)}

    def place(self, kind: type, node: str) -> int:
        """Return where in the story the node's event of this kind stands."""
        return next(
            number
            for number, each in enumerate(self.records)
            if isinstance(each.event, kind) and each.event.node == node
        )


def played(flow: Flow, seconds: Mapping[str, float] | None = None, **rest: Any) -> Played:
    """Run a flow with its example on a clock that costs nothing."""
    actors = Actors(seconds, outputs={"planner": PLAN}, **rest)
    records = run_in_virtual_time(play(flow, actors, flow.inputs[0].example))
    return Played(flow, actors, records)


def test_the_files_and_their_order_agree():
    folder = Path(list_templates()[0].file).parent
    files = {file.stem for file in folder.glob("*.json")} - {"order"}
    names = [template.name for template in list_templates()]
    assert len(names) == len(set(names))
    assert set(names) == files
    assert names[0] == "three_views"


@every_template
def test_a_template_has_nothing_to_complain_of(template: Template):
    assert find_problems(load_template(template.name)) == ()


@every_template
def test_a_template_runs_on_its_example(template: Template):
    assert isinstance(played(load_template(template.name)).last, RunFinished)


@every_template
def test_a_template_is_laid_out_and_told_in_words(template: Template):
    flow = load_template(template.name)
    assert flow.layout == arrange(flow)
    assert len(flow.inputs) == 1
    assert flow.inputs[0].example
    assert not [node.name for node in flow.nodes if len(node.name) > 16 or node.icon]
    assert 60 < len(flow.description) < 420


@every_template
def test_a_template_shows_a_pattern_of_the_guide(template: Template):
    assert template.pattern in PATTERNS


def test_every_choice_of_the_guide_opens_a_template_that_shows_it():
    shown = {template.name: template.pattern for template in list_templates()}
    assert {choice.template: choice.pattern for choice in GUIDE}.items() <= shown.items()
    assert len(set(PATTERNS)) == len(GUIDE)


def test_an_edit_of_the_guide_makes_the_setting_it_names():
    for choice in GUIDE:
        if choice.edit is not None:
            name = choice.setting.partition(":")[0]
            plain = load_template("gather")
            assert name in apply_edit(plain, choice.edit).run.model_dump(), choice.pattern


def test_gather_hands_out_the_answers_in_drawn_order_whoever_is_first():
    done = played(load_template("gather"), {"benefits": 3, "tools": 2, "mistakes": 1})
    heads = [line for line in done.last.outputs["all"].splitlines() if line.startswith("## ")]
    assert heads == ["## Benefits", "## What you need", "## Mistakes"]


def test_as_completed_has_three_ends_and_hands_each_out_at_once():
    flow = load_template("as_completed")
    assert flow.run.results == "as_completed"
    assert plan_flow(flow).ends == ("story", "summary", "title")


@pytest.mark.parametrize(
    "name,failing,others",
    [
        ("task_group", "about", {"activities", "rules"}),
        ("contract_review", "finance", {"legal", "risk"}),
    ],
)
def test_all_or_nothing_cancels_the_others(name, failing, others):
    done = played(load_template(name), {failing: 0.5}, failing=[failing])
    assert isinstance(done.last, RunFailed)
    assert set(done.actors.stopped) == others


def test_with_timeout_puts_a_text_in_place_of_what_came_too_late():
    done = played(load_template("with_timeout"), {"short": 1, "long": 30})
    assert done.actors.stopped == ["long"]
    assert "No story in time." in done.last.outputs["result"]


def test_some_may_fail_goes_on_with_the_answers_that_came():
    done = played(load_template("some_may_fail"))
    assert done.nodes(NodeFailed) == {"hurried"}
    assert "friend(" in done.last.outputs["editor"]
    assert "critic(" in done.last.outputs["editor"]


def test_rate_limited_lets_two_work_at_a_time():
    done = played(load_template("rate_limited"))
    assert done.actors.most_at_once == 2
    assert len(done.nodes(NodeStarted)) == 7


def test_a_race_cancels_the_loser():
    done = played(load_template("race_two_models"), {"first": 5, "second": 1})
    assert done.actors.stopped == ["first"]
    assert done.last.outputs["winner"].startswith("second(")


def test_a_panel_starts_with_three_answers_and_cancels_the_others():
    slow = {"psychologist": 9, "historian": 9}
    done = played(load_template("expert_panel"), slow)
    assert done.nodes(NodeCancelled) == set(slow)
    assert done.nodes(NodeFinished) == {"economist", "engineer", "lawyer", "chair"}


def test_an_incident_shows_the_difference_between_as_ready_and_by_stage():
    flow, slow = load_template("incident_response"), {"timeline": 5.0}
    as_ready = played(flow, slow)
    waiting = flow.run.model_copy(update={"start": "by_stage"})
    by_stage = played(flow.model_copy(update={"run": waiting}), slow)
    assert as_ready.place(NodeStarted, "note") < as_ready.place(NodeFinished, "timeline")
    assert by_stage.place(NodeStarted, "note") > by_stage.place(NodeFinished, "timeline")


def test_the_pipeline_is_parallel_and_then_sequential():
    stages = stages_of(load_template("pipeline"))
    assert stages == (("points", "reasons"), ("draft",), ("title",))


def test_dynamic_parallel_works_on_three_items_at_a_time():
    done = played(load_template("dynamic_parallel"))
    assert done.actors.most_at_once == 3


def test_a_research_report_works_on_every_question_of_its_plan():
    done = played(load_template("research_report"))
    for question in PLAN["questions"]:
        assert question in done.last.outputs["writer"]


def test_triage_asks_the_teams_a_message_concerns_and_waits_for_no_other():
    done = played(load_template("support_triage"))
    assert {"billing", "technical", "reply"} <= done.nodes(NodeFinished)
    assert done.nodes(NodeSkipped) == {"general"}


@pytest.fixture
def embedded() -> Connections:
    connections = load_connections(Path("nowhere"), {})
    found = status(connections.get("local"), {})
    if not found.usable and "CI" not in os.environ:
        pytest.skip(found.sentence)
    assert found.usable, found.sentence
    return connections


def brief(flow: Flow, most: int) -> Flow:
    """Return the flow with short answers, but where JSON has to be whole."""
    nodes = [
        node.model_copy(update={"model_settings": {"max_tokens": most}})
        if isinstance(node, AgentNode) and node.output_schema is None
        else node
        for node in flow.nodes
    ]
    return flow.model_copy(update={"nodes": tuple(nodes)})


@pytest.mark.model
@pytest.mark.timeout(600)
async def test_every_template_runs_on_the_embedded_model(embedded: Connections):
    flows = {each.name: load_template(each.name) for each in list_templates()}
    ended: dict[str, str] = {}
    async with open_deps(embedded) as deps:
        for name, flow in flows.items():
            run = Run(plan_flow(brief(flow, 8)), flow.inputs[0].example, deps=deps)
            trace = build_trace([record async for record in run.records()])
            assert all(trace.outputs.values()), name
            ended[name] = trace.status
    assert ended == dict.fromkeys(flows, "finished")
