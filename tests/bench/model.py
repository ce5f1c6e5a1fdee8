"""Model: how soon the embedded model is ready, and how much memory it takes at work."""

from __future__ import annotations

import asyncio
import time

import psutil

from flows.models.local import LocalServer
from tests.bench.table import Row

TIMES = 5


def measure_model() -> list[Row]:
    """Start the embedded model five times; ask it something and look at its memory."""
    ready, memory = [], []
    for _ in range(TIMES):
        seconds, megabytes = asyncio.run(_start_once())
        ready.append(seconds)
        memory.append(megabytes)
    return [
        Row("embedded model: start to ready", ready, "s", 2),
        Row("embedded model: memory after an answer", memory, "MB", 400),
    ]


async def _start_once() -> tuple[float, float]:
    local = LocalServer()
    try:
        began = time.perf_counter()
        await local.address()
        seconds = time.perf_counter() - began
        await asyncio.to_thread(_ask, local)
        return seconds, psutil.Process(local.pid).memory_info().rss / 1e6
    finally:
        local.close()


def _ask(local: LocalServer) -> None:
    from openai import OpenAI

    address = asyncio.run(local.address())
    client = OpenAI(base_url=address.base_url, api_key=address.key)
    message = "Name three advantages of a school garden."
    client.chat.completions.create(
        model="smollm2", messages=[{"role": "user", "content": message}], max_tokens=60
    )
