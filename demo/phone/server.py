"""The web server of the phone: the page, its feed, and what the person does on it."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from socket import create_server, socket

from aiohttp import web

from demo.phone.asked import field, refused
from demo.phone.feed import changes, server_sent
from demo.phone.files import download, picture
from demo.phone.pages import HTML_LANGUAGES, add_headers, add_pages, same_origin
from demo.phone.view import Json, View, shown
from demo.telegram import TelegramServer

TELEGRAM_LANGUAGES = {"zh": "zh-hans", "en": "en"}

Action = Callable[[], Awaitable[None] | None]


class PhoneServer:
    """The phone of one person, on a port of this machine.

    ``language`` (``zh`` or ``en``) is that of the page and of the person's Telegram;
    ``?lang=en`` changes the page alone. ``?start=…`` opens the page as a link to the bot does, with
    a button that sends this parameter. ``cookie`` and ``token`` give the texts that the buttons
    *Paste cookie* and *Paste token* send; without one there is no such button. ``speed`` is the
    platform's clock, told beside the phone and above the chat; without it neither is said.
    ``session_left`` and ``token_left`` give the platform seconds until the cookie or the token
    expires, None before there is one; the page says it in time. ``actions`` are buttons beside the
    phone, by their labels (``中文 / English``). ``patience`` is how many seconds a pressed button
    waits for the bot's answer.
    """

    def __init__(
        self,
        telegram: TelegramServer,
        *,
        person_id: int = 1001,
        language: str = "zh",
        cookie: Callable[[], str] | None = None,
        token: Callable[[], str] | None = None,
        speed: float | None = None,
        session_left: Callable[[], float | None] = lambda: None,
        token_left: Callable[[], float | None] = lambda: None,
        actions: Mapping[str, Action] | None = None,
        patience: float = 15,
    ) -> None:
        self._telegram = telegram
        self._language = _language(language, "zh")
        self._person = telegram.person(person_id, language_code=TELEGRAM_LANGUAGES[self._language])
        self._pasted = {"cookie": cookie, "token": token}
        self._speed = speed
        self._left = {"cookie": session_left, "token": token_left}
        self._actions = dict(actions or {})
        self._patience = patience
        self._runner: web.AppRunner | None = None

    async def start(self, listener: socket | None = None) -> str:
        """Serve at a listening socket, else at a free port of 127.0.0.1; returns the page's
        address."""
        app = web.Application(middlewares=[same_origin])
        app.on_response_prepare.append(add_headers)
        add_pages(app.router, self._language)
        app.router.add_get("/about", self._about)
        app.router.add_get("/session", self._session)
        app.router.add_get("/events", self._events)
        app.router.add_get("/commands", self._commands)
        app.router.add_get("/avatar", self._avatar)
        app.router.add_get("/file/{message_id:[0-9]+}", self._file)
        app.router.add_post("/send", self._send)
        app.router.add_post("/start", self._open)
        app.router.add_post("/press", self._press)
        app.router.add_post("/delete", self._delete)
        for what in self._pasted:
            app.router.add_post(f"/{what}", partial(self._paste, what))
        app.router.add_post("/action", self._act)
        # Open feeds never end by themselves: at the stop they are cut off soon.
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True
        )
        await runner.setup()
        await web.SockSite(runner, listener or create_server(("127.0.0.1", 0))).start()
        self._runner = runner
        host, bound = runner.addresses[0][:2]
        return f"http://{host}:{bound}/"

    async def stop(self) -> None:
        """Close the feeds, all connections and the port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # what the page asks

    async def _about(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "speed": self._speed,
                "actions": list(self._actions),
                **{what: given is not None for what, given in self._pasted.items()},
            }
        )

    async def _session(self, _: web.Request) -> web.Response:
        return web.json_response({what: left() for what, left in self._left.items()})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        language = _language(request.query.get("lang"), self._language)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        async with self._telegram.subscribe() as events:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            look = partial(self._view, language)
            async for change in changes(events, look, self._person.user_id):
                await response.write(server_sent(change))
        return response

    async def _commands(self, request: web.Request) -> web.Response:
        language = _language(request.query.get("lang"), self._language)
        return web.json_response({"commands": self._menu(language)})

    async def _file(self, request: web.Request) -> web.Response:
        message = self._person.chat.find(int(request.match_info["message_id"]))
        if message is None or message.deleted:
            raise refused(web.HTTPNotFound, "no such message")
        if message.photo is not None:
            return picture(message.photo)
        if message.document is not None:
            return download(message.document)
        raise refused(web.HTTPNotFound, "this message has no file")

    async def _avatar(self, _: web.Request) -> web.Response:
        photos = self._telegram.world.profile_photos
        if not photos:
            raise refused(web.HTTPNotFound, "the bot has no photo")
        return picture(photos[0])

    def _view(self, language: str) -> View:
        photos = self._telegram.world.profile_photos
        return View(
            bot={
                "name": self._told("name", language) or self._telegram.world.bot["first_name"],
                "username": self._telegram.world.bot["username"],
                "description": self._told("description", language),
                "photo": f"/avatar?of={photos[0].file_id}" if photos else None,
            },
            commands=self._menu(language),
            messages={m.message_id: shown(m) for m in self._person.chat.messages},
        )

    def _told(self, what: str, language: str) -> str:
        names = self._telegram.world.names
        return names.get((what, language)) or names.get((what, ""), "")

    def _menu(self, language: str) -> list[Json]:
        menu = self._telegram.menu(language, self._person.user_id)
        return [{"command": line.command, "description": line.description} for line in menu]

    # what the person does

    async def _send(self, request: web.Request) -> web.Response:
        text = await field(request, "text", str)
        if not text.strip():
            raise refused(web.HTTPBadRequest, "text is empty")
        return self._say(text)

    async def _open(self, request: web.Request) -> web.Response:
        parameter = await field(request, "parameter", str)
        try:
            message = self._person.open_link(parameter)
        except ValueError as error:
            raise refused(web.HTTPBadRequest, str(error)) from error
        except RuntimeError as error:
            raise refused(web.HTTPConflict, str(error)) from error
        return web.json_response({"message_id": message.message_id})

    async def _paste(self, what: str, _: web.Request) -> web.Response:
        given = self._pasted[what]
        if given is None:
            raise refused(web.HTTPNotFound, f"no {what} here")
        return self._say(given())

    def _say(self, text: str) -> web.Response:
        try:
            message = self._person.send(text)
        except RuntimeError as error:
            raise refused(web.HTTPConflict, str(error)) from error
        return web.json_response({"message_id": message.message_id})

    async def _press(self, request: web.Request) -> web.Response:
        message_id = await field(request, "message_id", int)
        press = self._person.press_data(message_id, await field(request, "data", str))
        try:
            answer = await press.answered(self._patience)
        except TimeoutError:
            return web.json_response({"answered": False})
        return web.json_response(
            {"answered": True, "text": answer.text, "show_alert": answer.show_alert}
        )

    async def _delete(self, request: web.Request) -> web.Response:
        try:
            self._person.delete(await field(request, "message_id", int))
        except LookupError as error:
            raise refused(web.HTTPNotFound, str(error)) from error
        return web.json_response({})

    async def _act(self, request: web.Request) -> web.Response:
        action = self._actions.get(await field(request, "label", str))
        if action is None:
            raise refused(web.HTTPNotFound, "no such action")
        done = action()
        if inspect.isawaitable(done):
            await done
        return web.json_response({})


def _language(wanted: str | None, otherwise: str) -> str:
    return wanted if wanted in HTML_LANGUAGES else otherwise
