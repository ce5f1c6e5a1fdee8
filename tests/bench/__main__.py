"""`python3 fanfold.py bench`: measure what people wait for, and print one Markdown table.

Medians on this machine as it is; nothing else should run beside it. `--only engine` measures one
part: engine, calls, history, app, canvas, live, model or packages.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable, Iterable

import psutil

from tests.bench.table import Row, markdown


def _app() -> Iterable[Row]:
    from tests.bench.app import measure_app

    return measure_app()


def _canvas() -> Iterable[Row]:
    from tests.bench.canvas import measure_canvas

    return measure_canvas()


def _model() -> Iterable[Row]:
    from tests.bench.model import measure_model

    return measure_model()


def _packages() -> Iterable[Row]:
    from tests.bench.packages import count_packages

    return [count_packages()]


def _engine() -> Iterable[Row]:
    from tests.bench.engine import measure_engine

    return measure_engine()


def _calls() -> Iterable[Row]:
    from tests.bench.calls import measure_calls

    return measure_calls()


def _live() -> Iterable[Row]:
    from tests.bench.live import measure_live

    return measure_live()


def _history() -> Iterable[Row]:
    from tests.bench.history import measure_history

    return measure_history()


PARTS: dict[str, Callable[[], Iterable[Row]]] = {
    "engine": _engine,
    "calls": _calls,
    "history": _history,
    "app": _app,
    "canvas": _canvas,
    "live": _live,
    "model": _model,
    "packages": _packages,
}


def main() -> None:
    """Measure everything, or what is asked for, and print it."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--only", choices=list(PARTS), action="append")
    chosen = parser.parse_args().only or list(PARTS)
    print(f"Python {platform.python_version()}, {psutil.cpu_count()} cores, {platform.system()}\n")
    rows = [row for part in chosen for row in PARTS[part]()]
    print(markdown(rows))


main()
