"""Round: a loop's body, once or once for each; where it is left, and what then holds after it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from flows.share.python_import.gates import Way
from flows.share.python_import.machine import Machine, Signal
from flows.share.python_import.outcomes import merge_names
from flows.share.python_import.values import Value

_Names = dict[str, Value]


class Rounds:
    """Follows the rounds of one loop: a later one is gone where no earlier one has left."""

    def __init__(self, machine: Machine) -> None:
        self._machine, self._context = machine, machine.context
        self._left: list[tuple[Way, _Names]] = []
        self._signal: Signal = "go"
        self._returned = len(machine.returned)
        self._is_mixed = False

    def go(self, body: Sequence[ast.stmt]) -> Signal:
        """Follow one round; return how it ended."""
        machine = self._machine
        left, machine.left = machine.left, []
        next_, machine.passed = machine.passed, []
        signal = machine.execute(body)
        mine, machine.left = machine.left, left
        passed, machine.passed = machine.passed, next_
        self._left += mine
        self._signal = signal
        if signal == "next":
            signal = self._signal = "go"
            merge_names(machine, passed)
        elif isinstance(signal, tuple) and passed:
            self._is_mixed |= bool(mine) or len(machine.returned) > self._returned
            here = (*machine.context.gates, *signal)
            merge_names(machine, [(here, dict(machine.scope.names)), *passed])
            signal = self._signal = "go"
        elif isinstance(signal, tuple):
            machine.context = replace(machine.context, gates=(*machine.context.gates, *signal))
        return signal

    def end(self, orelse: Sequence[ast.stmt], *, line: int) -> Signal:
        """Go on after the loop, wherever it was left."""
        machine = self._machine
        signal: Signal = self._signal
        if signal not in {"return", "leave"}:
            signal = machine.execute(orelse)
        ways = list(self._left)
        if signal not in {"return", "leave", "raise"}:
            ways.append((machine.context.gates, dict(machine.scope.names)))
        kept = machine.context.gates[len(self._context.gates) :]
        machine.context = self._context
        if ways:
            merge_names(machine, ways)
        returned = len(machine.returned) > self._returned
        if self._is_mixed or (returned and kept and self._left):
            machine.draft.remark(
                line,
                "The program ends inside this loop; the flow does what comes after it all "
                "the same.",
            )
            return "go"
        if not ways:
            return signal if signal in {"return", "raise"} else "go"
        return kept if returned and kept and not self._left else "go"
