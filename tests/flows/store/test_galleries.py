"""Which folders are galleries: kept in the home, whatever is typed or stands in their file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.errors import StoreError
from flows.store.galleries import MOST, Galleries


def test_a_folder_that_was_added_is_there_for_the_next_start_until_it_is_removed(tmp_path: Path):
    home, one, other = tmp_path / "home", tmp_path / "one", tmp_path / "zwei ü"
    one.mkdir()
    other.mkdir()
    galleries = Galleries(home)
    assert galleries.folders() == ()
    galleries.add(str(one))
    galleries.add(f'  "{other}" ')
    assert Galleries(home).folders() == (one, other)
    galleries.remove(one)
    assert Galleries(home).folders() == (other,)
    assert one.is_dir()


def test_a_path_from_the_own_home_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "flows").mkdir()
    assert Galleries(tmp_path / "home").add("~/flows") == (tmp_path / "flows").resolve()


@pytest.mark.parametrize(
    "typed, said",
    [
        ("", "Type the path of a folder"),
        ("flows/mine", "is not a whole path"),
        ("/no/such/folder", "There is no folder"),
        ("/a\0b", "is no path|There is no folder"),
    ],
)
def test_what_is_no_folder_is_answered_with_what_to_type(tmp_path: Path, typed: str, said: str):
    galleries = Galleries(tmp_path)
    with pytest.raises(StoreError, match=said):
        galleries.add(typed)
    assert galleries.folders() == ()


def test_a_folder_is_added_once(tmp_path: Path):
    galleries = Galleries(tmp_path)
    galleries.add(str(tmp_path))
    with pytest.raises(StoreError, match="is a gallery already"):
        galleries.add(str(tmp_path))


def test_there_are_no_more_than_the_most(tmp_path: Path):
    galleries = Galleries(tmp_path)
    for number in range(MOST + 1):
        (tmp_path / str(number)).mkdir()
    for number in range(MOST):
        galleries.add(str(tmp_path / str(number)))
    with pytest.raises(StoreError, match="Remove one"):
        galleries.add(str(tmp_path / str(MOST)))


@pytest.mark.parametrize("written", ["{", '{"a": 1}', "[1]", "\udcff"])
def test_a_file_that_cannot_be_read_is_named_and_left_alone(tmp_path: Path, written: str):
    file = tmp_path / "galleries.json"
    file.write_bytes(written.encode("utf-8", "surrogateescape"))
    galleries = Galleries(tmp_path)
    with pytest.raises(StoreError, match=re.escape(str(file))):
        galleries.add(str(tmp_path))
    assert file.read_bytes() == written.encode("utf-8", "surrogateescape")


def test_a_home_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    home = tmp_path / "home"
    home.write_text("a file where the folder should be", "utf-8")
    with pytest.raises(StoreError, match="cannot be"):
        Galleries(home).add(str(tmp_path))
