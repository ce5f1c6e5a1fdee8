"""What kept a node from an end of its own is said in words for people."""

import pytest

from flows.templates.samples import load_sample
from flows.trace.ending import say_ending, say_flaw
from flows.trace.fold import NodeTrace, build_trace

ENOUGH = "the first 3 answers were enough"


@pytest.mark.parametrize(
    "text, reason, said",
    [
        ("", ENOUGH, f"stopped: {ENOUGH}"),
        ("In autumn a", ENOUGH, f"not finished, stopped: {ENOUGH}"),
        ("In autumn a", "stopped by hand", "not finished, stopped by hand"),
    ],
)
def test_of_a_stopped_node_it_is_said_why_and_that_its_text_is_not_finished(
    text: str, reason: str, said: str
) -> None:
    node = NodeTrace("a", "cancelled", started_at=1.0, text=text, reason=reason)
    assert say_ending(node) == said


def test_a_node_that_was_stopped_in_the_line_had_not_begun() -> None:
    assert say_ending(NodeTrace("a", "cancelled", reason=ENOUGH)) == f"not begun: {ENOUGH}"


def test_what_a_failed_node_had_written_is_not_finished() -> None:
    assert say_ending(NodeTrace("a", "failed", text="In autumn a")) == "not finished: it failed"
    assert say_ending(NodeTrace("a", "failed")) == "failed"


def test_a_node_that_came_to_its_end_or_has_none_yet_needs_no_words() -> None:
    assert say_ending(NodeTrace("a", "finished", started_at=1.0, text="Done.")) == ""
    assert say_ending(NodeTrace("a", "running", started_at=1.0, text="In autumn a")) == ""


@pytest.mark.parametrize(
    "sample, stopped, why",
    [
        ("race_two_models", ["first"], "the first answer was enough"),
        ("expert_panel", ["lawyer", "historian"], ENOUGH),
    ],
)
def test_who_lost_a_race_was_stopped_because_others_were_enough(
    sample: str, stopped: list[str], why: str
) -> None:
    nodes = build_trace(load_sample(sample)).nodes.values()
    assert [(each.key, each.reason) for each in nodes if each.status == "cancelled"] == [
        (key, why) for key in stopped
    ]


def test_a_result_is_not_told_without_what_it_lacks() -> None:
    fallback = NodeTrace("a", "finished", error="It took too long.", output="?")
    assert say_flaw(fallback) == "It took too long. Its fallback stands in."
    assert say_flaw(NodeTrace("a", "finished", warning="Its answer is cut off.")) == (
        "Its answer is cut off."
    )
    assert say_flaw(NodeTrace("a", "finished", items=2, warning="Item 1 is cut off.")) == ""
    assert say_flaw(NodeTrace("a", "skipped", reason='"b" failed')) == 'not reached, "b" failed'
    assert say_flaw(NodeTrace("a", "finished", output="Done.")) == ""
