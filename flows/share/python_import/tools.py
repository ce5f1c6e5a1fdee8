"""Tool: what a program gives its agents to use, and what it said of it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Literal

from flows.share.python_import.values import Function, Known, Library, Made, Value

_LONGEST = 600
_SHORT = 120
_SECRET = re.compile(r"auth|token|key|secret|password|header|credential|cookie", re.IGNORECASE)
_KEY = re.compile(r"sk-|Bearer |gh[a-z]_|xox[a-z]-")
_ASKED = re.compile(r"(?<=\S)\?\S*=\S*")
_HIDDEN = "…"

Kind = Literal["tool", "MCP server", "guardrail"]


@dataclass(frozen=True, slots=True)
class Used:
    """A tool, a server or a guardrail by its name. `said`: how the program makes it, if it does."""

    kind: Kind
    name: str
    said: str = ""

    def remark(self, agent: str) -> str:
        """Say what a flow keeps of it, and what there is to do."""
        made = f"`{self.said}`" if self.said else f'"{self.name}"'
        then = "as it stands here" if self.said else "as it stands in the program that was read"
        return (
            f'"{agent}" has the {self.kind} {made}. This version runs none, and the flow keeps '
            f'only the name "{self.name}". Take it out to run or export the flow, and write it '
            f"back into the exported program {then}."
        )


def used(kind: Kind, value: Value) -> Used:
    """Name what an agent uses."""
    match value:
        case Made(variable=variable, kind=made, said=said):
            return Used(kind, variable or made, said)
        case Library(name=name):
            return Used(kind, name.rpartition(".")[2])
        case Function(tree=tree):
            return Used(kind, str(getattr(tree, "name", "function")))
        case Known(value=said):
            return Used(kind, str(said))
        case _:
            return Used(kind, kind.rpartition(" ")[2])


def quoted(tree: ast.Call) -> str:
    """Write how something is made, without what may be a key: a flow holds none."""
    hidden = _Hidden().visit(ast.parse(ast.unparse(tree), mode="eval"))
    said = " ".join(ast.unparse(hidden).split())
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def told(option: ast.keyword) -> str:
    """Write an option of a call in one short line, without what may be a key."""
    said = quoted(ast.Call(ast.Name("f"), [], [option])).removeprefix("f(").removesuffix(")")
    return said if len(said) <= _SHORT else f"{said[:_SHORT]}…"


class _Hidden(ast.NodeTransformer):
    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        """Hide the value of an option that is called as a secret is."""
        if node.arg is not None and _hides(node.arg, node.value):
            return ast.keyword(node.arg, ast.Constant(_HIDDEN))
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Hide what looks like a key, wherever it stands, and what is asked of an address."""
        if not isinstance(node.value, str):
            return node
        return ast.Constant(_HIDDEN if _KEY.match(node.value) else _ASKED.sub("?…", node.value))

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """Hide the values of keys that are called as a secret is."""
        node.values = [
            ast.Constant(_HIDDEN)
            if isinstance(key, ast.Constant) and _hides(str(key.value), value)
            else value
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        return self.generic_visit(node)


def _hides(name: str, value: ast.expr) -> bool:
    """Say whether a value is hidden: what is looked up elsewhere is no secret itself."""
    return bool(_SECRET.search(name)) and any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) for each in ast.walk(value)
    )
