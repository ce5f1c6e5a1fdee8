"""Links: a whole flow in an address."""

import base64
import random
import string
import time
import zlib
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.document.model import Flow
from flows.errors import FlowFileError
from flows.share.link import (
    _COMMON,
    MOST_BYTES,
    MOST_CHARACTERS,
    LinkError,
    find_link,
    is_json,
    read_link,
    write_link,
)
from flows.templates import list_templates, load_template
from tests.flows.document.drawings import flows
from tests.flows.share.stories import patient
from tests.shapes import shape


@patient
@given(flows)
def test_every_flow_is_equal_after_a_round_trip_through_its_link(flow):
    assert read_link(write_link(flow)) == flow


@pytest.mark.parametrize("name", [each.name for each in list_templates()])
def test_a_template_fits_a_short_link(name):
    link = write_link(load_template(name))
    assert read_link(link) == load_template(name)
    assert len(link) < 1_300


def test_a_link_needs_no_escaping_in_an_address():
    allowed = set(string.ascii_letters + string.digits + "-_")
    assert set(write_link(load_template("incident_response"))) <= allowed


def wordy(letters: int) -> Flow:
    noise = random.Random(7)
    text = "".join(noise.choice(string.printable) for _ in range(letters))
    return shape("in > a", a={"instructions": text})


def test_a_flow_too_large_for_a_link_is_refused_with_what_to_do():
    with pytest.raises(LinkError) as caught:
        write_link(wordy(9_000))
    assert str(caught.value).startswith("This flow is too large for a link: it needs 10,")
    assert str(caught.value).endswith("Download the flow and send the file.")


def test_a_flow_that_would_unpack_too_large_is_not_written_either():
    long = {f"a{number}": {"instructions": "a" * 190_000} for number in range(6)}
    with pytest.raises(LinkError):
        write_link(shape("in > " + " ".join(long), **long))


def packed(values: bytes) -> str:
    packer = zlib.compressobj(level=9, zdict=_COMMON)
    data = packer.compress(values) + packer.flush()
    return "1" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_a_bomb_is_refused_at_once_and_never_unpacked():
    bomb = packed(b"[" + b" " * 5_000_000 + b"]")
    assert len(bomb) <= MOST_CHARACTERS
    began = time.perf_counter()
    with pytest.raises(LinkError, match="unpacks to more than 1,000,000 bytes"):
        read_link(bomb)
    assert time.perf_counter() - began < 1


def test_what_unpacks_to_just_the_limit_is_read():
    with pytest.raises(FlowFileError, match="not a Fanfold flow"):
        read_link(packed(b"[" + b" " * (MOST_BYTES - 2) + b"]"))


good = write_link(load_template("three_views"))


@pytest.mark.parametrize(
    "text,beginning",
    [
        ("", "The link is cut off or damaged"),
        ("9abc", "The link does not begin as"),
        ("1", "The link is cut off or damaged"),
        (good[:-9], "The link is cut off or damaged"),
        (good[:60] + ("A" if good[60] != "A" else "B") + good[61:], "The link is cut off"),
        (good + "AAAA", "The link is cut off or damaged"),
        (good[:40] + "<script>" + good[48:], "The link is cut off or damaged"),
        (good[:40] + "é" + good[41:], "The link is cut off or damaged"),
        ("1" + "A" * MOST_CHARACTERS, "The link has 7,501 characters"),
    ],
)
def test_a_link_that_is_none_is_answered_with_a_sentence(text, beginning):
    with pytest.raises(LinkError) as caught:
        read_link(text)
    assert str(caught.value).startswith(beginning)


@pytest.mark.parametrize(
    "values,words",
    [
        (b"[1, 2]", "not a Fanfold flow"),
        (b'{"fanfold": 2}', "newer Fanfold"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"fanfold": 1, "fanfold": 1}', "stands twice"),
        (b"[" * 1000 + b"]" * 1000, "nests too deeply"),
    ],
)
def test_a_link_that_carries_no_flow_is_answered_as_a_file_is(values, words):
    with pytest.raises(FlowFileError, match=words):
        read_link(packed(values))


@patient
@given(st.text(max_size=200))
def test_no_text_makes_reading_a_link_fail_otherwise(text):
    with pytest.raises((LinkError, FlowFileError)):
        read_link("1" + text)


def in_lines(text: str, letters: int = 76, begin: str = "") -> str:
    rows = range(0, len(text), letters)
    return "\n".join(begin + text[row : row + letters] for row in rows)


ADDRESS = f"http://localhost:8501/?link={good}"


@pytest.mark.parametrize(
    "pasted",
    [
        ADDRESS,
        f"https://flows.example.org:8443/some/where/?a=1&link={good}&b=2#c",
        good,
        f"  link={good}\n",
        f"?link={good}",
        f"Look at this flow: {ADDRESS}. It is short!",
        f'<a href="{ADDRESS}">flow</a>',
        f"[flow]({ADDRESS})",
        f"<{ADDRESS}>",
        in_lines(ADDRESS),
        in_lines(ADDRESS).replace("\n", "\r\n") + "\r\n\r\nBest wishes",
        in_lines(ADDRESS, begin="> ") + ".\n> Cheers",
        in_lines(good),
        f"https://safe.example.com/?url={quote(ADDRESS, safe='')}&data=05",
    ],
)
def test_a_link_is_found_in_whatever_it_came_with(pasted):
    assert not is_json(pasted)
    assert find_link(pasted) == good


@pytest.mark.parametrize(
    "pasted, beginning",
    [
        ("http://localhost:8501/?flow=f7a9", "This address carries no flow: it names one on the"),
        ("https://example.org", "This address carries no flow"),
        ("hello", "What was pasted is no link of a flow, no JSON"),
        ("2 apples", "What was pasted is no link"),
        ("x" * 10_000_000, "What was pasted is no link"),
        ("link=1\n" * 1_000_000, "What was pasted is no link"),
        (f"http://x/?link={good[:-9]}", "The link is cut off or damaged"),
        (in_lines(f"http://x/?link={good[:-9]}", 30), "The link is cut off or damaged"),
        ("9abc", "The link does not begin as"),
        ("http://x/?link=", "The link is cut off"),
    ],
)
def test_what_carries_no_link_is_answered_at_once_with_what_to_do(pasted, beginning):
    began = time.perf_counter()
    with pytest.raises(LinkError) as caught:
        read_link(find_link(pasted))
    assert time.perf_counter() - began < 1
    assert str(caught.value).startswith(beginning)


def test_a_bomb_in_lines_is_refused_at_once():
    bomb = in_lines("http://x/?link=" + packed(b"[" + b" " * 5_000_000 + b"]"), 30)
    began = time.perf_counter()
    with pytest.raises(LinkError):
        read_link(find_link(bomb))
    assert time.perf_counter() - began < 2
