"""An id that nobody chose gives way to one that reads like the name."""

import pytest

from flows.document.naming import readable_id
from tests.shapes import shape


@pytest.mark.parametrize(
    "node,fields,readable",
    [
        ("agent", {"name": "Tour guide"}, "tour_guide"),
        ("agent_2", {"name": "Foodie!"}, "foodie"),
        ("agent_2", {"name": "Agent 2"}, "agent_2"),
        ("agent", {"name": "taken"}, "taken_2"),
        ("agent", {"name": "旅行"}, "agent"),
        ("join_3", {"name": "Sum", "type": "join"}, "sum"),
        ("agent_smith", {"name": "Foodie"}, "agent_smith"),
        ("input_2", {"name": "City", "type": "input"}, "input_2"),
    ],
)
def test_it_is_read_from_the_name_where_the_id_was_given_by_its_placing(node, fields, readable):
    flow = shape(f"taken > {node}", **{node: fields})
    assert readable_id(flow, flow.node(node)) == readable
