"""Presence: how processes on one home know which of them still live.

Every process holds the lock of a file named by its own mark. The system frees the lock when the
process ends, even by a power cut, so a mark whose lock can be taken is the mark of a dead process.
"""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from flows.store.lock import FileLock

_FOLDER = "processes"


class Presence:
    """The mark of this process, from `enter` to `leave`."""

    def __init__(self, home: Path) -> None:
        self._folder = home / _FOLDER
        self.mark = secrets.token_hex(8)
        self._lock = FileLock(self._file(self.mark))

    def enter(self) -> None:
        """Hold the mark's lock. Raises OSError when the home cannot be written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock.take()

    def leave(self) -> None:
        """Give the mark up: nothing in the database carries it any more as running."""
        self.die()
        _remove(self._file(self.mark))

    def die(self) -> None:
        """Free the mark's lock and leave its file, so that others see a dead process."""
        self._lock.give_back()

    def is_known(self, mark: str) -> bool:
        """Say whether the mark was ever held on this home and not yet given up."""
        return self._file(mark).exists()

    def is_alive(self, mark: str) -> bool:
        """Say whether the process of the mark holds it now."""
        if mark == self.mark:
            return True
        probe = FileLock(self._file(mark))
        try:
            if not self.is_known(mark) or probe.take():
                probe.give_back()
                return False
        except OSError:  # a home that cannot be written cannot be judged: nobody is declared dead
            return True
        return True

    def sweep(self) -> None:
        """Take the files of dead processes away. Only while no other process is entering."""
        for file in self._folder.glob("*.lock"):
            if not self.is_alive(file.stem):
                _remove(file)

    def _file(self, mark: str) -> Path:
        return self._folder / f"{mark}.lock"


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
