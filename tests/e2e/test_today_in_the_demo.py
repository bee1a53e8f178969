"""The demo's student of today's site from the pasted token to the digest, a new lesson and the
chart; and the demo itself, which gives that token."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.platform import STUDENT, demo_school
from demo.spoc import READER, demo_spoc_school, lesson
from demo.stage import Stage
from tests.support.shown import from_bot
from tests.support.spoc_app import SpocApp


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[SpocApp]:
    async with SpocApp(tmp_path, demo_spoc_school()) as app:
        yield app


async def digest_now(app: SpocApp, text: str) -> str:
    """Ask for a digest that says the text; all of its text."""
    app.person.send("/digest")
    await app.press("现在发一份")
    return (await app.see(text)).text


async def test_digest_new_lesson_and_chart_come_from_todays_site(app: SpocApp) -> None:
    await app.log_in_here()
    first = await digest_now(app, "基础护理学")
    assert "新的一课" not in first
    school = app.site.school
    course = school.course_named("基础护理学")
    unit = course.tree[1].children[0]
    school.publish(course.course_id, unit.id, lesson("新的一课", "pdf"))
    school.study(app.pupil, unit.children[0].id, app.site.now())
    assert "基础护理学" in await digest_now(app, "新的一课")
    app.person.send("/progress")
    await app.until(lambda: any(each.photo for each in from_bot(app.person.chat)))
    assert app.site.violations == []


@pytest.mark.process
async def test_the_demo_logs_in_either_way() -> None:
    async with Stage(demo_school(), spoc=demo_spoc_school()) as stage:
        person = stage.telegram.person(1001, language_code="zh-hans")

        def shows(*texts: str) -> bool:
            shown = [each.text for each in from_bot(person.chat)]
            shown += [b.text for each in from_bot(person.chat) for r in each.buttons for b in r]
            return all(any(text in each for each in shown) for text in texts)

        person.send(f"Authorization: Bearer {stage.spoc.token_for(READER)}")
        await stage.telegram.wait_for(lambda: shows(STUDENT.name), 30)
        person.send("/courses")
        await stage.telegram.wait_for(lambda: shows("实用英语", "基础护理学"), 30)
        person.send(f"auth={stage.platform.cookie_for(STUDENT.stu_id)};")
        person.send("/courses")
        await stage.telegram.wait_for(lambda: shows("java面向对象程序设计"), 30)
        assert stage.spoc.violations == stage.platform.violations == []
