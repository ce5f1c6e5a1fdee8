"""What a failed model call means: a sentence that names the connection, and one with the remedy."""

import re
import socket
import ssl
from collections.abc import Iterator
from json import JSONDecodeError

import httpx2
import openai
from agents.exceptions import ModelBehaviorError, ModelRefusalError

from flows.errors import FlowsError
from flows.models.connections import Connection, ModelChoice

_FILE = "connections.toml"
_LONGEST = 300
_LIKE_A_KEY = re.compile(r"\b(?:sk|pk|gsk|xai|hf|ghp)[-_][\w.*-]{8,}|\bBearer \S+")
_WHY_UNREACHABLE: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "its host is not known on this network"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted"),
    (ssl.SSLError, "no secure connection comes about, perhaps http:// and https:// are mixed up"),
    (httpx2.ConnectTimeout, "no connection comes about in time"),
    (httpx2.ProxyError, "the proxy on the way refuses"),
    (httpx2.ConnectError, "nothing accepts connections there"),
)


class NoAnswer(FlowsError):  # noqa: N818 - it says what came back
    """The endpoint said 200 and sent something that is no model's answer."""


def explain_model_error(error: BaseException, choice: ModelChoice) -> str:
    """Say what went wrong with a call to `choice` and what to do.

    Knows the errors of the openai client, its HTTP layer, the SDK and ours; never quotes a key.
    """
    for found in _chain(error):
        if isinstance(found, FlowsError) and not isinstance(found, NoAnswer):
            return str(found)
    match error:
        case openai.APIConnectionError():
            return _explain_connection(error, choice.connection)
        case openai.APIStatusError():
            return _explain_status(error, choice)
        case openai.APIError():
            return f"{_subject(choice)} broke off with an error: {_said(error)}. Run again."
        case ModelRefusalError() | ModelBehaviorError() | NoAnswer() | JSONDecodeError():
            return _explain_answer(error, choice)
        case _:
            words = _clean(f"{type(error).__name__}: {error}")
            return f"The call to {_subject(choice, the='the')} failed: {words}."


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _subject(choice: ModelChoice, *, the: str = "The") -> str:
    return f'{the} model "{choice.model_name}" of the connection "{choice.connection.name}"'


def _explain_connection(error: openai.APIConnectionError, connection: Connection) -> str:
    subject = f'The connection "{connection.name}"'
    if connection.is_embedded and not isinstance(error, openai.APITimeoutError):
        return f"{subject}: the embedded model's server ended. Run again: it is started anew."
    causes = tuple(_chain(error))
    for kind, why in _WHY_UNREACHABLE:
        if any(isinstance(cause, kind) for cause in causes):
            remedy = f"Check the network, or its base_url in {_FILE}."
            return f"{subject} cannot be reached at {connection.base_url}: {why}. {remedy}"
    if isinstance(error, openai.APITimeoutError):
        silence = f"sent nothing for {connection.timeout_s:g} s"
        return f"{subject} {silence}. Run again, or raise its timeout_s in {_FILE}."
    return f"{subject} broke off in the middle of an answer. Run again."


def _explain_status(error: openai.APIStatusError, choice: ModelChoice) -> str:
    connection = choice.connection
    subject = f'The connection "{connection.name}"'
    match error.status_code:
        case 401:
            return _explain_key(connection)
        case 404:
            return _explain_not_found(error, choice)
        case 429:
            return _explain_too_much(error, connection)
        case 400 | 413 | 422 if _is_too_long(error):
            return (
                f"The text is too long for {_subject(choice, the='the')}: {_said(error)}. Shorten "
                "input or instructions, or choose a model that reads more."
            )
        case code if code >= 500:
            return f"{subject} has trouble of its own ({code}: {_said(error)}). Run again later."
        case code:
            remedy = "Check the model, its settings and what the key may do."
            return f"{subject} refuses the request ({code}: {_said(error)}). {remedy}"


def _explain_key(connection: Connection) -> str:
    if connection.key_env is None:
        why = "asks for a key (401)"
        remedy = f"Name the variable that holds it with key_env in {_FILE}."
    else:
        why = f"refuses the key in {connection.key_env} (401)"
        remedy = f"Set {connection.key_env} to a valid key and start again."
    return f'The connection "{connection.name}" {why}. {remedy}'


def _explain_not_found(error: openai.APIStatusError, choice: ModelChoice) -> str:
    said, connection = _said(error), choice.connection
    if error.code == "model_not_found" or "model" in said.lower():
        what = f'The connection "{connection.name}" has no model "{choice.model_name}"'
        return f"{what} (404: {said}). Choose another, or set its default_model in {_FILE}."
    other = "chat_completions" if connection.api == "responses" else "responses"
    return (
        f'The connection "{connection.name}" finds nothing at {connection.base_url} (404: {said}). '
        f'Most addresses end in /v1; or set api = "{other}" for it in {_FILE}.'
    )


def _explain_too_much(error: openai.APIStatusError, connection: Connection) -> str:
    subject = f'The connection "{connection.name}"'
    if error.code in {"insufficient_quota", "billing_hard_limit_reached"}:
        return f"{subject} has no credit left (429: {_said(error)}). Add some to its account."
    after = error.response.headers.get("retry-after")
    wait = f"Wait {after} s" if after and after.isdigit() else "Wait a little"
    remedy = f"{wait}, or lower its max_concurrency or requests_per_minute in {_FILE}."
    return f"{subject} takes no more requests for now (429: {_said(error)}). {remedy}"


def _explain_answer(error: BaseException, choice: ModelChoice) -> str:
    connection = choice.connection
    if isinstance(error, ModelRefusalError):
        return f"{_subject(choice)} declined to answer. Change the instructions or the input."
    if "finish_reason='length'" in str(error):
        return f"{_subject(choice)} said nothing before its max_tokens ran out. Raise them."
    return (
        f'The connection "{connection.name}" sent something that is no answer of a model. Check '
        f"that {connection.base_url or 'its address'} speaks the {connection.api} API."
    )


def _is_too_long(error: openai.APIStatusError) -> bool:
    codes = {error.code, error.type}
    return bool(codes & {"context_length_exceeded", "exceed_context_size_error"}) or (
        "context" in _said(error).lower()
    )


def _said(error: openai.APIError) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return _clean(str(message or error))


def _clean(text: str) -> str:
    """One short line, without keys and without pages of HTML."""
    if "<" in text:
        return "no readable reason"
    line = _LIKE_A_KEY.sub("…", " ".join(text.split())).rstrip(".")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
