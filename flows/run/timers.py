"""Timer: how long the run and each of its stages may take, and what is said when it was longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from flows.plan.plan import Plan


class Timers:
    """The clocks of one run and its stages, on the running loop.

    `on_late_run` is given a sentence, `on_late_stage` the stage's number and a sentence.
    `waiting`: stages whose time has not begun yet, and their seconds.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        on_late_run: Callable[[str], None],
        on_late_stage: Callable[[int, str], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_late_stage = on_late_stage
        self.waiting = {
            number: policy.timeout_s
            for number, policy in enumerate(plan.stage_policies)
            if policy.timeout_s is not None
        }
        self._handles: list[asyncio.TimerHandle] = []
        seconds = plan.flow.run.timeout_s
        if seconds is not None:
            said = (
                f"The run took longer than its {seconds:g} s and was stopped. "
                "Raise the run's timeout, or make its work smaller."
            )
            self._handles.append(self._loop.call_later(seconds, on_late_run, said))

    def begin_stage(self, stage: int) -> None:
        """Start a stage's clock, if it has one and this is its first start."""
        seconds = self.waiting.pop(stage, None)
        if seconds is not None:
            said = (
                f"Stage {stage + 1} took longer than its {seconds:g} s. "
                "Raise the stage's timeout, or make its work smaller."
            )
            self._handles.append(self._loop.call_later(seconds, self._on_late_stage, stage, said))

    def close(self) -> None:
        """Let nothing ring any more."""
        for handle in self._handles:
            handle.cancel()
