"""Galleries: which folders of this machine were added as galleries of one's own.

They stand in `galleries.json` of the home, not in the database: another machine that shares the
database has other folders.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from flows.errors import StoreError

MOST: Final = 20
_FILE: Final = "galleries.json"


class Galleries:
    """The folders of a home, in the order in which they were added."""

    def __init__(self, home: Path) -> None:
        self._file = home / _FILE

    def folders(self) -> tuple[Path, ...]:
        """Return them. Raises StoreError when their file cannot be read."""
        try:
            named = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise self._unreadable(str(error)) from error
        if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
            raise self._unreadable("it is not a list of folders")
        return tuple(Path(each) for each in named)

    def add(self, typed: str) -> Path:
        """Add a folder as somebody typed it. Raises StoreError when it is none, or known."""
        folder = _folder_of(typed)
        known = self.folders()
        if folder in known:
            raise StoreError(f"{folder} is a gallery already.")
        if len(known) >= MOST:
            raise StoreError(f"There are {MOST} galleries, the most there can be. Remove one.")
        self._keep([*known, folder])
        return folder

    def remove(self, folder: Path) -> None:
        """Forget a folder; it stays where it is. Raises StoreError when that cannot be kept."""
        self._keep([each for each in self.folders() if each != folder])

    def _keep(self, folders: Sequence[Path]) -> None:
        written = json.dumps([str(each) for each in folders], ensure_ascii=False, indent=2)
        new = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(f"{written}\n", "utf-8")
            new.replace(self._file)
        except OSError as error:
            said = f"{self._file} cannot be written: {error.strerror}. Make room or give it rights."
            raise StoreError(said) from error

    def _unreadable(self, why: str) -> StoreError:
        return StoreError(f"{self._file} cannot be read: {why}. Correct it or delete it.")


def _folder_of(typed: str) -> Path:
    """Return the folder that is meant. Raises StoreError with what to type instead."""
    named = typed.strip().strip("\"'")
    if not named:
        raise StoreError("Type the path of a folder that holds flow files.")
    try:
        folder = Path(named).expanduser()
        is_folder = folder.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreError(f"{named} is no path: {error}.") from error
    if not folder.is_absolute():
        raise StoreError(f"{named} is not a whole path. Type it from the top, as {Path.home()}.")
    if not is_folder:
        raise StoreError(f"There is no folder {folder}. Correct the path, or make the folder.")
    return folder.resolve()
