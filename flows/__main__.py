"""`python -m flows`: the command line."""

from __future__ import annotations

import sys

try:
    from flows.cli.main import main

    sys.exit(main(sys.argv[1:]))
except KeyboardInterrupt:  # while the imports above were still going
    sys.exit(130)
