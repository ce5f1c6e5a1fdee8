"""What Streamlit would look for in vain is there to be spared, and is spared."""

import inspect

from streamlit import delta_generator
from streamlit.components.v2 import component_manager

import app


def test_the_app_does_not_search_the_installation_for_components() -> None:
    spared = component_manager.BidiComponentManager.discover_and_register_components
    assert spared.__module__ == "components.searches"
    assert app.app is not None


def test_what_is_spared_is_what_streamlit_would_do() -> None:
    inside = inspect.getsource(delta_generator._maybe_print_use_warning)
    assert "is_repl" in inside
    assert "if not _use_warning_has_been_displayed" in inside
    assert delta_generator._use_warning_has_been_displayed is True
    assert "scan_component_manifests" in inspect.getsource(component_manager)
