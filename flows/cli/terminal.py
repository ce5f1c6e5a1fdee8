"""Terminal: what the command line says beside its result, on stderr."""

from __future__ import annotations

import sys


def complain(sentence: str) -> None:
    """Say on stderr what is wrong."""
    print(sentence, file=sys.stderr)
