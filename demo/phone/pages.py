"""The page's own files, and what protects it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

STATIC = Path(__file__).with_name("static")
HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}
"""The page's languages, and how its ``lang`` attribute names them."""

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_pages(router: web.UrlDispatcher, language: str) -> None:
    """Serve ``/`` (in ``language``, or in that of ``?lang=``) and every file beside it."""

    html = (STATIC / "index.html").read_text("utf-8")

    async def index(request: web.Request) -> web.Response:
        wanted = request.query.get("lang", language)
        shown = HTML_LANGUAGES.get(wanted, HTML_LANGUAGES[language])
        return web.Response(
            text=html.replace('<html lang="zh-CN">', f'<html lang="{shown}">', 1),
            content_type="text/html",
        )

    router.add_get("/", index)
    for path in STATIC.iterdir():
        if path.suffix in _TYPES:
            router.add_get(f"/{path.name}", _static(path.read_text("utf-8"), _TYPES[path.suffix]))


def _static(text: str, kind: str) -> Handler:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind, charset="utf-8")

    return serve


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """The same headers for every answer: nothing from elsewhere, no scripts in texts."""
    response.headers.update(_HEADERS)


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page sends here in the person's browser."""
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin is not None and urlsplit(origin).netloc != request.host:
        return web.json_response({"error": "another origin"}, status=403)
    return await handler(request)
