"""Past runs, connections and the guide."""

from pathlib import Path

from components import state
from components.services import Services
from flows.ids import RunId
from flows.plan.guide import GUIDE
from flows.plan.plan import plan_flow
from flows.store.library import StoredFlow
from flows.templates import list_templates
from flows.trace.events import decode_records
from flows.trace.fold import build_trace
from tests.components.conftest import Visit
from tests.shapes import shape

CHAIN = shape("in > a > b")


async def run_once(services: Services, stored: StoredFlow) -> RunId:
    """Run the flow and wait for its end as a browser does."""
    run_id = services.runner.start(plan_flow(stored.flow), "hi", flow_id=stored.id)
    async for _parcel in services.runner.watch(stored.id, run_id=run_id):
        trace = services.runner.fold(run_id)
        if trace is not None and trace.ended_at is not None:
            break
    return run_id


def test_without_runs_the_page_says_how_to_get_one(visit: Visit, services: Services) -> None:
    page = visit("runs")
    assert "No run yet. Press Run on the Build page." in [each.value for each in page.caption]


async def test_the_newest_run_is_open_and_each_can_be_chosen(
    visit: Visit, services: Services
) -> None:
    stored = services.store.flows.create(CHAIN)
    first = await run_once(services, stored)
    second = await run_once(services, stored)
    page = visit("runs", flow=stored.id)
    assert len(set(page.radio(key=state.CHOSEN_RUN).options)) == 2
    assert page.radio(key=state.CHOSEN_RUN).value == second
    page.radio(key=state.CHOSEN_RUN).set_value(first).run()
    assert page.query_params == {"flow": stored.id, "run": first}
    assert not page.exception


async def test_an_address_opens_a_given_run(visit: Visit, services: Services) -> None:
    stored = services.store.flows.create(CHAIN)
    first = await run_once(services, stored)
    await run_once(services, stored)
    page = visit("runs", flow=stored.id, run=first)
    assert page.radio(key=state.CHOSEN_RUN).value == first


async def test_runs_of_other_flows_can_be_left_out(visit: Visit, services: Services) -> None:
    mine = services.store.flows.create(CHAIN)
    other = services.store.flows.create(shape("in > x"))
    kept = await run_once(services, mine)
    await run_once(services, other)
    page = visit("runs", flow=mine.id)
    page.toggle(key=state.ONLY_THIS_FLOW).set_value(True).run()
    assert page.radio(key=state.CHOSEN_RUN).value == kept
    assert len(page.radio(key=state.CHOSEN_RUN).options) == 1


async def test_a_run_of_a_deleted_flow_still_opens(visit: Visit, services: Services) -> None:
    stored = services.store.flows.create(CHAIN)
    run = await run_once(services, stored)
    services.store.flows.delete(stored.id)
    page = visit("runs", run=run)
    assert page.radio(key=state.CHOSEN_RUN).value == run
    assert not page.exception
    assert not page.error


async def test_the_run_file_tells_the_whole_story(services: Services) -> None:
    stored = services.store.flows.create(CHAIN)
    run = await run_once(services, stored)
    lines = services.run_file(run).splitlines()
    assert build_trace(decode_records(lines)) == services.runner.fold(run)


def test_connections_show_their_state_and_never_a_key(visit: Visit, services: Services) -> None:
    page = visit("connections")
    shown = "\n".join(
        [each.value for each in [*page.markdown, *page.caption]]
        + [each.value for each in page.code]
    )
    assert "**local**" in shown
    assert "**openai**" in shown
    assert str(services.home / "connections.toml") in shown
    assert "`OPENAI_BASE_URL`" in shown
    assert "sk-test" not in shown


def test_a_broken_connections_file_is_told_with_its_place(visit: Visit, services: Services) -> None:
    Path(services.home / "connections.toml").write_text('[office]\napi_key = "x"\n', "utf-8")
    page = visit("connections")
    assert any("office" in each.value for each in page.error)
    assert not page.exception


def test_the_guide_answers_every_want_and_opens_a_template_of_each(visit: Visit) -> None:
    page = visit("guide")
    assert not page.exception
    shown = [each.value for each in page.markdown]
    assert "### Which pattern?" in shown
    assert [each for each in GUIDE if each.want not in shown] == []
    linked = [f"{each.proto.query_string}" for each in page.get("page_link")]
    assert {f"template={each.name}" for each in list_templates()} <= set(linked)
