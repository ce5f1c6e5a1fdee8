"""`plan`: the stages of a flow."""

from __future__ import annotations

import argparse
import json
from typing import Any

from flows.cli.exits import DONE
from flows.cli.files import open_flow
from flows.plan.plan import plan_flow


def add_command(commands: Any) -> None:
    """Add `plan` to the parser."""
    parser = commands.add_parser("plan", help="show the stages of a flow")
    parser.add_argument("file", metavar="FILE", help="a flow (JSON)")
    parser.add_argument("--json", action="store_true", help='print {"stages": [[ids…], …]}')
    parser.set_defaults(command=_plan)


def _plan(options: argparse.Namespace) -> int:
    plan = plan_flow(open_flow(options.file))
    if options.json:
        print(json.dumps({"stages": [list(stage) for stage in plan.stages]}))
        return DONE
    for number, stage in enumerate(plan.stages, start=1):
        names = ", ".join(f"{plan.flow.node(node).name} ({node})" for node in stage)
        side_by_side = f" · {len(stage)} side by side" if len(stage) > 1 else ""
        print(f"Stage {number}{side_by_side}: {names}")
    return DONE
