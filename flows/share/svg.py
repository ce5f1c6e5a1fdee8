"""SVG: the picture of a flow as an image that stands alone and shows in light and dark."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final, Literal
from xml.sax.saxutils import escape

from flows.document.model import Edge, Flow, Note
from flows.ids import NodeId
from flows.plan.curve import CARD_HEIGHT, CARD_WIDTH, PORT, bend_of
from flows.share.look import DARK, LIGHT, SIGNS, TINTS
from flows.share.picture import NOTE_WIDTH, Band, Box, Card, picture_of

Scheme = Literal["auto", "light", "dark"]
"""Whether the image follows its reader's setting or is always the one."""

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW: Final = frozenset("iljtf.,:;'!|()[] I")  # widths are those of a broad font: none runs over
_BROAD: Final = frozenset("mwMW@%—…")
_FEW: Final = 40

_RULES: Final = """\
.ffp text{font-family:"Source Sans 3","Source Sans Pro",system-ui,sans-serif;fill:var(--text)}
.ffp .band{fill:var(--band);stroke:var(--edge)}
.ffp .head{font-size:12px;font-weight:500;fill:var(--soft)}
.ffp .card{fill:var(--raised);stroke:var(--line)}
.ffp .shade{fill:var(--text);opacity:.05}
.ffp .name{font-size:14.5px;font-weight:600}
.ffp .label,.ffp .preview{font-size:12px;fill:var(--faint)}
.ffp .icon{font-size:18px;text-anchor:middle}
.ffp .link{fill:none;stroke:var(--link);stroke-width:1.6}
.ffp .attached{stroke-dasharray:6 5}
.ffp .tip{fill:var(--link)}
.ffp .port{fill:var(--raised);stroke:var(--link);stroke-width:1.6}
.ffp .branch rect{fill:var(--page);stroke:var(--link)}
.ffp .branch text{font-size:11.5px;font-weight:500;text-anchor:middle;fill:var(--soft)}
.ffp .note{fill:var(--soft);font-size:12.5px}
.ffp .sign{fill:none;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.ffp .plain-tint{fill:var(--plain-tint)}.ffp .plain{stroke:var(--soft)}
.ffp .accent-tint{fill:var(--accent-tint)}.ffp .accent{stroke:var(--accent)}
.ffp .fold-tint{fill:var(--fold-tint)}.ffp .fold{stroke:var(--fold)}
"""


def write_svg(flow: Flow, *, scheme: Scheme = "auto") -> str:
    """Draw a flow by its layout, stages behind the cards; names are text, nothing runs in it."""
    picture = picture_of(flow)
    box = picture.box
    cards = {card.id: card for card in picture.cards}
    parts = [
        *(_band(band) for band in picture.bands),
        *(_note(note) for note in picture.notes),
        *_links(picture.links, cards),
        *(_card(card) for card in picture.cards),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ffp ffp-{scheme}" role="img" '
        f'viewBox="{_n(box.left)} {_n(box.top)} {_n(box.width)} {_n(box.height)}" '
        f'width="{_n(box.width)}" height="{_n(box.height)}">\n'
        f"<title>{_text(picture.name)}</title>\n<style>\n{_style(scheme)}</style>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _style(scheme: Scheme) -> str:
    match scheme:
        case "light":
            return f".ffp-light{{{_variables(LIGHT)}}}\n{_RULES}"
        case "dark":
            return f".ffp-dark{{{_variables(DARK)}}}\n{_RULES}"
        case "auto":
            dark = f"@media (prefers-color-scheme:dark){{.ffp-auto{{{_variables(DARK)}}}}}"
            return f".ffp-auto{{{_variables(LIGHT)}}}\n{dark}\n{_RULES}"


def _variables(colours: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


def _band(band: Band) -> str:
    box = band.box
    room = box.width - 32
    return (
        f'<rect class="band" {_place(box)} rx="18"/>'
        f'<text class="head" x="{_n(box.left + 16)}" y="{_n(box.top + 27)}">'
        f"{_text(fitted(band.head, room=room, size=12))}</text>"
    )


def _note(note: Note) -> str:
    lines = (fitted(line, room=NOTE_WIDTH, size=12.5) for line in note.text.splitlines()[:5])
    spans = "".join(f'<tspan x="{_n(note.x)}" dy="17">{_text(line)}</tspan>' for line in lines)
    return f'<text class="note" x="{_n(note.x)}" y="{_n(note.y)}">{spans}</text>'


def _card(card: Card) -> str:
    box = card.box
    tint = TINTS[card.type]
    # a nested svg clips what is written in it, and needs no id to do so
    return (
        f'<rect class="shade" x="{_n(box.left)}" y="{_n(box.top + 3)}" width="{CARD_WIDTH}" '
        f'height="{CARD_HEIGHT}" rx="14"/>'
        f"{_stacked(card)}"
        f'<rect class="card" {_place(box)} rx="14"/>'
        f'<svg {_place(box)}><rect class="{tint}-tint" x="12" y="12" width="36" height="36" '
        f'rx="10"/>{_sign(card, tint)}'
        f'<text class="name" x="59" y="27">{_text(fitted(card.name, room=147, size=14.5))}</text>'
        f'<text class="label" x="59" y="44">{_text(fitted(card.label, room=147, size=12))}</text>'
        f'<text class="preview" x="12" y="74">'
        f"{_text(fitted(card.preview, room=194, size=12))}</text></svg>"
        f"{_ports(card)}"
    )


def _stacked(card: Card) -> str:
    """Draw the edge of a second card behind one that is run for every item."""
    if not card.many:
        return ""
    behind = card.box
    return (
        f'<rect class="card" x="{_n(behind.left + 5)}" y="{_n(behind.top + 5)}" '
        f'width="{CARD_WIDTH}" height="{CARD_HEIGHT}" rx="14"/>'
    )


def _sign(card: Card, tint: str) -> str:
    if card.icon:
        return f'<text class="icon" x="30" y="36">{_text(card.icon[:8])}</text>'
    return f'<path class="sign {tint}" transform="translate(20 20)" d="{SIGNS[card.type]}"/>'


def _ports(card: Card) -> str:
    sides = [card.box.right] if card.type == "input" else [card.box.left, card.box.right]
    return "".join(f'<circle class="port" cx="{_n(x)}" cy="{_n(card.y)}" r="5.2"/>' for x in sides)


def _links(links: tuple[Edge, ...], cards: Mapping[NodeId, Card]) -> Iterator[str]:
    routed: dict[tuple[NodeId, NodeId], list[Edge]] = {}
    for link in links:
        if link.branch:
            routed.setdefault((link.source, link.target), []).append(link)
    for link in links:
        start, end = cards[link.source].box, cards[link.target].box
        x1, y1 = start.right + PORT, cards[link.source].y
        x2, y2 = end.left - PORT, cards[link.target].y
        bend = bend_of(x2 - x1)
        kind = "link" if link.kind == "data" else "link attached"
        yield (
            f'<path class="{kind}" d="M{_n(x1)} {_n(y1)}C{_n(x1 + bend)} {_n(y1)} '
            f'{_n(x2 - bend)} {_n(y2)} {_n(x2 - 6)} {_n(y2)}"/>'
            f'<path class="tip" d="M{_n(x2)} {_n(y2)}l-9 -4.5 2.2 4.5 -2.2 4.5z"/>'
        )
        twins = routed.get((link.source, link.target), [])
        if twins and twins[-1] is link:  # all their words, on all their lines
            for place, twin in enumerate(twins):
                # a cubic with level ends passes midway through the middle of its ends
                y = (y1 + y2) / 2 + 22 * (place - (len(twins) - 1) / 2)
                yield _branch(str(twin.branch), x=(x1 + x2) / 2, y=y)


def _branch(branch: str, *, x: float, y: float) -> str:
    word = fitted(branch, room=120, size=11.5)
    width = _width(word) * 11.5 + 16
    return (
        f'<g class="branch"><rect x="{_n(x - width / 2)}" y="{_n(y - 10)}" width="{_n(width)}" '
        f'height="20" rx="10"/><text x="{_n(x)}" y="{_n(y + 4)}">{_text(word)}</text></g>'
    )


def fitted(text: str, *, room: float, size: float) -> str:
    """Cut a text to one line of so many pixels, by how wide letters of this size mostly are."""
    plain = " ".join(text[: _most(room, size)].split())
    if _width(plain) * size <= room and len(text) <= _most(room, size):
        return plain
    while plain and (_width(plain) + 0.9) * size > room:
        plain = plain[:-1]
    return f"{plain.rstrip()}…"


def _most(room: float, size: float) -> int:
    """No line of this room holds more letters, were they all narrow."""
    return int(room / size / 0.25) + _FEW


def _width(text: str) -> float:
    """Measure a text in multiples of the letters' size."""
    return sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return 1.05
    if letter in _NARROW:
        return 0.34
    if letter in _BROAD:
        return 0.98
    return 0.72 if letter.isupper() else 0.6


def _place(box: Box) -> str:
    return f'x="{_n(box.left)}" y="{_n(box.top)}" width="{_n(box.width)}" height="{_n(box.height)}"'


def _text(text: str) -> str:
    """Write a text so that it is nothing but text; what XML cannot hold becomes a mark for it."""
    return escape(_NO_XML.sub("\ufffd", text), {'"': "&quot;"})


def _n(number: float) -> str:
    """Write a number short."""
    return f"{number:.1f}".removesuffix(".0")
