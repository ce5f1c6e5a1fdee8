"""Advice: a finding that never stops a run, with the edit that follows it."""

from __future__ import annotations

from dataclasses import dataclass

from flows.document.edits import Edit
from flows.document.problem import Problem


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice; after its edit it is gone.

    `problem`: what is told, of severity "advice". `fix`: what a button says that does the edit.
    """

    problem: Problem
    fix: str
    edit: Edit
