"""Page: a flow or a recorded run as one HTML file that opens from disk, without any network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from flows.document.model import Flow
from flows.errors import FlowsError
from flows.share.blank import blank_flow, blank_records
from flows.share.caveats import caveat_of
from flows.share.page_data import PageData, encode_data, flow_data, flow_of, run_data
from flows.share.svg import write_svg
from flows.trace.events import Record

MOST_BYTES: Final = 1_500_000
"""No page is larger, so that every mailbox takes it."""

_LONGEST_TEXTS: Final = (1_000_000, 60_000, 12_000, 3_000, 600, 100)
_MOST_CARDS_DRAWN_STILL: Final = 60
_ASSETS: Final = Path(__file__).parent / "page_assets"
_SCRIPTS: Final = (
    "elements.js",
    "words.js",
    "moment.js",
    "links.js",
    "graph.js",
    "cards.js",
    "lanes.js",
    "prose.js",
    "reading.js",
    "player.js",
    "main.js",
)
_STYLES: Final = ("look.css", "page.css", "graph.css", "lanes.css", "reading.css")
_IMPORT: Final = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?:function|class|const) (\w+)", re.MULTILINE)
_SCRIPT: Final = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
_OPTIONS: Final = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"chosen": False, "labelHighlightBold": False},
    "edges": {
        "smooth": {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal"},
        "chosen": False,
    },
    "interaction": {"dragNodes": False, "hover": False, "selectConnectedEdges": False},
}


class PageError(FlowsError):
    """A page cannot be made; the text says what to do."""


def write_page(shared: Flow | Sequence[Record], *, without_contents: bool = False) -> str:
    """Return the page of a flow, or of a run given by its records.

    `without_contents`: inputs, outputs, names and every other text are left out. Raises
    FlowFileError when the records hold no flow, PageError when the page would be too large.
    """
    caveat = "" if isinstance(shared, Flow) else caveat_of(shared)
    if without_contents:
        shared = blank_flow(shared) if isinstance(shared, Flow) else blank_records(shared)
    graph: tuple[str, str] | None = None
    for longest in _LONGEST_TEXTS:
        data = _data(shared, longest=longest, blank=without_contents, caveat=caveat)
        graph = graph or _graph(data)
        page = _page(data, graph, still=_still(shared))
        if len(page.encode()) <= MOST_BYTES:
            return page
    raise PageError(
        f"The page would have more than {MOST_BYTES:,} bytes even with its texts cut. "
        "Share it without contents, or send the file instead."
    )


def _data(shared: Flow | Sequence[Record], *, longest: int, blank: bool, caveat: str) -> PageData:
    if isinstance(shared, Flow):
        return flow_data(shared, longest=longest, blank=blank)
    return run_data(shared, longest=longest, blank=blank, caveat=caveat)


def _still(shared: Flow | Sequence[Record]) -> str:
    """Return the picture for readers that run no scripts, such as previews of mail programs."""
    flow = shared if isinstance(shared, Flow) else flow_of(shared)
    return write_svg(flow) if len(flow.nodes) <= _MOST_CARDS_DRAWN_STILL else ""


def _page(data: PageData, graph: tuple[str, str], *, still: str) -> str:
    """Put the page together; its policy names each script and style in it by its hash."""
    values = encode_data(data)
    styles = [_joined_styles(), *re.findall(r"<style>(.*?)</style>", still, re.DOTALL)]
    module = _joined_scripts()
    title = html.escape(data.name) or "Fanfold"
    return "".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta http-equiv="Content-Security-Policy" content="',
            html.escape(_policy(scripts=[*graph, module], styles=styles)),
            '">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n',
            '<meta name="referrer" content="no-referrer">\n',
            f"<title>{title} · Fanfold</title>\n<style>{styles[0]}</style>\n</head>\n<body>\n",
            (_ASSETS / "page.html").read_text("utf-8").replace("<!-- still -->", still),
            f'<script type="application/json" id="fanfold-data">{values}</script>\n',
            *(f"<script>{script}</script>\n" for script in graph),
            f'<script type="module">{module}</script>\n</body>\n</html>\n',
        ]
    )


def _policy(*, scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Allow nothing but the page's own scripts and styles: no request can leave it."""
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        "connect-src 'none'; img-src 'none'; base-uri 'none'; form-action 'none'"
    )


def _hashes(texts: Iterable[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _graph(data: PageData) -> tuple[str, str]:
    """Return the two scripts of pyvis: vis-network, and the one that draws this graph with it."""
    from pyvis.network import Network  # seconds of imports, for those who share a page alone

    network: Any = Network(directed=True, cdn_resources="in_line")
    network.set_options(json.dumps(_OPTIONS))
    for card in data.cards:
        network.add_node(card.id, label=card.name[:80], shape="box", x=card.x, y=card.y)
    for place, link in enumerate(data.links):
        network.add_edge(link.source, link.target, id=place)
    drawn = [script for script in _SCRIPT.findall(network.generate_html()) if script.strip()]
    return max(drawn, key=len), drawn[-1]


def _joined_scripts() -> str:
    """Join the page's modules into one: a file opened from disk cannot import another.

    Each keeps a scope of its own; what it exports is there for those after it.
    """
    return "\n".join(_scoped((_ASSETS / name).read_text("utf-8")) for name in _SCRIPTS)


def _scoped(module: str) -> str:
    names = ", ".join(_EXPORT.findall(module))
    body = _IMPORT.sub("", module).replace("\nexport ", "\n")
    return f"const {{ {names} }} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();"


def _joined_styles() -> str:
    return "\n".join((_ASSETS / name).read_text("utf-8") for name in _STYLES)
