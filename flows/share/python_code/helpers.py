"""Helper: the small functions a program may need; each is written only where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Helper:
    """A function of the program. `needs`: other helpers; `imports`: names by their module."""

    source: str
    needs: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


HELPERS: Mapping[str, Helper] = {
    "as_text": Helper(
        '''
def as_text(value: Any) -> str:
    """Write a text as it is, nothing as an empty text, anything else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
''',
        imports=("json", "typing.Any"),
    ),
    "as_text with classes": Helper(
        '''
def as_text(value: Any) -> str:
    """Write a text as it is, nothing as an empty text, anything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(plain(value), ensure_ascii=False)
''',
        needs=("plain",),
        imports=("json", "typing.Any"),
    ),
    "plain": Helper(
        '''
def plain(value: Any) -> Any:
    """Turn an agent's answer into what JSON knows."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True, exclude_unset=True)
    return value
''',
        imports=("typing.Any", "pydantic.BaseModel"),
    ),
    "as_json": Helper(
        '''
def as_json(answer: BaseModel) -> str:
    """Write an agent's answer as JSON."""
    values = answer.model_dump(by_alias=True, exclude_unset=True)
    return json.dumps(values, ensure_ascii=False)
''',
        imports=("json", "pydantic.BaseModel"),
    ),
    "field_of": Helper(
        '''
def field_of(value: Any, *path: str) -> Any:
    """Follow a path into a value; a text is read as JSON."""
    for step in path:
        if isinstance(value, str):
            value = json.loads(value)
        is_place = isinstance(value, list) and step.isdecimal()
        value = value[int(step) if is_place else step]
    return value
''',
        imports=("json", "typing.Any"),
    ),
    "field_of with classes": Helper(
        '''
def field_of(value: Any, *path: str) -> Any:
    """Follow a path into a value; a text is read as JSON."""
    for step in path:
        value = json.loads(value) if isinstance(value, str) else plain(value)
        is_place = isinstance(value, list) and step.isdecimal()
        value = value[int(step) if is_place else step]
    return value
''',
        needs=("plain",),
        imports=("json", "typing.Any"),
    ),
    "items_of": Helper(
        '''
def items_of(value: Any, at_most: int) -> list[Any]:
    """Return a list as it is; of a text its JSON list, else its lines without bullets."""
    items = [] if value is None else value
    if isinstance(value, str):
        fenced = re.match(r"^\\s*```\\w*\\n(.*)\\n\\s*```\\s*$", value, re.DOTALL)
        body = fenced[1] if fenced else value
        try:
            items = json.loads(body)
        except ValueError:
            items = None
        if not isinstance(items, list | dict):
            bullet = r"^\\s*(?:[-*+•◦▪‣–—]|\\(?\\d{1,5}[.)])(?:\\s+|$)"
            lines = (re.sub(bullet, "", line).strip() for line in body.splitlines())
            items = [line for line in lines if line]
    if not isinstance(items, list):
        raise TypeError(f"This is no list to go over: {items}")
    if len(items) > at_most:
        raise ValueError(f"{len(items)} items came; at most {at_most} are allowed.")
    return items
''',
        imports=("json", "re", "typing.Any"),
    ),
    "blocks": Helper(
        '''
def blocks(*parents: tuple[str, Any]) -> str:
    """Write what came, each answer under its name."""
    came = [(name, output) for name, output in parents if output is not None]
    return "\\n\\n".join(f"## {name}\\n{as_text(output)}" for name, output in came)
''',
        needs=("as_text",),
        imports=("typing.Any",),
    ),
    "blocks of texts": Helper(
        '''
def blocks(*parents: tuple[str, str | None]) -> str:
    """Write what came, each answer under its name."""
    came = [(name, output) for name, output in parents if output is not None]
    return "\\n\\n".join(f"## {name}\\n{output}" for name, output in came)
''',
    ),
    "fold": Helper(
        '''
def fold(*parents: tuple[str, Any]) -> str:
    """Write what came: a single answer as it is, several each under its name."""
    came = [(name, output) for name, output in parents if output is not None]
    return as_text(came[0][1]) if len(came) == 1 else blocks(*came)
''',
        needs=("blocks", "as_text"),
        imports=("typing.Any",),
    ),
    "fold of texts": Helper(
        '''
def fold(*parents: tuple[str, str | None]) -> str:
    """Write what came: a single answer as it is, several each under its name."""
    came = [(name, output) for name, output in parents if output is not None]
    return came[0][1] if len(came) == 1 else blocks(*came)
''',
        needs=("blocks of texts",),
    ),
    "results_of": Helper(
        '''
def results_of(results: Iterable[T | BaseException]) -> list[T]:
    """Raise the first error there was; else return what all gave."""
    given = []
    for result in results:
        if isinstance(result, BaseException):
            raise result
        given.append(result)
    return given
''',
        imports=("collections.abc.Iterable", "typing.TypeVar"),
    ),
    "successes": Helper(
        '''
def successes(results: Iterable[T | BaseException]) -> list[T | None]:
    """Put None where a call failed; raise the first error if nothing came at all."""
    came = list(results)
    given = [None if isinstance(each, BaseException) else each for each in came]
    errors = [each for each in came if isinstance(each, BaseException)]
    if errors and all(result is None for result in given):
        raise errors[0]
    for error in errors:
        print(f"Went on without: {error!r}", file=sys.stderr)
    return given
''',
        imports=("collections.abc.Iterable", "sys", "typing.TypeVar"),
    ),
    "survivors": Helper(
        '''
def survivors(results: Iterable[T | BaseException]) -> list[T]:
    """Leave out what failed; raise the first error if nothing is left."""
    came = list(results)
    given = [each for each in came if not isinstance(each, BaseException)]
    errors = [each for each in came if isinstance(each, BaseException)]
    if errors and not given:
        raise errors[0]
    for error in errors:
        print(f"Left out: {error!r}", file=sys.stderr)
    return given
''',
        imports=("collections.abc.Iterable", "sys", "typing.TypeVar"),
    ),
    "number_in": Helper(
        '''
def number_in(text: str) -> float:
    """Read a number; what is none compares with nothing."""
    try:
        return float(text)
    except ValueError:
        return math.nan
''',
        imports=("math",),
    ),
    "text_at": Helper(
        '''
def text_at(message: str, *path: str) -> str | None:
    """Follow a path into a message that is JSON; None where it leads nowhere."""
    try:
        value = json.loads(message)
        for step in path:
            if isinstance(value, list) and not step.isdecimal():
                return None
            value = value[int(step) if isinstance(value, list) else step]
    except (ValueError, LookupError, TypeError):
        return None
    return as_text(value)
''',
        needs=("as_text",),
        imports=("json",),
    ),
    "named": Helper(
        '''
async def named(name: str, call: Awaitable[T]) -> tuple[str, T]:
    """Say whose result it is."""
    return name, await call
''',
        imports=("collections.abc.Awaitable", "typing.TypeVar"),
    ),
    "show": Helper(
        '''
def show(name: str, output: object) -> None:
    """Print an end result under its name."""
    print(f"## {name}\\n{output}", flush=True)
''',
    ),
    "show any": Helper(
        '''
def show(name: str, output: object) -> None:
    """Print an end result under its name."""
    print(f"## {name}\\n{as_text(output)}", flush=True)
''',
        needs=("as_text",),
    ),
}


def first_results(on_failure: str) -> Helper:
    """Return the helper for races; `on_failure`: what a failure among the racers means."""
    counts = "task.result() is not None"
    meanwhile = ""
    ending = """    if len(winners) < count:
        raise RuntimeError(f"Only {len(winners)} of the {count} results needed came.")
"""
    if on_failure == "collect":
        counts = "not task.exception()"
        ending = """    ended = [task for task in tasks if task.done()]
    errors = [error for task in ended if (error := task.exception())]
    for error in errors:
        print(f"Went on without: {error!r}", file=sys.stderr)
    if len(winners) < count:
        raise errors[0]
"""
    if on_failure == "finish":
        meanwhile = """            if any(task.exception() for task in done):
                await asyncio.wait(tasks)  # what has started runs to its end
"""
    return Helper(
        f'''
async def first_results(count: int, tasks: Sequence[asyncio.Task[T]]) -> list[T | None]:
    """Wait for the first results and cancel the rest; None is what did not count."""
    winners: list[asyncio.Task[T]] = []
    waiting = set(tasks)
    try:
        while len(winners) < count <= len(winners) + len(waiting):
            done, waiting = await asyncio.wait(
                waiting,
                return_when=asyncio.FIRST_COMPLETED,
            )
{meanwhile}            came = [task for task in tasks if task in done]
            winners += [task for task in came if {counts}]
    finally:
        for task in waiting:
            task.cancel()
{ending}    return [task.result() if task in winners[:count] else None for task in tasks]
''',
        imports=("asyncio", "collections.abc.Sequence", "typing.TypeVar")
        + (("sys",) if on_failure == "collect" else ()),
    )
