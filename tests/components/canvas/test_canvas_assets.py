"""The browser's part keeps its gates: small modules, text as text, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.assets import our_assets, read_assets

COMPONENTS = Path(__file__).parents[3] / "components"
MODULES = sorted(COMPONENTS.glob("*/assets/*.js"))
MOST_LINES = 300
MOST_BYTES = 150_000
NEVER = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "createContextualFragment",
    "eval(",
    "new Function",
)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_a_module_is_small_says_its_noun_and_writes_text_as_text(module: Path) -> None:
    text = module.read_text("utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert re.match(r"/\*\* [A-Z]\w+: ", text)
    assert [word for word in NEVER if word in text] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_a_module_imports_only_modules_that_are_there(module: Path) -> None:
    text = module.read_text("utf-8")
    imported = re.findall(r'^(?:import|export) [^;]*? from "([^"]+)";', text, re.MULTILINE)
    imported += re.findall(r'import\("([^"]+)"\)', text)
    assert [name for name in imported if not _served(module, name).is_file()] == []


def _served(module: Path, name: str) -> Path:
    """Find the file of an import; `../live/dom.js` is the file dom.js of live's assets."""
    *folder, file = name.split("/")
    component = folder[1] if folder[0] == ".." else module.parts[-3]
    return COMPONENTS / component / "assets" / file


def test_all_modules_together_stay_small_as_the_browser_gets_them() -> None:
    served = [file.content for name, file in our_assets().files.items() if name.endswith(".js")]
    assert len(served) == len(MODULES)
    assert sum(map(len, served)) <= MOST_BYTES


def test_a_module_is_served_without_comments_and_needless_space(tmp_path: Path) -> None:
    file = tmp_path / "part" / "assets" / "x.js"
    file.parent.mkdir(parents=True)
    file.write_text(
        '/** Noun: words,\n * more.\n */\nsay("// kept"); // kept\n\t// gone\n\n\tend();\n'
    )
    served = read_assets(tmp_path).files["part/x.js"].content.decode()
    assert served == 'say("// kept");end();'


def test_a_module_says_things_the_short_way(tmp_path: Path) -> None:
    file = tmp_path / "part" / "assets" / "x.js"
    file.parent.mkdir(parents=True)
    file.write_text("export function f(a) {\n\tif (a) {\n\t\treturn 1;\n\t}\n\treturn 2;\n}\n")
    served = read_assets(tmp_path).files["part/x.js"].content.decode()
    assert served == "export function f(a){return a?1:2}"


def test_nothing_is_asked_of_another_host() -> None:
    files = [*MODULES, *COMPONENTS.glob("*/assets/*.css")]
    found = {
        address
        for file in files
        for address in re.findall(r"(?:https?:)?//[\w.]+\.\w+[^\s\"']*", file.read_text("utf-8"))
    }
    assert found == {"http://www.w3.org/2000/svg"}
