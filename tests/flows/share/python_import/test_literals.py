"""What a program does for every element of a literal becomes as many steps as it has elements."""

import pytest

from flows.share.python_import import import_python
from tests.flows.share.python_import.outlines import links, remarks, said
from tests.flows.share.python_import.scripts import script

_FACTORY = """
def make_reviewer(area):
    return Agent(name=f"{area.title()} reviewer", instructions=f"Review for {area}.")


async def review(area, text):
    return (await Runner.run(make_reviewer(area), text)).final_output


AREAS = {"legal": "the law", "finance": "the numbers"}
judge = Agent(name="Judge", instructions="Judge.")
"""
_TEAM = """
TEAM = {
    "law": Agent(name="Legal", instructions="Law."),
    "cash": Agent(name="Finance", instructions="Money."),
}
judge = Agent(name="Judge", instructions="Judge.")
"""
_NO_WORDS = "without the words this line puts around each."
_LABELLED = "law: {{ nodes.legal.output }}\ncash: {{ nodes.finance.output }}"


def program(top: str, body: str) -> str:
    """Put statements into the `main` of a program."""
    inner = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return script(f'{top}\nasync def main(x):\n{inner}\n\nasyncio.run(main("Hi"))\n')


@pytest.mark.parametrize(
    "made",
    [
        '[Runner.run(make_reviewer(each), x) for each in ["legal", "finance"]]',
        '(Runner.run(make_reviewer(each), x) for each in ("legal", "finance"))',
        "[review(each, x) for each in AREAS]",
        "[review(each, x) for each, what in AREAS.items()]",
        '[Runner.run(one, x) for one in [make_reviewer(each) for each in ["legal", "finance"]]]',
    ],
    ids=["list", "tuple", "dict", "items of a dict", "agents first"],
)
def test_an_agent_that_is_made_of_every_element_is_a_step_for_each(made):
    text = program(_FACTORY, f"results = await asyncio.gather(*{made})\nprint(results)")
    flow = import_python(text).flow
    assert links(flow) == ["x > legal_reviewer", "x > finance_reviewer"]
    assert [node.name for node in flow.nodes[1:]] == ["Legal reviewer", "Finance reviewer"]
    assert said(flow, "finance_reviewer") == {"instructions": "Review for finance."}


def test_agents_that_are_made_in_a_loop_run_one_after_the_other():
    text = program(_FACTORY, 'for each in ["legal", "finance"]:\n    x = await review(each, x)')
    assert links(import_python(text).flow) == [
        "x > legal_reviewer",
        "legal_reviewer > finance_reviewer",
    ]


def test_an_agent_that_is_the_same_for_every_element_stays_a_for_each():
    text = program(
        _FACTORY, 'await asyncio.gather(*[Runner.run(judge, each) for each in ["a", "b"]])'
    )
    (_, agent) = import_python(text).flow.nodes
    assert agent.for_each.items == ("a", "b")


_TASKS = "tasks = {n: asyncio.create_task(Runner.run(a, x)) for n, a in TEAM.items()}"


@pytest.mark.parametrize(
    "joined",
    [
        f"""
{_TASKS}
said = "\\n".join(f"{{n}}: {{(await task).final_output}}" for n, task in tasks.items())
""",
        f"""
{_TASKS}
done = {{n: (await task).final_output for n, task in tasks.items()}}
said = "\\n".join(f"{{n}}: {{done[n]}}" for n in TEAM)
""",
        f"""
{_TASKS}
done = dict(zip(tasks.keys(), await asyncio.gather(*tasks.values())))
said = "\\n".join(f"{{n}}: {{each.final_output}}" for n, each in done.items())
""",
        """
done = await asyncio.gather(*(Runner.run(a, x) for a in TEAM.values()))
said = "\\n".join(f"{n}: {each.final_output}" for n, each in zip(TEAM, done))
""",
        """
done = {}
async with asyncio.TaskGroup() as group:
    for name in ["law", "cash"]:
        done[name] = group.create_task(Runner.run(TEAM[name], x))
said = "\\n".join(f"{n}: {each.result().final_output}" for n, each in done.items())
""",
    ],
    ids=["tasks", "awaited", "zipped keys", "zipped dict", "by name"],
)
def test_a_dict_of_agents_keeps_its_labels_in_the_message_that_joins_them(joined):
    text = program(_TEAM, f"{joined}print((await Runner.run(judge, said)).final_output)")
    flow = import_python(text).flow
    assert links(flow) == ["x > legal", "x > finance", "legal > judge", "finance > judge"]
    assert said(flow, "judge")["prompt"] == _LABELLED
    assert remarks(text) == []


def test_a_dict_that_a_run_fills_hands_its_answers_on_and_says_that_its_labels_are_lost():
    text = script(
        """
reader = Agent(name="Reader", instructions="Read.")
judge = Agent(name="Judge", instructions="Judge.")


async def main(topics: list[str]):
    tasks = {t: asyncio.create_task(Runner.run(reader, t)) for t in topics}
    said = "\\n".join(f"# {t}: {(await task).final_output}" for t, task in tasks.items())
    print((await Runner.run(judge, said)).final_output)
"""
    )
    flow = import_python(text).flow
    assert links(flow) == ["topics > reader", "reader > judge"]
    assert said(flow, "judge") == {"instructions": "Judge."}
    assert remarks(text) == [f"line 15: The items are handed on as a JSON list, {_NO_WORDS}"]


WORKED_OUT = (
    "is worked out in Python; what it is made of stands in the message instead. Read the prompt."
)
ELSEWHERE = (
    "comes from elsewhere, and what it says does not stand in the program; it is left out. Write "
    "it in."
)


@pytest.mark.parametrize(
    "name, why",
    [
        ("each.final_output.strip", WORKED_OUT),
        ("now", ELSEWHERE),
        ("_FACTORY.made", ELSEWHERE),
    ],
)
def test_what_cannot_stand_in_a_message_is_remarked(name, why):
    text = program(
        _TEAM,
        f"""
from clock import now, _FACTORY
_, each = await asyncio.gather(*(Runner.run(a, x) for a in TEAM.values()))
print((await Runner.run(judge, f"{{{name}}}: {{each.final_output}}")).final_output)
""",
    )
    assert remarks(text) == [f"line 18: `{name}` {why}"]


def test_the_name_of_the_agent_that_answered_stands_in_a_message():
    text = program(
        _TEAM,
        """
each = await Runner.run(TEAM["law"], x)
said = f"{each.last_agent.name} says {each.final_output}"
print((await Runner.run(judge, said)).final_output)
""",
    )
    assert said(import_python(text).flow, "judge")["prompt"] == (
        "Legal says {{ nodes.legal.output }}"
    )


def test_a_filter_that_only_a_run_could_apply_is_remarked():
    text = program(
        _TEAM,
        """
done = await asyncio.gather(*(Runner.run(a, x) for a in TEAM.values()))
good = [each.final_output for each in done if each.final_output != "NONE"]
print((await Runner.run(judge, "\\n".join(good))).final_output)
""",
    )
    assert remarks(text) == [
        "line 17: A flow leaves nothing out by `each.final_output != 'NONE'`: all of it goes on."
    ]


def test_agents_that_are_made_of_named_fields_have_them():
    text = script(
        """
def make(name, **rest):
    return Agent(name=name, **rest)


TEAM = [dict(name="A", instructions="a"), {"name": "B", "instructions": "b"}]
team = [make(**each) for each in TEAM]


async def main(x):
    await asyncio.gather(*(Runner.run(one, x) for one in team))


asyncio.run(main("Hi"))
"""
    )
    flow = import_python(text).flow
    assert [said(flow, node) for node in ("a", "b")] == [
        {"instructions": "a"},
        {"instructions": "b"},
    ]


def test_the_last_of_a_list_is_counted_from_its_end():
    text = program(
        _TEAM,
        """
done = await asyncio.gather(*(Runner.run(a, x) for a in TEAM.values()))
print((await Runner.run(judge, f"Last: {done[-1].final_output}")).final_output)
""",
    )
    assert said(import_python(text).flow, "judge")["prompt"] == "Last: {{ nodes.finance.output }}"


@pytest.mark.parametrize(
    "made,lost",
    [
        ('"\\n".join(outs)', "not joined to one text here."),
        ('"\\n".join(f"- {each}" for each in outs)', _NO_WORDS),
        ('"\\n".join(f"{at}. {each}" for at, each in enumerate(outs))', _NO_WORDS),
    ],
    ids=["plain", "bullets", "numbers"],
)
def test_a_list_that_a_loop_fills_is_handed_on_as_such_and_what_joins_it_is_said_to_be_lost(
    made: str, lost: str
):
    text = script(
        f"""
reader = Agent(name="Reader", instructions="Read.")
judge = Agent(name="Judge", instructions="Judge.")


async def main():
    outs = []
    for topic in ["one", "two"]:
        outs.append((await Runner.run(reader, topic)).final_output)
    said = {made}
    print((await Runner.run(judge, f"All: {{said}}")).final_output)
"""
    )
    assert said(import_python(text).flow, "judge")["prompt"] == "All: {{ nodes.reader.output }}"
    assert remarks(text) == [f"line 17: The items are handed on as a JSON list, {lost}"]


def test_a_list_in_an_answer_is_handed_on_as_json_and_that_is_said():
    text = script(
        """
class Risk(BaseModel):
    breaking: list[str]


reader = Agent(name="Reader", instructions="Read.", output_type=Risk)
judge = Agent(name="Judge", instructions="Judge.")


async def main():
    risk = (await Runner.run(reader, "hi")).final_output
    print((await Runner.run(judge, f"Breaking: {', '.join(risk.breaking)}")).final_output)
"""
    )
    assert remarks(text) == [
        "line 19: The items are handed on as a JSON list, not joined to one text here."
    ]


def test_an_agent_that_goes_over_a_list_that_a_loop_filled_is_asked_for_each_of_its_items():
    text = script(
        """
reader = Agent(name="Reader", instructions="Read.")
judge = Agent(name="Judge", instructions="Judge.")


async def main():
    outs = []
    for topic in ["one", "two"]:
        outs.append((await Runner.run(reader, topic)).final_output)
    for each in outs:
        print((await Runner.run(judge, each)).final_output)
"""
    )
    each = said(import_python(text).flow, "judge")["for_each"]
    assert each["items"] == "{{ nodes.reader.output }}"


def test_what_is_only_made_a_text_at_the_end_needs_no_join():
    text = script(
        """
judge = Agent(name="Judge", instructions="Judge.")


async def main():
    print(str((await Runner.run(judge, "hi")).final_output))
    return str((await Runner.run(judge, "hi")).final_output)
"""
    )
    assert {node.type for node in import_python(text).flow.nodes} == {"input", "agent"}
