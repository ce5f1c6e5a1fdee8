"""The server: the app on a port of this machine, quickly up and quickly gone.

`streamlit run app.py` serves the same app. This one starts sooner, takes the next free port and
ends with everything it started, in time and without a word, when Ctrl-C is pressed.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn
from streamlit import config
from streamlit.web.server import server_util

END_AFTER_S = 1.6  # the whole way from Ctrl-C to gone, whatever still hangs
PORTS_TO_TRY = 100


def serve_app(*, port: int | None, browser: bool) -> int:
    """Serve the app until Ctrl-C and return the exit code.

    Without a port it is the configured one. A browser opens only where there is a screen.
    """
    address = config.get_option("server.address") or "127.0.0.1"
    wanted = int(config.get_option("server.port")) if port is None else port
    try:
        listener = open_port(address, wanted)
    except OSError as error:
        print(
            f"Fanfold cannot listen on {address}, port {wanted}: {error.strerror or error}. "
            "Choose another port with --port.",
            file=sys.stderr,
        )
        return 1
    opened: int = listener.getsockname()[1]
    if wanted not in {0, opened}:
        print(f"Port {wanted} is taken, so Fanfold uses {opened}.")
    config.set_option("server.port", opened)
    _run(listener, browser=browser and not config.get_option("server.headless"))
    return 0


def open_port(address: str, wanted: int) -> socket.socket:
    """Listen on the wanted port or the next free one; 0 lets the system choose.

    Raises OSError when none of a hundred can be had.
    """
    for port in range(wanted, min(wanted + PORTS_TO_TRY, 65_535)):
        try:
            return _listen(address, port)
        except OSError:
            continue
    return _listen(address, min(wanted + PORTS_TO_TRY, 65_535))


class AppServer(uvicorn.Server):
    """A uvicorn server that says when it is open and is gone soon after Ctrl-C."""

    def __init__(self, config: uvicorn.Config, *, on_open: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_open = on_open

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets=sockets)
        if self.started:
            self._on_open()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the end; what is cut off by it is no error, and nothing may delay it."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        limit = threading.Timer(END_AFTER_S, os._exit, args=[0])
        limit.daemon = True
        limit.start()
        super().handle_exit(sig, frame)


def _run(listener: socket.socket, *, browser: bool) -> None:
    server = AppServer(
        uvicorn.Config(
            "app:app",
            log_config=None,  # Streamlit has set up the loggers; their level is in its config
            access_log=False,
            # The faster loop and parser where they are installed, as Streamlit installs them.
            loop="auto",
            http="auto",
            ws="websockets-sansio",
            ws_max_size=int(config.get_option("server.maxMessageSize")) * 1_000_000,
            timeout_graceful_shutdown=1,
        ),
        on_open=lambda: _welcome(browser=browser),
    )
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn hands Ctrl-C on after an orderly end
        print("\nFanfold has ended. Your flows and runs are kept.", flush=True)


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _welcome(*, browser: bool) -> None:
    address = config.get_option("server.address") or "127.0.0.1"
    url = server_util.get_url(server_util.get_display_address(address))
    print(f"Fanfold is open at {url}  (Ctrl-C ends it)", flush=True)
    if browser:
        # A process of its own: a browser's words stay off this terminal, Ctrl-C off the browser.
        subprocess.Popen(
            [sys.executable, "-m", "webbrowser", url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
