"""The embedded model's own process: llama.cpp's OpenAI-compatible server on a port of its own.

Started as a script by `flows.models.local`, it takes its orders as one JSON line on stdin, says
its address or why it has none as one JSON line on stdout, and ends when stdin does: so it cannot
outlive its parent, however that ended.
"""

import json
import os
import signal
import sys
from types import ModuleType
from typing import Any, TextIO


def main() -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it closes stdin
    out = _take_stdout()
    orders = json.loads(sys.stdin.readline())
    try:
        import xllamacpp

        server = xllamacpp.Server(_parameters(xllamacpp, orders))
    except (ImportError, RuntimeError, OSError) as error:
        _say(out, {"failed": f"{type(error).__name__}: {error}"})
        return
    _say(out, {"address": server.listening_address})
    sys.stdin.read()
    os._exit(0)  # its threads would finish their sentences first


def _take_stdout() -> TextIO:
    """Keep stdout for ourselves: what llama.cpp prints goes to stderr."""
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return ours


def _say(out: TextIO, message: dict[str, str]) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


def _parameters(xllamacpp: ModuleType, orders: dict[str, Any]) -> object:
    params = xllamacpp.CommonParams()
    params.model.path = orders["model"]
    params.model_alias = {orders["name"]}
    params.api_keys = [orders["key"]]
    params.port = 0
    params.n_parallel = orders["slots"]
    params.n_ctx = orders["slots"] * orders["context"]  # the total: each slot has its part
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = orders["threads"]
    params.cache_ram_mib = 0  # else it keeps up to 8 GiB of old prompts
    params.n_ctx_checkpoints = 0
    params.ui = False
    params.endpoint_slots = False
    params.verbosity = 0
    _calm(params.sampling)
    return params


def _calm(sampling: Any) -> None:
    """Set what a request leaves open: found by trying, it keeps so small a model to the matter."""
    sampling.temp = 0.2
    sampling.penalty_repeat = 1.1
    sampling.dry_multiplier = 0.8  # against lists that never end


if __name__ == "__main__":
    main()
