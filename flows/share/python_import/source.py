"""Source: the text of a Python file as a syntax tree, or a sentence that says why it is none."""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
import warnings

from flows.errors import FlowsError

LONGEST = 2_000_000
"""Characters a file may have."""


class PythonUnreadableError(FlowsError):
    """A text is no Python that can be read; the text says where, and what to do."""


def decode_source(content: bytes, *, filename: str) -> str:
    """Read the bytes of a Python file in the encoding it names. Raises PythonUnreadableError."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = codecs.decode(content, encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise PythonUnreadableError(
            f'"{filename}" is not text in the encoding it names, or in UTF-8. Save it as UTF-8.'
        ) from error
    return str(text)


def parse_source(text: str, *, filename: str) -> ast.Module:
    """Read a text as Python; nothing of it is executed. Raises PythonUnreadableError."""
    if len(text) > LONGEST:
        raise PythonUnreadableError(
            f'"{filename}" has {len(text):,} characters, and at most {LONGEST:,} are read. '
            "Import the part that runs the agents."
        )
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise PythonUnreadableError(
            f'"{filename}" has a null byte on line {line}, so it is no Python. Save it as text.'
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the file's author was warned of is not for us
            return ast.parse(text.removeprefix("\ufeff").replace("\r\n", "\n"), type_comments=False)
    except SyntaxError as error:
        raise PythonUnreadableError(_where(error, filename)) from error
    except (RecursionError, MemoryError, ValueError) as error:
        raise too_deep(filename) from error


def too_deep(filename: str) -> PythonUnreadableError:
    """Make the error for what is nested beyond reading."""
    return PythonUnreadableError(
        f'"{filename}" is nested too deeply to be read. Split its expressions into smaller ones.'
    )


def _where(error: SyntaxError, filename: str) -> str:
    said = (error.msg or "it cannot be read").rstrip(".")
    said = said[:1].lower() + said[1:]
    place = f"line {error.lineno or 1}, column {error.offset or 1}"
    return f'"{filename}" is not Python at {place}: {said}. Correct it and import it again.'
