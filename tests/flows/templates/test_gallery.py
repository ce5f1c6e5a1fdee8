"""A gallery: the flow files of a folder, each read or refused on its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.document.files import write_flow
from flows.templates import load_template
from flows.templates.gallery import MOST_FILES, Gallery, read_gallery
from tests.shapes import shape


def put(folder: Path, name: str, content: str) -> Path:
    file = folder / name
    file.write_text(content, "utf-8")
    return file


def names(gallery: Gallery) -> list[str]:
    return [file.path.name for file in gallery.flows]


def test_every_flow_file_of_the_folder_itself_is_read_in_the_order_of_the_names(tmp_path: Path):
    one, other = shape("in > a"), load_template("three_views")
    put(tmp_path, "b.json", write_flow(one))
    put(tmp_path, "a.fanfold.JSON", write_flow(other))
    put(tmp_path, "notes.txt", "no flow")
    (tmp_path / "inside").mkdir()
    put(tmp_path / "inside", "c.json", write_flow(one))
    gallery = read_gallery(tmp_path)
    assert names(gallery) == ["a.fanfold.JSON", "b.json"]
    assert list(gallery.flows.values()) == [other, one]
    assert (gallery.refused, gallery.trouble) == ({}, "")


@pytest.mark.parametrize(
    "content, why",
    [
        ("{", "is not JSON"),
        ('{"name": "package", "version": "1.0.0"}', "fanfold"),
        ("[" * 5_000, "nests too deeply"),
        (" " * 5_000_001, "5,000,001 bytes"),
    ],
)
def test_what_is_no_flow_is_named_with_why_and_the_others_stay(
    tmp_path: Path, content: str, why: str
):
    put(tmp_path, "bad.json", content)
    put(tmp_path, "good.json", write_flow(shape("in > a")))
    gallery = read_gallery(tmp_path)
    assert names(gallery) == ["good.json"]
    assert list(gallery.refused) == ["bad.json"]
    assert why in gallery.refused["bad.json"]


def test_a_folder_that_is_gone_says_so(tmp_path: Path):
    gallery = read_gallery(tmp_path / "gone")
    assert gallery.flows == {}
    assert "cannot be read: No such file or directory" in gallery.trouble


def test_a_file_that_changed_is_read_anew(tmp_path: Path):
    file = put(tmp_path, "a.json", write_flow(shape("in > a")))
    read_gallery(tmp_path)
    changed = shape("in > a > b")
    file.write_text(write_flow(changed), "utf-8")
    assert list(read_gallery(tmp_path).flows.values()) == [changed]


def test_of_too_many_files_the_first_are_shown_and_that_is_said(tmp_path: Path):
    written = write_flow(shape("in > a"))
    for number in range(MOST_FILES + 1):
        put(tmp_path, f"{number:04}.json", written)
    gallery = read_gallery(tmp_path)
    assert len(gallery.flows) == MOST_FILES
    assert gallery.trouble == "The folder has 201 such files; the first 200 by name are shown."
