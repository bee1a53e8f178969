"""Reads messages: a cookie, an attempt at one, or neither. Files are read into memory."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, zip_longest

from telegram import Document, Message

from bot.chat.downloads import Downloads, FileTooLarge, FileUnreachable
from bot.chat.file_text import texts_of_file
from bot.chat.file_unpacking import unpacked
from bot.chat.pieces import readings
from bot.chat.views.login import FileTrouble
from bot.handlers.own_texts import answered, hidden_text
from bot.login.credentials import (
    Credential,
    as_many_as_are_proved,
    find_credentials,
    looks_like_credential,
)
from bot.spoc.tokens import fault_of
from bot.zjy.cookies import NotACookie, NotACookieReason, parse_cookie

LONG_TEXT = 20_000
"""Characters; longer texts are searched in a thread, so that they do not block the event loop."""
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,64}(?:@\w+)?(?:\s+|\Z)")
_SAY_NOTHING_OF_TOKENS = (NotACookieReason.NO_AUTH, NotACookieReason.NOT_HEX)
_NAMED_LIKE_COOKIES = re.compile(r"cookie|\bauth\b|\.har\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """``found`` are the candidates, the likeliest first. Without any, ``wrong`` says why an attempt
    at a cookie is none, and ``trouble`` why a file gave none.

    ``must_go`` says that the messages hold a secret, or may, and must be deleted.
    """

    found: Sequence[Credential] = ()
    wrong: NotACookieReason | None = None
    trouble: FileTrouble | None = None
    must_go: bool = False


def text_of(message: Message) -> str:
    """A message's text or caption, without a leading command."""
    text = message.text or message.caption or ""
    return _COMMAND.sub("", text, count=1) if text.startswith("/") else text


def document_of(message: Message) -> Document | None:
    """The message's file; animations, which Telegram also sends as documents, do not count."""
    return message.document if message.animation is None else None


def is_meant(message: Message) -> bool:
    """Whether a message holds a cookie or an attempt at one."""
    text = text_of(message)
    is_written = looks_like_credential(text) or bool(find_credentials(text))
    return is_written or bool(_found_beside(message))


def read_message(message: Message) -> Read:
    """Read one message without its file."""
    text = text_of(message)
    return _together([read_texts([text] if text else []), _read_beside([message])])


def ids_of(messages: Iterable[Message]) -> list[int]:
    """The messages, and the person's own messages with a cookie that they answer."""
    ids: dict[int, None] = {}
    for message in messages:
        ids[message.message_id] = None
        replied = answered(message)
        if replied is None:
            continue
        if find_credentials(text_of(replied)) or find_credentials(hidden_text(replied)):
            ids[replied.message_id] = None
    return list(ids)


def _found_beside(message: Message) -> list[Credential]:
    """The cookies in a message beside its text and caption. An attempt there is not answered."""
    replied = answered(message)
    texts = [hidden_text(message)]
    if replied is not None:
        texts += [text_of(replied), hidden_text(replied)]
    return _in_turn(find_credentials(text) for text in texts if text)


def _read_beside(messages: Iterable[Message]) -> Read:
    found = _in_turn(map(_found_beside, messages))
    return Read(found, must_go=bool(found))


def read_texts(texts: Sequence[str]) -> Read:
    """The combined result of several readings of one text, or of several texts."""
    found = _in_turn(find_credentials(text) for text in texts)
    if found:
        return Read(found, must_go=True)
    meant = next((text for text in texts if looks_like_credential(text)), None)
    if meant is None:
        return Read()
    return Read(wrong=_wrong(meant), must_go=True)


class PasteReader:
    def __init__(self, files: Downloads) -> None:
        self._files = files
        # One at a time, and not in the threads for DNS look-ups: a large text takes seconds.
        self._searcher = ThreadPoolExecutor(1, thread_name_prefix="paste")

    async def read(self, messages: Sequence[Message]) -> Read:
        """Read the texts, captions and files of messages that belong together."""
        texts = [text for text in map(text_of, messages) if text]
        is_album = any(message.media_group_id is not None for message in messages)
        written = await self._searched(texts if is_album or not texts else readings(texts))
        beside = _read_beside(messages)
        files = [document for document in map(document_of, messages) if document is not None]
        return _together([written, beside, *[await self._read_file(file) for file in files]])

    async def _read_file(self, document: Document) -> Read:
        """Read a file. One that is named like cookies and cannot be read must be deleted all the
        same."""
        named = _NAMED_LIKE_COOKIES.search(document.file_name or "") is not None
        try:
            content = await self._files.read(document)
        except FileTooLarge:
            return Read(trouble=FileTrouble.TOO_LARGE, must_go=named)
        except FileUnreachable:
            return Read(trouble=FileTrouble.UNREACHABLE, must_go=named)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._searcher, _read_content, content, named)

    async def _searched(self, texts: Sequence[str]) -> Read:
        if sum(map(len, texts)) <= LONG_TEXT:
            return read_texts(texts)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._searcher, read_texts, texts)


def _read_content(content: bytes, named: bool) -> Read:
    """Search a file and what is packed in it. A packed file that cannot be read may hold a
    cookie."""
    within = unpacked(content)
    read = read_texts([text for each in within.contents for text in texts_of_file(each)])
    if read.must_go:
        return read
    if within.is_whole:
        return Read(trouble=FileTrouble.NO_COOKIE)
    return Read(trouble=FileTrouble.UNREADABLE, must_go=named or within.is_packed)


def _together(reads: Sequence[Read]) -> Read:
    """Combine results: any cookie outranks a fault, and a fault outranks a missing cookie."""
    troubles = [read.trouble for read in reads if read.trouble is not None]
    worst = [trouble for trouble in troubles if trouble is not FileTrouble.NO_COOKIE]
    return Read(
        found=_in_turn(read.found for read in reads),
        wrong=next((read.wrong for read in reads if read.wrong is not None), None),
        trouble=next(chain(worst, troubles), None),
        must_go=any(read.must_go for read in reads),
    )


def _in_turn(lists: Iterable[Sequence[Credential]]) -> list[Credential]:
    """The likeliest candidate of each list, then the second of each, and so on; each value once."""
    in_turn = chain.from_iterable(zip_longest(*lists))
    return as_many_as_are_proved(each for each in in_turn if each is not None)


def _wrong(text: str) -> NotACookieReason:
    try:
        parse_cookie(text)
    except NotACookie as error:
        return (fault_of(text) if error.reason in _SAY_NOTHING_OF_TOKENS else None) or error.reason
    raise ValueError("the text holds a cookie")
