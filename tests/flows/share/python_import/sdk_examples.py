"""SDK examples: programs of the shapes that the SDK's own examples have; each is read, none run."""

from tests.flows.share.python_import.scripts import script

EARLY_EXIT = script("""
class Check(BaseModel):
    good_quality: bool
    is_scifi: bool


outliner = Agent(name="outliner", instructions="Outline a story.")
checker = Agent(name="checker", instructions="Judge the outline.", output_type=Check)
teller = Agent(name="teller", instructions="Tell the story.", output_type=str)


async def main():
    prompt = input("What kind of story do you want? ")
    with trace("Deterministic story flow"):
        outline = await Runner.run(outliner, prompt)
        print("Outline generated")
        check = await Runner.run(checker, outline.final_output)
        assert isinstance(check.final_output, Check)
        if not check.final_output.good_quality:
            print("The outline is not good, so we stop here.")
            exit(0)
        if not check.final_output.is_scifi:
            print("The outline is not science fiction, so we stop here.")
            exit(0)
        print("The outline is good, so we go on.")
        story = await Runner.run(teller, outline.final_output)
        print(f"Story: {story.final_output}")


if __name__ == "__main__":
    asyncio.run(main())
""")

JUDGE = script("""
from dataclasses import dataclass


@dataclass
class Feedback:
    feedback: str
    score: Literal["pass", "fail"]


outliner = Agent(name="outliner", instructions="Outline; heed the feedback.")
judge = Agent[None](name="judge", instructions="Judge the outline.", output_type=Feedback)


async def main() -> None:
    items = [{"content": input("What kind of story? "), "role": "user"}]
    outline = None
    with trace("LLM as a judge"):
        while True:
            told = await Runner.run(outliner, items)
            items = told.to_input_list()
            outline = ItemHelpers.text_message_outputs(told.new_items)
            result: Feedback = (await Runner.run(judge, items)).final_output
            print(f"Score: {result.score}")
            if result.score == "pass":
                break
            items.append({"content": f"Feedback: {result.feedback}", "role": "user"})
    print(f"Final outline: {outline}")


asyncio.run(main())
""")

GUARDED = script("""
from agents import GuardrailFunctionOutput, SQLiteSession, input_guardrail


class Homework(BaseModel):
    is_homework: bool


watch = Agent(name="Watch", instructions="Is it homework?", output_type=Homework)


@input_guardrail
async def no_homework(context, agent, text):
    found = (await Runner.run(watch, text, context=context.context)).final_output
    return GuardrailFunctionOutput(output_info=found, tripwire_triggered=found.is_homework)


billing = Agent(name="Billing", instructions="Bills.")
desk = Agent(name="Desk", instructions="Help.", handoffs=[billing], input_guardrails=[no_homework])


async def main():
    result = Runner.run_streamed(desk, "Tell me 5 jokes.", session=SQLiteSession("one"))
    async for event in result.stream_events():
        if event.type == "raw_response_event":
            print(event.data.delta, end="", flush=True)
    print(result.final_output)


asyncio.run(main())
""")

TALK = script("""
from agents.extensions.handoff_prompt import RECOMMENDED_PROMPT_PREFIX

agent = Agent(name="Assistant", instructions=f"{RECOMMENDED_PROMPT_PREFIX} Be brief.")

for question in ["Which city?", "Which state?", "How many live there?"]:
    result = Runner.run_sync(agent, question)
    print(question, result.final_output)
summary = Runner.run_sync(
    agent,
    [
        {"role": "system", "content": "Sum it up."},
        {"role": "user", "content": result.final_output},
    ],
)
print(summary.final_output)
""")

REFINED = script("""
class Review(BaseModel):
    notes: list[str]


writer = Agent(name="Writer", instructions="Write.")
critic = Agent(name="Critic", instructions="Judge.", output_type=Review)


async def refine(topic: str) -> str:
    draft = (await Runner.run(writer, topic)).final_output
    review = (await Runner.run(critic, draft)).final_output
    told = f"Improve: {draft} Notes: {review.notes}"
    return (await Runner.run(writer, told)).final_output


async def main():
    topics = input("Topics? ").splitlines()
    print(await asyncio.gather(*(refine(each) for each in topics)))


asyncio.run(main())
""")

TICKETS = script("""
from enum import Enum


class Kind(str, Enum):
    BUG = "bug"
    WISH = "wish"


class Ticket(BaseModel):
    kind: Kind
    urgent: bool


sorter = Agent(name="Sorter", instructions="Sort.", output_type=Ticket)
chief = Agent(name="Chief", instructions="Decide.")
fixer = Agent(name="Fixer", instructions="Fix.")
planner = Agent(name="Planner", instructions="Plan.")


async def main():
    text = input("What is it? ")
    ticket = (await Runner.run(sorter, text)).final_output
    if ticket.urgent and ticket.kind == Kind.BUG:
        answer = await Runner.run(chief, text)
    elif ticket.kind == Kind.BUG:
        answer = await Runner.run(fixer, text)
    else:
        answer = await Runner.run(planner, text)
    print(answer.final_output)


asyncio.run(main())
""")
