"""SlowApp: the real app on a machine where each change of a flow takes 300 ms to be kept."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from components.__main__ import main
from components.ledger import FlowLedger

_DELAY_S = 0.3


def _slowly(call: Callable[..., Any]) -> Callable[..., Any]:
    def late(*args: Any, **words: Any) -> Any:
        time.sleep(_DELAY_S)
        return call(*args, **words)

    return late


if __name__ == "__main__":
    FlowLedger.change = _slowly(FlowLedger.change)  # type: ignore[method-assign]
    sys.exit(main())
