"""A sample is kept among the runs and played; recording it again runs its template."""

from __future__ import annotations

import msgspec

from components import state
from components.samples import asked_again, keep_sample
from components.services import Services
from components.text import plain
from flows.templates.samples import load_sample
from flows.trace.sample import WRITTEN
from tests.components.conftest import Visit
from tests.waiting import wait_until

SAMPLE = load_sample("race_two_models")


def test_a_press_on_play_keeps_the_sample_and_opens_it(visit: Visit, services: Services):
    page = visit("templates")
    page.button(key="play-race_two_models").click().run()
    assert not page.exception
    (row,) = services.store.runs.list()
    assert (row.id, row.flow_id, row.status) == (SAMPLE[0].run, None, "finished")
    assert services.store.runs.records(row.id) == SAMPLE
    assert page.session_state[state.CHOSEN_RUN] == row.id
    assert page.query_params["run"] in (row.id, [row.id])


def test_the_same_sample_is_kept_once(services: Services):
    assert keep_sample(services, "gather") == keep_sample(services, "gather")
    assert len(services.store.runs.list()) == 1


def test_a_run_downloaded_from_a_sample_still_says_that_it_was_written(services: Services):
    run_id = keep_sample(services, "gather")
    assert run_id is not None
    assert WRITTEN in services.run_file(run_id).decode().splitlines()[0]


def test_a_run_that_is_asked_for_is_listed_though_the_list_leaves_it_out(
    visit: Visit, services: Services
):
    run_id = keep_sample(services, "gather")
    page = visit("runs", run=str(run_id))
    page.toggle(key=state.ONLY_THIS_FLOW).set_value(True).run()
    assert not page.exception
    assert page.radio(key=state.CHOSEN_RUN).value == run_id


def test_a_list_of_runs_names_a_sample_so_and_gives_it_no_time(visit: Visit, services: Services):
    run_id = keep_sample(services, "gather")
    page = visit("runs", run=str(run_id))
    radio = page.radio(key=state.CHOSEN_RUN)
    assert [*radio.options, *radio.proto.captions] == [
        "gather :small[:gray[sample]]",
        ":green[●] finished  \n:small[learning to swim · written answers, invented timings]",
    ]


def test_record_again_runs_the_template_as_a_flow_of_ones_own(visit: Visit, services: Services):
    run_id = keep_sample(services, "race_two_models")
    page = visit("runs", run=str(run_id))
    asks = page.button(key="record-again")
    label = asked_again(services, "race_two_models").label
    assert label
    assert f"runs it at once, with its example, on {plain(label)}. Stop ends it." in asks.help
    asks.click().run()
    assert not page.exception
    assert page.toast[0].value == plain(f"“Race two models” runs on {label}. Stop ends it.")
    newest = services.store.flows.list()[0]
    assert newest.name == "Race two models"
    wait_until(lambda: len(services.store.runs.list(newest.id)) == 1)
    (row,) = services.store.runs.list(newest.id)
    wait_until(lambda: services.store.runs.get(row.id).status == "finished")


def test_without_a_model_record_again_says_why_nothing_runs(visit: Visit, services: Services):
    run_id = keep_sample(services, "gather")
    (services.home / "connections.toml").write_text("not toml", "utf-8")
    page = visit("runs", run=str(run_id))
    page.button(key="record-again").click().run()
    assert not page.exception
    assert "connections.toml" in page.toast[0].value
    assert services.store.flows.list()[0].name == "gather"


def test_a_run_of_a_model_offers_no_recording(visit: Visit, services: Services):
    asked = msgspec.structs.replace(SAMPLE[0].event, model="local/small")
    first = msgspec.structs.replace(SAMPLE[0], event=asked)
    services.store.runs.keep_file([first, *SAMPLE[1:]])
    page = visit("runs", run=SAMPLE[0].run)
    assert not page.exception
    assert "record-again" not in [each.key for each in page.button]
