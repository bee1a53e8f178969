"""Digests as a student gets them: with a picture, once a day, and with the platform's numbers."""

from datetime import UTC, datetime, timedelta

from bot.outbox.screen import MAX_CAPTION
from demo.platform import (
    STUDENT,
    Course,
    archive,
    course,
    document,
    link,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from tests.support.app_harness import AppHarness
from tests.support.digest_day import (
    NAME,
    Make,
    a_course,
    change,
    digest_screen,
    make_due,
    percent_of,
    pictures,
    stored,
    tick,
    tomorrow,
)
from tests.support.shown import labels

PNG = b"\x89PNG\r\n\x1a\n"


async def test_one_at_once_is_a_picture_whose_numbers_are_the_platforms(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    harness.finish(harness.platform.school.leaves()[1].id)
    await harness.preview(NAME, "测试模块")
    await harness.press("返回")
    harness.person.send("/digest")
    await harness.press("现在发一份")

    [digest] = await harness.until(lambda: pictures(harness))

    assert digest.photo is not None
    assert digest.photo.content.startswith(PNG)
    assert (digest.photo.width, len(digest.photo.content) < 200_000) == (1080, True)
    line = next(each for each in digest.text.splitlines() if NAME in each)
    assert f"{int(percent_of(harness))}%" in line
    assert f"{5 - len(harness.unfinished())}/5 节" in line
    assert "还剩：" in digest.text
    assert "✍️ 需要你自己做：期中测验" in digest.text
    await harness.until(lambda: harness.shown("正在查看课程") is None)


async def test_a_due_one_comes_once_and_the_gain_is_counted_from_it(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    await make_due(harness)
    await tick(harness)
    [first] = await harness.until(lambda: pictures(harness))
    assert "+" not in first.text.splitlines()[2]
    assert not first.silent
    await tick(harness)
    assert len(pictures(harness)) == 1

    before = percent_of(harness)
    harness.finish(harness.platform.school.leaves()[0].id)
    harness.person.send("/digest")
    await harness.press("现在发一份")
    await harness.until(lambda: len(pictures(harness)) == 2)
    gained = percent_of(harness) - before
    assert f"+{gained:.0f}%" in pictures(harness)[-1].text


async def test_one_in_quiet_hours_comes_without_sound(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    await make_due(harness)
    await change(harness, "UPDATE digest_settings SET quiet_from = '00:00', quiet_until = '23:59'")
    await tick(harness)
    [digest] = await harness.until(lambda: pictures(harness))
    assert digest.silent


async def test_a_lost_answer_repeats_nothing(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    await make_due(harness)
    harness.telegram.lose_answer("sendPhoto")
    await tick(harness)
    await tick(harness)
    assert len(pictures(harness)) == 1
    assert stored(harness, "SELECT sent_at, reason FROM digests") == [(None, "unsaid")]


async def test_nothing_new_is_one_line_or_nothing(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    await make_due(harness)
    await tick(harness)
    await tomorrow(harness)
    await tick(harness)
    line = await harness.see("没有新内容")
    assert line.photo is None
    assert len(line.text.splitlines()) == 1
    assert f"{NAME} {int(percent_of(harness))}%" in line.text
    said = len(harness.person.chat.messages)
    await tomorrow(harness)
    await change(harness, "UPDATE digest_settings SET no_news = 'silent'")
    await tick(harness)
    assert len(harness.person.chat.messages) == said


async def test_a_missed_day_is_named_in_the_one_that_follows(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    await make_due(harness)
    long_ago = (datetime.now(UTC) - timedelta(days=3)).isoformat(timespec="microseconds")
    await change(
        harness, "UPDATE digest_settings SET armed_at = ?, zone_since = ?", long_ago, long_ago
    )
    await tick(harness)
    [digest] = await harness.until(lambda: pictures(harness))
    assert "的汇报没发成" in digest.text


async def test_an_expired_cookie_shows_the_last_known_state_and_asks_once(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    harness.person.send("/courses")
    await harness.see_button(NAME)
    harness.platform.expire(STUDENT.stu_id)
    await make_due(harness)
    await tick(harness)
    digest = await harness.see("cookie 已过期")
    assert "以下是" in digest.text
    assert f"{NAME}</b> {int(percent_of(harness))}%" in digest.html
    assert "把新的 cookie 发给我" in digest.text
    assert "🔑 如何登录" in labels(digest)
    harness.person.send("/digest")
    await harness.press("现在发一份")
    await harness.until(lambda: len(pictures(harness)) == 2)
    again = pictures(harness)[-1]
    assert "cookie 已过期" in again.text
    assert "把新的 cookie 发给我" not in again.text


async def test_a_long_one_is_a_picture_with_one_line_and_the_text_behind_it(open_app: Make) -> None:
    def of(n: int) -> Course:
        tests = [quiz(name=f"{k}. a test that has quite a long name") for k in range(9)]
        cells = [video(60), document(3), picture(), archive(), *tests, unsupported()]
        read = module([topic(cells)], name=f"module {n}")
        unread = module([topic([link()])], name="never read")
        return course([read, unread], name=f"Course {n} with quite a long name")

    harness: AppHarness = await open_app(
        school_of(courses=[of(n) for n in range(6)]), language="en"
    )
    await harness.log_in()
    harness.person.send("/digest")
    await harness.see_button("Send one now")
    for n in range(3):
        await harness.preview(f"Course {n}", f"module {n}", words=("Next", "Start"))
    await make_due(harness)
    await tick(harness)
    [photo] = await harness.until(lambda: pictures(harness))
    text = harness.person.chat.messages[-1]
    assert photo.text.count("\n") == 0
    assert photo.buttons == []
    assert len(text.text.encode("utf-16-le")) // 2 > MAX_CAPTION
    assert all(f"Course {n}" in text.text for n in range(6))

    await harness.press("Study the rest")
    preview = await harness.see("in a message of its own")
    assert preview.message_id > text.message_id
    assert "Digest" in text.text


async def test_without_an_account_one_at_once_asks_for_a_login(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_course())
    harness.person.send("/digest")
    await harness.press("现在发一份")
    await harness.see("请先登录")
