"""What the SDK's own examples say comes in, and what a flow cannot say of them is told."""

from flows.share.python_import import import_python
from tests.flows.share.python_import import sdk_examples as examples
from tests.flows.share.python_import.outlines import links, remarks, said


def test_a_pipeline_that_ends_early_gives_what_it_shows_there_and_needs_no_remark():
    flow = import_python(examples.EARLY_EXIT).flow
    assert links(flow) == [
        "prompt > outliner",
        "outliner > checker",
        "checker > good_quality",
        "good_quality.otherwise > end_good_quality_otherwise",
        "good_quality.yes > is_scifi",
        "is_scifi.otherwise > end_is_scifi_otherwise",
        "is_scifi.yes > teller",
        "teller > text",
    ]
    assert said(flow, "end_is_scifi_otherwise") == {
        "prompt": "The outline is not science fiction, so we stop here."
    }
    assert remarks(examples.EARLY_EXIT) == []


def test_what_a_loop_with_a_judge_shows_in_the_end_is_what_its_flow_gives():
    flow = import_python(examples.JUDGE).flow
    assert links(flow) == ["input > outliner", "outliner > judge", "outliner > result"]
    assert said(flow, "result") == {"prompt": "Final outline: {{ nodes.outliner.output }}"}
    assert any("A flow has no loops" in each for each in remarks(examples.JUDGE))


def test_a_guardrail_is_told_with_the_agent_that_has_it_and_not_as_something_nobody_calls():
    assert remarks(examples.GUARDED) == [
        'line 16: Nothing runs the agent "Watch"; it is left out.',
        (
            'line 26: "Desk" has the guardrail "no_homework". This version runs none, and the flow '
            'keeps only the name "no_homework". Take it out to run or export the flow, and write '
            "it back into the exported program as it stands in the program that was read."
        ),
    ]


def test_what_the_last_item_gave_a_system_message_and_a_foreign_text_are_remarked():
    assert remarks(examples.TALK) == [
        (
            "line 11: `RECOMMENDED_PROMPT_PREFIX` comes from elsewhere, and what it says does not "
            "stand in the program; it is left out. Write it in."
        ),
        (
            'line 16: A flow sends one message, the user\'s: what is said as "system" here stands '
            "in it, too. Instructions belong to the agent."
        ),
        (
            "line 20: `result` is here what the last item gave; the flow hands on what every item "
            "gave, as a list."
        ),
    ]


def test_an_agent_that_reads_two_answers_of_one_item_is_remarked():
    flow = import_python(examples.REFINED).flow
    assert said(flow, "writer_2")["prompt"] == (
        "Improve: {{ nodes.writer.output }} Notes: {{ item.notes }}"
    )
    (remark,) = remarks(examples.REFINED)
    assert remark == (
        'line 21: For each item this reads what "Writer" and "Critic" gave. A flow hands on one '
        'answer an item, that of "Critic"; all that "Writer" gave stands here instead. Read the '
        "prompt."
    )


def test_what_is_done_unless_both_hold_is_there_on_either_way():
    flow = import_python(examples.TICKETS).flow
    assert remarks(examples.TICKETS) == []
    rules = said(flow, "urgent")["rules"]
    assert [rule["when"] for rule in rules] == [
        {"at": "/urgent", "equals": True},
        {"at": "/kind", "equals": "bug"},
    ]
    to = [each for each in links(flow) if each.startswith(("urgent.", "kind."))]
    assert [each.partition(" > ")[2] for each in to] == [
        "kind",
        "chief",
        "fixer",
        "planner",
        "fixer_2",
        "planner_2",
    ]


def test_all_that_is_shown_before_an_early_end_is_what_the_flow_gives_there():
    told = 'print("Stopped:", outline.final_output)'
    text = examples.EARLY_EXIT.replace('print("The outline is not good, so we stop here.")', told)
    prompts = [said(import_python(text).flow, each.id).get("prompt") for each in _joins(text)]
    assert "Stopped: {{ nodes.outliner.output }}" in prompts


def _joins(text: str):
    return [each for each in import_python(text).flow.nodes if each.type == "join"]
