"""FlowModels: the SDK's model provider over our connections."""

import asyncio
import logging
import weakref
from collections.abc import Mapping
from typing import Any

import httpx2
from agents import Model, ModelProvider, ModelSettings, MultiProvider
from agents.models import get_default_model_settings
from agents.models.multi_provider import MultiProviderMap
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from flows.errors import ConnectionsError
from flows.models.checked_models import ChatModel, ResponsesModel
from flows.models.client import LimitedClient
from flows.models.connections import (
    OPENAI,
    Connection,
    Connections,
    ModelChoice,
    find_key,
    missing_key_sentence,
)
from flows.models.limits import limiter_of
from flows.models.local import LocalServer
from flows.models.model_errors import explain_model_error
from flows.models.transport import EmbeddedTransport

__all__ = ["FlowModels", "default_settings", "explain_model_error", "open_models"]

CONNECT_S = 10.0
"""Seconds to reach an address; a server that thinks long still accepts at once."""
LOCAL_MAX_TOKENS = 320
MAX_TOKENS = 4096


class FlowModels(MultiProvider):
    """Finds the model for a node's `model`: None, `connection` or `connection/model`."""

    def __init__(self, connections: Connections, providers: MultiProviderMap) -> None:
        super().__init__(provider_map=providers)
        self._connections = connections

    def get_model(self, model_name: str | None) -> Model:
        """Return the model; raises ConnectionsError when nobody answers for that name."""
        return super().get_model(str(self._connections.resolve(model_name)))


def open_models(
    connections: Connections, environ: Mapping[str, str], local: LocalServer
) -> FlowModels:
    """Build the provider of all connections: cheap, no key is read and nothing is connected yet.

    Models are asked for inside a running event loop; `await aclose()` in that loop at its end.
    """
    _hush(logging.getLogger("openai.agents"))
    providers = MultiProviderMap()  # type: ignore[no-untyped-call]
    for connection in connections.all:
        provider = ConnectionProvider(connection, environ, local)
        providers.add_provider(connection.name, provider)
    return FlowModels(connections, providers)


def _hush(log: logging.Logger) -> None:
    """Keep the SDK's log off stderr where nobody asked for it: failures are told in the trace."""
    if not log.handlers:
        log.addHandler(logging.NullHandler())


class ConnectionProvider(ModelProvider):
    """The models of one connection, over one client for each event loop."""

    def __init__(
        self, connection: Connection, environ: Mapping[str, str], local: LocalServer
    ) -> None:
        self._connection = connection
        self._environ = environ
        self._local = local
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncOpenAI]
        self._clients = weakref.WeakKeyDictionary()

    def get_model(self, model_name: str | None) -> Model:
        """Return the model of that name; raises ConnectionsError where the key is missing."""
        if model_name is None:
            raise ConnectionsError(f'Name a model of the connection "{self._connection.name}".')
        if self._connection.api == "responses":
            return ResponsesModel(model_name, self._client())
        return ChatModel(model_name, self._client())

    async def aclose(self) -> None:
        """Close this event loop's client."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    def _client(self) -> AsyncOpenAI:
        loop = asyncio.get_running_loop()
        key = usable_key(self._connection, self._environ)
        client = self._clients.get(loop)
        if client is None:
            client = self._clients[loop] = open_client(self._connection, key, self._local)
        elif client.api_key != key:
            client.api_key = key
        return client


def open_client(connection: Connection, key: str, local: LocalServer) -> AsyncOpenAI:
    """Open the connection's client, without hidden retries: every attempt is to be seen."""
    timeout = httpx2.Timeout(connection.timeout_s, connect=min(CONNECT_S, connection.timeout_s))
    client = AsyncOpenAI(
        base_url=connection.base_url or "http://embedded.invalid/v1",
        api_key=key,
        max_retries=0,
        timeout=timeout,
        http_client=open_http(connection, timeout, local),
    )
    if connection.name != OPENAI:
        _forget_openais_environment(client)
    return client


def open_http(
    connection: Connection, timeout: httpx2.Timeout, local: LocalServer
) -> httpx2.AsyncClient | None:
    """Open the HTTP client where the openai client's own will not do."""
    options: dict[str, Any] = {"timeout": timeout}
    if connection.is_embedded:
        options["transport"] = EmbeddedTransport(local)
    limiter = limiter_of(connection)
    if limiter is not None:
        return LimitedClient(limiter, **options)
    return DefaultAsyncHttpxClient(**options) if connection.is_embedded else None


def _forget_openais_environment(client: AsyncOpenAI) -> None:
    """Drop what the client picked up from variables meant for OpenAI: no other may see it."""
    client.organization = client.project = client.admin_api_key = None
    client._custom_headers = {}  # noqa: SLF001 - OPENAI_CUSTOM_HEADERS; there is no public way


def usable_key(connection: Connection, environ: Mapping[str, str]) -> str:
    """Read the connection's key; raises ConnectionsError where it is missing or no key at all."""
    if connection.key_env is None:
        return "none"  # the client insists on one; servers without keys ignore it
    key = find_key(connection, environ)
    if key is None:
        raise ConnectionsError(missing_key_sentence(connection))
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConnectionsError(
            f'The key of the connection "{connection.name}" cannot be sent: what stands in '
            f"{connection.key_env} has spaces or signs that keys do not have. Set it again."
        )
    return key


def default_settings(choice: ModelChoice) -> ModelSettings:
    """Return the settings to lay a node's own over: `default_settings(c).resolve(own)`."""
    connection = choice.connection
    if connection.is_official_openai:
        return get_default_model_settings(choice.model_name).resolve(
            ModelSettings(include_usage=True)
        )
    limit = LOCAL_MAX_TOKENS if connection.is_embedded else MAX_TOKENS
    return ModelSettings(include_usage=True, max_tokens=limit)
