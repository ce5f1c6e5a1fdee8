"""Python import: a program on the Agents SDK as a flow; it is read, and nothing of it is run."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import PurePath

from flows.document.model import Flow
from flows.share.python_code.drawing import words_of
from flows.share.python_import.assembly import assemble
from flows.share.python_import.bounds import TooMuchError, bound_kept
from flows.share.python_import.draft import Remark
from flows.share.python_import.finishing import finish
from flows.share.python_import.overview import read_overview, unlike
from flows.share.python_import.reading import read_program
from flows.share.python_import.source import (
    PythonUnreadableError,
    decode_source,
    parse_source,
    too_deep,
)
from flows.share.python_import.summary import sum_up

__all__ = ["Imported", "PythonUnreadableError", "Remark", "decode_source", "import_python"]


@dataclass(frozen=True, slots=True)
class Imported:
    """The flow, and what of the program it cannot say, by line; the flow's notes say it too."""

    flow: Flow
    remarks: tuple[Remark, ...]

    @property
    def summary(self) -> str:
        """What was read, in one sentence."""
        return sum_up(self.flow, self.remarks)


def import_python(text: str, *, filename: str = "program.py") -> Imported:
    """Read a Python program on the Agents SDK as a flow; nothing of it is executed or imported.

    Raises PythonUnreadableError with a sentence where it is no Python, too large, or runs no agent.
    """
    tree = parse_source(text, filename=filename)
    try:
        return _imported(tree, text, filename)
    except RecursionError as error:
        raise too_deep(filename) from error
    except TooMuchError as error:
        raise PythonUnreadableError(f'"{filename}" {error}') from error


def _imported(tree: ast.Module, text: str, filename: str) -> Imported:
    overview = read_overview(ast.get_docstring(tree) or "", text)
    draft = finish(read_program(tree, overview), overview)
    if not draft.steps:
        raise PythonUnreadableError(
            f'"{filename}" defines no agent and runs none, so there is no flow in it. '
            "Import a program that calls Agent(...) and Runner.run(...)."
        )
    bound_kept(len(draft.kept))
    name = overview.title if 0 < len(overview.title) <= 60 else words_of(PurePath(filename).stem)
    flow = assemble(draft, overview, name=name, filename=PurePath(filename).name)
    return Imported(flow, tuple(sorted([*draft.remarks, *unlike(flow, overview)])))
