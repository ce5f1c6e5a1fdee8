"""FileLock: a lock the operating system takes back when its process ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_PAUSE_S = 0.02


class FileLock:
    """A file held by one process at a time. Inside one process, two of them exclude each other too.

    `with FileLock(path, patience_s=5.0):` waits up to so many seconds, then raises TimeoutError.
    """

    def __init__(self, path: Path, *, patience_s: float = 0.0) -> None:
        self._path = path
        self._patience_s = patience_s
        self._file: int | None = None

    def take(self) -> bool:
        """Take the lock if nobody has it; say whether that worked. Raises OSError."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _try_lock(file):
            os.close(file)
            return False
        self._file = file
        return True

    def give_back(self) -> None:
        """Free the lock; without one, nothing happens."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self._patience_s
        while not self.take():
            if time.monotonic() > deadline:
                raise TimeoutError(f'"{self._path}" is held by another process.')
            time.sleep(_PAUSE_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.give_back()


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        # flock, not lockf: closing another handle of the same file must not drop the lock
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
