"""A run that is over is told again as it was told live."""

import json
from dataclasses import replace

import msgspec

from flows.run.messages import NodesChanged, RunChanged, Snapshot, TextCame, encode_message
from flows.run.story import encode_story, tell_story
from flows.templates import list_templates
from flows.templates.samples import load_sample
from flows.trace.fold import build_trace


def follow(scenes, until):
    """Take the scenes in as a page does; return what it knows then."""
    run, nodes, texts = None, {}, {}
    for at, message in scenes:
        if at > until:
            break
        match message:
            case Snapshot():
                run, nodes, texts = message.run, dict(message.nodes), dict(message.texts)
            case NodesChanged():
                nodes.update(message.nodes)
            case TextCame():
                for key, text in message.texts.items():
                    texts[key] = texts.get(key, "") + text
            case RunChanged():
                run = message.run
            case _:
                raise AssertionError(message)
    return run, nodes, texts


def story_of(name):
    records = load_sample(name)
    return list(tell_story(records, end=build_trace(records)))


def test_a_story_begins_with_everything_and_its_moments_never_run_backwards():
    for template in list_templates():
        scenes = story_of(template.name)
        moments = [at for at, _ in scenes]
        assert isinstance(scenes[0][1], Snapshot)
        assert moments == sorted(moments)
        assert moments[0] == 0.0


def test_at_its_end_a_story_has_told_what_the_records_say():
    for template in list_templates():
        trace = build_trace(load_sample(template.name))
        run, nodes, texts = follow(story_of(template.name), until=100)
        assert (run.status, run.outputs, run.errors) == (trace.status, trace.outputs, trace.errors)
        assert {key: node.status for key, node in nodes.items()} == {
            key: node.status for key, node in trace.nodes.items()
        }
        assert texts == {key: node.text for key, node in trace.nodes.items() if node.text}


def test_in_the_middle_a_story_has_told_what_was_known_then():
    records = load_sample("rate_limited")
    at = records[0].at + 3.0
    then = build_trace([record for record in records if record.at <= at])
    run, nodes, texts = follow(story_of("rate_limited"), until=3.0)
    assert run.status == "running"
    assert {key: node.status for key, node in nodes.items()} == {
        key: node.status for key, node in then.nodes.items()
    }
    assert texts == {key: node.text for key, node in then.nodes.items() if node.text}


def test_a_run_that_was_over_at_once_still_has_its_moments():
    records = load_sample("gather")
    start = records[0].at
    quick = [msgspec.structs.replace(each, at=start + (each.at - start) / 1000) for each in records]
    slow = list(tell_story(records, end=build_trace(records)))
    scenes = list(tell_story(quick, end=build_trace(quick)))
    assert len(scenes) > len(slow) / 2
    assert follow(scenes, until=0.0)[0].status == "running"


def test_the_words_of_a_failed_attempt_are_taken_back():
    records = load_sample("dynamic_parallel")
    whole = build_trace(records)
    _, _, texts = follow(tell_story(records, end=whole), until=100)
    assert texts["describe[3]"] == whole.nodes["describe[3]"].output


def test_a_run_without_an_end_is_told_up_to_where_it_broke_off():
    records = load_sample("three_views")[:20]
    broken = build_trace(records)
    end = replace(broken, status="interrupted", ended_at=records[-1].at + 2)
    *_, (before, _), (at, last) = tell_story(records, end=end)
    assert at == round(before + 2, 4)
    assert isinstance(last, Snapshot)
    assert (last.run.status, last.run.ended) == ("interrupted", at)


def test_a_scene_is_written_as_its_moment_its_event_and_what_a_live_page_gets():
    scenes = story_of("race_two_models")
    live = [encode_message(message).decode().strip().split("\n") for _, message in scenes]
    told = encode_story(scenes, end=build_trace(load_sample("race_two_models")))
    assert json.loads(told)["scenes"] == [
        [at, name.removeprefix("event: "), json.loads(data.removeprefix("data: "))]
        for (at, _), (name, data) in zip(scenes, live, strict=True)
    ]


def test_a_story_carries_its_steps_from_the_runs_beginning_to_its_end():
    for template in list_templates():
        scenes = story_of(template.name)
        told = encode_story(scenes, end=build_trace(load_sample(template.name)))
        moments = [at for at, _ in json.loads(told)["steps"]]
        assert (moments[0], moments[-1]) == (0.0, scenes[-1][0])
        assert moments == sorted(set(moments))
