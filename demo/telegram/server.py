"""The HTTP side: tokens, methods, files, and connections that are dropped on order."""

import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from demo.telegram.changes import Event
from demo.telegram.dropping import cut_short, dropped
from demo.telegram.errors import ApiError, not_found, unauthorized
from demo.telegram.flood import Flood
from demo.telegram.groups import Group, new_group
from demo.telegram.messages import Json, StoredFile
from demo.telegram.methods import METHODS
from demo.telegram.people import Person
from demo.telegram.polling import get_updates
from demo.telegram.request import MAX_BODY, Params, read_params
from demo.telegram.state import BotCommand, Call, Chat, ChatKind, World
from demo.telegram.trouble import Trouble
from demo.telegram.webhook_sender import WebhookSender

T = TypeVar("T")
Answer = tuple[int, Json]
"""The status and the body."""
DOWNLOAD = "download"
"""What :meth:`TelegramServer.fail` and ``lose_answer`` call the download of a file."""
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,60}")


class TelegramServer:
    """A Telegram for one bot, on a port of this machine.

    ``now`` gives seconds since 1970 and dates messages, limits and presses; ``answer_within``
    is how many of them a press waits for its answer; ``flood`` turns on Telegram's limits.
    With a ``local`` folder it is a Bot API server of one's own in its local mode: webhooks may have
    any address, and files are in that folder, not to be downloaded.
    """

    def __init__(
        self,
        token: str = "123456:stand-in",  # noqa: S107 - an invented token
        *,
        username: str = "zjy_demo_bot",
        now: Callable[[], float] = time.time,
        answer_within: float = 15.0,
        flood: bool = False,
        local: Path | None = None,
    ) -> None:
        self.world = World(token, username, now, answer_within)
        self.world.local_folder = local
        self.trouble = Trouble()
        self._webhook = WebhookSender(self.world, lambda: self.trouble.is_away)
        self.url = ""
        self._flood = Flood() if flood else None
        self._runner: web.AppRunner | None = None
        self._stopping = False

    # the server itself

    async def start(self, port: int = 0) -> str:
        """Listen on 127.0.0.1 and return the address, the bot's ``TELEGRAM_API_URL``."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.router.add_route("*", "/{rest:.*}", self._nowhere)
        self._stopping = False
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=10.0, handler_cancellation=True
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self._runner = runner
        self._webhook.start()
        host, bound = runner.addresses[0][:2]
        self.url = f"http://{host}:{bound}"
        return self.url

    async def stop(self) -> None:
        """End the waiting calls, close all connections and the port."""
        self._stopping = True
        await self._webhook.stop()
        self.world.changes.wake()
        self.world.changes.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def person(
        self,
        user_id: int,
        *,
        first_name: str = "小明",
        language_code: str | None = "zh-hans",
        username: str | None = None,
    ) -> Person:
        """A person; the same id gives the same chat again, with the new particulars."""
        user: Json = {"id": user_id, "is_bot": False, "first_name": first_name}
        if username is not None:
            user["username"] = username
        if language_code is not None:
            user["language_code"] = language_code
        self.world.users[user_id] = user
        chat = self.world.chats.get(user_id)
        if chat is None:
            self.world.chats[user_id] = Chat(user_id, ChatKind.PRIVATE, first_name, user)
        else:
            chat.user, chat.title = user, first_name
        return Person(self.world, user)

    def group(self, chat_id: int, title: str, members: list[Person]) -> Group:
        """A new group with the bot as a plain member."""
        return new_group(self.world, chat_id, title, members)

    def chat(self, chat_id: int) -> Chat:
        """What a chat shows now. Raises ``LookupError`` for an unknown one."""
        return self.world.chats[chat_id]

    def file(self, file_id: str) -> StoredFile:
        """A file that was sent. Raises ``LookupError`` for an unknown one."""
        return self.world.files[file_id]

    @property
    def calls(self) -> list[Call]:
        """All calls of the bot so far, in the order of their answers."""
        return self.world.calls

    @property
    def commands(self) -> dict[tuple[str, str], list[BotCommand]]:
        """The menus of commands by scope and language code (empty: all languages)."""
        return self.world.commands

    def menu(self, language_code: str = "", chat_id: int | None = None) -> list[BotCommand]:
        """The commands that a person in a private chat is offered in a language: those of the chat
        itself go before those of all chats."""
        for scope in (f"chat:{chat_id}", "all_private_chats", "default"):
            for code in (language_code.split("-")[0], ""):
                if self.commands.get((scope, code)):
                    return self.commands[scope, code]
        return []

    async def wait_for(self, predicate: Callable[[], T | bool | None], timeout: float = 10) -> T:
        """The first truthy value of ``predicate``, called now, after every change and ten times
        a second; a ``LookupError`` in it means "not yet". Raises ``TimeoutError``."""
        return await self.world.changes.wait_for(predicate, timeout)

    def subscribe(self) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """``async with server.subscribe() as events: async for event in events: …``."""
        return self.world.changes.subscribe()

    # trouble

    def fail(
        self,
        method: str,
        code: int,
        description: str,
        *,
        times: int = 1,
        retry_after: int | None = None,
        migrate_to: int | None = None,
        chat_id: int | None = None,
    ) -> None:
        """Refuse the next ``times`` calls of ``method`` (``*``: any but ``getUpdates``), or
        downloads of files (``DOWNLOAD``)."""
        self.trouble.fail(
            method,
            code,
            description,
            times=times,
            retry_after=retry_after,
            migrate_to=migrate_to,
            chat_id=chat_id,
        )

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Apply the next ``times`` calls of ``method``, then drop the connection."""
        self.trouble.lose_answer(method, times)

    def deliver(self, update: object) -> int:
        """Queue an update of any shape, kept for a day under the id that is returned."""
        return self.world.updates.add_raw(update)

    def away(self) -> None:
        """Drop every connection, the waiting ones too, until ``back``."""
        self.trouble.is_away = True
        self.world.changes.wake()

    def back(self) -> None:
        """Accept connections again."""
        self.trouble.is_away = False
        self.world.changes.wake()

    def revoke_token(self) -> None:
        """Answer 401 to everything from now on, the waiting ``getUpdates`` too."""
        self.trouble.is_revoked = True
        self.world.changes.wake()

    def redeliver(self, update_id: int) -> None:
        """Queue an already confirmed update again. ``LookupError`` for an unknown one."""
        self.world.updates.redeliver(update_id)

    def drop_update(self, update_id: int) -> None:
        """Lose an update that waits. ``LookupError`` if it does not wait."""
        self.world.updates.drop(update_id)

    # the wire

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise not_found()
        if token != self.world.token or self.trouble.is_revoked:
            raise unauthorized()

    async def answer(
        self, token: str, method: str, read: Callable[[], Awaitable[Params]]
    ) -> Answer | None:
        """Answer one call, as over HTTP but without it; nothing if the connection is dropped.

        ``read`` gives the parameters, once it is clear that the token is the bot's.
        """
        if self.trouble.is_away:
            return None
        params = Params({}, {})
        try:
            self._check_token(token)
            params = await read()
            result = await self._apply(method.lower(), params)
        except ApiError as error:
            self.world.record(method, params.shown(), error)
            return error.code, error.body()
        if result is None or self.trouble.is_away:
            return None
        lost = self.trouble.loses(method.lower())
        self.world.record(method, params.shown(), None, answered=not lost)
        return None if lost else (200, {"ok": True, "result": result})

    async def _method(self, request: web.Request) -> web.StreamResponse:
        named = request.match_info
        answer = await self.answer(named["token"], named["method"], lambda: read_params(request))
        if answer is None:
            return dropped(request)
        status, body = self.trouble.distorted(
            named["method"].lower(), answer[0], json.dumps(answer[1]).encode()
        )
        return web.Response(body=body, status=status, content_type="application/json")

    async def _apply(self, name: str, params: Params) -> object:
        """The result of a method, or nothing if the connection is to be dropped."""
        method = METHODS.get(name)
        if method is None and name != "getupdates":
            raise ApiError(404, "Not Found: method not found")
        if self.world.now() < self.world.logged_out_until:
            raise ApiError(400, "Logged out")
        call = Call(self.world.now(), name, params.values, ok=True)
        self.trouble.refuse(name, call.chat_id)
        if self._flood is not None:
            self._flood.check(name, call.chat_id, call.at)
        if method is not None:
            return method(self.world, params)
        result = await get_updates(self.world, params, self._interrupted)
        if result is None and self.trouble.is_revoked:
            raise unauthorized()
        return result

    def _interrupted(self) -> bool:
        return self._stopping or self.trouble.is_away or self.trouble.is_revoked

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if self.trouble.is_away:
            return dropped(request)
        try:
            self._check_token(request.match_info["token"])
            self.trouble.refuse(DOWNLOAD, None)
            path = request.match_info["path"]
            file = next((each for each in self.world.files.values() if each.path == path), None)
            if file is None or self.world.local_folder is not None:
                raise not_found()
            if self.trouble.loses(DOWNLOAD):
                return await cut_short(request, file)
            return web.Response(body=file.content, content_type=file.mime_type)
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)

    async def _nowhere(self, request: web.Request) -> web.StreamResponse:
        if self.trouble.is_away:
            return dropped(request)
        return web.json_response(not_found().body(), status=404)
