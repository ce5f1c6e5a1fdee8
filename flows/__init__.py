"""The core of Fanfold: what a flow is, in which order it goes, how it runs. Knows no screen.

For use in other programs: `from flows import load_flow, run_flow` (docs/library.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.library import load_flow, run_flow

__all__ = ["load_flow", "run_flow"]


def __getattr__(name: str) -> Any:
    """Load the library where it is asked for: `import flows` alone costs nothing."""
    if name in __all__:
        from flows import library

        return getattr(library, name)
    raise AttributeError(f'module "flows" has no attribute "{name}"')
