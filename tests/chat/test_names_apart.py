"""Two things that are not the same do not look the same, on any screen and in any picture."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.callbacks import Action, decode
from bot.chat.cards import font as face
from bot.chat.i18n import Translator, Translators
from bot.chat.views import (
    account,
    batches,
    courses,
    digest,
    full_list,
    hub,
    job,
    jobs,
    login,
    preview,
    progress,
    summary,
)
from bot.chat.views import modules as contents
from bot.chat.zones import Now
from bot.naming import look_key
from bot.outbox.screen import Screen
from bot.study.progress import Counts
from demo.telegram import Button
from storage.enums import JobState, Outcome
from tests.support import digest_reports
from tests.support.all_screens import (
    NOW,
    ZONE,
    a_cell,
    a_course,
    a_hub,
    a_job,
    an_account,
    items,
    plans,
)
from tests.support.all_screens import modules as some_modules
from tests.support.rendered import as_telegram_takes_it

LONG = "大学生职业发展与就业指导课程"
PAIRS = {
    "end": (f"{LONG}（一）", f"{LONG}（二）"),
    "middle": (f"{LONG}（一）{LONG}{LONG}", f"{LONG}（二）{LONG}{LONG}"),
    "first sign": (f"甲{LONG}{LONG}", f"乙{LONG}{LONG}"),
    "latin": (
        "Introduction to Object Oriented Programming I",
        "Introduction to Object Oriented Programming II",
    ),
    "equal": (LONG, LONG),
    "blank": ("网络 基础", "网络  基础\u200e"),
    "short": ("网络基础", "网络技术"),
}
every_pair = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
Pair = tuple[str, str]


@pytest.fixture(params=["zh", "en"])
def tr(request: pytest.FixtureRequest, translators: Translators) -> Translator:
    return translators[request.param]


def shown(screen: Screen) -> tuple[list[str], list[Button]]:
    text, rows = as_telegram_takes_it(screen)
    return text.split("\n"), [button for row in rows for button in row]


def of_actions(screen: Screen, *actions: Action) -> list[str]:
    """The labels of the buttons of these actions."""
    found = []
    for button in shown(screen)[1]:
        data = decode(button.data)
        if data is not None and data.action in actions:
            found.append(button.text)
    return found


def lines_of(screen: Screen, holds: str) -> list[str]:
    return [line for line in shown(screen)[0] if holds in line]


def are_apart(texts: Sequence[str], count: int = 2) -> None:
    assert len(texts) == count, texts
    assert len({look_key(text) for text in texts}) == count, texts


@every_pair
def test_courses_in_the_lists(tr: Translator, pair: Pair) -> None:
    todo = [a_course(name, 12.5, number) for number, name in enumerate(pair, 1)]
    are_apart(of_actions(courses.course_list(tr, an_account("张三"), todo, 0), Action.COURSE))
    done = [replace(each, percent=100.0) for each in todo]
    are_apart(of_actions(courses.finished_courses(tr, an_account("张三"), done, 0), Action.COURSE))
    first = hub.hub(tr, a_hub("张三", todo))
    are_apart(lines_of(first, "12%"))
    are_apart(of_actions(first, Action.COURSE))


def test_courses_on_different_pages_of_a_list(tr: Translator) -> None:
    names = [PAIRS["middle"][0], *"abcdefghij", PAIRS["middle"][1]]
    listed = [a_course(name, 12.5, number) for number, name in enumerate(names, 1)]
    pages = [courses.course_list(tr, an_account("张三"), listed, page) for page in (0, 1)]
    are_apart([label for page in pages for label in of_actions(page, Action.COURSE)], 12)


@every_pair
def test_modules_and_what_a_job_would_do(tr: Translator, pair: Pair) -> None:
    rows = [replace(each, name=name) for each, name in zip(some_modules("", 2), pair, strict=True)]
    screen = courses.module_list(tr, a_course("课程"), rows, set(), 1, 0)
    are_apart([label[4:].split(" ", 1)[1] for label in of_actions(screen, Action.TICK)])
    plan = replace(dict(plans("课程"))["all of it"], modules=list(pair))
    modules = shown(preview.preview(tr, plan, 1))[0][1]
    are_apart(modules.partition(tr("Modules: {names}", names=""))[2].split(tr(", ")))
    both = [replace(plan, course_name=name) for name in pair]
    are_apart(lines_of(batches.preview(tr, both, 1), "• "))


@every_pair
def test_topics_and_cells_of_a_module(tr: Translator, pair: Pair) -> None:
    (module,) = some_modules("模块", 1)
    cells = [replace(a_cell(number, "视频"), topic_name=name) for number, name in enumerate(pair)]
    lines = shown(contents.contents(tr, module, cells, 1, 0))[0]
    are_apart([lines[at - 1] for at, line in enumerate(lines) if "视频" in line])
    cells = [replace(a_cell(7, name), cell_id=f"c{n}") for n, name in enumerate(pair)]
    are_apart(lines_of(contents.contents(tr, module, cells, 1, 0), "◐"))


@every_pair
def test_cells_in_a_summary_and_in_the_full_list(tr: Translator, pair: Pair) -> None:
    ended = [
        replace(item, cell=replace(item.cell, name=name, topic_id="t", topic_name="章节"))
        for item, name in zip(items("x", *[Outcome.NOT_COUNTED] * 2), pair, strict=True)
    ]
    made = a_job("课程", JobState.FAILED)
    are_apart(lines_of(summary.summary(tr, made, ended, 1.0), "• "))
    listed = full_list.document(tr, made, ended).content.decode("utf-8-sig").splitlines()
    are_apart([line for line in listed if line.startswith("    ")])


def test_cells_of_one_name_say_their_topic(tr: Translator) -> None:
    ended = [
        replace(item, cell=replace(item.cell, name="教学视频", topic_name=topic))
        for item, topic in zip(
            items("x", *[Outcome.LOCKED] * 2), ("1.1 变量", "1.2 循环"), strict=True
        )
    ]
    screen = summary.summary(tr, a_job("课程", JobState.FAILED), ended, 1.0)
    assert lines_of(screen, "• ") == ["• 教学视频 · 1.1 变量", "• 教学视频 · 1.2 循环"]


@every_pair
def test_jobs(tr: Translator, pair: Pair) -> None:
    two = [
        a_job(name, id=number, course_id=number, open_class_id=f"c{number}")
        for number, name in enumerate(pair, 1)
    ]
    are_apart(of_actions(job.which_job(tr, Action.PAUSE, two), Action.PAUSE))
    counts = Counts(total=9, done=3)
    screen = jobs.job_list(tr, [(each, counts) for each in two], Now(NOW, ZONE))
    are_apart(of_actions(screen, Action.JOB))
    are_apart(lines_of(screen, "3/9"))
    expired = login.session_expired(tr, "张三", list(pair))
    are_apart(
        shown(expired)[0][-1].partition(tr("Waiting: {courses}", courses=""))[2].split(tr(", "))
    )
    files = [full_list.document(tr, each, []).filename for each in two]
    if pair not in (PAIRS["equal"], PAIRS["blank"], PAIRS["middle"]):
        # Of these alone nothing is known of the other.
        are_apart(files)


def test_jobs_of_one_course_have_one_name_and_the_time_at_which_they_began(tr: Translator) -> None:
    two = [a_job(LONG, id=n, created_at=NOW + timedelta(minutes=n)) for n in (1, 2)]
    counts = Counts(total=9, done=3)
    screen = jobs.job_list(tr, [(each, counts) for each in two], Now(NOW, ZONE))
    one, other = of_actions(screen, Action.JOB)
    assert one.rpartition(" · ")[0] == other.rpartition(" · ")[0]
    assert one != other
    same = [replace(each, created_at=NOW) for each in two]
    screen = jobs.job_list(tr, [(each, counts) for each in same], Now(NOW, ZONE))
    are_apart(of_actions(screen, Action.JOB))
    are_apart(of_actions(job.which_job(tr, Action.PAUSE, two), Action.PAUSE))


@every_pair
def test_students(tr: Translator, pair: Pair) -> None:
    lines = [
        account.AccountLine(replace(an_account(name), id=n, number="20212021"), False)
        for n, name in enumerate(pair, 1)
    ]
    are_apart(of_actions(account.accounts(tr, lines), Action.ACCOUNT))
    are_apart(lines_of(account.accounts(tr, lines), "20****21"))
    accounts = [line.account for line in lines]
    are_apart(of_actions(account.choose_logout(tr, accounts), Action.LOGOUT))
    me, *others = [replace(an_account(name), id=n) for n, name in enumerate((*pair, "王五"))]
    chart = progress.chart(tr, me, others, NOW.date(), None)
    are_apart(
        [
            shown(chart)[0][0].split(" ")[1],
            *[label.split(" ", 1)[1] for label in of_actions(chart, Action.PROGRESS)],
        ],
        3,
    )


def test_students_of_one_name_show_their_numbers(tr: Translator) -> None:
    numbers = ("20210001", "20220002")
    lines = [replace(an_account("张伟"), id=n, number=number) for n, number in enumerate(numbers)]
    buttons = of_actions(account.choose_logout(tr, lines), Action.LOGOUT)
    assert [label[-8:] for label in buttons] == ["20****01", "20****02"]


@every_pair
def test_courses_in_a_digest(tr: Translator, pair: Pair) -> None:
    two = [digest_reports.course(name, course_id=n) for n, name in enumerate(pair)]
    report = digest_reports.report(digest_reports.part("张三", *two))
    are_apart(lines_of(digest.digest(tr, report), "📖"))
    (line,) = lines_of(digest.no_news(tr, report), "52%")
    are_apart([each.replace("52%", "") for each in line.rpartition(tr(": "))[2].split(tr(", "))])
    both = digest_reports.report(
        *[
            digest_reports.part(name, one, account_id=n)
            for n, (name, one) in enumerate(zip(pair, two, strict=True))
        ]
    )
    are_apart(of_actions(digest.digest(tr, both), Action.OTHER_ALL_COURSES))
    are_apart(of_actions(digest.digest(tr, both), Action.OTHER_MODULE))


def test_one_course_of_two_students_in_a_digest(tr: Translator) -> None:
    parts = [
        digest_reports.part(name, digest_reports.course("英语", course_id=n), account_id=n)
        for n, name in enumerate(("张三", "李四"))
    ]
    (line,) = lines_of(digest.no_news(tr, digest_reports.report(*parts)), "52%")
    assert "英语 · 张三" in line
    assert "英语 · 李四" in line
    assert "英语 · 张三" in shown(digest.headline(tr, digest_reports.report(*parts)))[0][0]


@every_pair
def test_names_in_a_picture(pair: Pair) -> None:
    drawn = [face.typeface().drawable(name) for name in pair]
    fitted = face.typeface().fit_all(drawn, 36, 400)
    are_apart(fitted)
    assert all(face.typeface().width(name, 36) <= 400 for name in fitted)


def test_names_that_the_typeface_draws_alike_have_numbers_in_a_picture() -> None:
    drawn = [face.typeface().drawable(name) for name in ("网络 🎉", "网络 🎈", "한국")]
    are_apart(face.typeface().fit_all(drawn, 36, 400), 3)
