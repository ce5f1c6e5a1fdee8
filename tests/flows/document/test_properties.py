"""What holds for every flow."""

from hypothesis import given

from flows.document.files import read_flow, write_flow
from flows.plan.checks import find_problems
from flows.plan.graph import stages_of
from flows.plan.layout import arrange
from tests.flows.document.drawings import flows


@given(flows)
def test_every_flow_is_equal_after_a_round_trip_through_its_file(flow):
    assert read_flow(write_flow(flow)) == flow


@given(flows)
def test_writing_is_stable(flow):
    text = write_flow(flow)
    assert write_flow(read_flow(text)) == text


@given(flows)
def test_no_flow_however_wrong_makes_a_check_raise(flow):
    assert all(problem.message for problem in find_problems(flow))


@given(flows)
def test_every_node_of_every_flow_gets_a_place(flow):
    assert arrange(flow).keys() == {node.id for node in flow.nodes}


@given(flows)
def test_stages_never_name_a_node_twice(flow):
    staged = [node for stage in stages_of(flow) for node in stage]
    assert len(staged) == len(set(staged))
