"""A student of today's site does everything that the bot has, and three reads are all that leaves
it: the recording stand-in has neither another path nor another method, and broke no rule."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.callbacks import VERSION, Action
from bot.chat.commands import COMMANDS
from bot.spoc.endpoints import Endpoint
from demo.spoc import METHOD, Read, demo_spoc_school, lesson
from tests.support.crawler import Crawler
from tests.support.shown import from_bot
from tests.support.spoc_app import SpocApp

ENDS = {Action.LOGOUT, Action.ERASE}
STUDY = {
    *(Action.START, Action.START_ALL, Action.STOP_BATCH, Action.BATCH_PACE),
    *(Action.TICK, Action.UNTICK, Action.TICK_ALL, Action.CLEAR, Action.NEXT, Action.PACE),
    *(Action.MODULE_TICK, Action.MODULE_UNTICK, Action.RETRY, Action.PAUSE, Action.RESUME),
    *(Action.START_NEW, Action.WHOLE_MODULES),
}
"""What a button of an account that can only read never does."""
STARTING = ("☐", "☑", "▶")
ALLOWED = {("GET", read.value) for read in Read}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[SpocApp]:
    async with SpocApp(tmp_path, demo_spoc_school()) as app:
        yield app


async def crawl(app: SpocApp) -> Crawler:
    """Every command, and every button below its answer and below those that follow."""
    crawler = Crawler(app, spared=ENDS)
    for command in COMMANDS:
        if command.name not in ("logout", "erase", "invite", "people"):
            await crawler.say(f"/{command.name}")
    for said in ("/logout", "/erase", "进度", "护理"):
        await crawler.say(said)
    return crawler


async def force_all(app: SpocApp, crawler: Crawler) -> None:
    """Presses that no screen offers, with ids that rows may have."""
    message = from_bot(app.person.chat)[-1].message_id
    for action in Action:
        if action not in ENDS:
            for ids in ("1", "1,1", "2,5,1"):
                await crawler.force(message, f"{VERSION}:{action.value}:{ids}:0")


def publish(app: SpocApp, name: str) -> None:
    course = app.site.school.course_named("基础护理学")
    app.site.school.publish(course.course_id, course.tree[1].id, lesson(name, "pdf"))


@pytest.mark.timeout(300)
async def test_all_that_the_bot_does_with_such_an_account_sends_three_reads_alone(
    app: SpocApp,
) -> None:
    await app.log_in_here()
    crawler = await crawl(app)
    assert app.site.asked() == ALLOWED
    assert {Action.COURSE, Action.PROGRESS, Action.DIGEST_NOW, Action.ACCOUNT} <= crawler.actions

    publish(app, "新的一课")
    await crawler.say("/digest")
    await force_all(app, crawler)
    await crawler.press_all()

    app.site.expire(app.pupil)
    for said in ("/courses", "/digest", "/progress", "/accounts"):
        await crawler.say(said)
    await crawl(app)
    await app.log_in_here()
    await crawl(app)

    app.person.send("/logout")
    await app.press("移除")
    await app.log_in_here()
    await crawler.say("/courses")
    app.person.send("/erase")
    await app.press("删除")

    assert app.site.asked() == ALLOWED == {(each.method, each.path) for each in Endpoint}
    assert app.site.violations == []
    assert app.platform.requests == []
    assert app.platform.violations == []
    assert not crawler.actions & STUDY
    assert not [label for label in crawler.labels if any(sign in label for sign in STARTING)]


def test_the_client_and_the_stand_in_agree_on_what_is_a_read() -> None:
    assert {(each.method, each.path) for each in Endpoint} == {(METHOD, read) for read in Read}
