"""Bound: how much of a program is followed; beyond it the reading ends with a sentence."""

from __future__ import annotations

MOST_STEPS = 500
"""Nodes of a flow that is read from Python, its inputs left out."""

_MOST_COUNTED = 2_000
_MOST_MOVES = 150_000


class TooMuchError(Exception):
    """The program is too large or too winding; says so as what follows the file's name."""


def bound_moves(moves: int) -> None:
    """Let a walk take so many statements and expressions. Raises TooMuchError beyond the bound."""
    if moves > _MOST_MOVES:
        raise TooMuchError(
            "is too winding to be followed to its end: with all it calls again and again it goes "
            f"through more than {_MOST_MOVES:,} statements and expressions. Import the part that "
            "runs the agents."
        )


def bound_found(steps: int) -> None:
    """Let a walk find so many steps, more than a flow may have, so that they can be counted."""
    if steps > _MOST_COUNTED:
        raise _too_many(f"more than {_MOST_COUNTED:,}")


def bound_kept(steps: int) -> None:
    """Let a flow have so many steps. Raises TooMuchError beyond the bound."""
    if steps > MOST_STEPS:
        raise _too_many(f"{steps:,}")


def _too_many(count: str) -> TooMuchError:
    return TooMuchError(
        f"would be a flow of {count} steps (agents, routers and joins); up to {MOST_STEPS} are "
        "read. A loop over a list that the program is given is one step, however long the list: "
        "use one, or import a part of the program."
    )
