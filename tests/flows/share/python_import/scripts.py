"""Scripts: small programs as people write them from the SDK's docs; each is read, none is run."""

_HEAD = """
import asyncio
from typing import Literal

from pydantic import BaseModel, Field

from agents import Agent, ItemHelpers, ModelSettings, Runner, function_tool, handoff, trace

"""


def script(body: str) -> str:
    """Put the usual imports above a program."""
    return _HEAD + body.strip("\n") + "\n"


SAME_AGENT_THREE_TIMES = script("""
namer = Agent(name="Namer", instructions="Find a name for the boat.")
chooser = Agent(name="Chooser", instructions="Choose the best name.")


async def main():
    wish = input("What is the boat like? ")
    with trace("Boat names"):
        one, two, three = await asyncio.gather(
            Runner.run(namer, wish), Runner.run(namer, wish), Runner.run(namer, wish)
        )
        names = [ItemHelpers.text_message_outputs(each.new_items) for each in (one, two, three)]
        listed = "\\n".join(names)
        best = await Runner.run(chooser, f"The boat: {wish}\\nNames:\\n{listed}")
    print(f"Take this one: {best.final_output}")


asyncio.run(main())
""")

HANDOFFS = script('''
@function_tool
def tide(harbour: str) -> str:
    """Look up the tide."""
    return harbour


sails = Agent(name="Sails", instructions="You know sails.")
engines = Agent(name="Engines", instructions="You know engines.", tools=[tide])
desk = Agent(name="Desk", instructions="Find who knows.", handoffs=[sails, handoff(engines)])

result = Runner.run_sync(desk, "My engine coughs.", max_turns=4)
print(result.final_output)
''')

AGENTS_AS_TOOLS = script("""
german = Agent(name="German", instructions="Translate to German.")
dutch = Agent(name="Dutch", instructions="Translate to Dutch.")
office = Agent(
    name="Office",
    instructions="Translate with your tools.",
    tools=[
        german.as_tool(tool_name="to_german", tool_description="To German"),
        dutch.as_tool(tool_name="to_dutch", tool_description="To Dutch"),
    ],
)


async def translate(text: str) -> str:
    return (await Runner.run(office, text)).final_output
""")

GATES = script("""
class Check(BaseModel):
    is_complete: bool
    is_about_boats: bool


outline_agent = Agent(name="Outline", instructions="Outline the story.")
check_agent = Agent(name="Check", instructions="Check the outline.", output_type=Check)
story_agent = Agent(name="Story", instructions="Write the story.")


async def main(wish: str):
    outline = await Runner.run(outline_agent, wish)
    check = await Runner.run(check_agent, outline.final_output)
    if not check.final_output.is_complete:
        print("The outline lacks something.")
        return
    if not check.final_output.is_about_boats:
        raise SystemExit("Boats only.")
    story = await Runner.run(story_agent, outline.final_output)
    print(story.final_output)


asyncio.run(main("A race to the island"))
""")

JUDGE_LOOP = script("""
class Verdict(BaseModel):
    note: str
    score: Literal["good", "poor"]


poet = Agent(name="Poet", instructions="Write a verse.")
judge = Agent(name="Judge", instructions="Judge the verse.", output_type=Verdict)


async def main():
    wish = input("A verse about what? ")
    verse = ""
    while True:
        verse = (await Runner.run(poet, wish)).final_output
        verdict = (await Runner.run(judge, f"The verse:\\n{verse}")).final_output
        if verdict.score == "good":
            break
        wish = f"{wish}\\nNote: {verdict.note}"
    print(verse)


if __name__ == "__main__":
    asyncio.run(main())
""")

LIMITED = script("""
reader = Agent(name="Reader", instructions="Sum the page up.", model="gpt-4.1-mini")
editor = Agent(name="Editor", instructions="Fold the sums.")
slots = asyncio.Semaphore(3)


async def limited_run(agent, text):
    async with slots:
        return await Runner.run(agent, text)


async def sum_up(pages: list[str]) -> str:
    sums = await asyncio.gather(*[limited_run(reader, f"Page:\\n{page}") for page in pages])
    whole = "\\n\\n".join(each.final_output for each in sums)
    return (await Runner.run(editor, whole)).final_output
""")

TASK_GROUP = script("""
wind = Agent(name="Wind", instructions="Tell the wind.")
waves = Agent(name="Waves", instructions="Tell the waves.")
skipper = Agent(name="Skipper", instructions="Go or stay?")


async def main(harbour: str = "Kiel"):
    async with asyncio.TaskGroup() as group:
        first = group.create_task(Runner.run(wind, f"Wind at {harbour}?"))
        second = group.create_task(Runner.run(waves, f"Waves at {harbour}?"))
    said = f"Wind: {first.result().final_output}\\nWaves: {second.result().final_output}"
    answer = await asyncio.wait_for(Runner.run(skipper, said), timeout=20)
    return answer.final_output


print(asyncio.run(main("Rostock")))
""")

SOME_MAY_FAIL = script("""
crew = [Agent(name=role, instructions=f"You are the {role}.") for role in ("cook", "mate")]
captain = Agent(name="captain", instructions="Decide.")


async def main(question):
    answers = await asyncio.wait_for(
        asyncio.gather(*(Runner.run(one, question) for one in crew), return_exceptions=True), 30
    )
    good = [each.final_output for each in answers if not isinstance(each, Exception)]
    final = await Runner.run(captain, "The crew says:\\n" + "\\n--\\n".join(good))
    print(final.final_output)


asyncio.run(main("Do we sail?"))
""")

AS_COMPLETED = script("""
fast = Agent(name="Fast", instructions="Be quick.")
slow = Agent(name="Slow", instructions="Be thorough.")


async def main():
    question = "Why is the sea salty?"
    tasks = [asyncio.create_task(Runner.run(agent, question)) for agent in [fast, slow]]
    for done in asyncio.as_completed(tasks):
        result = await done
        print(result.final_output)


asyncio.run(main())
""")

BRANCHES = script("""
class Letter(BaseModel):
    kind: Literal["order", "complaint", "other"]
    urgency: int = Field(ge=1, le=5, description="How urgent")


sorter = Agent(name="Sorter", instructions="Sort the letter.", output_type=Letter)
orders = Agent(name="Orders", instructions="Take the order.")
sorry = Agent(name="Sorry", instructions="Say sorry.")
desk = Agent(name="Desk", instructions="Answer.")


async def answer(letter: str) -> str:
    sorted_letter = (await Runner.run(sorter, letter)).final_output_as(Letter)
    if sorted_letter.kind == "order":
        reply = await Runner.run(orders, letter)
    elif sorted_letter.kind == "complaint":
        reply = await Runner.run(sorry, f"Urgency {sorted_letter.urgency}: {letter}")
    else:
        reply = await Runner.run(desk, letter)
    return reply.final_output
""")

MATCHED = script("""
class Letter(BaseModel):
    kind: Literal["order", "complaint", "other"]


sorter = Agent(name="Sorter", instructions="Sort the letter.", output_type=Letter)
orders = Agent(name="Orders", instructions="Take the order.")
desk = Agent(name="Desk", instructions="Answer.")


async def answer(letter: str) -> str:
    sorted_letter = (await Runner.run(sorter, letter)).final_output_as(Letter)
    match sorted_letter.kind:
        case "order":
            reply = await Runner.run(orders, letter)
        case _:
            reply = await Runner.run(desk, letter)
    return reply.final_output
""")

RACE = script("""
left = Agent(name="Left", instructions="Answer.", model="gpt-4.1")
right = Agent(name="Right", instructions="Answer.", model="gpt-4.1-mini")
polish = Agent(name="Polish", instructions="Polish it.")


async def main(text: str):
    tasks = [asyncio.create_task(Runner.run(each, text)) for each in (left, right)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    first = done.pop().result()
    print((await Runner.run(polish, first.final_output)).final_output)


asyncio.run(main(input("Text: ")))
""")

ONE_AFTER_THE_OTHER = script("""
facts = Agent(name="Facts", instructions="List facts.")
jokes = Agent(name="Jokes", instructions="Tell a joke.")

topic = input("Topic? ")
first = Runner.run_sync(facts, topic)
second = Runner.run_sync(jokes, topic)
print(first.final_output, second.final_output)
""")

MANAGER_CLASS = script("""
class Question(BaseModel):
    text: str
    why: str


class Plan(BaseModel):
    questions: list[Question]


planner = Agent(name="Planner", instructions="Plan.", output_type=Plan)
cool = ModelSettings(temperature=0.2)
searcher = Agent(name="Searcher", instructions="Search.", model_settings=cool)
writer = Agent(name="Writer", instructions="Write.")


class Manager:
    def __init__(self, topic: str):
        self.topic = topic

    async def run(self) -> str:
        with trace("Study"):
            plan = await Runner.run(planner, f"Topic: {self.topic}")
            found = await self._search(plan.final_output_as(Plan))
            report = await Runner.run(writer, f"{self.topic}\\n{found}")
        return report.final_output

    async def _search(self, plan: Plan) -> list[str]:
        tasks = [asyncio.create_task(self._one(each)) for each in plan.questions]
        return [await task for task in asyncio.as_completed(tasks)]

    async def _one(self, question: Question) -> str | None:
        try:
            result = await Runner.run(searcher, f"{question.text} ({question.why})")
            return str(result.final_output)
        except Exception:
            return None


async def main():
    print(await Manager(input("Topic? ")).run())


asyncio.run(main())
""")

TIMED = script("""
quick = Agent(name="Quick", instructions="Be quick.")


async def main(question: str) -> str:
    try:
        async with asyncio.timeout(5):
            result = await Runner.run(quick, question)
            answer = result.final_output
    except TimeoutError:
        answer = "Nothing in time."
    return answer


asyncio.run(main("What time is it?"))
""")

IN_A_ROW = script("""
tagger = Agent(name="Tagger", instructions="Find a tag.")


def main():
    for fish in ["cod", "eel"]:
        result = Runner.run_sync(tagger, f"Tag {fish}.")
        print(result.final_output)


main()
""")

CHOSEN_BY_WORDS = script("""
bills = Agent(name="Bills", instructions="Answer about bills.")
repairs = Agent(name="Repairs", instructions="Answer about repairs.")
desk = Agent(name="Desk", instructions="Answer the rest.")
polite = Agent(name="Polite", instructions="Say it politely.")


def team_of(message: str) -> str:
    text = message.lower()
    if "invoice" in text or "refund" in text:
        return "bills"
    elif text.startswith("broken"):
        return "repairs"
    return "desk"


async def main(message: str):
    team = team_of(message)
    if team == "bills":
        reply = await Runner.run(bills, message)
    elif team == "repairs":
        reply = await Runner.run(repairs, message)
    else:
        reply = await Runner.run(desk, message)
    print((await Runner.run(polite, f"Say: {reply.final_output}")).final_output)


asyncio.run(main("My invoice is wrong."))
""")

CHOSEN_AGENT = script("""
short = Agent(name="Short", instructions="Answer in a word.")
long = Agent(name="Long", instructions="Answer at length.")
check = Agent(name="Check", instructions="Check the answer.")


async def main(question: str):
    agent = long if "why" in question.lower() else short
    answer = await Runner.run(agent, question)
    checked = await Runner.run(check, answer.final_output)
    print(checked.final_output)


asyncio.run(main("Why is it wet?"))
""")

TWO_STAGES = script("""
red = Agent(name="Red", instructions="See red.")
blue = Agent(name="Blue", instructions="See blue.")


async def main(picture: str):
    one, two = await asyncio.gather(Runner.run(red, picture), Runner.run(blue, picture))
    three, four = await asyncio.gather(
        Runner.run(blue, one.final_output), Runner.run(red, two.final_output)
    )
    return three.final_output, four.final_output


asyncio.run(main("A harbour"))
""")

CHAIN_FOR_EACH = script("""
look = Agent(name="Look", instructions="Look it up.")
shorten = Agent(name="Shorten", instructions="Shorten it.")
fold = Agent(name="Fold", instructions="Fold it.")


async def main(topics: list[str]):
    async def work(topic):
        found = await Runner.run(look, f"Look up {topic}")
        return (await Runner.run(shorten, f"Shorten: {found.final_output}")).final_output

    texts = await asyncio.gather(*(work(topic) for topic in topics))
    print((await Runner.run(fold, "\\n".join(texts))).final_output)
""")

UNSAID = script("""
drafts = Agent(name="Drafts", instructions="Draft.")
cuts = Agent(name="Cuts", instructions="Cut.")


async def main(wish: str):
    draft = (await Runner.run(drafts, wish)).final_output
    if len(draft) > 500:
        draft = (await Runner.run(cuts, draft)).final_output
    print(draft)


asyncio.run(main("A letter"))
""")

VOTES = script("""
voter = Agent(name="Voter", instructions="Yes or no?")


async def main(question):
    start = time.perf_counter()
    results = await asyncio.gather(*[Runner.run(voter, question) for _ in range(2)])
    print(f"It took {time.perf_counter() - start:.1f} s")
    votes = Counter(each.final_output for each in results)
    print(votes.most_common(1)[0][0])


asyncio.run(main("Is it wet?"))
""")

NUMBERED = script("""
first = Agent(name="First", instructions="1")
second = Agent(name="Second", instructions="2")
fold = Agent(name="Fold", instructions="Fold.")


async def main(x):
    results = await asyncio.gather(Runner.run(first, x), Runner.run(second, x))
    listed = ""
    for number, each in enumerate(results):
        listed += f"{number + 1}. {each.final_output}\\n"
    again = "\\n".join(f"{n}: {each.final_output}" for n, each in enumerate(results, start=1))
    print((await Runner.run(fold, listed + again)).final_output)


asyncio.run(main("Hi"))
""")

NOBODY_CALLS = script("""
helper = Agent(name="Helper", instructions="Help.")
shortener = Agent(name="Shortener", instructions="Shorten.")


async def answer(question: str) -> str:
    return (await Runner.run(helper, question)).final_output


async def shorten(text: str) -> str:
    return (await Runner.run(shortener, text)).final_output
""")

ITEMS_AS_THEY_COME = script("""
TOPICS = ["tides", "winds"]
explainer = Agent(name="Explainer", instructions="Explain.")


async def explain(topic):
    return topic, (await Runner.run(explainer, topic)).final_output


async def main():
    for future in asyncio.as_completed([explain(topic) for topic in TOPICS]):
        topic, answer = await future
        print(topic, answer)


asyncio.run(main())
""")

WORDS_AROUND_ONE = script("""
only = Agent(name="Only", instructions="Answer.")


async def main(x):
    result = await Runner.run(only, x)
    return f"The answer: {result.final_output}"


print(asyncio.run(main("Hi")))
""")
