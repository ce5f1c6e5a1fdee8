"""Calling: the command line in this process, as a terminal would see it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from flows.cli.main import main


def answer(capsys: pytest.CaptureFixture[str], words: Sequence[str]) -> tuple[int, str, str]:
    """Call it; return its exit code, stdout and stderr."""
    try:
        code = main(words)
    except SystemExit as end:  # argparse ends so when the words are off
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return code, out, err
