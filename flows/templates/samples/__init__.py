"""Sample: the recorded run that ships with a template, to be shown without a key or a network.

Its answers were written and its timings are invented, and every one says so. Templates or answers
changed? `python -m flows.templates.samples` records all of them anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flows.errors import FlowsError
from flows.ids import RunId
from flows.templates import list_templates
from flows.trace.events import Record
from flows.trace.fold import RunTrace
from flows.trace.run_file import read_run_file
from flows.trace.sample import is_sample

FOLDER: Final = Path(__file__).parent
_PREFIX: Final = "sample-"


def sample_file(name: str) -> Path:
    """Return where the sample of a template stands."""
    return FOLDER / f"{name}.fanfold-run.jsonl"


def load_sample(name: str) -> tuple[Record, ...]:
    """Read the sample of a template. Raises FlowsError when there is no template of this name."""
    if name not in _names():
        raise FlowsError(f'There is no template "{name}", so there is no sample of it.')
    return read_run_file(sample_file(name).read_bytes())


def sample_id(name: str, version: str) -> RunId:
    """Make the id of a sample's run; `version` tells it from samples of another Fanfold."""
    return RunId(f"{_PREFIX}{name}-{version}")


def is_sample_id(run_id: RunId) -> bool:
    """Tell by its id alone whether a run is a sample, as lists of runs have no more."""
    return run_id.startswith(_PREFIX)


def template_of(trace: RunTrace) -> str | None:
    """Return the name of the template whose sample this is, None for other runs."""
    name = trace.run_id.removeprefix(_PREFIX).rpartition("-")[0]
    return name if is_sample(trace) and name in _names() else None


def _names() -> set[str]:
    return {template.name for template in list_templates()}
