"""A download is good for a while after the page was drawn anew, and then no longer."""

from __future__ import annotations

import inspect

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

import app
from components import downloads


@pytest.fixture
def manager() -> MediaFileManager:
    assert app.app is not None
    return MediaFileManager(MemoryMediaFileStorage("/media"))


def draw(manager: MediaFileManager) -> str:
    """Draw a page with one download; return its name there."""
    manager.clear_session_refs()
    return manager.add_deferred(lambda: "text", "text/plain", "1.1", file_name="a.txt")


def test_what_is_replaced_is_what_streamlit_asks_when_a_drawing_ends() -> None:
    asked = inspect.getsource(media_file_manager.MediaFileManager.remove_orphaned_files)
    assert "self._remove_orphaned_deferred_callables()" in asked


def test_a_download_is_made_for_a_page_that_was_drawn_anew(manager: MediaFileManager) -> None:
    before = draw(manager)
    draw(manager)
    manager.remove_orphaned_files()
    assert manager.execute_deferred(before).endswith(".txt")


def test_a_download_is_made_though_a_drawing_broke_off(manager: MediaFileManager) -> None:
    before = draw(manager)
    manager.clear_session_refs()
    manager.remove_orphaned_files()
    assert manager.execute_deferred(before)


def test_a_download_that_no_page_names_for_long_is_forgotten(
    manager: MediaFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(downloads, "clock", lambda: now)
    before, after = draw(manager), draw(manager)
    manager.remove_orphaned_files()
    now += downloads.GRACE_S + 1
    manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        manager.execute_deferred(before)
    assert manager.execute_deferred(after)
    assert list(manager._deferred_callables) == [after]
