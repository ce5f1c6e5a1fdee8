"""Component: a Streamlit component whose JavaScript is one of our modules.

The inline part only imports the module from the asset route, so that browsers keep it. Its element
has its height from the first moment, so that nothing below it jumps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

# The line ends matter: Streamlit reads one line with a slash in it as the path of a file.
_SCRIPT = """\
export default async function (component) {{
  const address = component.data.addresses.assets + "{module}";
  const {{ mount }} = await import(new URL(address, window.location.href).href);
  return mount(component);
}}
"""

_FRAME = '<div class="{name}" style="height: {height}; position: relative; min-width: 0"></div>\n'


def make_component(name: str, *, module: str, height: str) -> ComponentRenderer:
    """Make the component. `module`: its file under the assets; `height`: any CSS height."""
    return st.components.v2.component(
        name,
        html=_FRAME.format(name=name, height=height),
        js=_SCRIPT.format(module=module),
        isolate_styles=False,
    )
