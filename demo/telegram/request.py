"""The parameters of a call: from the query, a form, a multipart body or JSON alike."""

import json
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from demo.telegram.errors import ApiError, bad_request

MAX_BODY = 52 * 1024 * 1024
"""Bytes; a bot may upload files of up to 50 MB."""


@dataclass(frozen=True)
class Upload:
    """A file in a multipart body."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Params:
    """What a call was given: every value as text, nested ones as JSON text."""

    values: dict[str, str]
    files: dict[str, Upload]

    def shown(self) -> dict[str, str]:
        """All parameters for the record, files by their names."""
        return self.values | {name: f"<{file.name}>" for name, file in self.files.items()}

    def text(self, name: str) -> str:
        """The value, or an empty text."""
        return self.values.get(name, "")

    def required(self, name: str) -> str:
        """The value; raises ``ApiError`` 400 when it is missing or empty."""
        value = self.text(name)
        if not value:
            raise bad_request(f'parameter "{name}" is required')
        return value

    def integer(self, name: str, default: int = 0) -> int:
        """The value as a number; what is none counts as 0, as in the API."""
        value = self.values.get(name)
        if value is None or not value.strip():
            return default
        try:
            return int(value)
        except ValueError:
            return 0

    def flag(self, name: str) -> bool:
        """True for ``true``, ``yes`` and ``1``."""
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def nested(self, name: str, what: str) -> object:
        """The decoded JSON value, or ``None`` without one; ``what`` names it in the 400."""
        value = self.text(name)
        if not value:
            return None
        try:
            decoded: object = json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None
        return decoded


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _from_json(body: bytes) -> dict[str, str]:
    if not body.strip():
        return {}
    try:
        decoded = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(decoded, dict):
        raise bad_request("object expected")
    texts = {str(name): _as_text(value) for name, value in decoded.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _checked(values: dict[str, str]) -> dict[str, str]:
    for value in values.values():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
    return values


async def _read_parts(
    request: web.Request, values: dict[str, str], files: dict[str, Upload]
) -> None:
    """Read a multipart body in memory: a temporary file of aiohttp stays open where the sender
    breaks off."""
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read(decode=True))
        total += len(content)
        if total > request.client_max_size:
            raise ApiError(413, "Request Entity Too Large")
        if part.filename is None:
            values[part.name] = content.decode("utf-8", "surrogateescape")
        else:
            files[part.name] = Upload(part.filename, content)


async def read_params(request: web.Request) -> Params:
    """The parameters of a request. Raises ``ApiError`` 400 or 413."""
    values = dict(request.query)
    files: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            values |= _from_json(await request.read())
        elif request.content_type == "multipart/form-data":
            await _read_parts(request, values, files)
        elif request.method == "POST":
            fields = (await request.post()).items()
            values |= {name: field for name, field in fields if isinstance(field, str)}
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    return Params(_checked(values), files)
