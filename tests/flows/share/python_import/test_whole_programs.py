"""Programs as developers keep them come in whole, or say at which line they do not."""

from flows.share.python_import import import_python
from tests.flows.share.python_import.outlines import links, remarks, said
from tests.flows.share.python_import.scripts import script

DESK = script("""
import os

MODEL = os.getenv("NEWS_MODEL", "gpt-4.1-mini")


class Desk:
    def __init__(self, model: str = MODEL) -> None:
        self.writer = Agent(name="Writer", instructions="Write.", model=model)
        self.checkers = {
            "facts": Agent(name="Facts", instructions="Check the facts.", model="gpt-4.1"),
            "style": Agent(name="Style", instructions="Check the style.", model="gpt-4.1"),
        }

    async def _check(self, draft: str) -> dict[str, str]:
        done = await asyncio.gather(*(Runner.run(a, draft) for a in self.checkers.values()))
        return {name: each.final_output for name, each in zip(self.checkers, done)}

    async def produce(self, topic: str) -> str:
        draft = (await Runner.run(self.writer, topic)).final_output
        notes = "\\n".join(f"[{k}] {v}" for k, v in (await self._check(draft)).items())
        return (await Runner.run(self.writer, f"{draft}\\n{notes}")).final_output


async def main() -> None:
    print(await Desk().produce("Gardens"))


asyncio.run(main())
""")

PIPELINE = script("""
from pathlib import Path


class Topics(BaseModel):
    names: list[str]


finder = Agent(name="Finder", instructions="Find topics.", output_type=Topics)
reader = Agent(name="Reader", instructions="Read.")
slots = asyncio.Semaphore(4)


async def read(topic: str) -> str:
    async with slots:
        for attempt in range(4):
            try:
                result = await asyncio.wait_for(Runner.run(reader, topic), timeout=60)
                return result.final_output
            except TimeoutError:
                await asyncio.sleep(1)
        return f"{topic}: nothing"


async def main(path: str) -> list[str]:
    found = await Runner.run(finder, Path(path).read_text())
    topics = sorted(found.final_output.names, key=len)[:10]
    return await asyncio.gather(*[read(topic) for topic in topics])


asyncio.run(main("notes.txt"))
""")

STREAMED = script("""
joker = Agent(name="Joker", instructions="Joke.")
critic = Agent(name="Critic", instructions="Rate.")


async def main(topic: str):
    result = Runner.run_streamed(joker, input=f"Joke about {topic}")
    told = ""
    async for event in result.stream_events():
        if event.type == "raw_response_event":
            print(event.data.delta, end="")
            told += event.data.delta
    print((await Runner.run(critic, f"Rate: {told}")).final_output)


asyncio.run(main("cats"))
""")

WATCHED = script("""
from tqdm.asyncio import tqdm, tqdm_asyncio

team = [Agent(name=name, instructions="Say.") for name in ("Hope", "Doubt")]
chair = Agent(name="Chair", instructions="Decide.")


async def ask(agent, question):
    return agent.name, (await Runner.run(agent, question)).final_output


async def main(question: str):
    answers = {}
    for coming in tqdm(asyncio.as_completed([ask(one, question) for one in team]), total=2):
        name, answer = await coming
        answers[name] = answer
    again = await tqdm_asyncio.gather(*[ask(one, f"Sure? {question}") for one in team])
    first = "\\n".join(f"{n}: {a}" for n, a in answers.items())
    second = "\\n".join(f"{n}: {a}" for n, a in again)
    print((await Runner.run(chair, f"{first}\\n{second}")).final_output)


asyncio.run(main("Do we ship?"))
""")

CAST = script("""
import typing

writer = Agent(name="Writer", instructions="Write.")
critic = Agent(name="Critic", instructions="Rate.")


async def main(topic: str):
    draft = typing.cast(str, (await Runner.run(writer, topic)).final_output)
    print((await Runner.run(critic, f"Rate: {typing.cast(str, val=draft)}")).final_output)


asyncio.run(main("cats"))
""")

DOOR = script("""
from agents.extensions.handoff_prompt import prompt_with_handoff_instructions

bills = Agent(name="Bills", instructions=prompt_with_handoff_instructions("Know bills."))
desk = Agent(name="Desk", instructions="Find who knows.", handoffs=[handoff(bills, on_handoff=id)])


async def main(text: str):
    result = await Runner.run(desk, text)
    said = f"{result.last_agent.name}: {result.final_output}"
    print((await Runner.run(bills, said)).final_output)


asyncio.run(main("Hello"))
""")


def test_agents_of_an_object_keep_their_labels_and_the_model_of_the_environment():
    flow = import_python(DESK).flow
    assert links(flow) == [
        "message > writer",
        "writer > facts",
        "writer > style",
        "facts > writer_2",
        "style > writer_2",
    ]
    assert said(flow, "writer_2") == {
        "instructions": "Write.",
        "model": "openai/gpt-4.1-mini",
        "prompt": "{{ nodes.writer.output }}\n[facts] {{ nodes.facts.output }}\n"
        "[style] {{ nodes.style.output }}",
    }
    assert remarks(DESK) == [
        'line 16: The environment names this agent\'s model; "gpt-4.1-mini" is taken.'
    ]


def test_a_pipeline_with_a_limit_and_retries_says_what_it_leaves_out():
    flow = import_python(PIPELINE).flow
    assert links(flow) == ["path > finder", "finder > reader"]
    assert said(flow, "reader") == {
        "instructions": "Read.",
        "retries": 3,
        "timeout_s": 60.0,
        "for_each": {
            "items": "{{ nodes.finder.output.names }}",
            "max_concurrency": 4,
            "on_failure": "collect",
        },
    }
    assert [each.partition(": ")[2] for each in remarks(PIPELINE)] == [
        "What is put in the place of a failed answer is left out; what came is handed on.",
        "This message is worked out in Python; a flow hands on what it is made of.",
        "A flow hands on all of `sorted(found.final_output.names, key=len)`, not a part of it.",
        "This puts them in another order; the flow keeps the one they came in.",
    ]


def test_what_is_streamed_is_the_answer():
    flow = import_python(STREAMED).flow
    assert links(flow) == ["topic > joker", "joker > critic"]
    assert said(flow, "critic")["prompt"] == "Rate: {{ nodes.joker.output }}"
    assert remarks(STREAMED) == []


def test_what_is_cast_is_itself():
    assert said(import_python(CAST).flow, "critic")["prompt"] == ("Rate: {{ nodes.writer.output }}")
    assert remarks(CAST) == []


def test_what_shows_how_far_a_loop_is_changes_nothing():
    flow = import_python(WATCHED).flow
    assert said(flow, "chair")["prompt"] == (
        "Hope: {{ nodes.hope.output }}\nDoubt: {{ nodes.doubt.output }}\n"
        "Hope: {{ nodes.hope_2.output }}\nDoubt: {{ nodes.doubt_2.output }}"
    )
    assert remarks(WATCHED) == []


def test_whoever_answers_after_a_handoff_is_known_only_when_it_runs():
    assert [each.partition(": ")[2] for each in remarks(DOOR)] == [
        "This text is worked out in Python; what it is made of stands there.",
        "`on_handoff=id` of this handoff has no place in a flow; it is left out.",
        (
            "`result.last_agent.name` is worked out in Python; what it is made of stands in the "
            "message instead. Read the prompt."
        ),
    ]
