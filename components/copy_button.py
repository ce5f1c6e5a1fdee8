"""CopyButton: puts a text on the clipboard, and says so."""

from __future__ import annotations

import streamlit as st

from components.live.component import as_data

_HTML = """\
<button type="button" data-testid="copy-link">Copy link</button>
"""

_STYLE = """\
button {
  padding: 6px 14px;
  border: 0;
  border-radius: 8px;
  font: 600 14px var(--st-font);
  color: #fff;
  background: #4f46e5;
  cursor: pointer;
}
button:hover { background: #4338ca; }
button:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 2px; }
"""

# Where the page is not served securely browsers give no clipboard: then the text is copied by hand.
_SCRIPT = """\
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.textContent = "Copy link";
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(data[0].text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select the link below and copy it";
    }
  };
}
"""


def show_copy_button(text: str, *, key: str) -> None:
    """Draw the button; the text goes onto the clipboard at the press."""
    component = st.components.v2.component("copy_link", html=_HTML, css=_STYLE, js=_SCRIPT)
    component(data=as_data({"text": text}), key=key)
