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


def test_the_texts_a_variable_has_on_two_branches_are_told_apart_by_their_branch():
    flow = import_python(QUEUE).flow
    joins = {node.id: node.name for node in flow.nodes if node.type == "join"}
    assert joins == {"queue_billing": "Queue: billing", "queue_otherwise": "Queue: otherwise"}
    said_to = "{{ nodes.queue_billing.output }}{{ nodes.queue_otherwise.output }}: {{ input }}"
    assert said(flow, "writer")["prompt"] == said_to
    assert plain(import_python(python_code(flow, NO_CONNECTIONS)).flow) == plain(flow)


QUEUE = script("""
triage = Agent(name="Triage", instructions="Say billing or technical.")
writer = Agent(name="Writer", instructions="Answer the customer.")


async def main(ticket: str) -> str:
    kind = (await Runner.run(triage, ticket)).final_output
    if "billing" in kind.lower():
        queue = "Finance"
    else:
        queue = "Support"
    return (await Runner.run(writer, f"{queue}: {ticket}")).final_output


asyncio.run(main("My invoice is wrong"))
""")


def remarks_of(body: str) -> list[str]:
    program = script(TEAM + "async def main(topic):\n" + body + '\n\nasyncio.run(main("boats"))')
    return [each for each in remarks(program) if "Nothing runs" not in each]


JUDGED = "    said = (await Runner.run(security, topic)).final_output\n"
GO = "        print((await Runner.run(publisher, topic)).final_output)"


def test_a_comparison_with_a_text_is_remarked_where_the_rule_is_not_so_strict():
    (remark,) = remarks_of(f'{JUDGED}    if said == "BLOCK":\n{GO}')
    assert remark == (
        "line 18: The flow asks `said == 'BLOCK'` without regard to upper and lower case, and to "
        "blanks around."
    )


def rule_of(test: str) -> dict[str, object]:
    program = script(TEAM + f"async def main(topic):\n{JUDGED}    if {test}:\n{GO}")
    flow = import_python(program).flow
    (router,) = (each for each in flow.nodes if each.type == "router")
    return router.rules[0].when.model_dump(exclude_none=True)


@pytest.mark.parametrize(
    "test, matches",
    [
        ('"BLOCK" in said', "(?-i:BLOCK)"),
        ('"c++ (x)" in said', r"(?-i:c\+\+ \(x\))"),
        ('said.startswith("Not OK")', "(?-i:^Not OK)"),
        ('re.search("BLOCK|STOP", said)', "(?-i:BLOCK|STOP)"),
        ('re.search("(?i)block", said)', "(?i)block"),
        (r're.search(r"\d\d", said)', r"\d\d"),
    ],
)
def test_what_heeds_upper_and_lower_case_is_a_pattern_that_does_and_needs_no_remark(test, matches):
    assert remarks_of(f"{JUDGED}    if {test}:\n{GO}") == []
    assert rule_of(test) == {"matches": matches}


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
        (
            "said.upper()",
            "The program puts this text in upper or lower case; a flow hands it on as it is.",
        ),
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
            "line 20: No rule of a router can ask `'block' in said.lower()` for each item: the "
            "flow goes both ways, and what reads `said` later is given both."
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


REPORT = (
    TEAM.replace('"Check security."', '"Check security.", output_type=Report')
    + """
async def main(topic):
    said = (await Runner.run(security, topic)).final_output
    if {test}:
        topic = (await Runner.run(publisher, topic)).final_output
    print((await Runner.run(style, topic)).final_output)


asyncio.run(main("boats"))
"""
)
FIELDS = """
class Report(BaseModel):
    fine: bool
    count: int
    score: float | None
    title: str
    note: str | None
    tags: list[str]

"""


@pytest.mark.parametrize(
    "test, way, when",
    [
        ("said.fine", "yes", {"at": "/fine", "equals": True}),
        ("said.fine == True", "yes", {"at": "/fine", "equals": True}),
        ("said.fine is False", "yes", {"at": "/fine", "equals": False}),
        ("not said.fine", "otherwise", {"at": "/fine", "equals": True}),
        ("said.count", "otherwise", {"at": "/count", "equals": 0.0}),
        ("said.score", "yes", {"at": "/score", "matches": "[1-9]"}),
        ("said.title", "yes", {"at": "/title", "matches": "(?s)."}),
        ("said.title == ''", "yes", {"at": "/title", "matches": "^$"}),
        ("said.note is None", "yes", {"at": "/note", "matches": "^$"}),
        ("said.tags", "yes", {"at": "/tags", "matches": r"^\[[^\]]"}),
        ("len(said.tags) > 0", "yes", {"at": "/tags", "matches": r"^\[[^\]]"}),
        ("len(said.tags) == 0", "otherwise", {"at": "/tags", "matches": r"^\[[^\]]"}),
        ("'new' in said.tags", "new", {"at": "/tags", "matches": '(?-i:"new")'}),
    ],
)
def test_a_rule_asks_of_an_answers_field_what_the_program_asks_of_its_kind(test, way, when):
    imported = import_python(script(FIELDS + REPORT.replace("{test}", test)))
    (router,) = (each for each in imported.flow.nodes if each.type == "router")
    (rule,) = router.rules
    assert rule.when.model_dump(exclude_none=True) == when
    assert f"{router.id}.{way} > publisher" in links(imported.flow)
    assert [str(each) for each in imported.remarks if "Nothing runs" not in each.said] == []


def test_a_field_whose_kind_nothing_says_is_asked_whether_it_is_true_and_that_is_remarked():
    program = script(FIELDS + REPORT.replace("{test}", "said.other"))
    (remark,) = (each for each in remarks(program) if "Nothing runs" not in each)
    assert remark == (
        "line 28: The program asks whether `said.other` is anything at all, and nothing here says "
        "what it is; the flow's rule asks whether it is `true`. Write the rule that is meant."
    )


def test_two_fields_that_must_both_hold_are_two_routers_one_after_the_other():
    test = "said.fine and said.count > 3"
    imported = import_python(script(FIELDS + REPORT.replace("{test}", test)))
    assert {"fine.yes > count", "count.yes > publisher"} <= {*links(imported.flow)}
