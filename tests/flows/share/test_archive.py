"""Archives: all flows of a home in one file."""

import io
import zipfile

import pytest

from flows.document.files import read_flow, write_flow
from flows.document.model import empty_flow
from flows.share.archive import file_name_of, write_archive
from tests.shapes import shape


@pytest.mark.parametrize(
    "name, file",
    [
        ("Best of three", "Best-of-three.fanfold.json"),
        ("a/b\\c: d?", "a-b-c-d.fanfold.json"),
        ("../../etc", "etc.fanfold.json"),
        ("…", "flow.fanfold.json"),
        ("Übersicht 2", "Übersicht-2.fanfold.json"),
    ],
)
def test_a_file_is_named_after_its_flow(name: str, file: str) -> None:
    assert file_name_of(empty_flow(name)) == file


def test_every_flow_comes_out_as_it_went_in_though_names_repeat() -> None:
    named = ["Plan", "plan", "Plan-2", "Plan", "…", "…"]
    flows = [
        shape("in > a").model_copy(update={"name": name, "description": str(number)})
        for number, name in enumerate(named)
    ]
    files = [(flow.name, write_flow(flow)) for flow in flows]
    packed = write_archive(files)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        assert [read_flow(archive.read(name)) for name in names] == flows
    assert len({name.casefold() for name in names}) == len(flows)
    assert names[:4] == [
        "Plan.fanfold.json",
        "plan-2.fanfold.json",
        "Plan-2-2.fanfold.json",
        "Plan-3.fanfold.json",
    ]
    assert write_archive(files) == packed
