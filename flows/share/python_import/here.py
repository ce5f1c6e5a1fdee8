"""Here: what holds for the steps that begin at the place where the walk is."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from flows.share.python_import.gates import Way
from flows.share.python_import.values import Limit


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for the steps that begin here."""

    gates: Way = ()
    limits: tuple[Limit, ...] = ()
    loop: int | None = None
    is_task: bool = False
    any_of: tuple[Way, ...] = ()

    def further(
        self,
        *,
        loop: int | None,
        limits: tuple[Limit, ...],
        gates: Way,
        is_task: bool,
        any_of: tuple[Way, ...],
    ) -> Context:
        """Return what holds further in, where this is added. `loop`: None where it is the same."""
        return Context(
            self.gates + gates,
            self.limits + limits,
            self.loop if loop is None else loop,
            is_task=self.is_task or is_task,
            any_of=any_of or (() if gates else self.any_of),
        )


def is_end(following: Sequence[ast.stmt]) -> bool:
    """Say whether a function does no more: nothing follows, or that it gives nothing."""
    match following:
        case [] | [ast.Return(value=None | ast.Constant(value=None)), *_]:
            return True
        case _:
            return False
