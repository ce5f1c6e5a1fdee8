"""SlowPages: the real app where each callback of the canvas takes a second before it does anything.

With `FANFOLD_TEST_SLOW=page` it is the page that takes a second to be drawn anew.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from components.__main__ import main
from components.pages import build

_DELAY_S = 1.0


def _slowly(call: Callable[..., Any]) -> Callable[..., Any]:
    def late(*args: Any, **words: Any) -> Any:
        time.sleep(_DELAY_S)
        return call(*args, **words)

    return late


if __name__ == "__main__":
    slow = "_show_canvas" if os.environ.get("FANFOLD_TEST_SLOW") == "page" else "_take_outbox"
    setattr(build, slow, _slowly(getattr(build, slow)))
    sys.exit(main())
