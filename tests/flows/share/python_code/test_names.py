"""Names: whatever a node is called, it gets a variable that nothing else in the program has."""

from __future__ import annotations

import keyword

import pytest

from flows.share.python_code.names import _NUMBERED, _RESERVED, Names


@pytest.mark.parametrize(
    "said", sorted(_RESERVED | {"stage_1_slots", "Try ask 2", "", "1", "名前"})
)
def test_every_name_whatever_it_says_becomes_three_that_are_free(said: str):
    names = Names()
    given = [names.variable(said, kind="text") for _ in range(3)]
    assert len(set(given)) == 3
    for each in given:
        assert each.isidentifier()
        assert each not in _RESERVED
        assert not keyword.iskeyword(each)
        assert not _NUMBERED.fullmatch(each)


@pytest.mark.parametrize(
    "said, kind, name",
    [
        ("Input", "text", "input_text"),
        ("List", "answer", "list_answer"),
        ("Match", "choice", "match_choice"),
        ("Output", "result", "output_result"),
    ],
)
def test_a_name_that_python_has_already_gets_a_word_that_says_what_it_is(said, kind, name):
    assert Names().variable(said, kind=kind) == name


def test_an_agent_that_is_called_as_an_input_is_an_answer_and_one_called_as_another_a_second():
    names = Names()
    assert [names.variable("Topic", kind=kind) for kind in ("text", "answer", "answer")] == [
        "topic",
        "topic_answer",
        "topic_answer_2",
    ]
    assert [names.variable("Writer", kind="answer") for _ in range(2)] == ["writer", "writer_2"]
