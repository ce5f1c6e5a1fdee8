"""The two-way canvas."""

from components.canvas.mount import CanvasIntent, intent_of, mount_canvas
from components.canvas.view import Addresses, CanvasView, PastRun, Refusal, RunOffer

__all__ = [
    "Addresses",
    "CanvasIntent",
    "CanvasView",
    "PastRun",
    "Refusal",
    "RunOffer",
    "intent_of",
    "mount_canvas",
]
