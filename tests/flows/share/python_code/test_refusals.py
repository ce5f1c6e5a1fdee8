"""What plain Python cannot say yet is refused in a sentence, never written wrong."""

import pytest

from flows.share.python_code import NotSayableError, python_code
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.shapes import shape

ANY = {"needs": "any"}
RULED = {"type": "router", "rules": [{"branch": "yes", "when": {"matches": r"\p{Lu}"}}]}
REFUSED = {
    "starts on the first of its parents": shape("in > a b; a > c; a b > pick", pick=ANY),
    "different failure policies": shape(
        "in > a b; a > c; b c > d", run={"stages": {"c": {"on_failure": "collect"}}}
    ),
    "a timeout on a stage": shape(
        "in > a b; a > c; b c > d", run={"stages": {"a": {"timeout_s": 9}}}
    ),
    "goes stage by stage": shape("in > a b x > c; a b > pick", run={"start": "by_stage"}, pick=ANY),
    'asks "nobody/x"': shape("in > a", a={"model": "nobody/x"}),
    "which Python's re cannot read": shape("in > r; r.yes > a", r=RULED),
    '"patternProperties"': shape(
        "in > a", a={"output_schema": {"type": "object", "patternProperties": {}}}
    ),
    "answers with a choice of types": shape(
        "in > a", a={"output_schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}}
    ),
    "a text as its fallback": shape(
        "in > a",
        a={
            "output_schema": {"type": "object", "properties": {"x": {"type": "string"}}},
            "on_error": {"fallback": "none"},
        },
    ),
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_said_is_a_sentence(said):
    with pytest.raises(NotSayableError) as refused:
        python_code(REFUSED[said], NO_CONNECTIONS)
    message = str(refused.value)
    assert said in message
    assert message.startswith("This flow cannot be exported to Python yet: ")
    assert message.endswith(".")
