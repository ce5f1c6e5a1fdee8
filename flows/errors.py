"""Errors: everything Fanfold raises on purpose.

FlowsError
 ├─ FlowFileError       a file is not a flow; carries its problems
 ├─ FlowHasProblems     a flow with errors cannot be planned; carries its problems
 ├─ EditRefused         an edit does not fit the flow
 ├─ TemplateError       a placeholder cannot be filled at run time
 ├─ InputError          a run is given something its flow cannot take
 ├─ ReuseError          the results of an earlier run do not fit the flow
 ├─ NodeError           a node's own work failed, in a sentence for people
 ├─ RecordFileError     a file is not a run's records
 ├─ ConnectionsError    connections cannot be read or used
 └─ StoreError          the database cannot be read or written
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.document.problem import Problem


class FlowsError(Exception):
    """Anything Fanfold raises on purpose; its text is a sentence for people."""


class _ProblemsError(FlowsError):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class FlowFileError(_ProblemsError):
    """A text is not a flow. `problems` lists everything found, each with its place."""


class FlowHasProblems(_ProblemsError):  # noqa: N818 - it says what is the case
    """A flow with errors was to be planned. `problems` lists the errors."""


class EditRefused(FlowsError):  # noqa: N818 - an answer, not a mishap
    """An edit does not fit the flow; the flow is as it was."""


class TemplateError(FlowsError):
    """A placeholder cannot be filled with what the run has."""


class InputError(FlowsError):
    """A run is given something its flow cannot take, or lacks what it needs."""


class ReuseError(FlowsError):
    """What an earlier run gave cannot be used in a new one; the text says why."""


class NodeError(FlowsError):
    """A node's own work failed; the text names what happened and what to do."""


class RecordFileError(FlowsError):
    """A text is not the records of a run; the text names the line."""


class ConnectionsError(FlowsError):
    """A connection, its file or its key cannot be used; the text says what to do."""


class StoreError(FlowsError):
    """The database cannot be read or written; the text says what to do."""
