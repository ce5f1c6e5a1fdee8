"""What an agent answers with keeps its defaults, its words and how strictly it is asked for."""

import pytest

from flows.document.model import AgentNode
from flows.share.python_code import python_code
from flows.share.python_import import import_python
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.flows.share.python_import.scripts import script

PROGRAM = script("""
class Verdict(BaseModel):
    \"\"\"What the judge says.\"\"\"

    ok: bool | None = None
    score: int = 5
    note: str = Field(default="none", description="Why")
    tags: list[str] = Field(default_factory=list)
    kind: Literal["a", "b"] | None = None


judge = Agent(name="Judge", instructions="Judge.", output_type=Verdict)


async def main(topic):
    print((await Runner.run(judge, topic)).final_output)


asyncio.run(main("boats"))
""")
LENIENT = PROGRAM.replace(
    "output_type=Verdict", "output_type=AgentOutputSchema(Verdict, strict_json_schema=False)"
)


def schema_of(program: str):
    node = import_python(program).flow.node("judge")
    assert isinstance(node, AgentNode)
    assert node.output_schema is not None
    return node.output_schema


def exported(program: str) -> str:
    return python_code(import_python(program).flow, NO_CONNECTIONS)


def test_a_class_is_read_with_its_defaults_and_its_words():
    assert schema_of(PROGRAM) == {
        "type": "object",
        "title": "Verdict",
        "description": "What the judge says.",
        "properties": {
            "ok": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
            "score": {"type": "integer", "default": 5},
            "note": {"type": "string", "description": "Why", "default": "none"},
            "tags": {"type": "array", "items": {"type": "string"}, "default": []},
            "kind": {"anyOf": [{"enum": ["a", "b"], "type": "string"}, {"type": "null"}]},
        },
        "required": ["ok", "score", "note", "tags", "kind"],
    }


def test_what_is_not_asked_for_strictly_need_not_be_answered():
    assert schema_of(LENIENT)["required"] == []


@pytest.mark.parametrize("program", [PROGRAM, LENIENT])
def test_a_class_comes_back_from_its_export_and_leaves_the_same_again(program):
    code = exported(program)
    assert schema_of(code) == schema_of(program)
    assert exported(code) == code


def test_a_class_leaves_as_it_came():
    code = exported(PROGRAM)
    assert "    score: int = 5\n" in code
    assert '\n    """What the judge says."""\n' in code
    assert "strict_json_schema" not in code
    assert "None | None" not in exported(LENIENT)


def test_an_edit_of_an_export_leaves_its_classes_alone():
    code = exported(PROGRAM).replace("Judge.", "Judge well.")
    assert schema_of(code) == schema_of(PROGRAM)
