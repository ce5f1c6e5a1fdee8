"""The script: what Streamlit runs for every page and every change of one.

It stands here and not in the shell, for a script beside a folder named `pages` is taken by
Streamlit for an app of the old kind, whose pages are files.
"""

from components.shell import show

show()
