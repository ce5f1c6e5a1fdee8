"""A loop that tries the same again is its step's retries; what else it says is remarked."""

import pytest

from flows.share.python_import import import_python
from tests.flows.share.python_import.outlines import links, remarks, said
from tests.flows.share.python_import.scripts import script


def program(body: str) -> str:
    """Put statements into a function of a program that has two agents and calls it."""
    inner = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return script(
        f"""
a = Agent(name="A", instructions="a")
b = Agent(name="B", instructions="b")


async def patient(x):
{inner}


async def main(x):
    print(await patient(x))


asyncio.run(main("Hi"))
"""
    )


LOOPS = {
    "from one": """
for attempt in range(1, 6):
    try:
        result = await Runner.run(a, x)
    except Exception:
        if attempt == 5:
            raise
        await asyncio.sleep(2**attempt)
    else:
        return result.final_output
""",
    "shown": """
for attempt in range(5):
    print("Attempt", attempt)
    try:
        result = await Runner.run(a, x)
        print("It went well")
        return result.final_output
    except Exception:
        continue
raise RuntimeError("Never")
""",
    "asked afterwards": """
for _ in range(5):
    result = None
    try:
        result = await Runner.run(a, x)
    except Exception as error:
        print(error)
    if result:
        break
return result.final_output
""",
    "counted": """
attempt = 0
while attempt < 5:
    try:
        return (await Runner.run(a, x)).final_output
    except Exception:
        attempt += 1
raise RuntimeError("Never")
""",
    "counted in the handler": """
attempt = 0
while True:
    try:
        return (await Runner.run(a, x)).final_output
    except Exception:
        attempt += 1
        if attempt >= 5:
            raise
""",
    "delays": """
for delay in (1, 2, 4, 8, 16):
    try:
        return (await Runner.run(a, x)).final_output
    except Exception:
        await asyncio.sleep(delay)
raise RuntimeError("Never")
""",
}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_around_one_call_is_its_retries(loop):
    text = program(LOOPS[loop])
    flow = import_python(text).flow
    assert links(flow) == ["x > a"]
    assert said(flow, "a") == {"instructions": "a", "retries": 4}
    assert [each for each in remarks(text) if "Nothing runs" not in each] == []


def test_a_loop_around_several_calls_says_that_each_is_tried_again_by_itself():
    text = program(
        """
for attempt in range(5):
    try:
        first = await Runner.run(a, x)
        second = await Runner.run(b, first.final_output)
        break
    except Exception:
        await asyncio.sleep(1)
return second.final_output
"""
    )
    flow = import_python(text).flow
    assert links(flow) == ["x > a", "a > b"]
    assert [said(flow, node)["retries"] for node in ("a", "b")] == [4, 4]
    (remark,) = remarks(text)
    assert remark == (
        "line 14: This loop tries its 2 calls again together; in the flow each is tried again by "
        "itself."
    )


def test_what_is_returned_when_every_attempt_has_failed_is_the_steps_text_instead():
    text = program(LOOPS["shown"].replace('raise RuntimeError("Never")', 'return "Sorry."'))
    assert said(import_python(text).flow, "a") == {
        "instructions": "a",
        "retries": 4,
        "on_error": {"fallback": "Sorry."},
    }


def test_a_loop_that_tries_without_end_says_so():
    text = program(LOOPS["counted"].replace("attempt < 5", "True"))
    assert "retries" not in said(import_python(text).flow, "a")
    assert (
        "line 15: How often this is tried again is known only when it runs; set its retries."
        in remarks(text)
    )


def test_a_loop_that_also_goes_round_for_another_answer_says_so():
    text = program(
        """
for _ in range(5):
    try:
        result = await Runner.run(a, x)
        if len(result.final_output) > 20:
            return result.final_output
    except Exception:
        pass
raise RuntimeError("Never")
"""
    )
    assert said(import_python(text).flow, "a")["retries"] == 4
    assert (
        "line 14: This loop also goes round for an answer that does not suit; a flow does not."
        in remarks(text)
    )


def test_an_agent_for_when_another_has_failed_is_remarked():
    text = program(
        """
for agent in [a, b]:
    try:
        return (await Runner.run(agent, x)).final_output
    except Exception:
        continue
raise RuntimeError("Never")
"""
    )
    assert links(import_python(text).flow) == ["x > a"]
    assert (
        "line 14: Only the first of these is run: a flow has no second agent for when one has "
        "failed." in remarks(text)
    )
