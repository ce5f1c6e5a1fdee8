"""Followed: the functions of a program that are being followed, one inside the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_DEEPEST = 40
_MAIN = "main"


@dataclass(slots=True)
class Followed:
    """The functions from the outermost to the one that is followed now.

    `entry`: the one the program begins with, where nothing calls it; `helpers`: the others at the
    top; `listed`: the variables in the program's list of steps.
    """

    listed: frozenset[str] = frozenset()
    entry: ast.AST | None = None
    helpers: frozenset[ast.AST] = frozenset()
    _stack: list[ast.AST] = field(default_factory=list)

    @contextmanager
    def within(self, tree: ast.AST) -> Iterator[None]:
        """Follow a function."""
        self._stack.append(tree)
        try:
            yield
        finally:
            self._stack.pop()

    def is_too_deep(self, tree: ast.AST) -> bool:
        """Say whether a function is in itself already, or too many are in each other."""
        return self._stack.count(tree) > 1 or len(self._stack) > _DEEPEST

    @property
    def is_outermost(self) -> bool:
        """Whether no function of the program is followed but its `main`."""
        return all(map(_is_main, self._stack))

    @property
    def is_in_helper(self) -> bool:
        """Whether a function is followed that stands beside the one that is the flow."""
        return bool(self._stack) and self._stack[-1] in self.helpers

    @property
    def step_here(self) -> str:
        """The variable of the step that is followed, where a coroutine of its own runs it."""
        name = str(getattr(self._stack[-1], "name", "")) if self._stack else ""
        variable = name.removeprefix("run_")
        return variable if variable != name and variable in self.listed else ""

    @property
    def ends_here(self) -> bool:
        """Whether what is returned here is what the program gives."""
        stack = self._stack
        return bool(stack) and all(each is self.entry or _is_main(each) for each in stack)


def _is_main(tree: ast.AST) -> bool:
    return getattr(tree, "name", "") == _MAIN
