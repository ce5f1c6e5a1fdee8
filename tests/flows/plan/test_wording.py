"""A node is named as its maker knows it."""

import pytest

from flows.plan.wording import titled
from tests.shapes import shape


@pytest.mark.parametrize(
    "node,name,said",
    [
        ("pick", "Picker", '"Picker" (pick)'),
        ("pick", "pick", '"pick"'),
        ("agent_4", "Picker", '"Picker"'),
        ("agent", "Agent", '"Agent"'),
        ("agent_smith", "Picker", '"Picker" (agent_smith)'),
    ],
)
def test_an_id_is_told_only_where_somebody_chose_it(node, name, said):
    flow = shape(f"in > {node}", **{node: {"name": name}})
    assert titled(flow.node(node)) == said
