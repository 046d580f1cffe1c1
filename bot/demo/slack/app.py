"""The server's application: all routes behind the loopback guard."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from bot.demo.slack.bot_api import bot_routes
from bot.demo.slack.page_api import page_routes
from bot.demo.slack.security import LoopbackOnly
from bot.demo.slack.workspace import Workspace

PAGE = Path(__file__).parent / "page"
# What a browser may show by itself; everything else is downloaded.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv"})


def create_app(workspace: Workspace, page: Path = PAGE) -> Starlette:
    """The application of one workspace; `page` is the folder of `index.html` and, in `dist`, what it loads."""

    async def index(request: Request) -> Response:
        if not (page / "index.html").is_file():
            return PlainTextResponse("The page is not built.", 404)
        return FileResponse(page / "index.html", headers={"Cache-Control": "no-store"})

    async def file(request: Request) -> Response:
        upload = workspace.uploads.find(request.path_params["file_id"])
        if upload is None or upload.data is None:
            return PlainTextResponse("file_not_found", 404)
        headers = {} if upload.mimetype in SHOWN else {"Content-Disposition": "attachment"}
        return Response(upload.data, media_type=upload.mimetype, headers=headers)

    return Starlette(
        routes=[
            Route("/", index),
            Route("/files/{file_id}", file),
            Route("/files/{file_id}/{name:path}", file),
            *page_routes(workspace),
            *bot_routes(workspace),
            WebSocketRoute("/link/", workspace.sockets.serve),
            WebSocketRoute("/link", workspace.sockets.serve),
            Mount("/static", StaticFiles(directory=page / "dist", check_dir=False)),
        ],
        middleware=[Middleware(LoopbackOnly)],
    )
