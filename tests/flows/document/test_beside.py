"""Beside: an output is named next to the others of a message, in their form."""

import pytest

from flows.document.beside import name_also
from flows.ids import NodeId
from tests.shapes import shape

A, B, C = ("{{ nodes.a.output }}", "{{ nodes.b.output }}", "{{ nodes.agent.output }}")


@pytest.mark.parametrize(
    "message,after",
    [
        (f"Notes:\n{A}\n{B}\nBe brief.", f"Notes:\n{A}\n{B}\n{C}\nBe brief."),
        (
            f"Security:\n{A}\n\nCompatibility:\n{B}",
            f"Security:\n{A}\n\nCompatibility:\n{B}\n\nLicence reviewer:\n{C}",
        ),
        (
            f"## Security\n{A}\n\n## Other\n{B}\n",
            f"## Security\n{A}\n\n## Other\n{B}\n\n## Licence reviewer\n{C}\n",
        ),
        (
            f"- **Security**: {A}\n- **Other**: {B}",
            f"- **Security**: {A}\n- **Other**: {B}\n- **Licence reviewer**: {C}",
        ),
        (f"{A}{B}", f"{A}{B}{C}"),
        (f"Compare {A} and {B}.", f"Compare {A}, {C} and {B}."),
        (f"Of {A}, {B} choose one.", f"Of {A}, {B}, {C} choose one."),
        (f"Judge {A}", f"Judge {A}, {C}"),
        (f"Of {{{{ input }}}} by {A} tell.", f"Of {{{{ input }}}} by {A}, {C} tell."),
        ("Risk: {{ nodes.a.output.level }}", "Risk: {{ nodes.a.output.level }}\n" + "Licence "
         f"reviewer: {C}"),
        ("{{\nnodes.a.output }}", "{{\nnodes.a.output }}\n" + C),
    ],
    ids=[
        "lines",
        "headings",
        "marked headings",
        "labels",
        "adjacent",
        "and",
        "list",
        "prose",
        "not beside the input",
        "steps",
        "over two lines",
    ],
)  # fmt: skip
def test_an_output_is_named_after_the_others_in_their_form(message, after):
    node = shape("agent", agent={"name": "Licence reviewer"}).node(NodeId("agent"))
    assert name_also(message, node, beside=[NodeId("a"), NodeId("b")]) == after
