"""Answers that break off: a connection that is dropped at once, or in the middle of a file."""

from aiohttp import web

from demo.telegram.messages import StoredFile


async def cut_short(request: web.Request, file: StoredFile) -> web.StreamResponse:
    """Send half of a file, then drop the connection."""
    response = web.StreamResponse(headers={"Content-Length": str(len(file.content))})
    await response.prepare(request)
    await response.write(file.content[: len(file.content) // 2])
    return dropped(request)


def dropped(request: web.Request) -> web.StreamResponse:
    """Cut the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
