"""How answers go out, and connections that end otherwise than a server means to."""

import socket
import struct

from aiohttp import web

from demo.platform.answers import HTML, Answer


class NoAnswer(Exception):  # noqa: N818
    """The connection is ended instead of an answer; `reset` tells how."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__(reset)
        self.reset = reset


async def send(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Send the answer; where it announces another length than its body has, the connection ends
    behind it."""
    headers = {"Content-Type": HTML, **answer.headers}
    if answer.announced is None:
        return web.Response(status=answer.status, body=answer.content, headers=headers)
    response = web.StreamResponse(status=answer.status, headers=headers)
    response.content_length = answer.announced
    await response.prepare(request)
    if request.transport is not None:
        request.transport.write(answer.content)
        request.transport.close()
    return response


def is_held(request: web.Request) -> bool:
    """Whether the client still waits."""
    return request.transport is not None and not request.transport.is_closing()


def end(request: web.Request, *, reset: bool = False) -> None:
    """End the connection without an answer; `reset` sends RST in place of an orderly end."""
    transport = request.transport
    if transport is None:
        return
    if reset:
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
