"""As completed: calls side by side, the result of each of which is shown when it is there."""

from __future__ import annotations

from flows.document.policy import OnFailure
from flows.share.python_code.layout import Call, Code, Each, call
from flows.share.python_code.statements import Block, Line, Say, Statement


def shown_as_completed(calls: Call, *, on_failure: OnFailure) -> list[Statement]:
    """Write how results are shown as they come. `calls`: the list of the calls, each named."""
    if on_failure != "cancel":
        return _collected(calls, raises_always=on_failure == "finish")
    tasks = Each("[", call("group.create_task", Code("each")), ("for each in calls",), "]")
    body: tuple[Statement, ...] = (
        Say("tasks = ", tasks),
        Block("for done in asyncio.as_completed(tasks):", (Line("show(*await done)"),)),
    )
    group = Block("async with asyncio.TaskGroup() as group:", body)
    return [Say("calls = ", calls), group]


def _collected(calls: Call, *, raises_always: bool) -> list[Statement]:
    """Show what comes, keep the errors; raise the first one, under `collect` if nothing came."""
    condition = "errors" if raises_always else f"len(errors) == {len(calls.args)}"
    loop = (
        Block("try:", (Line("name, output = await done"),)),
        Block("except Exception as error:  # noqa: BLE001", (Line("errors.append(error)"),)),
        Block("else:", (Line("show(name, output)"),)),
    )
    tell = Block(
        "for failed in errors:", (Line('print(f"Went on without: {failed!r}", file=sys.stderr)'),)
    )
    return [
        Line("errors: list[Exception] = []"),
        Say("calls = ", calls),
        Block("for done in asyncio.as_completed(calls):", loop),
        Block(f"if {condition}:", (Line("raise errors[0]"),)),
        *(() if raises_always else (tell,)),
    ]
