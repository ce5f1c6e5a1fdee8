"""The list of shortcuts is one: the keyboard, the dialog and the Guide read the same."""

import re
from pathlib import Path

from components.canvas.shortcuts import SHORTCUTS, help_rows, help_table

ASSETS = Path(__file__).parents[3] / "components" / "canvas" / "assets"


def test_each_key_asks_for_a_command_that_there_is() -> None:
    commands = (ASSETS / "commands.js").read_text("utf-8")
    known = set(re.findall(r"^\t\t(\w+)\b", commands, re.MULTILINE))
    assert {each.act for each in SHORTCUTS if each.act} - known == set()


def test_no_key_asks_for_two_things_at_one_place() -> None:
    heard = [(key, each.where) for each in SHORTCUTS if each.act for key in each.keys]
    assert len(heard) == len(set(heard))


def test_dialog_and_guide_tell_every_key() -> None:
    rows, table = help_rows(), help_table()
    for each in SHORTCUTS:
        assert f"<dd>{each.does}</dd>" in rows
        assert f"| {each.does} |" in table
    run, _stop, walk, *_ = re.findall(r"<div.*?</div>", rows)
    assert run.startswith('<div data-does="run" data-where="page" data-keys="Ctrl+Enter"><dt><kbd>')
    assert walk.startswith("<div><dt><kbd>Tab</kbd><kbd>Shift+Tab</kbd></dt>")
