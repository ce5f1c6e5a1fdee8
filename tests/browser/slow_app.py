"""SlowApp: the real app on a machine where each change of a flow takes 300 ms to be kept."""

from __future__ import annotations

import sys

from components.__main__ import main
from components.ledger import FlowLedger
from tests.browser.slowly import slowly

_DELAY_S = 0.3


if __name__ == "__main__":
    FlowLedger.change = slowly(FlowLedger.change, by_s=_DELAY_S)  # type: ignore[method-assign]
    sys.exit(main())
