"""The page of flows: every flow of this home as a card; what is done there is kept, or undone."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from components.flow_changes import FlowChanges
from components.pages.library import write_all
from components.services import Services
from flows.document.files import read_flow
from flows.document.model import empty_flow
from flows.ids import FlowId
from tests.components.conftest import Visit
from tests.components.test_other_pages import run_once
from tests.shapes import shape


def titles(page: AppTest) -> list[str]:
    """Read the names on the cards, in order."""
    assert not page.exception
    every = "".join(each.proto.body for each in page.get("html"))
    return re.findall(r"<h4[^>]*>(.*?)</h4>", every)


def keep(services: Services, *names: str) -> list[FlowId]:
    return [services.store.flows.create(empty_flow(name)).id for name in names]


def shown(page: AppTest) -> str:
    return "".join(each.proto.body for each in page.get("html"))


async def test_a_card_tells_its_flow_and_how_its_last_run_ended(
    visit: Visit, services: Services
) -> None:
    stored = services.store.flows.create(shape("in > a > b"))
    keep(services, "<b>other</b>")
    await run_once(services, stored)
    page = visit("flows", flow=stored.id)
    assert titles(page) == ["&lt;b&gt;other&lt;/b&gt;", stored.flow.name]
    assert "2 agents · 2 stages" in shown(page)
    assert shown(page).count("last run finished") == 1
    assert shown(page).count("not run yet") == 1


def test_flows_are_found_by_words_of_their_names_and_tags(visit: Visit, services: Services) -> None:
    one, two, _three = keep(services, "Plan of May", "Plan of June", "Other")
    services.store.flows.set_tags(two, ["Team"])
    page = visit("flows", flow=one)
    page.text_input(key=state.FLOW_SEARCH).set_value("may PLAN").run()
    assert titles(page) == ["Plan of May"]
    page.text_input(key=state.FLOW_SEARCH).set_value("team").run()
    assert titles(page) == ["Plan of June"]
    page.text_input(key=state.FLOW_SEARCH).set_value("nothing").run()
    assert titles(page) == []
    assert "No flow is called so." in [each.value for each in page.caption]


@pytest.mark.parametrize("typed", ["Übersetzung", "ubersetzung", "UBERSETZ", "uber vertrage"])
def test_a_flow_is_found_in_either_case_and_with_or_without_its_accents(
    visit: Visit, services: Services, typed: str
) -> None:
    one, _two = keep(services, "Übersetzung der Verträge", "Other")
    page = visit("flows", flow=one)
    page.text_input(key=state.FLOW_SEARCH).set_value(typed).run()
    assert titles(page) == ["Übersetzung der Verträge"]


def test_thousands_of_flows_are_listed_in_part_and_more_when_asked(
    visit: Visit, services: Services
) -> None:
    made = keep(services, *(f"Flow {number}" for number in range(30)))
    page = visit("flows", flow=made[0])
    assert len(titles(page)) == 24
    page.button(key="more-flows").click().run()
    assert len(titles(page)) == 30


def test_a_deleted_flow_is_gone_everywhere_and_undo_brings_it_back_whole(
    visit: Visit, services: Services
) -> None:
    library = services.store.flows
    kept, doomed = keep(services, "Kept", "Doomed")
    before = library.get(doomed)
    page = visit("flows", flow=doomed)
    page.menu_button(key=f"more-{doomed}").click("Delete").run()
    assert titles(page) == ["Kept"]
    assert page.query_params == {"flow": kept}
    other = visit(flow=doomed)
    assert [each.value for each in other.error] == [
        'The flow "Doomed" was deleted. The Flows page can bring it back.'
    ]
    page.button(key="undo-delete").click().run()
    assert titles(page) == ["Doomed", "Kept"]
    assert library.get(doomed) == before


def test_an_emptied_library_stays_empty_and_any_flow_comes_back(
    visit: Visit, services: Services
) -> None:
    (only,) = keep(services, "Only")
    services.store.flows.delete(only)
    page = visit("flows")
    assert titles(page) == []
    assert services.store.flows.list() == ()
    page.button(key=f"bring-back-{only}").click().run()
    assert titles(page) == ["Only"]


def test_a_copy_has_a_name_and_an_id_of_its_own_and_the_tags(services: Services) -> None:
    (flow_id,) = keep(services, "Plan")
    library = services.store.flows
    library.set_tags(flow_id, ["work"])
    FlowChanges(services).duplicate(flow_id)
    assert sorted(row.name for row in library.list()) == ["Plan", "Plan 2"]
    assert len({row.id for row in library.list()}) == 2
    assert set(library.tags().values()) == {("work",)}


def test_renaming_keeps_name_and_tags_and_says_why_it_cannot(services: Services) -> None:
    (flow_id,) = keep(services, "Plan")
    changes, library = FlowChanges(services), services.store.flows
    assert changes.rename(flow_id, name="  ", tags=()) == "Give the flow a name."
    assert "at most 12 tags" in changes.rename(flow_id, name="New", tags=["x" * 90])
    assert [row.name for row in library.list()] == ["Plan"]
    assert changes.rename(flow_id, name=" New ", tags=["a", " b "]) == ""
    assert [row.name for row in library.list()] == ["New"]
    assert library.tags() == {flow_id: ("a", "b")}


def test_all_flows_go_into_one_file(services: Services) -> None:
    made = [services.store.flows.create(shape("in > a")).flow for _ in range(2)]
    (gone,) = keep(services, "Gone")
    services.store.flows.delete(gone)
    with zipfile.ZipFile(io.BytesIO(write_all(services.store.flows))) as archive:
        assert [read_flow(archive.read(name)) for name in archive.namelist()] == made
