"""Branches: programs that go one way or another by what an agent said, and what each says here.

Where a program asks with upper and lower case, the answers here leave no doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.flows.share.python_import.scripts import script

TEAM = """
drafter = Agent(name="Drafter", instructions="Draft.")
security = Agent(name="Security", instructions="Check security.")
style = Agent(name="Style", instructions="Check style.")
rewriter = Agent(name="Rewriter", instructions="Rewrite.")
publisher = Agent(name="Publisher", instructions="Publish.")


"""

LETTER = """
class Letter(BaseModel):
    kind: Literal["order", "complaint", "other"]


sorter = Agent(name="Sorter", instructions="Sort.", output_type=Letter)
orders = Agent(name="Orders", instructions="Order.")
sorry = Agent(name="Sorry", instructions="Sorry.")
checker = Agent(name="Checker", instructions="Check.")


"""

BLOCKED = {"Check security.": "BLOCK it"}
FINE = {"Check security.": "fine"}

Answers = Mapping[str, str]
"""What agents say, by their instructions; the others tell their message."""

BRANCHES: dict[str, tuple[str, Sequence[Answers]]] = {}


def branch(name: str, program: str, *says: Answers) -> None:
    """Note a program with the answers of several runs."""
    BRANCHES[name] = script(program), says or ({},)


branch(
    "review gather",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    reviewers = {"security": security, "style": style}
    done = await asyncio.gather(*(Runner.run(a, draft) for a in reviewers.values()))
    reviews = {k: r.final_output for k, r in zip(reviewers, done)}
    if "BLOCK" in reviews["security"]:
        told = f"Fix:{draft} Say:{reviews['security']}"
        rewritten = (await Runner.run(rewriter, told)).final_output
        draft = rewritten
    final = (await Runner.run(publisher, f"{draft}\\n{reviews['style']}")).final_output
    print(final)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "letters",
    TEAM
    + """
async def main(topic):
    verdict = (await Runner.run(security, topic)).final_output
    if "NOT ok" in verdict:
        topic = (await Runner.run(rewriter, verdict)).final_output
    elif verdict.startswith("Ok"):
        topic = (await Runner.run(style, verdict)).final_output
    final = (await Runner.run(publisher, topic)).final_output
    print(final)


asyncio.run(main("boats"))
""",
    {"Check security.": "It is NOT ok"},
    {"Check security.": "It is not OK"},
    {"Check security.": "Ok so far"},
    {"Check security.": "ok so far"},
)

branch(
    "both",
    LETTER
    + """
async def main(letter):
    kind = (await Runner.run(sorter, letter)).final_output.kind
    told = (await Runner.run(checker, letter)).final_output
    if kind == "order" and "FINE" in told:
        answer = await Runner.run(orders, letter)
    else:
        answer = await Runner.run(sorry, letter)
    print(answer.final_output)


asyncio.run(main("boats"))
""",
    {"Sort.": '{"kind": "order"}', "Check.": "FINE"},
    {"Sort.": '{"kind": "order"}', "Check.": "fine"},
    {"Sort.": '{"kind": "other"}', "Check.": "FINE"},
)

branch(
    "both fields",
    LETTER.replace("class Letter(BaseModel):", "class Letter(BaseModel):\n    is_new: bool")
    + """
async def main(letter):
    found = (await Runner.run(sorter, letter)).final_output
    if found.kind == "order" and found.is_new:
        answer = await Runner.run(orders, letter)
    else:
        answer = await Runner.run(sorry, letter)
    print(answer.final_output)


asyncio.run(main("boats"))
""",
    {"Sort.": '{"kind": "order", "is_new": true}'},
    {"Sort.": '{"kind": "order", "is_new": false}'},
    {"Sort.": '{"kind": "other", "is_new": true}'},
)

branch(
    "review group",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    async with asyncio.TaskGroup() as tg:
        tasks = {
            "security": tg.create_task(Runner.run(security, draft)),
            "style": tg.create_task(Runner.run(style, draft)),
        }
    reviews = {k: t.result().final_output for k, t in tasks.items()}
    if "BLOCK" in reviews["security"]:
        told = f"Fix:{draft} Say:{reviews['security']} {reviews['style']}"
        rewritten = (await Runner.run(rewriter, told)).final_output
        draft = rewritten
    final = (await Runner.run(publisher, f"{draft}\\n{reviews['style']}")).final_output
    print(final)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "only draft",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    one, two = await asyncio.gather(Runner.run(security, draft), Runner.run(style, draft))
    if "BLOCK" in one.final_output:
        draft = (await Runner.run(rewriter, f"Fix:{draft} Say:{two.final_output}")).final_output
    final = await Runner.run(publisher, draft)
    print(final.final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "early return",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    verdict = (await Runner.run(security, draft)).final_output
    if "BLOCK" in verdict:
        return draft
    styled = (await Runner.run(style, f"{topic}: {draft}")).final_output
    final = await Runner.run(publisher, f"{styled} of {topic}")
    return final.final_output


print(asyncio.run(main("boats")))
""",
    BLOCKED,
    FINE,
)

branch(
    "early return elif",
    TEAM
    + """
async def main(topic):
    verdict = (await Runner.run(security, topic)).final_output
    if "BLOCK" in verdict:
        print("no")
        return
    elif "minor" in verdict:
        text = (await Runner.run(rewriter, topic)).final_output
    else:
        text = (await Runner.run(drafter, topic)).final_output
    a, b = await asyncio.gather(Runner.run(style, topic), Runner.run(publisher, text))
    print(a.final_output, b.final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
    {"Check security.": "minor things"},
)

branch(
    "extra note",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    note = ""
    if "boat" in draft:
        note = (await Runner.run(style, draft)).final_output
    final = await Runner.run(publisher, f"{draft}{note}")
    print(final.final_output)


asyncio.run(main("boats"))
""",
    {},
    {"Draft.": "cars"},
)

branch(
    "extra note only",
    TEAM
    + """
async def main(topic):
    verdict = (await Runner.run(security, topic)).final_output
    note = ""
    if "BLOCK" in verdict:
        note = (await Runner.run(style, topic)).final_output
    final = await Runner.run(publisher, f"{topic} {note}")
    print(final.final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "inner pair",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    one, two = await asyncio.gather(Runner.run(security, draft), Runner.run(style, draft))
    result = draft
    if "BLOCK" in one.final_output:
        fixed = (await Runner.run(rewriter, draft)).final_output
        result = (await Runner.run(publisher, f"{fixed} {two.final_output}")).final_output
    print(result)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "nested",
    TEAM
    + """
async def main(topic):
    one, two = await asyncio.gather(Runner.run(security, topic), Runner.run(style, topic))
    if "BLOCK" in one.final_output:
        if "ugly" in two.final_output:
            both = f"{one.final_output} {two.final_output}"
            text = (await Runner.run(rewriter, both)).final_output
        else:
            text = (await Runner.run(drafter, topic)).final_output
    else:
        text = two.final_output
    print((await Runner.run(publisher, text)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
    {"Check security.": "BLOCK", "Check style.": "ugly"},
    {"Check security.": "ok", "Check style.": "ugly"},
)

branch(
    "two ifs",
    TEAM
    + """
async def main(topic):
    one, two = await asyncio.gather(Runner.run(security, topic), Runner.run(style, topic))
    text = topic
    if "BLOCK" in one.final_output:
        text = (await Runner.run(rewriter, f"Safe: {text}")).final_output
    if "ugly" in two.final_output:
        text = (await Runner.run(drafter, f"Nice: {text}")).final_output
    print((await Runner.run(publisher, text)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
    {"Check security.": "BLOCK", "Check style.": "ugly"},
    {"Check security.": "ok", "Check style.": "ugly"},
)

branch(
    "ifexp arg",
    TEAM
    + """
async def main(topic):
    verdict = (await Runner.run(security, topic)).final_output
    text = (await Runner.run(drafter, topic)).final_output if "BLOCK" in verdict else topic
    final = await Runner.run(publisher, f"{text}!")
    print(final.final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "ifexp inline",
    TEAM
    + """
async def main(topic):
    verdict = (await Runner.run(security, topic)).final_output
    final = await Runner.run(publisher if "BLOCK" in verdict else style, f"{topic}!")
    told = f"{verdict if 'BLOCK' in verdict else 'clean'}: {final.final_output}"
    last = await Runner.run(rewriter, told)
    print(last.final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "helper return",
    TEAM
    + """
async def improve(draft, review, *, tone="calm"):
    if "BLOCK" not in review:
        return draft
    fixed = await Runner.run(rewriter, f"{tone}: {draft} / {review}")
    return fixed.final_output


async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    review = (await Runner.run(security, draft)).final_output
    better = await improve(draft, review)
    print((await Runner.run(publisher, better)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "while judge",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    for _ in range(1):
        verdict = (await Runner.run(security, draft)).final_output
        if "BLOCK" not in verdict:
            break
        draft = (await Runner.run(rewriter, f"{draft} {verdict}")).final_output
    print((await Runner.run(publisher, draft)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "walrus",
    TEAM
    + """
async def main(topic):
    draft = await Runner.run(drafter, topic)
    if "BLOCK" in (verdict := (await Runner.run(security, draft.final_output)).final_output):
        draft = await Runner.run(rewriter, verdict)
    print((await Runner.run(publisher, draft.final_output)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "match",
    LETTER
    + """
async def main(letter):
    sorted_, checked = await asyncio.gather(Runner.run(sorter, letter), Runner.run(checker, letter))
    match sorted_.final_output.kind:
        case "order":
            reply = await Runner.run(orders, f"{letter} {checked.final_output}")
        case "complaint":
            reply = await Runner.run(sorry, letter)
        case _:
            print("Nothing to do")
            return
    print((await Runner.run(checker, f"{reply.final_output} / {letter}")).final_output)


asyncio.run(main("Hello"))
""",
    {"Sort.": '{"kind":"order"}'},
    {"Sort.": '{"kind":"complaint"}'},
    {"Sort.": '{"kind":"other"}'},
)

branch(
    "again same question",
    LETTER
    + """
async def main(letter):
    kind = (await Runner.run(sorter, letter)).final_output.kind
    if kind == "order":
        reply = (await Runner.run(orders, letter)).final_output
    else:
        reply = (await Runner.run(sorry, letter)).final_output
    if kind == "complaint":
        reply = (await Runner.run(checker, reply)).final_output
    print(reply)


asyncio.run(main("Hello"))
""",
    {"Sort.": '{"kind":"order"}'},
    {"Sort.": '{"kind":"complaint"}'},
    {"Sort.": '{"kind":"other"}'},
)

branch(
    "final printed either",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    verdict = (await Runner.run(security, draft)).final_output
    if "BLOCK" in verdict:
        draft = (await Runner.run(rewriter, draft)).final_output
    print(draft)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "final returned either",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    verdict = (await Runner.run(security, draft)).final_output
    if "BLOCK" in verdict:
        draft = (await Runner.run(rewriter, draft)).final_output
    return draft


print(asyncio.run(main("boats")))
""",
    BLOCKED,
    FINE,
)

branch(
    "literal choice",
    TEAM
    + """
async def main(topic):
    verdict = (await Runner.run(security, topic)).final_output
    tone = "calm"
    if "BLOCK" in verdict:
        tone = "strict"
    print((await Runner.run(publisher, f"Be {tone} about {topic}")).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "words either",
    TEAM
    + """
async def main(topic):
    verdict = (await Runner.run(security, topic)).final_output
    if "BLOCK" in verdict:
        said = f"Blocked because: {verdict}"
    else:
        fixed = (await Runner.run(rewriter, topic)).final_output
        said = f"Fixed: {fixed}"
    print((await Runner.run(publisher, f"{topic}: {said}")).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "task started before",
    TEAM
    + """
async def main(topic):
    looks = asyncio.create_task(Runner.run(style, topic))
    verdict = (await Runner.run(security, topic)).final_output
    if "BLOCK" in verdict:
        print((await Runner.run(rewriter, f"{verdict} {(await looks).final_output}")).final_output)
    else:
        print((await looks).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "later second if",
    TEAM
    + """
async def main(topic):
    verdict = (await Runner.run(security, topic)).final_output
    if verdict == "BLOCK it":
        text = (await Runner.run(rewriter, topic)).final_output
    else:
        text = (await Runner.run(drafter, topic)).final_output
    looks = (await Runner.run(style, text)).final_output
    if verdict == "BLOCK it":
        looks = (await Runner.run(publisher, f"{looks} {topic}")).final_output
    print(looks)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "rerun verdict",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    verdict = (await Runner.run(security, draft)).final_output
    if "BLOCK" in verdict:
        draft = (await Runner.run(rewriter, draft)).final_output
        verdict = (await Runner.run(security, draft)).final_output
    if "BLOCK" in verdict:
        print("Given up")
        return
    print((await Runner.run(publisher, draft)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "loop break",
    TEAM
    + """
async def main(topic):
    for agent in (drafter, rewriter, publisher):
        answer = (await Runner.run(agent, topic)).final_output
        if "good" in answer:
            break
    print((await Runner.run(style, answer)).final_output)


asyncio.run(main("boats"))
""",
    {"Draft.": "good"},
    {"Rewrite.": "good"},
    {},
)

branch(
    "loop return",
    TEAM
    + """
async def first(topic):
    for agent in (drafter, rewriter):
        answer = (await Runner.run(agent, topic)).final_output
        if "good" in answer:
            return answer
    return (await Runner.run(security, topic)).final_output


async def main(topic):
    found = await first(topic)
    print((await Runner.run(publisher, found)).final_output)


asyncio.run(main("boats"))
""",
    {"Draft.": "good"},
    {"Rewrite.": "good"},
    {},
)

branch(
    "if notes",
    TEAM
    + """
async def main(topic):
    notes = []
    one = await Runner.run(security, topic)
    if "BLOCK" in one.final_output:
        notes.append(one.final_output)
    if notes:
        print((await Runner.run(rewriter, f"{topic}: {notes[0]}")).final_output)
    else:
        print((await Runner.run(publisher, topic)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "flag",
    TEAM
    + """
async def main(topic):
    one = await Runner.run(security, topic)
    approved = "BLOCK" not in one.final_output
    if approved:
        print((await Runner.run(publisher, topic)).final_output)
    else:
        print((await Runner.run(rewriter, topic)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "flag assigned",
    TEAM
    + """
async def main(topic):
    approved = False
    one = await Runner.run(security, topic)
    if "BLOCK" not in one.final_output:
        approved = True
    text = (await Runner.run(drafter, topic)).final_output
    if approved:
        text = (await Runner.run(publisher, text)).final_output
    print((await Runner.run(style, text)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "none check",
    TEAM
    + """
async def main(topic):
    fix = None
    one = await Runner.run(security, topic)
    if "BLOCK" in one.final_output:
        fix = await Runner.run(rewriter, topic)
    two = await Runner.run(style, topic)
    if fix is not None:
        print((await Runner.run(publisher, f"{fix.final_output} {two.final_output}")).final_output)
    else:
        print((await Runner.run(drafter, two.final_output)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "or default",
    TEAM
    + """
async def main(topic):
    fix = None
    one = await Runner.run(security, topic)
    if "BLOCK" in one.final_output:
        fix = (await Runner.run(rewriter, topic)).final_output
    print((await Runner.run(publisher, fix or topic)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "case lower",
    TEAM
    + """
async def main(topic):
    one = (await Runner.run(security, topic)).final_output
    if "block" in one.lower():
        print((await Runner.run(rewriter, topic)).final_output)
    else:
        print((await Runner.run(publisher, topic)).final_output)


asyncio.run(main("boats"))
""",
    {"Check security.": "I would not BLOCK it"},
    FINE,
)

branch(
    "while cond",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    verdict = (await Runner.run(security, draft)).final_output
    tries = 0
    while "BLOCK" in verdict and tries < 1:
        draft = (await Runner.run(rewriter, f"{draft} {verdict}")).final_output
        verdict = (await Runner.run(security, draft)).final_output
        tries += 1
    print((await Runner.run(publisher, draft)).final_output)


asyncio.run(main("boats"))
""",
    FINE,
    {"Check security.": "BLOCK"},
)

branch(
    "tuple gather",
    TEAM
    + """
async def review(agent, text):
    r = await Runner.run(agent, f"Review: {text}")
    return agent.name, r.final_output


async def main(topic):
    (n1, a), (n2, b) = await asyncio.gather(review(security, topic), review(style, topic))
    first, *rest = [a, b]
    print((await Runner.run(publisher, f"{n1}={a}; {n2}={b}; {first} {rest[0]}")).final_output)


asyncio.run(main("boats"))
""",
)

branch(
    "defaults",
    TEAM
    + """
async def ask(agent, text, *, prefix="Q: ", suffix=""):
    return (await Runner.run(agent, f"{prefix}{text}{suffix}")).final_output


async def main(topic):
    one = await ask(drafter, topic)
    two = await ask(style, one, suffix="?")
    three = await ask(publisher, two, prefix="")
    print(three)


asyncio.run(main("boats"))
""",
)

branch(
    "try else",
    TEAM
    + """
async def main(topic):
    try:
        draft = (await Runner.run(drafter, topic)).final_output
    except Exception as error:
        print(f"failed {error}")
        return
    else:
        draft = (await Runner.run(style, draft)).final_output
    finally:
        print("done")
    print((await Runner.run(publisher, draft)).final_output)


asyncio.run(main("boats"))
""",
)

branch(
    "dict tasks",
    TEAM
    + """
REVIEWERS = {"security": security, "style": style}


async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    reviews: dict[str, str] = {}
    tasks = {}
    async with asyncio.TaskGroup() as tg:
        for name, agent in REVIEWERS.items():
            tasks[name] = tg.create_task(Runner.run(agent, f"Review:\\n{draft}"))
    for name, task in tasks.items():
        reviews[name] = task.result().final_output
    if "block" in reviews["security"].lower():
        draft = (await Runner.run(rewriter, f"{draft}\\n{reviews['security']}")).final_output
    final = await Runner.run(publisher, f"{draft}\\n{reviews['style']}")
    print(final.final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "inner review",
    TEAM
    + """
async def review(name, agent, draft):
    result = await Runner.run(agent, f"Review {name}:\\n{draft}")
    return name, result.final_output


async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    team = {"security": security, "style": style}
    pairs = await asyncio.gather(*(review(n, a, draft) for n, a in team.items()))
    reviews = dict(pairs)
    summary = "\\n".join(f"{n}: {t}" for n, t in reviews.items())
    if "block" in reviews["security"].lower():
        draft = (await Runner.run(rewriter, f"{draft}\\n{summary}")).final_output
    print((await Runner.run(publisher, f"{draft}\\n{reviews.get('style')}")).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "dict in group",
    TEAM
    + """
async def main(topic):
    draft = (await Runner.run(drafter, topic)).final_output
    reviews = {}

    async def one(name, agent):
        reviews[name] = (await Runner.run(agent, draft)).final_output

    async with asyncio.TaskGroup() as tg:
        tg.create_task(one("security", security))
        tg.create_task(one("style", style))
    verdict = reviews["security"]
    if "block" in verdict.lower():
        draft = (await Runner.run(rewriter, f"{draft}\\n{verdict}")).final_output
    print((await Runner.run(publisher, f"{draft}\\n{reviews['style']}")).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "agent picked",
    TEAM
    + """
async def main(topic):
    said = (await Runner.run(security, topic)).final_output
    if "block" in said.lower():
        agent = rewriter
        message = f"Fix {topic}"
    else:
        agent = publisher
        message = topic
    result = await Runner.run(agent, message)
    print(result.final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "two returns",
    TEAM
    + """
async def decide(topic):
    said = (await Runner.run(security, topic)).final_output
    if "block" in said.lower():
        return await Runner.run(rewriter, topic)
    looks = await Runner.run(style, topic)
    if "ugly" in looks.final_output.lower():
        return await Runner.run(drafter, f"{topic} {said}")
    return looks


async def main(topic):
    result = await decide(topic)
    print((await Runner.run(publisher, f"Final: {result.final_output}")).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
    {"Check style.": "ugly", "Check security.": "ok"},
)

branch(
    "parallel in arm",
    TEAM
    + """
async def main(topic):
    said = (await Runner.run(security, topic)).final_output
    extra = "none"
    if "block" in said.lower():
        a, b = await asyncio.gather(Runner.run(rewriter, topic), Runner.run(style, topic))
        extra = f"{a.final_output} and {b.final_output}"
    print((await Runner.run(publisher, f"{topic}: {extra}")).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "augmented",
    TEAM
    + """
async def main(topic):
    report = f"Topic: {topic}"
    said = (await Runner.run(security, topic)).final_output
    if "block" in said.lower():
        report += f"\\nSecurity: {said}"
    looks = (await Runner.run(style, topic)).final_output
    report += f"\\nStyle: {looks}"
    print((await Runner.run(publisher, report)).final_output)


asyncio.run(main("boats"))
""",
    BLOCKED,
    FINE,
)

branch(
    "class state",
    TEAM
    + """
class Flow:
    def __init__(self, topic):
        self.topic = topic
        self.draft = ""

    async def write(self):
        self.draft = (await Runner.run(drafter, self.topic)).final_output

    async def check(self):
        said = (await Runner.run(security, self.draft)).final_output
        if "block" in said.lower():
            self.draft = (await Runner.run(rewriter, f"{self.draft} {said}")).final_output

    async def run(self):
        await self.write()
        await self.check()
        return (await Runner.run(publisher, self.draft)).final_output


print(asyncio.run(Flow("boats").run()))
""",
    BLOCKED,
    FINE,
)
