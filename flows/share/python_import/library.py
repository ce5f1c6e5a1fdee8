"""Library: calls of what a program imports, and of Python's own functions."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Mapping

from flows.share.python_import.arguments import read_input
from flows.share.python_import.comparisons import test_by
from flows.share.python_import.links import steps_in
from flows.share.python_import.listings import LISTINGS
from flows.share.python_import.loops import keys_of
from flows.share.python_import.machine import Call, Machine
from flows.share.python_import.ours import OURS
from flows.share.python_import.sdk import SDK
from flows.share.python_import.showing import show
from flows.share.python_import.text_methods import folded
from flows.share.python_import.texts import text_of
from flows.share.python_import.tools import quoted
from flows.share.python_import.values import (
    NOTHING,
    Function,
    Known,
    Library,
    Listed,
    Made,
    Table,
    Text,
    Unclear,
    Value,
)
from flows.share.python_import.waiting import WAITING

_Called = Callable[[Machine, Call], Value]


def call_library(machine: Machine, name: str, call: Call) -> Value:
    """Follow a call of something that is not the program's own."""
    last = name.rpartition(".")[2]
    for key in (name, name.removeprefix("agents."), ".".join(name.split(".")[-2:])):
        if key in _LIBRARY:
            return _LIBRARY[key](machine, call)
    if name.startswith("agents.") and last in SDK:
        return SDK[last](machine, call)
    if name.startswith("agents.") and last[:1].isupper():
        return Made(last, tuple(call.args), call.options, said=quoted(call.tree))
    return Unclear((*call.args, *call.options.values()))


def is_quiet(machine: Machine, tree: ast.expr) -> bool:
    """Say whether a call may be left out without a word: it only shows, or sets up the program."""
    inner = tree.value if isinstance(tree, ast.Await) else tree
    if isinstance(inner, ast.Yield | ast.Name | ast.Attribute | ast.NamedExpr):
        return True
    called = inner.func if isinstance(inner, ast.Call) else inner
    said = ast.unparse(called)
    value = machine.evaluate(called)
    if isinstance(value, Function):
        return value.tree in machine.called
    full = value.name if isinstance(value, Library) else said
    known = (full, full.removeprefix("agents."), said)
    if said.endswith(".console.print"):
        return True
    return any(each.startswith(_QUIET) or each in _LIBRARY for each in known) or (
        isinstance(called, ast.Attribute) and called.attr in _QUIET_METHODS
    )


_QUIET = (
    "print",
    "logging.",
    "logger.",
    "log.",
    "time.",
    "load_dotenv",
    "dotenv.",
    "warnings.",
    "set_default_openai_",
    "set_tracing_",
    "set_trace_processors",
    "add_trace_processor",
    "enable_verbose_stdout_logging",
    "gen_trace_id",
    "rich.",
    "console.print",
    "Console",
    "pprint",
    "sys.stdout",
    "sys.stderr",
    "dataclass",
    "input",
    "ours.",
    "nest_asyncio.",
    "flush_traces",
    "random.seed",
)
_QUIET_METHODS = frozenset(
    {"append", "add", "extend", "update", "cancel", "create_task", "stream_events", "cancelled"}
    | {
        "add_argument",
        "parse_args",
        "exit",
        "result",
        "exception",
        "set_description",
        "insert",
        "sort",
    }
    | {"handoffs", "model_rebuild", "info", "debug", "warning"}
)


def _same(_machine: Machine, call: Call) -> Value:
    return call.args[0] if call.args else Listed()


def _cast(_machine: Machine, call: Call) -> Value:
    return call.get("val", 1) or Unclear()


def _listed(machine: Machine, call: Call) -> Value:
    value = machine.evaluate(call.tree.args[0]) if not call.args and call.tree.args else None
    first = call.args[0] if call.args else value
    match first:
        case None:
            return Listed()
        case Listed(items=items):
            return Listed(list(items))
        case Table():
            return keys_of(first)
        case _:
            return first


def _ordered(machine: Machine, call: Call) -> Value:
    listed = _listed(machine, call)
    if not isinstance(listed, Listed | Unclear) and [*steps_in(listed)]:
        machine.draft.remark(
            call.tree.lineno,
            "This puts them in another order; the flow keeps the one they came in.",
        )
    return listed


def _made(kind: str) -> _Called:
    def make(_machine: Machine, call: Call) -> Value:
        return Made(kind, tuple(call.args), call.options)

    return make


def _text(_machine: Machine, call: Call) -> Value:
    return text_of(call.args[0]) if call.args else Known("")


def _isinstance(_machine: Machine, call: Call) -> Value:
    is_error = any(
        isinstance(each, Library) and each.name.endswith(("Exception", "Error"))
        for kind in call.args[1:]
        for each in (kind.items if isinstance(kind, Listed) else [kind])
    )
    return Known(not is_error)


def _dedent(machine: Machine, call: Call) -> Value:
    match call.args:
        case [Known(value=str() as said)]:
            return Known(textwrap.dedent(said))
        case [Text(parts=parts)]:
            machine.draft.remark(
                call.tree.lineno, "The margin is taken off before anything is put into this text."
            )
            marks = [each if isinstance(each, str) else _MARK for each in parts]
            values = iter([each for each in parts if not isinstance(each, str)])
            pieces = re.split(f"({_MARK})", textwrap.dedent("".join(marks)))
            return text_of(*(next(values) if each == _MARK else each for each in pieces))
        case _:
            return call.args[0] if call.args else Unclear()


_MARK = "\x01"


def _dumped(machine: Machine, call: Call) -> Value:
    """Hand on what is written as JSON; a flow writes an answer so, and nothing that is made up."""
    value = call.args[0] if call.args else Unclear()
    if isinstance(value, Table | Listed) and [*steps_in(value)]:
        machine.draft.remark(
            call.tree.lineno, "What is written as JSON here is handed on as plain texts."
        )
    return value


def _dict(_machine: Machine, call: Call) -> Value:
    match call.args:
        case [Listed(items=items)]:
            pairs = [each.items for each in items if isinstance(each, Listed)]
            named = {str(p[0].value): p[1] for p in pairs if isinstance(p[0], Known)}
            return Table(named | call.options)
        case [Table(pairs=pairs), *_]:
            return Table(pairs | call.options)
        case [only, *_]:
            return only
        case _:
            return Table(dict(call.options))


def _first(_machine: Machine, call: Call) -> Value:
    match call.args:
        case [Listed(items=[first, *_]), *_]:
            return first
        case [only, *_]:
            return only
        case _:
            return Unclear()


def _search(_machine: Machine, call: Call) -> Value:
    return _looked_for(call, "{}")


def _match(_machine: Machine, call: Call) -> Value:
    return _looked_for(call, "^(?:{})")


def _looked_for(call: Call, written: str) -> Value:
    match call.args:
        case [Known(value=str() as pattern), subject, *rest]:
            flags = [
                each.name for each in (*rest, *call.options.values()) if isinstance(each, Library)
            ]
            asked = folded(subject) if {"re.IGNORECASE", "re.I"} & {*flags} else subject
            return test_by(asked, "matches", written.format(pattern))
        case _:
            return Unclear(tuple(call.args))


def _environment(_machine: Machine, call: Call) -> Value:
    default = call.get("default", 1)
    said = default.value if isinstance(default, Known) else None
    if call.args and call.args[0] == Known("OPENAI_DEFAULT_MODEL"):
        return NOTHING  # whoever asks it asks the default model
    return Library("os.environ[]", said if isinstance(said, str) else "")


def _guardrails(machine: Machine, call: Call) -> Value:
    machine.draft.remark(
        call.tree.lineno, "This checks guardrails in Python; the flow goes on without them."
    )
    return Unclear(tuple(call.args))


_PROGRESS = ("tqdm", "tqdm.tqdm", "asyncio.tqdm", "auto.tqdm", "notebook.tqdm", "progress.track")
"""What shows how far a loop is, and changes nothing else."""


def _nothing(_machine: Machine, _call: Call) -> Value:
    return NOTHING


_LIBRARY: Mapping[str, _Called] = {
    **SDK,
    **WAITING,
    **OURS,
    **LISTINGS,
    "list": _listed,
    "tuple": _listed,
    "set": _listed,
    "sorted": _ordered,
    "reversed": _ordered,
    "iter": _same,
    "next": _first,
    "str": _text,
    "int": _same,
    "float": _same,
    "bool": _same,
    "repr": _text,
    "cast": _cast,
    "typing.cast": _cast,
    "print": show,
    "isinstance": _isinstance,
    "dict": _dict,
    "input": read_input,
    "json.dumps": _dumped,
    "json.loads": _same,
    "textwrap.dedent": _dedent,
    "inspect.cleandoc": _dedent,
    "re.search": _search,
    "re.match": _match,
    "os.environ.get": _environment,
    "os.getenv": _environment,
    "argparse.ArgumentParser": _made("parser"),
    "typing.TypeVar": _nothing,
    "guardrails.runtime.run_guardrails": _guardrails,
    **dict.fromkeys(_PROGRESS, _same),
}
