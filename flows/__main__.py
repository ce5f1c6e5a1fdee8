"""`python -m flows`: the command line."""

from __future__ import annotations

import gc
import signal
import sys

try:
    from flows.cli.main import main

    code = main(sys.argv[1:])
except KeyboardInterrupt:  # while the imports above were still going
    code = 130
signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done; the exit code is to stay
gc.freeze()  # or Python searches all of the SDK for garbage before it ends: half a second
sys.exit(code)
