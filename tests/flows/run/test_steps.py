"""What happens at each moment of a run that is told again, in words."""

from dataclasses import replace

from flows.run.steps import say_steps
from flows.run.story import tell_story
from flows.templates.samples import load_sample
from flows.trace.fold import build_trace


def steps_of(name, *, until=None, **end):
    records = load_sample(name)[:until]
    trace = replace(build_trace(records), **end)
    return [said for _, said in say_steps(list(tell_story(records, end=trace)), end=trace)]


def test_nodes_that_do_the_same_are_said_together_and_a_failed_attempt_with_its_wait():
    assert steps_of("contract_review") == [
        "Legal, Finance and Risk begin",
        "Finance's first attempt fails; it waits 1.0 s",
        "Finance's second attempt begins",
        "Risk finishes, first of three",
        "Legal finishes, second of three · Finance finishes, last of three · Memo begins",
        "Memo finishes · The run is finished",
    ]


def test_an_item_is_named_by_its_number_and_its_place_among_those_of_its_node():
    told = steps_of("dynamic_parallel")
    assert told[:2] == [
        "Describe, Describe (item 1), Describe (item 2) and 1 more begin",
        "Describe (item 3) finishes, first of five · Describe (item 4) begins",
    ]


def test_a_run_that_failed_says_who_failed_and_who_was_stopped():
    *_, last = steps_of("task_group")
    assert last == (
        "About and What to do are stopped · Rules fails · Leaflet is skipped · The run failed"
    )


def test_the_last_step_of_a_run_that_broke_off_says_so():
    records = load_sample("three_views")[:20]
    end = {"status": "interrupted", "ended_at": records[-1].at + 2}
    *_, last = steps_of("three_views", until=20, **end)
    assert last.endswith(" · The run was interrupted")


def test_of_a_flow_that_cannot_be_read_the_steps_are_told_all_the_same():
    *_, last = steps_of("three_views", flow={"name": "From elsewhere"})
    assert last == "summary finishes · The run is finished"
