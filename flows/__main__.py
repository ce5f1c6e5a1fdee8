"""`python -m flows`: the command line."""

from __future__ import annotations

import sys

from flows.cli.main import main

sys.exit(main(sys.argv[1:]))
