"""Bodies of any length and packing, over the loopback: what is read is bounded."""

import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from functools import cache

import pytest
from aiohttp import web

from bot.zjy.bodies import MOST_BYTES, BadBody, read_body
from bot.zjy.client import Client
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import AnswerLost, ServerTrouble, Temporary, ZjyError
from bot.zjy.models import CellView, CourseRef, OpenCell, Report

from .conftest import Answer, Site

AUTH = "A" * 64
COURSE = CourseRef("a", "b")
STUDENT = {"code": 1, "stuId": "s", "disPlayName": "张三"}
MEGABYTE = 2**20


@cache
def bomb() -> bytes:
    """400 MB of blanks and a good answer, packed to 400 kB."""
    packer = zlib.compressobj(9, wbits=31)
    packed = [packer.compress(b" " * MEGABYTE) for _ in range(400)]
    packed += [packer.compress(json.dumps(STUDENT).encode()), packer.flush()]
    return b"".join(packed)


def sends(body: bytes, **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, headers=named)

    return answer


async def ask(client: Client, endpoint: Endpoint) -> None:
    match endpoint:
        case Endpoint.REPORT:
            await client.report(AUTH, COURSE, "m", "c", CellView(), Report(page=1))
        case Endpoint.SWITCH:
            opened = OpenCell(course_open_id="a", open_class_id="b", cell_id="c")
            await client.switch_cell(AUTH, opened)
        case Endpoint.VIEW:
            await client.view(AUTH, COURSE, "c", "m")
        case _:
            await client.me(AUTH)


def unread(endpoint: Endpoint) -> type[ZjyError]:
    return AnswerLost if endpoint.changes_state else ServerTrouble


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", "deflate"])
async def test_a_packed_answer_is_read(coding: str, site: Site, client: Client) -> None:
    body = json.dumps(STUDENT).encode()
    packed = zlib.compress(body) if coding == "deflate" else gzip.compress(body)
    site.answer = sends(packed, Content_Encoding=coding)
    assert (await client.me(AUTH)).name == "张三"
    assert site.got[0].headers["accept-encoding"] == "gzip"


async def test_an_answer_of_some_megabytes_is_read_packed_and_unpacked(
    site: Site, client: Client
) -> None:
    body = json.dumps({**STUDENT, "pad": "x" * (3 * MEGABYTE)}).encode()
    for answer in (sends(body), sends(gzip.compress(body), Content_Encoding="gzip")):
        site.answer = answer
        assert (await client.me(AUTH)).stu_id == "s"


@pytest.mark.parametrize("endpoint", [Endpoint.ME, Endpoint.VIEW, Endpoint.SWITCH, Endpoint.REPORT])
async def test_an_answer_beyond_the_bound_is_trouble(
    endpoint: Endpoint, site: Site, client: Client
) -> None:
    body = json.dumps({**STUDENT, "pad": "x" * MOST_BYTES}).encode()
    for answer in (sends(body), sends(gzip.compress(body), Content_Encoding="gzip")):
        site.answer = answer
        with pytest.raises(Temporary) as caught:
            await ask(client, endpoint)
        assert type(caught.value) is unread(endpoint)
        assert caught.value.msg == ""


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_four_hundred_megabytes_in_four_hundred_kilobytes_take_no_space(
    coding: str, site: Site, client: Client
) -> None:
    assert len(bomb()) < 500_000
    site.answer = sends(bomb(), Content_Encoding=coding)
    await ask_in_vain(client)  # what is imported and connected at first use is not measured
    tracemalloc.start()
    try:
        await ask_in_vain(client)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5 * MOST_BYTES


async def ask_in_vain(client: Client) -> None:
    with pytest.raises(ServerTrouble):
        await client.me(AUTH)


async def test_an_answer_without_end_is_left_after_the_bound(site: Site, client: Client) -> None:
    sent = 0

    async def flood(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * MEGABYTE)
            sent += MEGABYTE

    site.answer = flood
    with pytest.raises(ServerTrouble):
        await client.me(AUTH)
    assert sent < 4 * MOST_BYTES


EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"
HEAD_WITH_A_NAME = b"\x1f\x8b\x08\x08" + bytes(6)


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (gzip.compress(b"{}"), b"\x00" * MEGABYTE),
        (gzip.compress(b"")[:10], EMPTY_BLOCK * (MEGABYTE // 5)),
        (HEAD_WITH_A_NAME, b"x" * MEGABYTE),
    ],
    ids=["after the end", "empty blocks", "a long name"],
)
async def test_packed_bytes_that_unpack_to_none_are_bounded_too(begin: bytes, more: bytes) -> None:
    read = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal read
        yield begin
        for _ in range(64):
            read += len(more)
            yield more

    with pytest.raises(BadBody):
        await read_body("gzip", pieces())
    assert read < 2 * MOST_BYTES


async def test_a_packed_body_with_bytes_after_its_end_is_bad() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield gzip.compress(b"{}") + b"more"

    with pytest.raises(BadBody):
        await read_body("gzip", pieces())


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "gzip, br", "compress", "x"])
async def test_a_packing_that_was_not_asked_for_is_trouble(
    coding: str, site: Site, client: Client
) -> None:
    site.answer = sends(b"\x00" * 100, Content_Encoding=coding)
    with pytest.raises(ServerTrouble):
        await client.me(AUTH)
    with pytest.raises(AnswerLost):
        await ask(client, Endpoint.REPORT)


async def test_a_packed_answer_that_is_broken_is_trouble(site: Site, client: Client) -> None:
    whole = gzip.compress(json.dumps(STUDENT).encode())
    for body in (b"no gzip at all", whole[:20], whole[:-9], whole[:12] + b"\xff" * 30):
        site.answer = sends(body, Content_Encoding="gzip")
        with pytest.raises(ServerTrouble):
            await client.me(AUTH)
        with pytest.raises(AnswerLost):
            await ask(client, Endpoint.REPORT)


async def test_an_empty_body_is_empty_however_it_is_said_to_be_packed(
    site: Site, client: Client
) -> None:
    site.answer = sends(b"", Content_Encoding="gzip")
    with pytest.raises(Temporary) as caught:
        await client.me(AUTH)
    assert "empty body" in caught.value.detail


@pytest.mark.parametrize("announced", [10**10, 5])
async def test_a_length_that_lies_is_trouble(announced: int, site: Site, client: Client) -> None:
    async def lie(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(announced)})
        await response.prepare(request)
        assert request.transport is not None
        request.transport.write(json.dumps(STUDENT).encode())
        request.transport.close()
        return response

    site.answer = lie
    with pytest.raises((ServerTrouble, AnswerLost)):
        await client.me(AUTH)
