"""A small HTTP/1.1 server for one other program: bounded in bytes, time and connections.

:mod:`h11` reads the protocol; here stand the bounds. TLS is left to a server in front of it.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import h11

from bot.listen_address import ListenAddress
from bot.settings import SettingsError

CHUNK = 64 * 1024
LARGEST_HEAD = 16 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes, real seconds, and connections."""

    largest_body: int = 1024 * 1024
    connections: int = 80
    head_within: float = 10.0
    """From the connection, or from the first byte of a further request, to the end of its head."""
    idle_within: float = 120.0
    """How long a connection whose last request was admitted waits for the next one."""
    body_within: float = 20.0
    write_within: float = 10.0
    linger_within: float = 2.0
    """How long the rest of a refused request is discarded: a connection that is closed over unread
    bytes is reset, and the answer is lost with it."""


@dataclass(frozen=True, slots=True)
class Head:
    """A request without its body; the names of ``headers`` are in small letters."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]

    def values(self, name: str) -> list[str]:
        """The values of all headers of this name, in small letters."""
        return [value for each, value in self.headers if each == name]


@dataclass(frozen=True, slots=True)
class Answer:
    status: HTTPStatus
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class Handler(Protocol):
    """What answers the requests of a server."""

    def admit(self, head: Head) -> Answer | None:
        """The answer that refuses a request before its body is read; None to read it."""

    def respond(self, head: Head, body: bytes) -> Answer:
        """The answer to a whole request."""


class _Refused(Exception):  # noqa: N818 -- it says what happens to a request
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def _too_large() -> _Refused:
    return _Refused(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))


class HttpServer:
    """Listens from :meth:`open` to :meth:`close`."""

    def __init__(
        self, address: ListenAddress, handler: Handler, bounds: Bounds | None = None
    ) -> None:
        self._address = address
        self._handler = handler
        self._bounds = bounds or Bounds()
        self._server: asyncio.Server | None = None
        self._is_closing = False
        self._unadmitted: dict[asyncio.Task[None], None] = {}
        """In the order of arrival: connections of which no request was admitted yet."""
        self._connections: set[asyncio.Task[None]] = set()

    async def open(self, setting: str) -> None:
        """Bind the address, which the setting of this name gave. Raises SettingsError if it cannot
        be used."""
        try:
            self._server = await asyncio.start_server(
                self._accept, self._address.host, self._address.port, limit=CHUNK
            )
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise SettingsError(
                f"{setting}: the bot cannot listen on {self._address}: {why}."
            ) from error

    async def close(self) -> None:
        """Accept no further connection, and end those that are open."""
        if self._server is None:
            return
        self._is_closing = True
        self._server.close()
        for task in self._connections:
            task.cancel()
        if self._connections:
            await asyncio.wait(self._connections)
        self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection. The oldest one that was not admitted gives way to a new one, so
        that connections that send nothing cannot keep others out."""
        task = asyncio.current_task()
        if task is None or self._is_closing:
            writer.transport.abort()
            return
        if len(self._connections) >= self._bounds.connections:
            oldest = next(iter(self._unadmitted), None)
            if oldest is None:
                writer.transport.abort()
                return
            del self._unadmitted[oldest]
            oldest.cancel()
        self._connections.add(task)
        self._unadmitted[task] = None
        try:
            await self._serve(task, reader, writer)
        except asyncio.CancelledError:
            # The server cancels its own tasks alone: nothing above waits for this one.
            pass
        finally:
            self._connections.discard(task)
            self._unadmitted.pop(task, None)
            writer.close()

    async def _serve(
        self,
        task: asyncio.Task[None],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        wire = _Wire(reader, writer, self._bounds)
        try:
            while True:
                head = await wire.head(is_known=task not in self._unadmitted)
                if head is None:
                    return
                refusal = self._handler.admit(head)
                if refusal is not None:
                    raise _Refused(refusal)
                self._unadmitted.pop(task, None)
                body = await wire.body(head)
                await wire.send(self._handler.respond(head, body))
                if not wire.goes_on():
                    return
        except _Refused as refused:
            await wire.refuse(refused.answer)
        except h11.RemoteProtocolError as error:
            await wire.refuse(Answer(HTTPStatus(error.error_status_hint)))
        except (OSError, TimeoutError, EOFError):
            writer.transport.abort()


class _Wire:
    """One connection, read and written within the bounds. Raises OSError, TimeoutError, EOFError,
    and h11.RemoteProtocolError for what is no HTTP."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bounds: Bounds
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._bounds = bounds
        self._wants_body = True
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEAD)

    async def head(self, *, is_known: bool) -> Head | None:
        """The head of the next request; None if the other side closed the connection."""
        if is_known and not self._http.trailing_data[0]:
            first = await asyncio.wait_for(self._reader.read(CHUNK), self._bounds.idle_within)
            self._http.receive_data(first)
        async with asyncio.timeout(self._bounds.head_within):
            event = await self._event()
        if not isinstance(event, h11.Request):
            return None
        self._wants_body = event.method != b"HEAD"
        return Head(
            event.method.decode("ascii"),
            event.target.decode("ascii", "replace"),
            tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in event.headers),
        )

    async def body(self, head: Head) -> bytes:
        """The whole body of the request. Raises _Refused if it is too large, or said to be."""
        told = head.values("content-length")
        if told and int(told[0]) > self._bounds.largest_body:
            raise _too_large()
        body = bytearray()
        async with asyncio.timeout(self._bounds.body_within):
            while isinstance(event := await self._event(), h11.Data):
                body += event.data
                if len(body) > self._bounds.largest_body:
                    raise _too_large()
        return bytes(body)

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            if self._http.they_are_waiting_for_100_continue:
                await self._write(h11.InformationalResponse(status_code=100, headers=[]))
            received = await self._reader.read(CHUNK)
            if not received and self._http.their_state is h11.SEND_BODY:
                raise EOFError
            self._http.receive_data(received)

    async def send(self, answer: Answer, *, closing: bool = False) -> None:
        headers = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            *answer.headers,
            *([("Connection", "close")] if closing else []),
        ]
        await self._write(
            h11.Response(
                status_code=answer.status.value,
                reason=answer.status.phrase.encode(),
                headers=headers,
            ),
            *([h11.Data(data=answer.body)] if self._wants_body else []),
            h11.EndOfMessage(),
        )

    async def refuse(self, answer: Answer) -> None:
        """Answer without having read all of the request, and discard some of the rest of it."""
        with contextlib.suppress(OSError, TimeoutError, EOFError, h11.LocalProtocolError):
            await self.send(answer, closing=True)
            async with asyncio.timeout(self._bounds.linger_within):
                left = self._bounds.largest_body
                while left > 0 and (read := await self._reader.read(CHUNK)):
                    left -= len(read)

    async def _write(self, *events: h11.Event) -> None:
        for event in events:
            self._writer.write(self._http.send(event) or b"")
        async with asyncio.timeout(self._bounds.write_within):
            await self._writer.drain()

    def goes_on(self) -> bool:
        """Whether the connection may bring a further request."""
        if self._http.our_state is h11.MUST_CLOSE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True
