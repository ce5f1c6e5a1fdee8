"""File: reading the files that commands name."""

from __future__ import annotations

from pathlib import Path

from flows.document.files import read_flow
from flows.document.model import Flow
from flows.errors import FlowsError


class FileUnreadableError(FlowsError):
    """A named file cannot be read."""


def open_flow(path: str) -> Flow:
    """Read the flow in a file. Raises FlowFileError when it is none, FileUnreadableError."""
    return read_flow(read_bytes(path))


def read_bytes(path: str) -> bytes:
    """Read a file. Raises FileUnreadableError with the reason."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileUnreadableError(f'"{path}" cannot be read: {reason}. Check the path.') from error


def write_text(path: str, text: str) -> None:
    """Write a file. Raises FileUnreadableError with the reason."""
    try:
        Path(path).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or str(error)
        message = f'"{path}" cannot be written: {reason}. Name another file.'
        raise FileUnreadableError(message) from error
