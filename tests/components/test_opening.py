"""An address opens one flow, and never by accident a second one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from components.opening import (
    Address,
    NothingToOpenError,
    create_copy,
    open_flow,
    opening_template,
    read_address,
)
from components.services import Services
from flows.document.model import empty_flow
from flows.ids import FlowId
from flows.templates import load_template
from tests.shapes import shape


def test_a_flow_goes_before_a_template() -> None:
    words = {"flow": "f1", "template": "pipeline", "other": "x"}
    assert read_address(words) == Address(flow="f1", template="pipeline")
    assert read_address({}) == Address()


def test_the_very_first_start_opens_the_opening_template(services: Services) -> None:
    stored = open_flow(Address(), services.store.flows)
    assert stored.flow == opening_template()


def test_without_an_address_the_last_flow_of_this_home_opens(services: Services) -> None:
    services.store.flows.create(shape("in > a"))
    last = services.store.flows.create(shape("in > b"))
    assert open_flow(Address(), services.store.flows) == last


def test_eight_tabs_on_an_empty_home_open_one_flow(services: Services) -> None:
    with ThreadPoolExecutor(8) as tabs:
        opened = tabs.map(lambda _: open_flow(Address(), services.store.flows).id, range(8))
        assert len(set(opened)) == 1
    assert len(services.store.flows.list()) == 1


def test_a_template_becomes_a_flow_of_its_own(services: Services) -> None:
    first = open_flow(Address(template="pipeline"), services.store.flows)
    second = open_flow(Address(template="pipeline"), services.store.flows)
    assert first.flow == load_template("pipeline")
    assert second.flow == first.flow.model_copy(update={"name": "pipeline 2"})
    assert first.id != second.id


@pytest.mark.parametrize(
    "address, said",
    [
        (Address(flow="nowhere"), 'There is no flow "nowhere" on this machine.'),
        (Address(template="nothing"), 'There is no template "nothing". There are: "three_views"'),
    ],
)
def test_an_address_that_leads_nowhere_makes_nothing(
    services: Services, address: Address, said: str
) -> None:
    with pytest.raises(NothingToOpenError) as caught:
        open_flow(address, services.store.flows)
    assert str(caught.value).startswith(said)
    assert services.store.flows.list() == ()


def test_a_known_flow_opens_as_it_was_left(services: Services) -> None:
    kept = services.store.flows.create(shape("in > a"))
    assert open_flow(Address(flow=FlowId(kept.id)), services.store.flows) == kept


def test_a_copy_of_a_copy_has_the_next_free_number_and_a_year_is_none(services: Services) -> None:
    names = ["Letter", "Letter", "Letter 2", "Letter 2", "Plan 2026", "Plan 2026"]
    made = [create_copy(empty_flow(name), services.store.flows).flow.name for name in names]
    expected = ["Letter", "Letter 2", "Letter 3", "Letter 4", "Plan 2026", "Plan 2026 2"]
    assert made == expected


def test_copies_of_one_name_are_numbered_and_the_number_fits(services: Services) -> None:
    library, long = services.store.flows, "x" * 200
    made = [create_copy(empty_flow(), library).flow.name for _ in range(3)]
    assert made == ["Untitled flow", "Untitled flow 2", "Untitled flow 3"]
    names = [create_copy(empty_flow(long), library).flow.name for _ in range(2)]
    assert names == [long, f"{'x' * 198} 2"]
