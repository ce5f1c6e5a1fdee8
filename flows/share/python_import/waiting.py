"""Waiting: asyncio's functions as stages, policies, limits and timeouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from flows.share.python_import.draft import Policy, Race, Timeout, Wave
from flows.share.python_import.links import steps_in
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.several import merged, step_of
from flows.share.python_import.values import (
    Function,
    Known,
    Later,
    Library,
    Limit,
    Listed,
    Listing,
    Made,
    Merged,
    Unclear,
    Value,
)

_NO_LIMIT = 1_000_000


def _gather(machine: Machine, call: Call) -> Value:
    collects = call.options.get("return_exceptions")
    policy: Policy = "collect" if isinstance(collects, Known) and collects.value else "finish"
    return machine.later(lambda: gathered(machine, call.args, policy))


def gathered(machine: Machine, values: Sequence[Value], policy: Policy) -> Value:
    """Wait for several at once, as one wave."""
    before = len(machine.draft.steps)
    known = {step for each in values for step in _begun(each)}
    results = machine.run_together(values)
    begun = frozenset(machine.steps_since(before)) | known
    if begun:
        machine.draft.waves.append(Wave(begun, policy))
    match results:
        case [Listing() as only]:
            return only
        case _:
            return Listed(results)


def _begun(value: Value) -> Iterator[int]:
    """Yield the steps of a task that has begun."""
    if isinstance(value, Later) and value.value is not None:
        yield from steps_in(value.value)


def _wait_for(machine: Machine, call: Call) -> Value:
    seconds = call.get("timeout", 1)

    def begin() -> Value:
        before = len(machine.draft.steps)
        value = machine.run(call.args[0]) if call.args else Unclear()
        begun = machine.steps_since(before)
        if isinstance(seconds, Known) and isinstance(seconds.value, int | float) and begun:
            line = call.tree.lineno
            machine.draft.timeouts.append(
                Timeout(float(seconds.value), line, begun, loop=machine.context.loop)
            )
        return value

    return machine.later(begin)


def _create_task(machine: Machine, call: Call) -> Value:
    return machine.start(call.args[0]) if call.args else Unclear()


def _semaphore(machine: Machine, call: Call) -> Value:
    size = call.get("value", 0)
    count = size.value if isinstance(size, Known) and isinstance(size.value, int) else _NO_LIMIT
    if count == _NO_LIMIT:
        machine.draft.remark(
            call.tree.lineno, "How many at once is known only when it runs; no limit is set."
        )
    limit = Limit(count, call.tree.lineno)
    if count != _NO_LIMIT:
        machine.draft.limits.append(limit)
    return limit


def _timeout(_machine: Machine, call: Call) -> Value:
    return Made("timeout", tuple(call.args) or tuple(call.options.values()))


def _group(_machine: Machine, _call: Call) -> Value:
    return Made("group")


def _as_completed(machine: Machine, call: Call) -> Value:
    """Begin all; the loop over them goes on with each as it ends."""
    listed = call.args[0] if call.args else Listed()
    values = listed.items if isinstance(listed, Listed) else [listed]
    before, after = len(machine.draft.steps), machine.after
    known = {step for each in values for step in _begun(each)}
    machine.run_together(values)
    machine.after = after
    machine.draft.came |= {*machine.steps_since(before), *known}
    return Made("as_completed", (listed,))


def _wait(machine: Machine, call: Call) -> Value:
    return machine.later(lambda: _waited(machine, call))


def _waited(machine: Machine, call: Call) -> Value:
    listed = call.args[0] if call.args else Listed()
    values = listed.items if isinstance(listed, Listed) else [listed]
    results = [machine.run(each) for each in values]
    when = call.options.get("return_when")
    if isinstance(when, Library) and when.name.endswith("FIRST_COMPLETED"):
        first = race(machine, results, count=1)
        done = Later(lambda: first, None, first, machine.after)
        return Listed([Listed([done]), Listed()])
    return Listed([Listed(list(values)), Listed()])


def race(machine: Machine, results: Sequence[Value], *, count: int) -> Value:
    """Note that only the first results are waited for; return one of them."""
    steps = frozenset(step for each in results if (step := step_of(each)) is not None)
    if len(steps) > 1:
        machine.draft.races.append(Race(steps, count))
    value = merged(results)
    return value if not isinstance(value, Merged) else Merged(value.options)


def _run(machine: Machine, call: Call) -> Value:
    value = machine.run(call.args[0]) if call.args else Unclear()
    if machine.followed.is_outermost:
        machine.draft.ends.append(value)
    return value


def _to_thread(machine: Machine, call: Call) -> Value:
    match call.args:
        case [Function() as function, *args]:
            return machine.call(function, Call(args, call.options, call.tree))
        case [Library(name=name), *args]:
            from flows.share.python_import.library import call_library

            return call_library(machine, name, Call(args, call.options, call.tree))
        case _:
            return Unclear(tuple(call.args))


def _same(_machine: Machine, call: Call) -> Value:
    return call.args[0] if call.args else Unclear()


def _sleep(_machine: Machine, _call: Call) -> Value:
    return Known(None)


WAITING: Mapping[str, Callable[[Machine, Call], Value]] = {
    "asyncio.gather": _gather,
    "asyncio.wait_for": _wait_for,
    "asyncio.timeout": _timeout,
    "asyncio.create_task": _create_task,
    "asyncio.ensure_future": _create_task,
    "asyncio.TaskGroup": _group,
    "asyncio.Semaphore": _semaphore,
    "asyncio.BoundedSemaphore": _semaphore,
    "asyncio.as_completed": _as_completed,
    "asyncio.wait": _wait,
    "tqdm.as_completed": _as_completed,
    "tqdm_asyncio.as_completed": _as_completed,
    "tqdm.gather": _gather,
    "tqdm_asyncio.gather": _gather,
    "asyncio.run": _run,
    "asyncio.shield": _same,
    "asyncio.sleep": _sleep,
    "asyncio.to_thread": _to_thread,
}
