"""What a request says, and how the phone refuses."""

import json
from typing import TypeVar

from aiohttp import web

T = TypeVar("T", str, int)


async def field(request: web.Request, name: str, kind: type[T]) -> T:
    """One field of the request's JSON object. Raises ``HTTPBadRequest``."""
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise refused(web.HTTPBadRequest, "JSON expected") from None
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise refused(web.HTTPBadRequest, f"{name} ({kind.__name__}) expected")
    return value


def refused(kind: type[web.HTTPError], reason: str) -> web.HTTPError:
    """The answer ``{"error": reason}`` of this kind."""
    return kind(text=json.dumps({"error": reason}), content_type="application/json")
