"""What a program does on a branch, its flow does there and nowhere else."""

import pytest

from flows.plan.checks import find_problems
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_import.branches import BRANCHES, TEAM
from tests.flows.share.python_import.outlines import links, remarks, said
from tests.flows.share.python_import.scripts import script
from tests.flows.share.python_import.test_round_trip import plain
from tests.flows.share.python_import.twins import twins

RUNS = [
    pytest.param(program, answers, id=f"{name} {number}")
    for name, (program, says) in BRANCHES.items()
    for number, answers in enumerate(says)
]


@pytest.mark.parametrize("program, answers", RUNS)
def test_a_program_and_its_flow_ask_the_same_and_give_the_same(program, answers, tmp_path):
    ran = twins(program, tmp_path, answers)
    assert ran.flow == ran.program
    shown = ran.printed.strip()
    assert [each for each in ran.gave if each.strip() not in shown] == []


@pytest.mark.parametrize("program, answers", RUNS)
def test_a_flow_with_branches_and_its_export_ask_the_same_and_give_the_same(
    program, answers, tmp_path
):
    flow = import_python(program).flow
    given = [node.example for node in flow.inputs]
    code = python_code(flow, NO_CONNECTIONS).partition("\ndef main()")[0]
    shown = "result.values() if isinstance(result, dict) else [result]"
    code += f"\nresult = asyncio.run(run_flow(*{given!r}))\nprint(*({shown}), sep='\\n')\n"
    ran = twins(code, tmp_path, answers, flow=flow)
    assert ran.flow == ran.program
    assert [each for each in ran.gave if each.strip() not in ran.printed] == []
    assert ran.gave or ran.printed.strip() in {"", "None"}


@pytest.mark.parametrize("name", BRANCHES)
def test_a_flow_with_branches_has_no_errors_and_comes_back_from_its_own_export(name):
    read = import_python(BRANCHES[name][0]).flow
    flow = read.model_copy(update={"notes": ()})
    assert [each.message for each in find_problems(flow) if each.severity == "error"] == []
    again = import_python(python_code(flow, NO_CONNECTIONS))
    assert again.remarks == ()
    assert plain(again.flow) == plain(flow)


def test_what_stands_on_a_branch_has_no_parent_beside_it_and_its_router_sees_what_it_asks_about():
    flow = import_python(BRANCHES["review group"][0]).flow
    assert sorted(each for each in links(flow) if "rewriter" in each or "choice" in each) == [
        "choice.BLOCK > rewriter",
        "choice.otherwise > draft",
        "rewriter > publisher",
        "security_only > choice",
    ]
    assert said(flow, "security_only") == {"prompt": "{{ nodes.security.output }}"}
    assert said(flow, "publisher")["prompt"] == (
        "{{ nodes.rewriter.output }}{{ nodes.draft.output }}\n{{ nodes.style.output }}"
    )


def remarks_of(body: str) -> list[str]:
    program = script(TEAM + "async def main(topic):\n" + body + '\n\nasyncio.run(main("boats"))')
    return [each for each in remarks(program) if "Nothing runs" not in each]


JUDGED = "    said = (await Runner.run(security, topic)).final_output\n"
GO = "        print((await Runner.run(publisher, topic)).final_output)"


@pytest.mark.parametrize(
    "test, heeds",
    [
        ('"BLOCK" in said', "upper and lower case"),
        ('said == "BLOCK"', "upper and lower case and blanks"),
        ('said.startswith("BLOCK")', "upper and lower case"),
    ],
)
def test_a_condition_that_heeds_case_is_remarked(test, heeds):
    assert remarks_of(f"{JUDGED}    if {test}:\n{GO}") == [
        f"line 18: `{test.replace(chr(34), chr(39))}` heeds {heeds}, and a router does not."
    ]


@pytest.mark.parametrize("test", ['"block" in said.lower()', 'said.upper() == "BLOCK"'])
def test_a_condition_that_does_not_heed_case_is_not_remarked(test):
    assert remarks_of(f"{JUDGED}    if {test}:\n{GO}") == []


@pytest.mark.parametrize(
    "change, remark",
    [
        ('said.replace("a", "b")', "`replace` is left out: a flow hands the text on as it is."),
        ("said.splitlines()[0]", "A flow hands on all of `said.splitlines()`, not a part of it."),
        ('f"{said:>9}"', "`said` is handed on as it is, without its format."),
        ("json.dumps([said])", "What is written as JSON here is handed on as plain texts."),
        ("said.upper()", "A flow hands this text on with its upper and lower case."),
    ],
)
def test_a_text_that_python_changes_is_remarked(change, remark):
    body = f"{JUDGED}    print((await Runner.run(publisher, {change})).final_output)"
    assert f"line 18: {remark}" in remarks_of(body)


def test_a_way_for_each_item_is_remarked():
    body = """
    async def work(each):
        said = (await Runner.run(drafter, each)).final_output
        if "block" in said.lower():
            said = (await Runner.run(rewriter, said)).final_output
        return said

    print(await asyncio.gather(*[work(each) for each in topic.splitlines()]))"""
    assert remarks_of(body) == [
        (
            "line 20: A router cannot say `'block' in said.lower()` for each item: both ways are "
            "taken, and what reads `said` later is given both."
        )
    ]


def test_words_between_what_may_not_come_are_remarked():
    body = f"""{JUDGED}
    notes = [topic]
    if "block" in said.lower():
        notes.append(said)
    print((await Runner.run(publisher, "; ".join(notes))).final_output)"""
    assert remarks_of(body) == [
        "line 22: Where one of these does not come, what stands between them stays."
    ]


@pytest.mark.parametrize(
    "message", ['"Of %s: %s" % (topic, said)', '"-" * 3 + said', '"".join(("a: ", said))']
)
def test_a_message_put_together_in_any_way_is_the_same(message, tmp_path):
    body = f"{JUDGED}    print((await Runner.run(publisher, {message})).final_output)"
    program = TEAM + "async def main(topic):\n" + body + '\n\nasyncio.run(main("boats"))'
    ran = twins(script(program), tmp_path, {})
    assert ran.flow == ran.program
