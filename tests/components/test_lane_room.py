"""The page of a past run knows how many lanes it has to give room to."""

from __future__ import annotations

import pytest

from components.pages.lane_room import room_style
from flows.document.files import read_values
from flows.templates.samples import load_sample
from flows.trace.fold import build_trace


@pytest.mark.parametrize(
    "name, lanes, stages",
    [
        pytest.param("incident_response", 5, 3, id="one a step, none an input"),
        pytest.param("dynamic_parallel", 7, 2, id="few items are unfolded"),
    ],
)
def test_lanes_are_counted_as_they_are_drawn(name: str, lanes: int, stages: int):
    trace = build_trace(load_sample(name))
    said = room_style(read_values(trace.flow), trace)
    assert said == f":root {{ --run-lanes: {lanes}; --run-stages: {stages}; }}"
