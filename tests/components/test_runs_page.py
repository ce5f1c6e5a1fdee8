"""The page of past runs: found, kept, cleared, brought back, and two side by side."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from components import run_list, state
from components.run_list import said_apart
from components.services import Services
from flows.document.files import flow_values
from flows.ids import FlowId, RunId
from flows.store.past_runs import RunQuery
from flows.trace.events import (
    Record,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    encode_record,
)
from flows.trace.run_file import read_run_file
from tests.components.conftest import Visit
from tests.components.test_other_pages import run_once
from tests.flows.store.records import records_of, run_of
from tests.shapes import shape

ONE, TWO, THREE = RunId("r1"), RunId("r2"), RunId("r3")
NOW = time.time()


@pytest.fixture
def three(services: Services) -> Services:
    """Three runs of one flow, the newest is r3; r2 failed."""
    keep = services.store.runs.append
    flow_id = FlowId("f1")
    keep(
        run_of("r1", at=NOW - 300, said="Lisbon", end=RunFinished({"a": "**One**"})),
        flow_id=flow_id,
    )
    failed = RunFailed(error="It broke.", errors={"a": "It broke."})
    keep(run_of("r2", at=NOW - 200, said="Genf", end=failed, start="by_stage"), flow_id=flow_id)
    keep(run_of("r3", at=NOW - 100, said="Genf", end=RunFinished({"a": "Three"})), flow_id=flow_id)
    return services


def listed(page: AppTest) -> list[str]:
    """Read the last line of every run that is listed."""
    assert not page.exception
    radios = page.get("radio")
    return (
        [each.rpartition("small[")[2].rstrip("]") for each in radios[0].proto.captions]
        if radios
        else []
    )


def chosen(page: AppTest) -> str | None:
    value: str | None = page.radio(key=state.CHOSEN_RUN).value
    return value


def do(page: AppTest, run_id: str, entry: str) -> AppTest:
    return page.menu_button(key=f"run-menu-{run_id}").click(entry).run()


def shown(page: AppTest) -> str:
    return "".join(each.proto.body for each in page.get("html"))


def said(page: AppTest) -> list[str]:
    return [each.value for each in [*page.markdown, *page.caption, *page.info]]


def test_runs_of_one_flow_are_told_apart(visit: Visit, three: Services) -> None:
    assert listed(visit("runs")) == ["Genf", "Genf · by\\_stage", "Lisbon"]


def test_a_run_alone_is_told_by_all_it_has(services: Services) -> None:
    services.store.runs.append(run_of("r1", at=1.0, said="x" * 60, max_concurrency=2))
    found = services.store.past.find(RunQuery(), limit=9)
    assert said_apart(found) == {"r1": "x" * 27 + "… · max 2 · local/m"}


def test_a_run_is_called_stopped_in_the_list_in_its_filter_and_beside_another_one(
    visit: Visit, three: Services
) -> None:
    stopped = run_of("r4", at=NOW, end=RunCancelled(reason="stopped by hand"))
    three.store.runs.append(stopped, flow_id=FlowId("f1"))
    page = visit("runs")
    assert page.get("radio")[0].proto.captions[0].startswith(":gray[●] stopped")
    assert "Stopped" in page.selectbox(key=state.RUN_STATUS).options
    assert "cancelled<" not in shown(visit("runs", run="r4", **{"with": "r1"}))


def test_the_menu_of_the_list_and_the_menu_of_the_run_say_what_they_are_for(
    visit: Visit, three: Services
) -> None:
    page = visit("runs")
    menus = [page.menu_button(key=key) for key in ("runs-menu", "run-menu-r3")]
    assert [each.label for each in menus] == ["Clear", "This run"]
    assert all(each.help for each in menus)


def test_runs_are_searched_and_filtered(visit: Visit, three: Services) -> None:
    page = visit("runs")
    page.text_input(key=state.RUN_SEARCH).set_value("GENF").run()
    assert listed(page) == ["Genf", "Genf · by\\_stage"]
    page.selectbox(key=state.RUN_STATUS).set_value("failed").run()
    assert listed(page) == ["Genf · by\\_stage · local/m"]
    page.text_input(key=state.RUN_SEARCH).set_value("nowhere").run()
    assert listed(page) == []
    assert "No run is like this. Change what you look for." in said(page)


def test_the_run_of_the_address_stays_shown_while_others_are_looked_for(
    visit: Visit, three: Services
) -> None:
    page = visit("runs", run="r1")
    page.selectbox(key=state.RUN_STATUS).set_value("failed").run()
    assert (len(listed(page)), chosen(page)) == (1, None)
    assert [each.key for each in page.get("menu_button") if each.key] == [
        "flows",
        "runs-menu",
        "run-menu-r1",
    ]


def test_a_deleted_run_gives_way_to_the_one_after_it_and_undo_brings_it_back(
    visit: Visit, three: Services
) -> None:
    page = do(visit("runs", run="r2"), "r2", "Delete")
    assert listed(page) == ["Genf", "Lisbon"]
    assert chosen(page) == ONE
    assert "A run of **Flow** was deleted." in said(page)
    page.button(key="undo-delete").click().run()
    assert len(listed(page)) == 3
    assert "A run of **Flow** was deleted." not in said(page)


def test_a_run_that_goes_on_is_not_deleted_and_it_is_said(visit: Visit, services: Services) -> None:
    services.store.runs.append(records_of("r1")[:3])
    page = do(visit("runs"), "r1", "Delete")
    assert [each.value for each in page.toast] == [
        "This run still goes on. Stop it before you delete it."
    ]
    assert len(page.radio(key=state.CHOSEN_RUN).options) == 1


def test_kept_runs_are_marked_can_be_listed_alone_and_outlive_a_clearing(
    visit: Visit, three: Services
) -> None:
    page = do(visit("runs", run="r1"), "r1", "Keep")
    assert ":material/keep:" in page.radio(key=state.CHOSEN_RUN).options[2]
    page.menu_button(key="runs-menu").click("Delete 2 listed runs; kept ones stay").run()
    assert listed(page) == ["Lisbon · local/m"]
    assert "**2 runs** were deleted." in said(page)
    page.button(key="undo-delete").click().run()
    page.toggle(key=state.ONLY_KEPT).set_value(True).run()
    assert listed(page) == ["Lisbon · local/m"]
    do(page, "r1", "No longer keep")
    assert listed(page) == []


def give(page: AppTest, name: str, content: bytes) -> AppTest:
    return page.file_uploader[0].set_value((name, content, "application/jsonl")).run()


def as_file(run_id: str, node: str = "a") -> bytes:
    flow = flow_values(shape(f"in > {node}"))
    first, *more = records_of(run_id, at=NOW)
    start = RunStarted(flow=flow, inputs={"in": "hi"}, model="local/m")
    records = [Record(first.run, 1, first.at, start), *more]
    lines = b"\n".join(encode_record(record) for record in records)
    return lines.replace(b'"node":"a"', f'"node":"{node}"'.encode())


def test_a_run_of_a_file_is_confirmed_and_marked_in_list_and_headline(
    visit: Visit, three: Services
) -> None:
    page = give(visit("runs"), "gift_1.jsonl", as_file("gift"))
    assert [each.value for each in page.toast] == ["Opened from gift\\_1.jsonl."]
    first, *others = page.radio(key=state.CHOSEN_RUN).options
    assert ":material/upload_file:" in first
    assert not any(":material/upload_file:" in each for each in others)
    assert listed(page)[0].endswith("from the file “gift\\_1.jsonl”")
    headline = next(each for each in said(page) if each.startswith("**shape**"))
    assert headline.endswith(
        ":small[:gray[· :material/upload_file: from the file “gift\\_1.jsonl”]]"
    )


def test_a_file_of_a_run_that_is_here_already_says_so(visit: Visit, three: Services) -> None:
    page = give(visit("runs"), "one.jsonl", as_file("gift"))
    page = give(page, "two.jsonl", as_file("gift"))
    assert [each.value for each in page.toast] == [
        "The run of two.jsonl was here already. It is shown."
    ]
    assert listed(page)[0].endswith("from the file “one.jsonl”")


def test_what_was_deleted_stands_folded_under_the_list(visit: Visit, three: Services) -> None:
    gone = three.store.past.delete(TWO)
    page = visit("runs")
    page.button(key=f"bring-back-{gone.batch}").click().run()
    assert len(listed(page)) == 3


def test_more_runs_are_listed_when_they_are_asked_for(
    visit: Visit, three: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("components.pages.runs.FIRST", 2)
    page = visit("runs")
    assert len(listed(page)) == 2
    assert page.button(key="more-runs").label == "Show more: 1 are not shown"
    page.button(key="more-runs").click().run()
    assert len(listed(page)) == 3
    assert run_list.FIRST == 200


def test_a_run_is_put_beside_the_one_before_it(visit: Visit, three: Services) -> None:
    page = do(visit("runs", run="r3"), "r3", "Compare with…")
    assert (page.query_params["run"], page.query_params["with"]) == ("r3", "r2")
    assert len(page.radio(key=state.COMPARED_RUN).options) == 2
    assert 'data-testid="pair-a"' in shown(page)


def test_an_address_shows_two_runs_with_their_sums_and_results(
    visit: Visit, three: Services
) -> None:
    page = visit("runs", run="r1", **{"with": "r3"})
    assert not page.exception
    told = shown(page)
    assert "<td>5.00 s</td><td>5.00 s</td>" in told
    assert '<td class="ff-none">same</td>' in told
    assert "<strong>One</strong>" in told
    assert "<p>Three</p>" in told
    assert "Both took about the same time: A 5.0 s, B 5.0 s." in told
    assert "They had different inputs" in told


def test_a_node_of_one_flow_alone_says_which_run_does_not_have_it(
    visit: Visit, services: Services
) -> None:
    for run_id, node in (("r1", "a"), ("r2", "c")):
        services.store.runs.keep_file(read_run_file(as_file(run_id, node)))
    html = shown(visit("runs", run="r1", **{"with": "r2"}))
    pairs = html.split('data-testid="pair-')[1:]
    assert [("not in A" in each, "not in B" in each) for each in pairs] == [
        (False, True),
        (True, False),
    ]


def test_of_two_runs_the_earlier_stands_left_whichever_was_chosen_first(
    visit: Visit, three: Services
) -> None:
    for first, second in (("r1", "r3"), ("r3", "r1")):
        told = shown(visit("runs", run=first, **{"with": second}))
        assert told.index("<strong>One</strong>") < told.index("<p>Three</p>")


def test_two_runs_change_places_another_is_chosen_and_one_is_shown_alone(
    visit: Visit, three: Services
) -> None:
    page = visit("runs", run="r3", **{"with": "r1"})
    assert shown(page).index("<strong>One</strong>") < shown(page).index("<p>Three</p>")
    page.button(key="swap").click().run()
    assert shown(page).index("<p>Three</p>") < shown(page).index("<strong>One</strong>")
    page.radio(key=state.COMPARED_RUN).set_value("r2").run()
    assert (page.query_params["run"], page.query_params["with"]) == ("r3", "r2")
    assert r"A\: It broke." in " ".join(said(page))
    page.button(key="swap").click().run()
    assert r"B\: It broke." in " ".join(said(page))
    page.button(key="open-B").click().run()
    assert (chosen(page), dict(page.query_params).keys() & {"with", "turned"}) == (TWO, set())


def test_a_run_that_is_gone_is_not_replaced_in_a_comparison(visit: Visit, three: Services) -> None:
    three.store.past.delete(TWO)
    page = visit("runs", run="r1", **{"with": "r2"})
    assert "Choose a run on the left: it stands beside this one here." in said(page)
    page.button(key="leave-comparison").click().run()
    assert chosen(page) == ONE


def test_without_another_run_there_is_nothing_to_compare_with(
    visit: Visit, services: Services
) -> None:
    services.store.runs.append(records_of("r1"))
    page = do(visit("runs"), "r1", "Compare with…")
    assert "with" not in page.query_params
    assert len(page.toast) == 1


def test_foreign_text_is_text_in_a_comparison(visit: Visit, services: Services) -> None:
    nasty = "<img src=x onerror=alert(1)> ![p](http://far.example/p.png)"
    for number in (1, 2):
        end = RunFinished({"a": nasty, "b": {"<b>": nasty}})
        services.store.runs.append(
            run_of(f"r{number}", at=float(number), name="<i>n</i>", said="<u>", end=end)
        )
    told = shown(visit("runs", run="r1", **{"with": "r2"}))
    assert not [tag for tag in ("<img", "<i>n", "<u>", "<b>&") if tag in told]
    assert "&lt;img src=x" in told


async def test_a_deleted_run_is_no_longer_shown_as_the_last_of_its_flow(
    visit: Visit, services: Services
) -> None:
    stored = services.store.flows.create(shape("in > a > b"))
    first, second = [await run_once(services, stored) for _ in range(2)]
    do(visit("runs", flow=stored.id), second, "Delete")
    async for parcel in services.runner.watch(stored.id, run_id=None):
        assert parcel.message.run.id == first
        break
    assert services.runner.fold(second) is None
