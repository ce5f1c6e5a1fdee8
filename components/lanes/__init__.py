"""The live trace: a lane for every node, and the result."""

from components.lanes.mount import mount_lanes
from components.lanes.view import LanesView

__all__ = ["LanesView", "mount_lanes"]
