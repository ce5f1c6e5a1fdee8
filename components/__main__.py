"""The start: `python -m components` serves the app."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys


def main() -> int:
    """Load the libraries and serve; while they load, Ctrl-C ends at once and without a word."""
    options = _parse_options()
    gc.disable()  # until all is loaded; the services switch it on again
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from components.serve import serve_app

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return serve_app(port=options.port, browser=not options.no_browser)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m components", description="Serve the app.")
    parser.add_argument("--port", type=int, help="the port to listen on; 0 lets the system choose")
    parser.add_argument("--no-browser", action="store_true", help="open no browser")
    return parser.parse_args()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # all is closed; taking the loaded libraries apart takes longer than the rest
