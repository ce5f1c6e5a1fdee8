"""Tests of a run take place on the loop that runs go on."""

from flows.run.loop import new_loop


def pytest_asyncio_loop_factories(config, item):
    return {"run_loop": new_loop}
