"""`import`: a Python program on the Agents SDK as a flow; it is read, never executed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from flows.cli.exits import DONE
from flows.cli.files import read_bytes, write_text
from flows.document.files import write_flow
from flows.share.python_import import Imported, decode_source, import_python


def add_command(commands: Any) -> None:
    """Add `import` to the parser."""
    parser = commands.add_parser(
        "import", help="read a Python program on the Agents SDK as a flow; nothing of it is run"
    )
    parser.add_argument("file", metavar="FILE.py", help="a Python program")
    parser.add_argument("-o", "--output", metavar="OUT.json", help="write the flow to a file")
    parser.add_argument(
        "--json", action="store_true", help="print one object: the flow and the remarks"
    )
    parser.set_defaults(command=_import)


def _import(options: argparse.Namespace) -> int:
    name = Path(options.file).name
    text = decode_source(read_bytes(options.file), filename=name)
    imported = import_python(text, filename=name)
    for remark in imported.remarks:
        print(remark, file=sys.stderr)
    print(imported.summary, file=sys.stderr)
    if options.output is not None:
        write_text(options.output, write_flow(imported.flow))
    if options.json:
        print(_as_json(imported))
    elif options.output is None:
        sys.stdout.write(write_flow(imported.flow))
    return DONE


def _as_json(imported: Imported) -> str:
    """Write `{"flow": …, "remarks": [{"line": 42, "text": "…"}]}`."""
    remarks = [{"line": each.line, "text": each.said} for each in imported.remarks]
    flow = json.loads(write_flow(imported.flow))
    return json.dumps({"flow": flow, "remarks": remarks}, indent=2, ensure_ascii=False)
