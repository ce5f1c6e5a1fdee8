"""CopyButton: puts a text on the clipboard, and says so."""

from __future__ import annotations

import streamlit as st

from components.live.component import as_data

_HTML = """\
<button type="button"></button>
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
button[data-quiet] {
  padding: 3px 6px;
  font: 400 13px var(--st-font);
  color: inherit;
  background: none;
}
button[data-quiet]:hover { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 2px; }
"""

# Where the page is not served securely browsers give no clipboard: then the text is copied by hand.
_SCRIPT = """\
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  const [{ text, testid, label, or_else, is_quiet }] = data;
  button.dataset.testid = testid;
  button.textContent = label;
  button.toggleAttribute("data-quiet", is_quiet);
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = or_else;
    }
  };
}
"""


def show_copy_button(
    text: str, *, key: str, testid: str, label: str, or_else: str, is_quiet: bool = False
) -> None:
    """Draw the button; the text goes onto the clipboard at the press.

    `or_else`: what to do where the browser gives no clipboard. `is_quiet`: one tool of several.
    """
    component = st.components.v2.component("copy_text", html=_HTML, css=_STYLE, js=_SCRIPT)
    said = {"text": text, "testid": testid, "label": label, "or_else": or_else}
    component(data=as_data({**said, "is_quiet": is_quiet}), key=key)
