"""Differences: what was changed between two runs is said in words."""

from __future__ import annotations

import pytest

from flows.document.files import flow_values
from flows.trace.differences import differences
from tests.shapes import shape

BEFORE = shape("in > a b > c", a={"name": "Legal"})


def told(after) -> list[str]:
    return list(differences(flow_values(BEFORE), flow_values(after)))


@pytest.mark.parametrize(
    "after,said",
    [
        (BEFORE, []),
        (BEFORE.model_copy(update={"layout": {}, "notes": (), "description": "New"}), []),
        (
            shape("in > a b > c", a={"name": "Legal", "prompt": "{{ input }}!", "timeout_s": 3}),
            ['"Legal": time limit, message'],
        ),
        (
            shape("in > a b d > c", a={"name": "Legal"}),
            ['"d" is new', "2 links new"],
        ),
        (
            shape("in > a > c", a={"name": "Legal"}),
            ['"b" is gone', "2 links gone"],
        ),
        (
            shape("in > a > b > c; a > c", a={"name": "Legal"}),
            ["1 link new, 1 link gone"],
        ),
        (
            shape(
                "in > a b > c", a={"name": "Legal"}, run={"start": "by_stage", "max_concurrency": 1}
            ),
            ["usual settings → by_stage, max 1"],
        ),
        (
            shape("in > p q r s t u", run={}),
            [
                '"Legal" is gone',
                '"b" is gone',
                '"c" is gone',
                '"p" is new',
                "5 more nodes",
                "6 links new, 4 links gone",
            ],
        ),
    ],
)
def test_what_was_changed_is_said(after, said):
    assert told(after) == said


def test_a_changed_setting_of_a_stage_is_told_with_both_its_values():
    flows = [
        shape("in > a", run={"stages": {"a": {"max_concurrency": number}}}) for number in (1, 2)
    ]
    assert list(differences(*map(flow_values, flows))) == ['stage of "a": most at once 1 → 2']


def test_a_file_from_elsewhere_may_hold_anything_as_its_flow():
    assert list(differences({"nodes": 3, "edges": [1], "run": "x"}, {"nodes": [None]})) == []
