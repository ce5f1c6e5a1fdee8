"""Guide: which pattern fits which situation, what it means here, and asyncio's own name for it."""

from __future__ import annotations

from dataclasses import dataclass

from flows.document.edits import ChangeRun, Edit


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the decision guide.

    `want`: the situation, as the end of "You want …"; `pattern`: its name; `take`: what to draw or
    set; `setting`: how that stands in the flow file, empty where it is drawn; `python`: what it is
    in asyncio; `template`: a shipped flow that shows it; `edit`: does it, where it is one setting
    of the run.
    """

    want: str
    pattern: str
    take: str
    setting: str
    python: str
    template: str
    edit: Edit | None = None


def _run(**changes: str | int) -> Edit:
    return ChangeRun(changes=dict(changes))


GUIDE: tuple[Choice, ...] = (
    Choice(
        want="different tasks done at once, and all the answers together",
        pattern="gather",
        take="Agents side by side, then a join",
        setting="",
        python="asyncio.gather(...)",
        template="gather",
    ),
    Choice(
        want="the best of several tries at the same task",
        pattern="fan-out / fan-in",
        take="Agents side by side, then one that picks or sums up",
        setting="",
        python="asyncio.gather(...), then one more call",
        template="fan_out_fan_in",
    ),
    Choice(
        want="steps that build on one another",
        pattern="pipeline",
        take="Side by side what can be, then one after the other",
        setting="",
        python="await gather(...), then await, await",
        template="pipeline",
    ),
    Choice(
        want="the same done for every item of a list, however long it is",
        pattern="dynamic parallel",
        take="One agent, run once for each item",
        setting="for_each",
        python="gather(*(work(item) for item in items))",
        template="dynamic_parallel",
    ),
    Choice(
        want="each result the moment it is there",
        pattern="as completed",
        take="Hand results out as completed, and start nodes as soon as they are ready",
        setting="results: as_completed",
        python="asyncio.as_completed(...)",
        template="as_completed",
        edit=_run(results="as_completed", start="as_ready"),
    ),
    Choice(
        want="every branch to go on at its own pace",
        pattern="as ready",
        take="A node starts: as soon as it is ready; stage after stage is the barrier",
        setting="start: as_ready",
        python="a task for each node that awaits its parents",
        template="incident_response",
        edit=_run(start="as_ready"),
    ),
    Choice(
        want="all or nothing: a part alone is worth nothing",
        pattern="TaskGroup",
        take="When a node fails: stop all at once (the flow's, or a stage's by its head)",
        setting="on_failure: cancel",
        python="async with asyncio.TaskGroup()",
        template="task_group",
        edit=_run(on_failure="cancel"),
    ),
    Choice(
        want="to go on when some of them fail",
        pattern="some may fail",
        take="When a node fails: go on (the flow's, or a stage's by its head)",
        setting="on_failure: collect",
        python="gather(..., return_exceptions=True)",
        template="some_may_fail",
        edit=_run(on_failure="collect"),
    ),
    Choice(
        want="to give up on what is too slow",
        pattern="with timeout",
        take="Time limit of an agent, a stage or the flow; a fallback text, if you like",
        setting="timeout_s",
        python="asyncio.timeout(...) or wait_for(...)",
        template="with_timeout",
    ),
    Choice(
        want="to stay below a service's limit",
        pattern="rate limited",
        take="Most at once: on the run, a stage, a for_each or the connection",
        setting="max_concurrency",
        python="asyncio.Semaphore(n)",
        template="rate_limited",
        edit=_run(max_concurrency=2),
    ),
    Choice(
        want="only the first answer",
        pattern="race",
        take="What follows them starts when one is done; the others are stopped",
        setting="needs: any",
        python="asyncio.wait(..., FIRST_COMPLETED), then cancel()",
        template="race_two_models",
    ),
    Choice(
        want="enough answers, not all of them",
        pattern="quorum",
        take="What follows them starts when the first few are done; the others are stopped",
        setting="needs: {first: n}",
        python="as_completed(...) until n, then cancel()",
        template="expert_panel",
    ),
    Choice(
        want="only the branches that fit the case",
        pattern="routing",
        take="A router with rules, or with a question for a model",
        setting="router",
        python="if and elif, then gather(...)",
        template="support_triage",
    ),
)
"""The guide in the order it is read; every `pattern` once."""

PATTERNS: tuple[str, ...] = tuple(choice.pattern for choice in GUIDE)
"""The names of the patterns, in the guide's order."""
