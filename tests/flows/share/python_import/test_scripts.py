"""Programs as people write them become the flows they mean."""

import pytest

from flows.plan.checks import find_problems
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_import import scripts
from tests.flows.share.python_import.outlines import links, remarks, run, said

ALL = [name for name in vars(scripts) if name.isupper() and not name.startswith("_")]
NOT_YET = {"HANDOFFS", "AGENTS_AS_TOOLS"}
"""Their edges can be drawn; this version does not run them, and says so."""


@pytest.mark.parametrize("name", [name for name in ALL if name not in NOT_YET])
def test_an_imported_flow_has_no_errors(name):
    flow = import_python(getattr(scripts, name)).flow
    assert [each.message for each in find_problems(flow) if each.severity == "error"] == []


def test_one_agent_that_runs_three_times_is_three_steps():
    flow = import_python(scripts.SAME_AGENT_THREE_TIMES).flow
    assert flow.name == "Boat names"
    assert links(flow) == [
        "wish > namer",
        "wish > namer_2",
        "wish > namer_3",
        "namer > chooser",
        "namer_2 > chooser",
        "namer_3 > chooser",
    ]
    assert said(flow, "namer") == {
        "instructions": "Find a name for the boat.",
        "output": "text_messages",
    }
    assert said(flow, "chooser")["prompt"] == (
        "The boat: {{ input }}\nNames:\n{{ nodes.namer.output }}\n{{ nodes.namer_2.output }}\n"
        "{{ nodes.namer_3.output }}"
    )


def test_handoffs_become_edges_and_tools_are_named():
    flow = import_python(scripts.HANDOFFS).flow
    assert links(flow) == ["message > desk", "desk -handoff- sails", "desk -handoff- engines"]
    assert said(flow, "message") == {"example": "My engine coughs."}
    assert said(flow, "desk") == {"instructions": "Find who knows.", "max_turns": 4}
    assert said(flow, "engines") == {"instructions": "You know engines.", "tools": ("tide",)}
    (remark,) = remarks(scripts.HANDOFFS)
    assert remark == (
        'line 16: "Engines" has the tool "tide". This version runs none, and the flow keeps only '
        'the name "tide". Take it out to run or export the flow, and write it back into the '
        "exported program as it stands in the program that was read."
    )


def test_what_a_hosted_tool_was_told_stands_in_the_remark_without_what_may_be_a_key():
    made = 'FileSearchTool(vector_store_ids=["vs_1"], headers={"x": "y"}, label="sk-1")'
    program = "from agents import FileSearchTool\n" + scripts.HANDOFFS.replace(
        "[tide]", f"[{made}]"
    )
    (remark,) = remarks(program)
    assert remark == (
        "line 17: \"Engines\" has the tool `FileSearchTool(vector_store_ids=['vs_1'], headers='…', "
        "label='…')`. This version runs none, and the flow keeps only the name \"FileSearchTool\". "
        "Take it out to run or export the flow, and write it back into the exported program as it "
        "stands here."
    )


def test_agents_as_tools_become_edges():
    flow = import_python(scripts.AGENTS_AS_TOOLS).flow
    assert links(flow) == ["text > office", "office -tool- german", "office -tool- dutch"]


def test_what_ends_a_program_early_becomes_a_router():
    flow = import_python(scripts.GATES).flow
    assert links(flow) == [
        "wish > outline",
        "outline > check",
        "check > is_complete",
        "is_complete.otherwise > end_is_complete_otherwise",
        "is_complete.yes > is_about_boats",
        "is_about_boats.yes > story",
    ]
    rule = {"branch": "yes", "when": {"at": "/is_complete", "equals": True}}
    assert said(flow, "is_complete") == {"rules": (rule,), "otherwise": "otherwise"}
    assert said(flow, "story")["prompt"] == "{{ nodes.outline.output }}"


def test_a_loop_is_there_once_and_a_remark_says_so():
    flow = import_python(scripts.JUDGE_LOOP).flow
    assert links(flow) == ["wish > poet", "poet > judge", "poet > result"]
    assert remarks(scripts.JUDGE_LOOP) == [
        (
            "line 21: A flow has no loops: what this one does is there once. For more rounds, put "
            "the steps there again."
        ),
        "line 24: No agent runs on this condition, so it is left out.",
    ]


def test_a_semaphore_in_a_helper_limits_the_items():
    flow = import_python(scripts.LIMITED).flow
    assert links(flow) == ["pages > reader", "reader > editor"]
    assert said(flow, "reader") == {
        "instructions": "Sum the page up.",
        "model": "openai/gpt-4.1-mini",
        "prompt": "Page:\n{{ item }}",
        "for_each": {"items": "{{ input }}", "max_concurrency": 3},
    }


def test_a_task_group_cancels_and_wait_for_is_a_timeout():
    flow = import_python(scripts.TASK_GROUP).flow
    assert run(flow) == {"on_failure": "cancel"}
    assert said(flow, "harbour") == {"example": "Rostock"}
    assert links(flow)[2:] == ["wind > skipper", "waves > skipper"]
    assert said(flow, "skipper") == {
        "instructions": "Go or stay?",
        "timeout_s": 20.0,
        "prompt": "Wind: {{ nodes.wind.output }}\nWaves: {{ nodes.waves.output }}",
    }


def test_return_exceptions_collects_and_wait_for_around_gather_is_the_stages_timeout():
    flow = import_python(scripts.SOME_MAY_FAIL).flow
    assert run(flow) == {"on_failure": "collect", "stages": {"cook": {"timeout_s": 30.0}}}
    assert said(flow, "mate") == {"instructions": "You are the mate."}


def test_as_completed_hands_results_out_as_they_come():
    flow = import_python(scripts.AS_COMPLETED).flow
    assert run(flow) == {"results": "as_completed"}
    assert links(flow) == ["question > fast", "question > slow"]


def test_if_and_elif_on_a_result_become_a_router():
    flow = import_python(scripts.BRANCHES).flow
    assert links(flow) == [
        "letter > sorter",
        "sorter > kind",
        "kind.order > orders",
        "kind.complaint > sorry",
        "kind.otherwise > desk",
    ]
    assert said(flow, "sorter")["output_schema"] == {
        "type": "object",
        "title": "Letter",
        "properties": {
            "kind": {"type": "string", "enum": ["order", "complaint", "other"]},
            "urgency": {
                "type": "integer",
                "minimum": 1,
                "maximum": 5,
                "description": "How urgent",
            },
        },
        "required": ["kind", "urgency"],
    }
    assert said(flow, "sorry")["prompt"] == "Urgency {{ nodes.sorter.output.urgency }}: {{ input }}"


def test_match_is_read_as_if_and_elif():
    flow = import_python(scripts.MATCHED).flow
    assert links(flow)[1:] == ["sorter > kind", "kind.order > orders", "kind.otherwise > desk"]


def test_the_first_that_ends_is_a_race():
    flow = import_python(scripts.RACE).flow
    assert links(flow) == ["text > left", "text > right", "left > polish", "right > polish"]
    assert said(flow, "polish") == {"instructions": "Polish it.", "needs": "any"}
    assert said(flow, "right")["model"] == "openai/gpt-4.1-mini"


def test_one_call_after_the_other_stays_a_chain():
    flow = import_python(scripts.ONE_AFTER_THE_OTHER).flow
    assert links(flow) == ["topic > facts", "facts > jokes"]
    assert said(flow, "jokes")["prompt"] == "{{ input }}"


def test_methods_of_a_class_are_followed():
    flow = import_python(scripts.MANAGER_CLASS).flow
    assert flow.name == "Study"
    assert links(flow)[1:] == ["planner > searcher", "searcher > writer"]
    assert said(flow, "searcher") == {
        "instructions": "Search.",
        "model_settings": {"temperature": 0.2},
        "prompt": "{{ item.text }} ({{ item.why }})",
        "for_each": {"items": "{{ nodes.planner.output.questions }}", "on_failure": "collect"},
    }


def test_a_text_put_in_place_of_a_late_answer_is_its_fallback():
    flow = import_python(scripts.TIMED).flow
    assert said(flow, "quick") == {
        "instructions": "Be quick.",
        "timeout_s": 5.0,
        "on_error": {"fallback": "Nothing in time."},
    }


def test_a_loop_over_texts_goes_over_them_one_by_one():
    flow = import_python(scripts.IN_A_ROW).flow
    assert said(flow, "tagger")["for_each"] == {"items": ("cod", "eel"), "max_concurrency": 1}


def test_a_function_that_chooses_by_words_is_a_router():
    flow = import_python(scripts.CHOSEN_BY_WORDS).flow
    assert links(flow) == [
        "message > team_of",
        "team_of.bills > bills",
        "team_of.repairs > repairs",
        "team_of.desk > desk",
        "bills > polite",
        "repairs > polite",
        "desk > polite",
    ]
    assert said(flow, "team_of") == {
        "rules": (
            {"branch": "bills", "when": {"contains": "invoice"}},
            {"branch": "bills", "when": {"contains": "refund"}},
            {"branch": "repairs", "when": {"matches": "^broken"}},
        ),
        "otherwise": "desk",
    }
    assert said(flow, "polite")["prompt"] == (
        "Say: {{ nodes.bills.output }}{{ nodes.repairs.output }}{{ nodes.desk.output }}"
    )


def test_what_is_shown_before_an_early_end_is_what_the_flow_gives_there():
    flow = import_python(scripts.GATES).flow
    assert flow.node("end_is_complete_otherwise").name == "End: Is complete, otherwise"
    assert said(flow, "end_is_complete_otherwise") == {"prompt": "The outline lacks something."}


def test_an_error_on_a_branch_is_remarked():
    (remark,) = remarks(scripts.GATES)
    assert remark == (
        "line 26: The program stops with an error here; the flow does nothing more on this branch, "
        "and does not fail."
    )


def test_what_is_shown_where_a_function_gives_no_answer_is_remarked():
    text = scripts.GATES.replace('asyncio.run(main("A', 'async def begin():\n    await main("A')
    text = text.replace('island"))', 'island")\n\n\nasyncio.run(begin())')
    assert remarks(text)[0] == (
        "line 23: The program shows this text and goes on without an answer; the flow gives "
        "nothing on this branch. Let a join say the text."
    )


def test_a_router_before_nothing_is_left_out_with_all_that_leads_to_it():
    text = scripts.GATES.replace("await Runner.run(story_agent, outline.final_output)", "None")
    text = text.replace('print("The outline lacks something.")', "pass")
    assert links(import_python(text).flow) == ["wish > outline", "outline > check"]
    assert remarks(text)[1:3] == [
        "line 22: No agent runs on this condition, so it is left out.",
        "line 25: No agent runs on this condition, so it is left out.",
    ]


def test_a_condition_of_which_only_the_way_else_is_taken_asks_for_that_way_alone():
    text = scripts.GATES.replace("await Runner.run(story_agent, outline.final_output)", "None")
    flow = import_python(text).flow
    assert links(flow)[2:] == [
        "check > is_complete",
        "is_complete.otherwise > end_is_complete_otherwise",
    ]
    rule = {"branch": "otherwise", "when": {"at": "/is_complete", "equals": False}}
    assert said(flow, "is_complete") == {"rules": (rule,)}


def test_an_agent_that_is_chosen_runs_on_its_branch():
    flow = import_python(scripts.CHOSEN_AGENT).flow
    assert links(flow) == [
        "question > choice",
        "choice.why > long",
        "choice.otherwise > short",
        "long > check",
        "short > check",
    ]


def test_stages_that_wait_for_each_other_without_reading_are_by_stage():
    flow = import_python(scripts.TWO_STAGES).flow
    assert run(flow) == {"start": "by_stage"}
    assert links(flow) == ["picture > red", "picture > blue", "red > blue_2", "blue > red_2"]


def test_two_calls_for_each_item_are_two_steps_over_items():
    flow = import_python(scripts.CHAIN_FOR_EACH).flow
    assert links(flow) == ["topics > look", "look > shorten", "shorten > fold"]
    assert said(flow, "look")["for_each"] == {"items": "{{ input }}"}
    assert said(flow, "shorten")["for_each"] == {"items": "{{ nodes.look.output }}"}
    assert said(flow, "shorten")["prompt"] == "Shorten: {{ item }}"


def test_a_condition_that_no_router_can_say_is_remarked():
    assert links(import_python(scripts.UNSAID).flow) == ["wish > drafts", "drafts > cuts"]
    assert remarks(scripts.UNSAID) == [
        (
            "line 15: No rule of a router can ask `len(draft) > 500`: the flow goes both ways, and "
            "what reads `draft` later is given both."
        )
    ]


@pytest.mark.parametrize(
    "name, forms",
    [
        ("SAME_AGENT_THREE_TIMES", ("await asyncio.gather(", "all_messages=True")),
        ("AS_COMPLETED", ("asyncio.as_completed(calls)",)),
        ("TASK_GROUP", ("async with asyncio.TaskGroup() as group:", "seconds=20")),
        ("SOME_MAY_FAIL", ("return_exceptions=True", "asyncio.wait_for(", "successes(")),
        ("LIMITED", ("reader_slots = asyncio.Semaphore(3)", "*(reader_item(item) for item in")),
        ("RACE", ("await first_results(",)),
        ("CHOSEN_BY_WORDS", ("def choose_team_of(", 're.search("^broken"')),
        ("ONE_AFTER_THE_OTHER", ("        await ask(facts_agent", "return await ask(jokes_agent")),
        ("TIMED", ("seconds=5", 'fallback="Nothing in time."')),
    ],
)
def test_a_pattern_leaves_as_the_pattern_it_came_as(name, forms):
    code = python_code(import_python(getattr(scripts, name)).flow, NO_CONNECTIONS)
    assert [form for form in forms if form not in code] == []


def test_what_python_makes_of_the_answers_is_remarked_and_what_it_prints_of_time_is_not():
    (remark,) = remarks(scripts.VOTES)
    assert remark == (
        "line 17: `votes.most_common(1)[0][0]` is worked out in Python; "
        "a flow gives what it is made of."
    )


def test_numbers_that_count_from_one_are_written_out():
    assert said(import_python(scripts.NUMBERED).flow, "fold")["prompt"] == (
        "1. {{ nodes.first.output }}\n2. {{ nodes.second.output }}\n"
        "1: {{ nodes.first.output }}\n2: {{ nodes.second.output }}"
    )


def test_functions_that_nobody_calls_do_not_wait_for_each_other():
    flow = import_python(scripts.NOBODY_CALLS).flow
    assert links(flow) == ["question > helper", "text > shortener"]


def test_items_that_are_shown_as_they_come_are_remarked():
    assert remarks(scripts.ITEMS_AS_THEY_COME) == [
        "line 18: A flow hands the items' answers on together, in the items' order."
    ]


def test_words_around_the_only_answer_are_a_join():
    flow = import_python(scripts.WORDS_AROUND_ONE).flow
    assert links(flow) == ["x > only", "only > result"]
    assert said(flow, "result")["prompt"] == "The answer: {{ nodes.only.output }}"


def test_what_a_tool_or_a_handoff_is_called_is_remarked():
    options = "tool_name='to_{0}', tool_description='To {1}'"
    assert remarks(scripts.AGENTS_AS_TOOLS) == [
        f"line {line}: `{options.format(name.lower(), name)}` of this tool has no place in a flow; "
        "it is left out."
        for line, name in ((15, "German"), (16, "Dutch"))
    ]
