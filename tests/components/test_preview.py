"""The message an agent would be sent is shown before it runs, and says what is not there yet."""

from components.preview import said_of
from flows.document.model import AgentNode, Flow
from flows.ids import NodeId
from tests.shapes import shape

IN, A, B = NodeId("in"), NodeId("a"), NodeId("b")


def flow_with(prompt: str) -> Flow:
    return shape(
        "in > a b > out", a={"name": "Formal"}, b={"name": "Casual"}, out={"prompt": prompt}
    )


def said(flow: Flow, **outputs: str) -> str:
    node = flow.node(NodeId("out"))
    assert isinstance(node, AgentNode)
    given = {NodeId(name): text for name, text in outputs.items()}
    return said_of(flow, node, inputs={IN: "Hello"}, outputs=given)


def test_a_message_has_what_was_typed_and_what_the_last_run_gave() -> None:
    shown = said(flow_with("{{ input }}: {{ nodes.a.output }} / {{ nodes.b.output }}"), a="Buenos")
    assert shown == "Hello: Buenos / ⟨what Casual gives: it has not run yet⟩"


def test_an_empty_message_shows_the_blocks_of_its_parents() -> None:
    assert said(flow_with(""), a="Uno", b="Dos") == "## Formal\nUno\n\n## Casual\nDos"


def test_a_step_that_leads_nowhere_is_said() -> None:
    shown = said(flow_with("{{ nodes.a.output.title }}"), a="plain")
    assert shown.startswith("It cannot be written yet. ")
