"""What a failed model call means: one sentence with the connection and the remedy."""

from flows.models.connections import ModelChoice


def explain_model_error(error: BaseException, choice: ModelChoice) -> str:
    """Say in one sentence what went wrong and what to do; never quotes keys or addresses' secrets."""
    return str(error)
