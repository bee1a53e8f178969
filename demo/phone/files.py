"""Photos and documents of the chat, as answers to the browser."""

from urllib.parse import quote

from aiohttp import web

from demo.telegram import StoredFile

_PICTURES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


def picture(file: StoredFile) -> web.Response:
    """A photo to be shown; what does not look like a picture is only to be saved."""
    for magic, kind in _PICTURES.items():
        if file.content.startswith(magic):
            return web.Response(body=file.content, content_type=kind)
    return download(file)


def download(file: StoredFile) -> web.Response:
    """A file to be saved under its name, never opened as a page."""
    name = quote(file.name, safe="")
    return web.Response(
        body=file.content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )
