"""Searches: what Streamlit looks for in the whole installation, and this app has no use for.

At its start it reads the metadata of every installed package for components that were packaged for
it; ours are declared where they are mounted. With the first thing a page shows it asks whether it
runs in an interactive Python, which resolves the paths of all loaded modules. Together that is half
a second of the way to the first canvas. Streamlit offers no switch for either;
`tests/components/test_searches.py` watches that what is spared is still there.
"""

from __future__ import annotations

from streamlit import delta_generator
from streamlit.components.v2.component_manager import BidiComponentManager


def skip_searches() -> None:
    """Spare the app in this process both searches, from now on."""
    BidiComponentManager.discover_and_register_components = _find_none  # type: ignore[method-assign,assignment]
    vars(delta_generator)["_use_warning_has_been_displayed"] = True


def _find_none(_manager: BidiComponentManager, *, start_file_watching: bool = True) -> None:
    """Find no packaged components."""
