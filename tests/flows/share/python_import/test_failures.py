"""What a program does when something fails becomes the policy, the text or the retries it means."""

import pytest

from flows.share.python_import import import_python
from tests.flows.share.python_import.outlines import links, remarks, run, said
from tests.flows.share.python_import.scripts import script

_AGENTS = """
a = Agent(name="A", instructions="a")
b = Agent(name="B", instructions="b")
"""
BOTH = "a_result, b_result = await asyncio.gather(Runner.run(a, x), Runner.run(b, x))"


def program(body: str) -> str:
    """Put statements into the `main` of a program with two agents."""
    inner = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return script(f'{_AGENTS}\nasync def main(x):\n{inner}\n\nasyncio.run(main("Hi"))\n')


def test_an_except_star_around_a_task_group_keeps_the_group():
    text = program(
        """
try:
    async with asyncio.TaskGroup() as group:
        one = group.create_task(Runner.run(a, x))
        two = group.create_task(Runner.run(b, x))
except* Exception as errors:
    for error in errors.exceptions:
        print(error)
    return
print(one.result().final_output, two.result().final_output)
"""
    )
    flow = import_python(text).flow
    assert links(flow) == ["x > a", "x > b"]
    assert run(flow) == {"on_failure": "cancel"}
    assert remarks(text) == []


@pytest.mark.parametrize("ending", ["return", "pass", "print('Too late')"])
def test_a_handler_around_a_gather_lets_no_step_fail_alone(ending):
    text = program(f"try:\n    {BOTH}\nexcept TimeoutError:\n    {ending}")
    assert run(import_python(text).flow) == {}
    assert remarks(text) == []


def test_what_takes_the_place_of_several_steps_is_remarked():
    text = program(f"try:\n    {BOTH}\nexcept Exception:\n    a_result = b_result = None")
    assert run(import_python(text).flow) == {}
    assert remarks(text) == [
        "line 15: What is done instead of several steps is left out: the run fails."
    ]


def test_a_text_in_place_of_several_steps_is_no_steps_fallback():
    text = program(
        """
try:
    first = await Runner.run(a, x)
    second = await Runner.run(b, first.final_output)
    return second.final_output
except Exception:
    return "Sorry."
"""
    )
    flow = import_python(text).flow
    assert [said(flow, node) for node in ("a", "b")] == [
        {"instructions": "a"},
        {"instructions": "b"},
    ]
    (remark,) = remarks(text)
    assert remark == (
        "line 17: This text stands for several steps, and a flow has one for a single step; "
        "it is left out."
    )


def test_ctrl_c_around_a_program_says_nothing_of_failures():
    text = program(BOTH).replace(
        'asyncio.run(main("Hi"))',
        'try:\n    asyncio.run(main("Hi"))\nexcept KeyboardInterrupt:\n    print("Bye")',
    )
    assert run(import_python(text).flow) == {}


def test_a_failure_that_ends_the_program_is_a_failure_of_the_run():
    text = program(
        """
try:
    first = await Runner.run(a, x)
except Exception as error:
    print(f"No: {error}")
    return
print((await Runner.run(b, first.final_output)).final_output)
"""
    )
    assert run(import_python(text).flow) == {}


def test_a_failure_after_which_the_program_goes_on_is_collected():
    text = program(
        """
try:
    first = await Runner.run(a, x)
except Exception as error:
    print(f"No: {error}")
print((await Runner.run(b, x)).final_output)
"""
    )
    assert run(import_python(text).flow) == {"on_failure": "collect"}


@pytest.mark.parametrize(
    "attempt",
    [
        "        return (await Runner.run(agent, text)).final_output",
        "        result = await Runner.run(agent, text)\n        break",
    ],
    ids=["return", "break"],
)
def test_a_loop_that_only_tries_again_is_the_steps_retries(attempt):
    text = script(
        f"""
{_AGENTS}
async def patient(agent, text, attempts=5):
    for attempt in range(attempts):
        try:
    {attempt.replace(chr(10), chr(10) + "    ")}
        except Exception:
            if attempt == attempts - 1:
                raise
            await asyncio.sleep(2**attempt)
    return result.final_output


async def main(x):
    first = await patient(a, x)
    print(await patient(b, first))


asyncio.run(main("Hi"))
"""
    )
    flow = import_python(text).flow
    assert links(flow) == ["x > a", "a > b"]
    assert [said(flow, node)["retries"] for node in ("a", "b")] == [4, 4]
    assert run(flow) == {}
    assert remarks(text) == []


_SOME = """
names = ["A", "B"]
c = Agent(name="C", instructions="c")
results = await asyncio.gather(Runner.run(a, x), Runner.run(b, x), return_exceptions=True)
"""
_READ_BY_C = "print((await Runner.run(c, said)).final_output)"


@pytest.mark.parametrize(
    "filtered",
    [
        "good = [(r.last_agent.name, r) for r in results if not isinstance(r, Exception)]",
        "good = [(n, r) for n, r in zip(names, results) if not isinstance(r, BaseException)]",
        "good = [*filter(lambda p: not isinstance(p[1], Exception), zip(names, results))]",
        """
good = []
for n, r in zip(names, results):
    if isinstance(r, Exception):
        print("Failed:", n)
        continue
    good.append((n, r))
""",
    ],
    ids=["by its agent", "by a list", "filter", "loop"],
)
def test_results_that_succeeded_are_the_blocks_of_what_came(filtered):
    joined = 'said = "\\n\\n".join(f"## {n}\\n{r.final_output}" for n, r in good)'
    text = program(f"{_SOME}{filtered}\n{joined}\n{_READ_BY_C}")
    flow = import_python(text).flow
    assert run(flow) == {"on_failure": "collect"}
    assert said(flow, "c") == {"instructions": "c"}
    assert remarks(text) == []


def test_other_headings_of_what_succeeded_become_the_blocks_of_what_came_and_are_remarked():
    text = program(
        _SOME
        + "good = [r for r in results if not isinstance(r, Exception)]\n"
        + 'listed = "\\n".join(f"### {r.last_agent.name}:\\n{r.final_output}" for r in good)\n'
        + 'said = f"They say:\\n\\n{listed}\\n\\nJudge."\n'
        + _READ_BY_C
    )
    assert said(import_python(text).flow, "c")["prompt"] == ("They say:\n\n{{ parents }}\n\nJudge.")
    assert remarks(text) == [
        "line 19: The answers that came stand as {{ parents }}, each under `## ` and its name."
    ]


def test_labels_that_would_stay_without_their_answers_are_remarked():
    text = program(
        _SOME
        + 'said = f"Pro: {results[0].final_output} Con: {results[1].final_output}"\n'
        + _READ_BY_C
    )
    assert said(import_python(text).flow, "c")["prompt"] == (
        "Pro: {{ nodes.a.output }} Con: {{ nodes.b.output }}"
    )
    assert remarks(text) == [
        "line 17: Where an answer fails, the words around it stay, with nothing under them."
    ]


def test_a_literal_in_the_place_of_a_failed_answer_is_its_steps_text_instead():
    text = program(
        _SOME
        + 'texts = ["None." if isinstance(r, Exception) else r.final_output for r in results]\n'
        + 'said = "\\n".join(texts)\n'
        + _READ_BY_C
    )
    flow = import_python(text).flow
    assert [said(flow, node)["on_error"] for node in ("a", "b")] == [{"fallback": "None."}] * 2
    assert remarks(text) == []


def test_other_words_in_the_place_of_a_failed_answer_are_remarked():
    text = program(
        _SOME
        + "texts = []\n"
        + "for r in results:\n"
        + "    if isinstance(r, Exception):\n"
        + '        texts.append(f"Failed: {r}")\n'
        + "    else:\n"
        + "        texts.append(r.final_output)\n"
        + 'said = "\\n".join(texts)\n'
        + _READ_BY_C
    )
    assert remarks(text) == [
        "line 19: What is put in the place of a failed answer is left out; what came is handed on."
    ]
