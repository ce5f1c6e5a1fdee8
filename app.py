"""The app: the screen with its routes, and what it keeps open from start to end.

`python3 fanfold.py` opens it; inside the environment `streamlit run app.py` does too.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from components.crash import show_crash
from components.downloads import keep_downloads
from components.favicon import favicon_route
from components.front_end import FrontEnd
from components.live_route import live_route
from components.routes import routes
from components.searches import skip_searches
from components.services import serve, services
from components.whole import take_in_whole


@asynccontextmanager
async def keep_open(_app: st.App) -> AsyncIterator[None]:
    """Open store and runner beside the server's start, and close them at its end."""
    async with serve(os.environ):
        yield


take_in_whole()
skip_searches()
keep_downloads()
app = st.App(
    Path(__file__).parent / "script.py",
    lifespan=keep_open,
    routes=[*routes(services), live_route(services), favicon_route()],
    middleware=[Middleware(FrontEnd)],
    on_script_error=show_crash,
)
