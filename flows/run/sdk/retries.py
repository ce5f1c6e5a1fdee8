"""Retry: when a failed model call is tried again; every retry is an event."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from agents import ModelRetrySettings, RetryDecision, RetryPolicyContext

from flows.ids import NodeKey
from flows.run.executor import Emit
from flows.trace.events import NodeRetried

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0
"""The waits of the openai client: doubled each time, up to a quarter taken off at random."""

_WORTH_ANOTHER_TRY = frozenset({408, 409, 429})


def retry_settings(
    retries: int, *, key: NodeKey, emit: Emit, explain: Callable[[BaseException], str]
) -> ModelRetrySettings:
    """Make the SDK's own retry settings: at most `retries`, each one told as NodeRetried.

    The SDK never asks after text has come, nor after the last attempt.
    """

    def policy(context: RetryPolicyContext) -> RetryDecision:
        if not may_pass(context):
            return RetryDecision(retry=False)
        delay = wait_before_retry(context)
        emit(NodeRetried(key, context.attempt, explain(context.error), round(delay, 3)))
        return RetryDecision(retry=True, delay=delay)

    return ModelRetrySettings(max_retries=retries, policy=policy)


def may_pass(context: RetryPolicyContext) -> bool:
    """Say whether the failure may be gone next time: network, timeouts, 408, 409, 429, 5xx."""
    failure = context.normalized
    if failure.is_network_error or failure.is_timeout:
        return True
    status = failure.status_code
    return status is not None and (status in _WORTH_ANOTHER_TRY or status >= 500)


def wait_before_retry(context: RetryPolicyContext) -> float:
    """Return the seconds to wait: what the server asks for, else doubling waits with jitter."""
    asked = context.normalized.retry_after
    if asked is not None:
        return max(asked, 0.0)
    longest = min(math.ldexp(FIRST_WAIT_S, context.attempt - 1), LONGEST_WAIT_S)
    return longest * random.uniform(0.75, 1.0)
