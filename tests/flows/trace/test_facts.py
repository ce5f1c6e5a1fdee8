"""Facts: what tells runs apart, from their first record."""

from __future__ import annotations

import msgspec
import pytest

from flows.document.files import flow_values
from flows.ids import RunId
from flows.trace.events import Measured, RunStarted
from flows.trace.facts import LONGEST_INPUT, LONGEST_SAID, RunFacts, facts_of, fold, words_of
from tests.shapes import shape


def started(flow, said="hi", model="local/m") -> RunStarted:
    return RunStarted(flow=flow_values(flow), inputs={"in": said}, model=model)


def test_a_run_is_told_by_its_input_its_model_and_its_settings():
    flow = shape("in > a b", b={"model": "openai/x"}, run={"start": "by_stage"})
    assert facts_of(started(flow, "Grüß\n Gott")) == RunFacts(
        input="Grüß Gott",
        model="local/m, openai/x",
        settings="by_stage",
        said="shape local/m openai/x gruss gott",
    )


@pytest.mark.parametrize(
    "run, settings",
    [
        ({}, ""),
        ({"start": "as_ready", "on_failure": "finish"}, ""),
        ({"max_concurrency": 2, "on_failure": "collect"}, "collect, max 2"),
        ({"timeout_s": 30, "results": "as_completed"}, "timeout 30 s, as_completed"),
        ({"on_failure": "cancel", "stages": {"a": {"max_concurrency": 1}}}, "cancel, stages set"),
    ],
)
def test_settings_are_named_where_they_are_not_as_usual(run, settings):
    assert facts_of(started(shape("in > a", run=run))).settings == settings


def test_a_run_says_what_it_has_to_do_with_an_earlier_one():
    plain = started(shape("in > a", run={"max_concurrency": 1}))
    measured = Measured(RunId("r0"), "local/m", 3.0, ())
    again = msgspec.structs.replace(plain, reused_from="r0")
    after = msgspec.structs.replace(plain, measures=measured)
    assert [facts_of(each).settings for each in (again, after)] == [
        "max 1, results reused",
        "max 1, one after another",
    ]


def test_more_than_two_models_are_counted():
    own = {node: {"model": f"openai/{node}"} for node in "abcd"}
    told = facts_of(started(shape("in > a b c d", **own)))
    assert told.model == "openai/a, openai/b, 2 more"


def test_a_long_input_is_cut_where_it_is_shown_and_searched_further():
    told = facts_of(started(shape("in > a"), "x" * 50_000))
    assert (told.input, len(told.said)) == ("x" * (LONGEST_INPUT - 1) + "…", LONGEST_SAID)


@pytest.mark.parametrize("flow", [{}, {"nodes": "none", "run": 7}, {"nodes": [3, {}], "name": []}])
def test_a_flow_from_elsewhere_may_be_anything(flow):
    assert facts_of(RunStarted(flow=flow, inputs={"in": {"deep": 1}})).input == '{"deep":1}'


def test_words_are_looked_for_as_they_are_kept():
    assert words_of("  GRÜẞ\0Gott ") == ("gruss", "gott")


@pytest.mark.parametrize(
    "texts",
    [
        ("Übersetzung", "ubersetzung", "ÜBERSETZUNG", "U\u0308bersetzung"),
        ("Straße", "strasse", "STRASSE"),
        ("Crème brûlée", "creme brulee"),
        ("Łódź Ørsted", "lodz orsted"),
        ("İstanbul", "istanbul"),
        ("ＡＢＣ℡", "abctel"),
        ("Ёлка", "елка"),
    ],
)
def test_one_word_however_it_is_typed_is_folded_to_one(texts):
    assert {fold(each) for each in texts} == {fold(texts[-1])}
