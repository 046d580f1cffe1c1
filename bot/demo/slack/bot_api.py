"""The addresses the bot calls: Web API methods, response URLs, uploads. Every call goes into the journal."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.demo.slack.manifest_scopes import SCOPES, missing_scope
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.request_body import read_arguments
from bot.demo.slack.responding import respond
from bot.demo.slack.uploads import MAX_BYTES
from bot.demo.slack.web_api import methods
from bot.demo.slack.workspace import Workspace

OUTAGE_PAGE = "<!DOCTYPE html><html><head><title>Server Error</title></head><body>Server Error</body></html>"


def bot_routes(workspace: Workspace) -> list[Route]:
    """The routes of the bot's side."""

    async def call(request: Request) -> Response:
        return await _call(workspace, request, request.path_params["method"])

    async def response_url(request: Request) -> Response:
        return await _response_url(workspace, request, request.path_params["key"])

    async def upload(request: Request) -> Response:
        return await _upload(workspace, request, request.path_params["file_id"])

    return [
        Route("/api/{method}", call, methods=["GET", "POST"]),
        Route("/response/{key}", response_url, methods=["POST"]),
        Route("/upload/{file_id}", upload, methods=["POST"]),
    ]


async def _call(workspace: Workspace, request: Request, method: str) -> Response:
    try:
        body = await read_arguments(request)
    except Refusal as refusal:
        workspace.journal.write(method, {}, refusal.answer())
        return JSONResponse(refusal.answer())
    token = request.headers.get("authorization", "").removeprefix("Bearer ").strip() or str(body.get("token", ""))
    body.pop("token", None)
    outage = await _outage(workspace, method, body)
    if outage is not None:
        return outage
    try:
        answer: dict[str, Any] = {"ok": True, **_authorised_call(workspace, method, token, body)}
    except Refusal as refusal:
        answer = refusal.answer()
    workspace.journal.write(method, body, answer)
    return JSONResponse(answer, headers=_scope_headers(workspace, method, token))


def _authorised_call(workspace: Workspace, method: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
    if method not in methods():
        raise Refusal("unknown_method", req_method=method)
    if not token:
        raise Refusal("not_authed")
    if not token.endswith("-local"):
        raise Refusal("invalid_auth")
    if workspace.faults.token_revoked:
        raise Refusal("token_revoked")
    if token.startswith("xapp-") != (method == "apps.connections.open"):
        raise Refusal("not_allowed_token_type")
    scopes = workspace.bot_scopes()
    needed = missing_scope(method, scopes)
    if needed is not None:
        raise Refusal("missing_scope", needed=needed, provided=",".join(sorted(scopes)))
    wrong = workspace.faults.take("error_next", method)
    if wrong is not None:
        raise Refusal(str(wrong.get("error", "internal_error")))
    return methods()[method](workspace, body)


def _scope_headers(workspace: Workspace, method: str, token: str) -> dict[str, str]:
    """The headers in which Slack says what the token may do and what the method accepts."""
    if token.startswith("xapp-"):
        return {"x-oauth-scopes": "connections:write", "x-accepted-oauth-scopes": "connections:write"}
    return {
        "x-oauth-scopes": ",".join(sorted(workspace.bot_scopes())),
        "x-accepted-oauth-scopes": ",".join(SCOPES.get(method, ())),
    }


async def _outage(workspace: Workspace, method: str, body: Any) -> Response | None:
    """The answer of a bad day, when a fault waits for this call."""
    slow = workspace.faults.take("slow_answer", method)
    if slow is not None:
        await asyncio.sleep(float(slow.get("seconds", 1)))
    limited = workspace.faults.take("rate_limit_next", method)
    if limited is not None:
        answer = {"ok": False, "error": "ratelimited"}
        workspace.journal.write(method, body, answer)
        return JSONResponse(answer, 429, headers={"Retry-After": str(limited.get("retry_after", 1))})
    broken = workspace.faults.take("server_error_next", method)
    if broken is None:
        return None
    answer = {"ok": False, "error": "internal_error"}
    workspace.journal.write(method, body, answer)
    status = int(broken.get("status", 500))
    return HTMLResponse(OUTAGE_PAGE, status) if broken.get("html") else JSONResponse(answer, status)


async def _response_url(workspace: Workspace, request: Request, key: str) -> Response:
    try:
        body = await read_arguments(request)
    except Refusal as refusal:
        return JSONResponse(refusal.answer(), 400)
    if isinstance(body.get("payload"), str):
        return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
    outage = await _outage(workspace, "response_url", body)
    if outage is not None:
        return outage
    try:
        url = workspace.response_urls.use(key)
    except Refusal as refusal:
        workspace.journal.write("response_url", body, refusal.answer())
        return JSONResponse(refusal.answer(), 404)
    try:
        respond(workspace, url, body)
    except Refusal as refusal:
        workspace.journal.write("response_url", body, refusal.answer())
        return JSONResponse(refusal.answer(), 400)
    workspace.journal.write("response_url", body, {"ok": True})
    return PlainTextResponse("ok")


async def _upload(workspace: Workspace, request: Request, file_id: str) -> Response:
    upload = workspace.uploads.find(file_id)
    if upload is None or upload.complete:
        return PlainTextResponse("file_not_found", 404)
    if int(request.headers.get("content-length") or 0) > MAX_BYTES + 10_000:
        return PlainTextResponse("file_too_large", 413)
    data = await _bytes(request)
    answer = f"OK - {len(data)}" if len(data) == upload.length else f"length is {len(data)}, not {upload.length}"
    good = len(data) == upload.length
    upload.data = data if good else None
    workspace.journal.write("files.upload", {"file_id": file_id, "bytes": len(data)}, {"ok": good})
    return PlainTextResponse(answer, 200 if good else 400)


async def _bytes(request: Request) -> bytes:
    """The raw body, or the first file of a multipart form."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    form = await request.form()
    for part in form.values():
        if not isinstance(part, str):
            return await part.read()
    return b""
