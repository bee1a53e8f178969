"""Secrets are searched for in all that the bot leaves, at the chattiest level, in every trouble."""

from asyncio.subprocess import DEVNULL
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import DATABASE_NAME, KEY_NAME
from demo.platform import STUDENT, Endpoint, Fault, document, video
from demo.stage import TOKEN
from demo.telegram import Person
from tests.support.app_harness import one_course
from tests.support.secret_reader import readable
from tests.support.shown import from_bot, saying, with_button
from tests.support.webhook_stage import PATIENCE, WebhookStage

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.timeout(300)]

TROUBLE = (
    *(Fault.AWAY, Fault.EMPTY, Fault.HALF_JSON, Fault.LOGIN_PAGE, Fault.EXPIRED_TEXT),
    *(Fault.RESET, Fault.LOST_AFTER, Fault.REDIRECT_LOGIN, Fault.ODD_ROWS, Fault.HTTP_502),
)
FORMS = ("{}", "auth={}", "Cookie: acw_tc=1; auth={}", "auth={}；")
OF_TELEGRAM = (
    ("sendMessage", 400, "Bad Request: {}"),
    ("editMessageText", 500, "Internal Server Error: {}"),
    ("deleteMessage", 429, "Too Many Requests: {}"),
    ("answerCallbackQuery", 403, "Forbidden: {}"),
)
"""Refusals that repeat what they were sent."""


class Searched(WebhookStage):
    """A stage that knows every secret that was used on it."""

    def __init__(self) -> None:
        super().__init__(one_course([document(2), video(600)]), log_level="debug")
        self.settings["LOG_FORMAT"] = "json"
        self.cookies: list[str] = []
        self.secrets = {TOKEN, TOKEN.partition(":")[2]}

    def cookie(self) -> str:
        self.cookies.append(self.platform.cookie_for(STUDENT.stu_id))
        return self.cookies[-1]

    async def start_bot(self) -> None:
        await super().start_bot()
        self.secrets.add(self.webhook.secret_token)

    def left(self) -> Iterator[tuple[str, bytes]]:
        """Everything that was left: files, and what the chats show or showed."""
        for file in (self.log, *self.data_dir.rglob("*")):
            if file.is_file():
                yield file.name, file.read_bytes()
        for chat in self.telegram.world.chats.values():
            shown = [each.text for each in chat.everything if each.from_bot]
            yield f"chat {chat.chat_id}", "\n".join(shown).encode()
        calls = [str(each.params) for each in self.telegram.calls if each.method != "setWebhook"]
        yield "calls of the Bot API", "\n".join(calls).encode()
        command = Path(f"/proc/{self.pid}/cmdline")
        if command.exists():
            yield "the command line", command.read_bytes()

    def found(self) -> list[str]:
        """Where a secret is readable."""
        places = []
        key = (self.data_dir / KEY_NAME).read_bytes()
        for name, content in self.left():
            text = content.decode("utf-8", "replace")
            is_plain = any(secret in text for secret in (*self.secrets, *self.cookies))
            is_text = not name.startswith((DATABASE_NAME, "by-hand", KEY_NAME))
            is_readable = is_text and any(readable(each, text) for each in self.cookies)
            is_key = name != KEY_NAME and (key in content or key.hex() in text.lower())
            if is_plain or is_readable or is_key:
                places.append(name)
        return places


async def gone(stage: Searched, person: Person, message_id: int) -> None:
    """The pasted message was deleted, and something was said."""

    def is_over() -> bool:
        shown = person.chat.messages
        was_deleted = all(each.message_id != message_id for each in shown)
        return was_deleted and any(e.from_bot and e.message_id > message_id for e in shown)

    await stage.telegram.wait_for(is_over, PATIENCE)


async def paste_in_trouble(stage: Searched) -> None:
    for number, fault in enumerate(TROUBLE):
        person = stage.telegram.person(2000 + number)
        stage.platform.faults.add("*", fault, times=None)
        method, code, words = OF_TELEGRAM[number % len(OF_TELEGRAM)]
        auth = stage.cookie()
        stage.telegram.fail(method, code, words.format(f"auth={auth}"), retry_after=1)
        sent = person.send(FORMS[number % len(FORMS)].format(auth))
        await gone(stage, person, sent.message_id)
        stage.platform.faults.clear()
        stage.telegram.trouble.clear()


async def study(stage: Searched, person: Person) -> None:
    """Log in and start a job, which is under way afterwards."""
    person.send(stage.cookie())
    await stage.telegram.wait_for(lambda: saying(person.chat, STUDENT.name), PATIENCE)
    person.send("/courses")
    for label in ("测试科目", "测试模块", "下一步", "开始"):
        await stage.telegram.wait_for(lambda: with_button(person.chat, label), PATIENCE)  # noqa: B023
        person.press(label)
    await stage.telegram.wait_for(
        lambda: any(e.endpoint is Endpoint.REPORT for e in stage.platform.requests), PATIENCE
    )


async def back_up(stage: Searched) -> None:
    process = await stage.launch(
        "backup", env=stage._environment(), cwd=stage._folder, stdout=DEVNULL
    )
    assert await process.wait() == 0


async def test_no_secret_is_readable_in_anything_that_the_bot_leaves() -> None:
    async with Searched() as stage:
        await paste_in_trouble(stage)
        person = stage.telegram.person(1001)
        await study(stage, person)
        stage.platform.faults.add("*", Fault.EXPIRED_TEXT, times=3)
        await back_up(stage)
        assert stage.found() == []
        await stage.kill_bot()
        assert (stage.data_dir / f"{DATABASE_NAME}-wal").stat().st_size > 0
        assert stage.found() == []
        await stage.start_bot()
        person.send("/erase")
        await stage.telegram.wait_for(lambda: len(from_bot(person.chat)) > 3, PATIENCE)
        assert await stage.stop_bot() == 0
        assert stage.found() == []
        assert '"level": "debug"' in stage.logged()
        assert len(stage.cookies) > len(TROUBLE)


async def test_the_search_finds_what_it_is_for() -> None:
    async with Searched() as stage:
        auth = stage.cookie()
        await stage.stop_bot()
        for name, content in {
            "plain": auth,
            "apart": "-".join(auth),
            "token": f"url /bot{TOKEN}/getMe",
            "webhook": stage.webhook.secret_token,
        }.items():
            (stage.data_dir / name).write_text(content, "utf-8")
        assert sorted(stage.found()) == ["apart", "plain", "token", "webhook"]
