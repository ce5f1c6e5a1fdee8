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
    given = [names.variable(said) for _ in range(3)]
    assert len(set(given)) == 3
    for each in given:
        assert each.isidentifier()
        assert each not in _RESERVED
        assert not keyword.iskeyword(each)
        assert not _NUMBERED.fullmatch(each)
