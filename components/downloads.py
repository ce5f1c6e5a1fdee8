"""Download: what a press takes is there though the page is drawn anew in the same moment.

Streamlit gives a download that is made at the press another name each time the page is drawn, and
forgets the names of before as soon as a drawing ends or is broken off. A press that the browser
sends with the last name then ends in "Failed to generate file for download": one in ten, where
runs or another tab have the page drawn anew all the time. Here a name is good for a while longer.
Streamlit offers no switch for it; `tests/components/test_downloads.py` watches that what is
replaced is still there.
"""

from __future__ import annotations

import time
from typing import Final

from streamlit.runtime.media_file_manager import MediaFileManager

GRACE_S: Final = 30.0
"""How long a download can be taken after the page no longer names it so."""

clock = time.monotonic

_FORGETS: Final = "_remove_orphaned_deferred_callables"
_DROPS: Final = "_drop_deferred_id"
_left_at: Final[dict[str, float]] = {}


def keep_downloads() -> None:
    """Let every download of the app in this process be good for a while, from now on."""
    setattr(MediaFileManager, _FORGETS, _forget_old)


def _forget_old(manager: MediaFileManager) -> None:
    """Forget what no page has named for a while; called with the manager's lock held."""
    inside, now = vars(manager), clock()
    pages = inside["_files_by_session_and_coord"].values()
    named = {name for page in pages for name in page.values()}
    kept = inside["_deferred_callables"]
    for name in list(kept):
        if name in named:
            _left_at.pop(name, None)
        elif now - _left_at.setdefault(name, now) > GRACE_S:
            getattr(manager, _DROPS)(name)
    for name in _left_at.keys() - kept.keys():
        del _left_at[name]
