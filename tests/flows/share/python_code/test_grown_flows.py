"""Flows that are grown at random, with branches in branches and lines in lines, mean in Python
what they mean in the engine."""

import random
from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from flows.document.model import Flow, RouterNode
from flows.share.python_code import python_code
from tests.flows.share.python_code.exported import NO_CONNECTIONS, both, with_models_of_their_own
from tests.model_server import Answer, ModelServer, Refuse
from tests.shapes import shape

WORDS = ("red", "green", "blue", "red and green")
RULES = [
    {"branch": "yes", "when": {"contains": "red"}},
    {"branch": "no", "when": {"contains": "green"}},
]


class Growth:
    """A flow that grows: its edges and its routers."""

    def __init__(self, chance: random.Random, kinds: Sequence[str]) -> None:
        self.kinds, self.chance = kinds, chance
        self.edges: list[str] = []
        self.routers: dict[str, dict[str, Any]] = {}
        self._numbers = count(1)

    def step(self, *sources: str) -> str:
        """Add an agent behind others."""
        name = f"n{next(self._numbers)}"
        self.edges += [f"{source} > {name}" for source in sources]
        return name

    def grow(self, source: str, depth: int) -> list[str]:
        """Add what may come behind a step; return its ends."""
        step = self.step(source)
        match self.chance.choice(self.kinds) if depth else "":
            case "next":
                return self.grow(step, depth - 1)
            case "router":
                name = self.step(step)
                otherwise = {"otherwise": "no"} if self.chance.random() < 0.7 else {}
                rules = RULES[:1] if otherwise else RULES
                self.routers[name] = {"type": "router", "rules": rules, **otherwise}
                branches = (f"{name}.yes", f"{name}.no")
                ends = [end for each in branches for end in self.grow(each, depth - 1)]
                return [self.step(*ends)] if self.chance.random() < 0.5 else ends
            case "lines":
                ends = [end for _ in range(2) for end in self.grow(step, depth - 1)]
                return [self.step(*ends)]
            case _:
                return [step]


def grown(
    chance: random.Random, kinds: Sequence[str] = ("next", "router", "router", "lines")
) -> Flow:
    """Grow a flow."""
    growth = Growth(chance, kinds)
    growth.grow("in", 3)
    policy = chance.choice(["finish", "finish", "cancel"])
    return shape("; ".join(growth.edges), run={"on_failure": policy}, **growth.routers)


@pytest.mark.parametrize("seed", range(24))
async def test_a_grown_flow_does_in_python_what_it_does_in_the_engine(seed, tmp_path):
    chance = random.Random(seed)
    flow = with_models_of_their_own(grown(chance))
    asked = [node.id for node in flow.nodes if node.type == "agent"]
    failing = chance.choice(asked) if seed % 3 == 0 else ""
    with ModelServer() as server:
        for node in asked:
            server.script(node, Answer(chance.choice(WORDS), delay_s=chance.choice([0, 0.02])))
        if failing:
            server.script(failing, Refuse(400))
        engine, program = await both(server, flow, tmp_path, given="red")
    if engine.status == "failed":  # how many calls were out is chance
        assert program.status == engine.status
    else:
        assert program == engine


def test_a_flow_that_only_branches_and_always_takes_one_is_statements_in_ifs():
    flows = [grown(random.Random(seed), kinds=("next", "router")) for seed in range(80)]
    surely = [
        flow
        for flow in flows
        if all(node.otherwise for node in flow.nodes if isinstance(node, RouterNode))
    ]
    codes = [python_code(flow, NO_CONNECTIONS) for flow in surely]
    assert len(codes) > 30
    assert [code for code in codes if "create_task" in code or "gather" in code] == []
