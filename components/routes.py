"""Route: what the browser asks for beside Streamlit: assets, events, runs."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

import anyio
import msgspec
from sse_starlette import EventSourceResponse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from components.assets import MEDIA_TYPES, assets_version, find_vis, our_assets, vis_version
from components.run_request import RefusedError, read_run_request, start_run
from flows.errors import FlowHasProblems, FlowsError, StoreError
from flows.ids import FlowId, RunId

if TYPE_CHECKING:
    from components.services import Services
    from flows.trace.events import Record

EVENTS: Final = "/fanfold/events"
RUNS: Final = "/fanfold/runs"
TOKEN_HEADER: Final = "X-Fanfold-Token"  # noqa: S105 - where it stands, not what it is

MOST_BYTES: Final = 2_000_000
"""How large a request may be; an input takes 200,000 characters."""

_PING_S: Final = 15
_GRACE_S: Final = 0.3
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Find: TypeAlias = "Callable[[], Services]"
"""Returns what is open, waiting for it if need be; raises what opening raised."""

Handler: TypeAlias = "Callable[[Request, Services], Awaitable[Response]]"


def routes(services: Find) -> list[Route]:
    """Make the routes under /fanfold/ for what is open."""
    return [
        Route("/fanfold/assets/{version}/{path:path}", _send_asset),
        Route("/fanfold/vis/{name}", _send_vis),
        Route(EVENTS, _endpoint(_send_events, services)),
        Route(RUNS, _endpoint(_start_run, services), methods=["POST"]),
        Route(f"{RUNS}/{{run}}/cancel", _endpoint(_cancel_run, services), methods=["POST"]),
        Route(f"{RUNS}/{{run}}/records", _endpoint(_send_records, services)),
        Route(f"{RUNS}/{{run}}/story", _endpoint(_send_story, services)),
    ]


def assets_address() -> str:
    """Return the address of our assets' folder, with a last slash."""
    return f"/fanfold/assets/{assets_version()}/"


def vis_address(name: str = "vis-network.min.js") -> str:
    """Return the address of a file of vis-network."""
    return f"/fanfold/vis/{name}?v={vis_version()}"


def records_address(run_id: RunId, token: str) -> str:
    """Return the address of a run's file."""
    return f"{RUNS}/{run_id}/records?token={token}"


async def _send_asset(request: Request) -> Response:
    assets = our_assets()
    asset = assets.files.get(request.path_params["path"])
    if asset is None:
        return _refusal(404, "There is no such file.")
    is_current = request.path_params["version"] == assets.version
    headers = _HEADERS | ({"Cache-Control": _FOR_EVER} if is_current else {})
    return Response(asset.content, media_type=asset.media_type, headers=headers)


async def _send_vis(request: Request) -> Response:
    file = find_vis(request.path_params["name"])
    if file is None:
        return _refusal(404, "There is no such file. Is pyvis installed?")
    is_current = request.query_params.get("v") == vis_version()
    headers = _HEADERS | {"Cache-Control": _FOR_EVER if is_current else "no-cache"}
    return FileResponse(file, media_type=MEDIA_TYPES[file.suffix], headers=headers)


async def _send_events(request: Request, opened: Services) -> Response:
    flow_id = FlowId(request.query_params.get("flow", ""))
    run_id = RunId(request.query_params.get("run", "")) or None
    if await asyncio.to_thread(opened.store.flows.get, flow_id) is None:
        raise RefusedError(404, f'There is no flow "{flow_id}".')

    return _stream(opened, flow_id, run_id)


def _stream(opened: Services, flow_id: FlowId, run_id: RunId | None) -> Response:
    """Send events until the browser leaves or the server ends; then end the answer in order."""
    from flows.run.watcher import Watcher

    watcher, leaving = Watcher(flow_id, run_id), anyio.Event()

    async def events() -> AsyncIterator[bytes]:
        async with aclosing(opened.runner.follow(watcher)) as parcels:
            async for parcel in parcels:
                yield parcel.bytes

    async def leave() -> None:
        await leaving.wait()
        watcher.end()

    return EventSourceResponse(
        events(),
        headers=_HEADERS,
        ping=_PING_S,
        sep="\n",
        data_sender_callable=leave,
        shutdown_event=leaving,
        shutdown_grace_period=_GRACE_S,
    )


async def _start_run(request: Request, opened: Services) -> Response:
    asked = read_run_request(await _read_body(request))
    run_id = await asyncio.to_thread(start_run, opened, asked)
    return _json({"run": run_id})


async def _cancel_run(request: Request, opened: Services) -> Response:
    run_id = RunId(request.path_params["run"])
    if not opened.runner.cancel(run_id):
        row = await asyncio.to_thread(opened.store.runs.get, run_id)
        if row is None:
            raise RefusedError(404, f'There is no run "{run_id}".')
        if row.status == "running":
            raise RefusedError(409, "Another Fanfold runs this. Stop it where it was started.")
    return _json({"run": run_id})


async def _send_records(request: Request, opened: Services) -> Response:
    run_id = RunId(request.path_params["run"])
    records = await asyncio.to_thread(opened.runner.records, run_id)
    if not records:
        raise RefusedError(404, f'There is no run "{run_id}".')
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(records)}"'}
    content = await asyncio.to_thread(_lines, records)
    return Response(content, media_type="application/x-ndjson", headers=_HEADERS | headers)


async def _send_story(request: Request, opened: Services) -> Response:
    run_id = RunId(request.path_params["run"])
    content = await asyncio.to_thread(_story, opened, run_id)
    return Response(content, media_type="application/json", headers=_HEADERS)


def _story(opened: Services, run_id: RunId) -> bytes:
    from flows.run.story import encode_story, tell_story

    end = opened.runner.fold(run_id)
    if end is None:
        raise RefusedError(404, f'There is no run "{run_id}".')
    if end.status == "running":
        raise RefusedError(409, "This run goes on. It can be played when it has ended.")
    return encode_story(tell_story(opened.runner.records(run_id), end=end), end=end)


def _lines(records: tuple[Record, ...]) -> bytes:
    from flows.trace.events import encode_record

    return b"".join(encode_record(record) + b"\n" for record in records)


def _file_name(records: tuple[Record, ...]) -> str:
    from flows.ids import node_id_from_name
    from flows.trace.events import RunStarted

    first = records[0]
    name = first.event.flow.get("name", "") if isinstance(first.event, RunStarted) else ""
    stem = node_id_from_name(str(name), taken=()).replace("_", "-")
    return f"{stem}-{first.run[:8]}.fanfold-run.jsonl"


def _endpoint(handler: Handler, services: Find) -> Callable[[Request], Awaitable[Response]]:
    """Let the handler answer whoever has the token; what goes wrong becomes a sentence."""

    async def answer(request: Request) -> Response:
        try:
            opened = await asyncio.to_thread(services)
            _check_token(request, opened.token)
            _check_origin(request)
            return await handler(request, opened)
        except RefusedError as error:
            return _refusal(error.status, str(error))
        except StoreError as error:
            return _refusal(503, str(error))
        except TimeoutError:
            return _refusal(503, "Fanfold is still starting. Try again in a moment.")
        except FlowHasProblems as error:
            return _refusal(422, _first_problem(error))
        except FlowsError as error:
            return _refusal(422, str(error))

    return answer


def _check_token(request: Request, token: str) -> None:
    given = request.headers.get(TOKEN_HEADER) or request.query_params.get("token", "")
    if not hmac.compare_digest(given.encode(errors="replace"), token.encode()):
        raise RefusedError(403, "This page belongs to an earlier start of Fanfold. Load it again.")


def _check_origin(request: Request) -> None:
    """Refuse what a page of another site sends, even one that got hold of the token."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise RefusedError(403, "Only pages of this Fanfold may ask for this.")


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                message = f"The request is longer than {MOST_BYTES:,} bytes. Give it less text."
                raise RefusedError(413, message)
    except ClientDisconnect as error:
        raise RefusedError(400, "The request broke off.") from error
    return bytes(body)


def _first_problem(error: FlowHasProblems) -> str:
    first, *others = error.problems
    return first.message + (f" And {len(others)} more." if others else "")


def _refusal(status: int, sentence: str) -> Response:
    return _json({"error": sentence}, status=status)


def _json(value: dict[str, str], *, status: int = 200) -> Response:
    content = msgspec.json.encode(value)
    return Response(content, status, media_type="application/json", headers=_HEADERS)
