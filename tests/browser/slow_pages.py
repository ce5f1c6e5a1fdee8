"""SlowPages: the real app where each callback of the canvas takes a second before it does anything.

With `FANFOLD_TEST_SLOW=page` it is the page that takes a second to be drawn anew.
"""

from __future__ import annotations

import os
import sys

from components.__main__ import main
from components.pages import build
from tests.browser.slowly import slowly

_DELAY_S = 1.0


if __name__ == "__main__":
    slow = "_show_canvas" if os.environ.get("FANFOLD_TEST_SLOW") == "page" else "_take_outbox"
    setattr(build, slow, slowly(getattr(build, slow), by_s=_DELAY_S))
    sys.exit(main())
