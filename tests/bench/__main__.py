"""`python3 fanfold.py bench`: measure what people wait for, and print one Markdown table.

Medians of five on this machine as it is; nothing else should run beside it.
"""

from __future__ import annotations

import platform

import psutil

from tests.bench.app import measure_app
from tests.bench.model import measure_model
from tests.bench.packages import count_packages
from tests.bench.table import Row, markdown


def main() -> None:
    """Measure everything and print it."""
    print(f"Python {platform.python_version()}, {psutil.cpu_count()} cores, {platform.system()}\n")
    rows: list[Row] = [*measure_app(), *measure_model(), count_packages()]
    print(markdown(rows))


main()
