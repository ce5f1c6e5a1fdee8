"""A page of one run asks for its story at once, and only a browser on this machine is told how."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.early import early_of
from components.services import Services, open_services, using

OF_A_RUN = "flow=f1&run=r1"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Services]:
    made = open_services({"FANFOLD_HOME": str(tmp_path)})
    with using(made) as it:
        yield it
    made.close()


def _told(script: bytes) -> dict[str, object]:
    found = re.search(r"liveOf\((\{.*\})\)</script>$", script.decode())
    assert found is not None
    told: dict[str, object] = json.loads(found[1])
    return told


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "[::1]:80"])
def test_a_page_of_a_run_asks_for_its_story(opened: Services, host: str) -> None:
    told = _told(early_of("/runs", query=OF_A_RUN, host=host))
    assert (told["flow_id"], told["follow"]) == ("f1", "r1")
    assert told["addresses"] == {"events": "/fanfold/live", "token": opened.token}


@pytest.mark.parametrize(
    "path, query", [("/", OF_A_RUN), ("/runs", ""), ("/runs", "flow=f1"), ("/runs", "run=r1")]
)
def test_no_other_page_does(opened: Services, path: str, query: str) -> None:
    assert opened.token
    assert early_of(path, query=query, host="localhost") == b""


@pytest.mark.parametrize("host", ["", "evil.example:8501", "127.0.0.1.evil.example", "[", "a@b"])
def test_a_name_of_another_site_is_not_told_the_token(opened: Services, host: str) -> None:
    assert opened.token.encode() not in early_of("/runs", query=OF_A_RUN, host=host)


def test_nothing_of_an_address_ends_the_script(opened: Services) -> None:
    word = "</script><script>alert(1)//"
    script = early_of("/runs", query=f"flow=f1&run={word}", host="localhost")
    assert script.count(b"</script>") == 1
    assert _told(script)["follow"] == word
    assert opened.token


def test_before_the_services_are_open_nothing_is_said() -> None:
    assert early_of("/runs", query=OF_A_RUN, host="localhost") == b""
