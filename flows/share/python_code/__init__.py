"""Python code: a flow as the program a good engineer would write from the SDK's docs."""

from flows.share.python_code.names import module_name
from flows.share.python_code.program import Program, python_code, write_program
from flows.share.python_code.refusal import NotSayableError

__all__ = ["NotSayableError", "Program", "module_name", "python_code", "write_program"]
