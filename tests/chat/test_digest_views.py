"""A digest says everything that its report holds, and no number that is not in it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.chat import digest_words as words
from bot.chat.callbacks import Action, minutes_of, time_of
from bot.chat.cards.course import course_card
from bot.chat.cards.drawing import Drawing
from bot.chat.digest_card import card_of
from bot.chat.digest_sender import letter_of
from bot.chat.i18n import Translators
from bot.chat.views import digest as views
from bot.chat.views import digest_settings
from bot.chat.zones import Now
from bot.digest.report import Missed, NewLessons, Standing
from bot.outbox.screen import MAX_CAPTION, Screen
from bot.study.estimate import Estimate
from bot.study.methods import CellKind
from bot.study.progress import Counts
from bot.tracking.new_lessons import NewLessonsNotice, TaughtModule
from demo.telegram import Button
from storage.cells import Cell
from storage.enums import Days, JobState
from tests.chat.test_contract_words import action_of
from tests.support import digest_reports
from tests.support.digest_reports import (
    MADE_AT,
    NOTHING_LEFT,
    TODAY,
    course,
    job,
    left,
    part,
    report,
)
from tests.support.rendered import as_telegram_takes_it

JAVA, NET = "Java 程序设计", "网络基础"


def text_of(screen: Screen) -> str:
    return as_telegram_takes_it(screen)[0]


def buttons_of(screen: Screen) -> list[Button]:
    return [button for row in as_telegram_takes_it(screen)[1] for button in row]


def actions_of(screen: Screen) -> list[Action | None]:
    return [action_of(button) for button in buttons_of(screen)]


def lines_with(text: str, *marks: str) -> list[str]:
    return [line for line in text.splitlines() if all(mark in line for mark in marks)]


def test_a_course_says_its_percent_its_gain_and_its_cells(translators: Translators) -> None:
    told = report(part("张三", course(JAVA, percent=52.39, gained=3.25)))
    [line] = lines_with(text_of(views.digest(translators["zh"], told)), "📖")
    assert line == f"📖 {JAVA} 52% +3.2% · 12/40 节"


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (3.0, "+3%"),
        (0.4, "+0.4%"),
        (12.34, "+12%"),
        (-2.0, "−2%"),
        (0.0, ""),
        (0.01, ""),
        (None, ""),
    ],
)
def test_a_gain_is_said_where_there_is_one(points: float | None, said: str) -> None:
    assert words.gained(points) == said


def test_what_is_left_is_said_by_kind_with_its_time_at_the_pace(translators: Translators) -> None:
    rest = left(
        "期末测验",
        by_hand=["期末测验"],
        estimate=Estimate(9000.0, 12000.0),
        unsupported=2,
        unread_modules=4,
    )
    text = text_of(views.digest(translators["zh"], report(part("张三", course(JAVA, left=rest)))))
    [line] = lines_with(text, "⏳")
    assert "视频 20 · 文档 5 · 其他类型 2" in line
    [line] = lines_with(text, "⏱")
    assert "约 2.5～4 小时" in line
    assert "1×" in line
    assert lines_with(text, "📂", "还有 4 个模块")
    assert lines_with(text, "✍️", "期末测验")


def test_cells_that_were_read_on_another_day_say_on_which(translators: Translators) -> None:
    old = left(JAVA, as_of=MADE_AT - timedelta(days=3))
    for rest, said in ((old, True), (left(JAVA), False)):
        text = text_of(
            views.digest(translators["zh"], report(part("张三", course(JAVA, left=rest))))
        )
        assert ("3月5日查看" in text) is said


def test_new_lessons_are_named_module_by_module(translators: Translators) -> None:
    cells = [Cell("m", "", "t", "", f"c{n}", f"第{n}讲", "视频", 0.0) for n in range(6)]
    fresh = [
        NewLessons("m1", "模块一", True, ()),
        NewLessons("m2", "模块二", True, cells[:2]),
        NewLessons("m3", "模块三", False, cells),
    ]
    told = report(part("张三", course(JAVA, news=fresh, unnamed=7)))
    text = text_of(views.digest(translators["zh"], told))
    assert lines_with(text, "🆕 新模块：模块一")
    assert lines_with(text, "🆕 新模块：模块二：第0讲、第1讲")
    assert lines_with(text, "🆕 模块三 新增：第0讲、第1讲、第2讲、第3讲", "2")
    assert lines_with(text, "🆕 还有 7 节新课")


def test_jobs_say_their_state_their_count_and_when_they_go_on(translators: Translators) -> None:
    jobs = [
        job(JAVA, JobState.SUCCEEDED, counts=Counts(total=10, done=10)),
        job(NET, JobState.WAITING, counts=Counts(total=9, done=3)),
    ]
    text = text_of(views.digest(translators["zh"], report(part("张三", jobs=jobs))))
    waiting, ended = lines_with(text, "任务")
    assert waiting == f"⏳ 任务 {NET}：等待中，3/9 节，21:20 接着学"
    assert ended.startswith(f"✅ 任务 {JAVA}：")
    assert "10/10" in ended


def test_what_waits_at_school_is_counted(translators: Translators) -> None:
    told = report(part("张三", homework=7, exams=1, unread=3))
    assert "🏫 平台上有 作业 7 · 考试 1 · 未读 3" in text_of(views.digest(translators["zh"], told))
    assert "🏫" not in text_of(views.digest(translators["zh"], report(part("张三"))))


def test_an_account_without_courses_says_that_there_are_none(translators: Translators) -> None:
    zh = translators["zh"]
    assert "📭 平台上还没有你的课程。" in text_of(views.digest(zh, report(part("张三"))))
    away = report(part("张三", standing=Standing.AWAY))
    assert "📭" not in text_of(views.digest(zh, away))


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (Missed.DOWN, "的汇报没发成"),
        (Missed.LOST, "的汇报可能没送到"),
        (Missed.BROKEN, "的汇报没有发：我这边出了错"),
    ],
)
def test_a_missed_day_says_why_it_did_not_come(
    translators: Translators, why: Missed, said: str
) -> None:
    missed = [each for each in digest_reports.missed(7) if each.why is why]
    told = report(part("张三"), missed=missed)
    [line] = lines_with(text_of(views.digest(translators["zh"], told)), "⚠️")
    assert said in line
    assert "3月7日" in line
    assert "3月1日" not in line
    assert "2" in line


def test_an_expired_cookie_shows_the_last_state_with_its_date_and_asks_once(
    translators: Translators,
) -> None:
    known = datetime(2021, 3, 6, 13, 5, tzinfo=UTC)
    gone = part("张三", course(JAVA), standing=Standing.EXPIRED, as_of=known)
    for asks in (True, False):
        screen = views.digest(translators["zh"], report(replace(gone, asks_for_cookie=asks)))
        text = text_of(screen)
        assert "🔑 cookie 已过期" in text
        assert "\n以下是 3月6日 21:05 的进度：\n" in text
        assert JAVA in text
        assert ("登录 zjy2.icve.com.cn，把新的 cookie 发给我" in text) is asks
        assert Action.LOGIN in actions_of(screen)


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.AWAY, "🌧 连不上平台。"),
        (Standing.REFUSED, "🌧 平台有回应，但没有给出进度。"),
        (Standing.LOCKED, "需要由运营者处理；你的账号和任务都原样保留。"),
    ],
)
def test_why_an_account_was_not_read_is_said_and_of_when_its_numbers_are(
    translators: Translators, standing: Standing, said: str
) -> None:
    unread = part("张三", course(JAVA), standing=standing, as_of=MADE_AT)
    screen = views.digest(translators["zh"], report(unread))
    assert f"{said}\n以下是 21:00 的进度：" in text_of(screen)
    assert Action.LOGIN not in actions_of(screen)


def test_the_courses_that_moved_come_first_and_the_finished_are_counted(
    translators: Translators,
) -> None:
    courses = [
        course("不动", course_id=1, gained=0.0),
        course("往期", course_id=2, gained=0.0, is_current=False),
        course("小步", course_id=3, gained=1.0),
        course("学完", course_id=4, percent=100.0, gained=0.0, left=NOTHING_LEFT),
        course("大步", course_id=5, gained=9.0),
        course("上新", course_id=6, gained=0.0, unnamed=2),
    ]
    text = text_of(views.digest(translators["zh"], report(part("张三", *courses))))
    named = re.findall(r"📖 (\S+)", text)
    assert named == ["上新", "大步", "小步", "不动", "往期"]
    assert "✅ 1 门课程已到 100%" in text


def test_many_courses_are_cut_and_the_rest_is_counted(translators: Translators) -> None:
    many = [course(f"第{n}门", course_id=n + 1, gained=float(n)) for n in range(20)]
    alone = text_of(views.digest(translators["zh"], report(part("张三", *many))))
    assert alone.count("📖") == views.COURSES_SHOWN
    assert "第19门" in alone
    assert "14" in lines_with(alone, "…")[-1]
    both = [part("张三", *many), part("李四", *many, account_id=2)]
    text = text_of(views.digest(translators["zh"], report(*both)))
    assert text.count("📖") == 2 * views.COURSES_SHOWN_OF_SEVERAL
    assert lines_with(text, "👤 张三")
    assert lines_with(text, "👤 李四")


def test_only_the_first_courses_say_what_is_left_in_them(translators: Translators) -> None:
    many = [course(f"第{n}门", course_id=n + 1, gained=float(9 - n)) for n in range(5)]
    text = text_of(views.digest(translators["zh"], report(part("张三", *many))))
    assert text.count("⏳") == text.count("✍️") == views.IN_FULL
    assert lines_with(text, "第4门", "+5%", "12/40 节")


def test_its_buttons_go_on_with_the_course_that_moved_and_with_all(
    translators: Translators,
) -> None:
    courses = [course(JAVA, course_id=1), course(NET, course_id=2, gained=2.0)]
    screen = views.digest(translators["zh"], report(part("张三", *courses, account_id=9)))
    data = {action_of(each): each for each in buttons_of(screen)}
    assert data[Action.OTHER_MODULE].text == f"📖 {NET}"
    assert data[Action.OTHER_MODULE].data == "v1:cn:2:0"
    assert data[Action.OTHER_ALL_COURSES].data == "v1:can:9:0"
    assert {Action.OTHER_DIGEST, Action.PROGRESS} < set(data)
    alone = views.digest(translators["zh"], report(part("张三", courses[0])))
    first_row = [Action.OTHER_ALL_COURSES, Action.OTHER_MODULE]
    assert actions_of(alone) == [*first_row, Action.PROGRESS, Action.OTHER_DIGEST]
    done = views.digest(translators["zh"], report(part("张三", digest_reports.full_course(JAVA))))
    assert actions_of(done) == [Action.PROGRESS, Action.OTHER_DIGEST]


def test_every_number_of_a_digest_is_one_of_its_report(translators: Translators) -> None:
    known = course(
        "甲",
        percent=61.0,
        gained=7.0,
        cell_count=83,
        studied_count=47,
        left=left("乙", by_kind=[(CellKind.VIDEO, 29)], by_hand=["乙"], unsupported=0,
                  unread_modules=0, estimate=Estimate(660.0, 660.0)),
    )  # fmt: skip
    counts = Counts(total=53, done=31)
    told = report(
        part(
            "丙",
            known,
            jobs=[job("丁", JobState.RUNNING, counts=counts)],
            homework=17,
            exams=19,
            unread=37,
        )
    )
    numbers = re.findall(r"\d+", text_of(views.digest(translators["zh"], told)))
    # The date, the course, what is left at which pace, the job, and what waits at school.
    assert numbers == [
        *("3", "8"),
        *("61", "7", "47", "83"),
        *("29", "11", "1"),
        *("31", "53"),
        *("17", "19", "37"),
    ]


def test_nothing_new_is_one_line(translators: Translators) -> None:
    quiet = [course(JAVA, gained=0.0), digest_reports.full_course(NET)]
    text = text_of(views.no_news(translators["zh"], report(part("张三", *quiet))))
    assert text == f"📊 每日汇报 · 3月8日 · 没有新内容：{JAVA[:14].strip()} 52%"


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_what_fits_below_a_picture_stands_there_and_the_rest_follows_it(
    translators: Translators, language: str
) -> None:
    tr = translators[language]
    for form, told in digest_reports.reports("第一章 网络基础"):
        letter = await letter_of(Drawing(), tr, told, in_full=True)
        if letter.photo is None:
            assert form in {"no course", "never read"}
            continue
        assert letter.photo.content.startswith(b"\x89PNG")
        assert len(letter.caption.text.encode("utf-16-le")) // 2 <= MAX_CAPTION
        whole = views.digest(tr, told)
        assert whole in (letter.caption, letter.text), form
        if letter.text is not None:
            assert letter.caption.keyboard is None
            assert "\n" not in letter.caption.text
    short = await letter_of(Drawing(), tr, told, in_full=False)
    assert (short.photo, short.text) == (None, None)


def test_the_picture_is_of_the_course_that_moved_most(translators: Translators) -> None:
    moved = course(NET, course_id=2, gained=2.0)
    told = report(part("张三", course(JAVA), moved), since=MADE_AT - timedelta(days=1))
    card = card_of(translators["zh"], told)
    assert card is not None
    assert (card.course, card.percent, card.gained) == (NET, moved.percent, 2.0)
    assert (card.cells_done, card.cells_total) == (12, 40)
    assert [(each.name, each.percent, each.gained) for each in card.modules] == [
        (NET, 80.0, 3.0),
        (NET, 10.0, 0.0),
    ]
    assert (card.today, card.since) == (TODAY, TODAY - timedelta(days=1))
    assert course_card(translators["zh"], card).startswith(b"\x89PNG")


def test_where_nothing_moved_the_picture_is_of_all_courses(translators: Translators) -> None:
    courses = [course(JAVA, percent=20.0), course(NET, percent=60.0)]
    card = card_of(translators["zh"], report(part("张三", *courses), since=None))
    assert card is not None
    assert (card.course, card.percent, card.since) == ("全部课程", 30.0, None)
    assert (card.cells_done, card.cells_total) == (24, 80)
    assert [(each.name, each.percent) for each in card.modules] == [(JAVA, 20.0), (NET, 60.0)]
    uncounted = card_of(
        translators["zh"], report(part("张三", courses[0], replace(courses[1], cell_count=None)))
    )
    assert uncounted is not None
    assert (uncounted.cells_done, uncounted.cells_total) == (None, None)
    assert uncounted.percent == 40.0, "the mean, where cells are not counted"
    assert card_of(translators["zh"], report(part("张三"))) is None


def test_the_notice_names_what_is_new_and_offers_to_start_it(translators: Translators) -> None:
    news = NewLessonsNotice(1, 5, (TaughtModule("m1", "模块一", True, ("第一讲",)),), 3)
    screen = views.new_lessons(translators["zh"], JAVA, news, 77)
    text = text_of(screen)
    assert f"🆕 {JAVA} 有新课" in text
    assert lines_with(text, "新模块：模块一：第一讲")
    assert lines_with(text, "还有 3 节新课")
    start, *others = buttons_of(screen)
    assert (start.text, start.data) == ("开始", "v1:gn:77:0")
    assert [each.data for each in others] == ["v1:cn:5:0", "v1:odg::0"]
    unnamed = views.new_lessons(translators["zh"], JAVA, replace(news, modules=()), 77)
    assert Action.START_NEW not in actions_of(unnamed)


# the settings


def test_the_settings_say_when_the_following_one_comes_on_the_chats_clock(
    translators: Translators,
) -> None:
    here = Now(MADE_AT, ZoneInfo("Asia/Tokyo"))
    chosen = digest_reports.some_settings(at=time(21, 30), days=Days.WEEKLY, weekday=0)
    next_at = MADE_AT + timedelta(days=1)
    text = text_of(digest_settings.main(translators["zh"], chosen, next_at, here))
    assert "✅ 已开启：每周一 21:30" in text
    assert "⏭ 下一份：明天 22:00" in text
    assert "时区：东京 (UTC+9)，现在 22:00" in text
    for days, named in ((0, "今天 22:00"), (3, "周四 3月11日 22:00"), (7, "周一 3月15日 22:00")):
        text = text_of(
            digest_settings.main(translators["zh"], chosen, MADE_AT + timedelta(days=days), here)
        )
        assert f"⏭ 下一份：{named}" in text
    off = digest_reports.some_settings(is_on=False)
    text = text_of(digest_settings.main(translators["zh"], off, None, here))
    assert "未开启" in text
    assert "⏭" not in text


def test_what_is_chosen_is_marked_on_every_screen_of_choices(translators: Translators) -> None:
    here = Now(MADE_AT, ZoneInfo("Asia/Shanghai"))
    chosen = digest_reports.some_settings(
        at=time(21, 30), days=Days.WEEKLY, weekday=2, watch_times=3, start_hour=7
    )
    tr = translators["zh"]
    for screen, marked in (
        (digest_settings.times(tr, chosen, here), "✓ 21:30"),
        (digest_settings.days(tr, chosen), "✓ 周三"),
        (digest_settings.quiet(tr, chosen), "✓ 22:30–07:30 静音"),
        (digest_settings.watch(tr, chosen), "✓ 新课：每天看 3 次"),
        (digest_settings.start_hour(tr, chosen), "✓ 07"),
    ):
        assert [b.text for b in buttons_of(screen) if "✓" in b.text] == [marked]


def test_every_minute_has_its_number() -> None:
    for minutes in range(24 * 60):
        at = time_of(minutes)
        assert at is not None
        assert minutes_of(at) == minutes


def test_other_numbers_are_no_minute() -> None:
    assert time_of(24 * 60) is None
    assert time_of(2**63 - 1) is None
