"""Addresses: where the browser finds what the routes serve."""

from __future__ import annotations

from components.canvas import Addresses
from components.live_route import LIVE
from components.routes import RUNS, assets_address, vis_address
from components.services import Services


def addresses_of(services: Services) -> Addresses:
    """Return them all, with the token that they want to see."""
    return Addresses(
        assets=assets_address(),
        vis=vis_address(),
        events=LIVE,
        runs=RUNS,
        token=services.token,
    )
