"""The code: the program of a flow, its lines bound to the nodes they say."""

from components.code.mount import mount_code
from components.code.view import CodeView

__all__ = ["CodeView", "mount_code"]
