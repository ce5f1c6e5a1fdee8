"""`schema`: the JSON Schema of the flow file."""

from __future__ import annotations

import argparse
import json
from typing import Any

from flows.cli.exits import DONE
from flows.document.files import flow_schema


def add_command(commands: Any) -> None:
    """Add `schema` to the parser."""
    parser = commands.add_parser("schema", help="print the JSON Schema of the flow file")
    parser.set_defaults(command=_schema)


def _schema(_options: argparse.Namespace) -> int:
    print(json.dumps(flow_schema(), indent=2, ensure_ascii=False))
    return DONE
