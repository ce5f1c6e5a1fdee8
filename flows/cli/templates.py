"""`templates`: the flows that ship."""

from __future__ import annotations

import argparse
import json
from typing import Any

from flows.cli.exits import DONE
from flows.templates import list_templates


def add_command(commands: Any) -> None:
    """Add `templates` to the parser."""
    parser = commands.add_parser("templates", help="list the flows that ship")
    parser.add_argument("--json", action="store_true", help="print them as a JSON list")
    parser.set_defaults(command=_templates)


def _templates(options: argparse.Namespace) -> int:
    shipped = list_templates()
    if options.json:
        rows = [
            {
                "name": each.name,
                "file": str(each.file),
                "title": each.title,
                "shows": each.shows,
                "pattern": each.pattern,
                "needs_larger_model": each.needs_larger_model,
            }
            for each in shipped
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return DONE
    for each in shipped:
        larger = " (needs a larger model)" if each.needs_larger_model else ""
        print(f"{each.name} · {each.pattern}{larger}\n    {each.shows}\n    {each.file}")
    return DONE
