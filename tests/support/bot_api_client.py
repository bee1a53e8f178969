"""A bot without a library: it calls the Bot API as plainly as HTTP allows."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from demo.telegram import TelegramServer
from tests.support.names import TOKEN

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x28\x00\x00\x00\x1e\x08\x02\x00\x00\x00"


Files = Mapping[str, tuple[str, bytes]]
"""Each with its file name and content."""


class Api:
    """Calls methods of one server with one token."""

    def __init__(self, server: TelegramServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session
        self.token = TOKEN

    async def raw(
        self, method: str, files: Files | None = None, /, **params: object
    ) -> tuple[int, dict[str, Any]]:
        """HTTP status and body of a call with a form; nested values go as JSON."""
        form = aiohttp.FormData(quote_fields=False)
        for name, value in params.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, (filename, content) in (files or {}).items():
            form.add_field(name, content, filename=filename)
        url = f"{self.server.url}/bot{self.token}/{method}"
        async with self.session.post(url, data=form) as response:
            return response.status, await response.json()

    async def __call__(self, method: str, files: Files | None = None, /, **params: object) -> Any:  # noqa: ANN401 - a decoded answer
        """The ``result`` of a call that must succeed."""
        status, body = await self.raw(method, files, **params)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    async def refused(self, method: str, **params: object) -> str:
        """``CODE description`` of a call that must be refused."""
        status, body = await self.raw(method, **params)
        assert body["ok"] is False, body
        assert body["error_code"] == status
        return f"{status} {body['description']}"


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    """An inline keyboard of these rows."""
    return {"inline_keyboard": list(rows)}


def button(text: str, data: str = "x") -> dict[str, Any]:
    """A button with callback data."""
    return {"text": text, "callback_data": data}
