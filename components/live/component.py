"""Component: a Streamlit component whose JavaScript is one of our modules.

The inline part only imports the module from the asset route, so that browsers keep it. Its element
has its height from the first moment, so that nothing below it jumps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st
from pydantic import JsonValue

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

# The line ends matter: Streamlit reads one line with a slash in it as the path of a file.
_SCRIPT = """\
export default async function (component) {{
  const [data] = component.data;
  const address = data.addresses.assets + "{module}";
  const {{ mount }} = await import(new URL(address, window.location.href).href);
  return mount({{ ...component, data }});
}}
"""

_FRAME = '<div class="{name}" style="height: {height}; position: relative; min-width: 0"></div>\n'


def as_data(values: dict[str, JsonValue]) -> Any:
    """Wrap a component's values, so that they go to the browser as they are.

    Streamlit asks of each value of a bare dict whether it is a data frame, and loads pandas,
    numpy and pyarrow to find out: 60 MB and most of a second.
    """
    return (values,)


def make_component(
    name: str, *, module: str, height: str, more_html: str = ""
) -> ComponentRenderer:
    """Make the component. `module`: its file under the assets; `height`: any CSS height.

    `more_html` follows the element that the module fills.
    """
    return st.components.v2.component(
        name,
        html=_FRAME.format(name=name, height=height) + more_html,
        js=_SCRIPT.format(module=module),
        isolate_styles=False,
    )
