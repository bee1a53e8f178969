"""The hub holds what waits within a phone's screen, and the quiet states say one clear thing."""

from dataclasses import replace

import pytest

from bot.chat.callbacks import Action
from bot.chat.commands import COMMANDS, CommandGroup, commands_for
from bot.chat.i18n import Translators
from bot.chat.views import account, home, hub, login
from bot.chat.views.words import at_school
from bot.study.progress import Counts
from storage.enums import JobState
from tests.chat.test_contract_words import NAMELESS, action_of, every_language, made_by
from tests.support.all_screens import LARGEST, a_course, a_hub, a_job, an_account
from tests.support.rendered import as_telegram_takes_it, taken

MOST_LINES = 12
ROWS = {
    "zh": [["📚 课程", "📋 任务"], ["📊 每日汇报", "📈 进度"], ["⚙️ 设置", "❓ 帮助"]],
    "en": [
        ["📚 Courses", "📋 Jobs"],
        ["📊 Daily digest", "📈 Progress"],
        ["⚙️ Settings", "❓ Help"],
    ],
}


@every_language
def test_no_form_of_the_hub_and_the_greeting_has_more_than_twelve_lines(
    translators: Translators, language: str
) -> None:
    shown = taken(translators[language], NAMELESS)
    for each in (*made_by(shown, hub.hub), *made_by(shown, login.welcome_student)):
        assert len(each.text.splitlines()) <= MOST_LINES, each


@every_language
def test_every_form_of_the_hub_ends_in_the_same_rows(
    translators: Translators, language: str
) -> None:
    shown = taken(translators[language], NAMELESS)
    for each in (*made_by(shown, hub.hub), *made_by(shown, login.welcome_student)):
        assert [[b.text for b in row] for row in each.rows[-3:]] == ROWS[language], each


@pytest.mark.parametrize(
    ("count", "named", "left_out"), [(1, 1, 0), (4, 4, 0), (5, 3, 2), (9, 3, 6)]
)
def test_so_many_courses_have_a_line_and_a_button_each(
    translators: Translators, count: int, named: int, left_out: int
) -> None:
    courses = [a_course(f"科目{n}", 12.5, n) for n in range(1, count + 1)]
    text, rows = as_telegram_takes_it(hub.hub(translators["zh"], a_hub("张三", courses)))
    names = [f"科目{n}" for n in range(1, named + 1)]
    assert [line.split()[-1] for line in text.splitlines() if "科目" in line] == names
    assert [row[0].text for row in rows[:-4]] == [f"📖 {name}" for name in names]
    assert (f"…还有 {left_out} 门课程" in text) == bool(left_out)


@pytest.mark.parametrize(("more", "said"), [(0, None), (4, "…还有 5 个任务")])
def test_the_jobs_that_have_no_line_are_counted(
    translators: Translators, more: int, said: str | None
) -> None:
    jobs = [
        (a_job(f"科目{n}", id=n, course_open_id=f"{n}"), Counts(total=9, done=n))
        for n in range(1, 4)
    ]
    made = a_hub("张三", [a_course("一", 1.0)], jobs=jobs, more_jobs=more)
    text, _ = as_telegram_takes_it(hub.hub(translators["zh"], made))
    assert "▶️ 科目1 · 进行中 · 1/9" in text
    assert ("科目3" in text) == (said is None)
    assert said is None or said in text


@every_language
def test_the_rest_is_offered_only_where_something_is_left_and_can_be_read(
    translators: Translators, language: str
) -> None:
    def actions(made: hub.Hub) -> list[Action | None]:
        _, rows = as_telegram_takes_it(hub.hub(translators[language], made))
        return [action_of(button) for row in rows for button in row]

    todo, done = [a_course("一", 12.5)], [a_course("二", 100.0)]
    expired = an_account("张三", has_cookie=False)
    waiting = [(a_job("一", JobState.NEEDS_LOGIN), Counts(total=1))]
    assert Action.ALL_COURSES in actions(a_hub("张三", todo))
    assert Action.ALL_COURSES in actions(a_hub("张三", [], reading=hub.Reading.GOING_ON))
    assert Action.ALL_COURSES not in actions(a_hub("张三", done))
    assert Action.LOGIN not in actions(a_hub("张三", todo))
    assert Action.LOGIN in actions(a_hub("张三", todo, jobs=waiting))
    of_expired = actions(a_hub("张三", todo, account=expired))
    assert Action.LOGIN in of_expired
    assert not {Action.ALL_COURSES, Action.COURSE} & set(of_expired)


@pytest.mark.parametrize(
    ("homework", "exams", "unread", "line"),
    [
        ("70", "6", 0, ["🏫 平台上有 作业 70 · 考试 6"]),
        ("0", "6 (+1)", 3, ["🏫 平台上有 考试 6 (+1) · 未读 3"]),
        ("2", "0", 0, ["🏫 平台上有 作业 2"]),
        ("0", "0", 0, []),
    ],
)
def test_what_waits_at_school_is_said_without_zeros(
    translators: Translators, homework: str, exams: str, unread: int, line: list[str]
) -> None:
    assert at_school(translators["zh"], homework, exams, unread) == line


@every_language
def test_an_expired_cookie_that_nothing_waits_for_asks_for_a_login_alone(
    translators: Translators, language: str
) -> None:
    tr = translators[language]
    text, rows = as_telegram_takes_it(login.session_expired(tr, "张三", []))
    assert len(text.splitlines()) == 1
    assert [[action_of(each) for each in row] for row in rows] == [[Action.LOGIN]]
    goes_on = {"zh": "接着学", "en": "continues"}[language]
    assert goes_on not in text
    assert goes_on in login.session_expired(tr, "张三", ["一"]).text


def test_an_account_says_how_long_its_cookie_lives_else_how_old_it_is(
    translators: Translators,
) -> None:
    line = account.AccountLine(an_account("张三"), True, account.Lives("5 小时", "19:30"), "5 小时")

    def said(line: account.AccountLine) -> str:
        return as_telegram_takes_it(account.accounts(translators["zh"], [line]))[0]

    assert said(line).endswith("还能用约 5 小时，到 19:30")
    assert said(replace(line, lives=None)).endswith("cookie 已用 5 小时")
    assert said(replace(line, lives=None, age=None)).endswith("需要新的 cookie")


@every_language
def test_help_has_a_part_per_group_that_holds_its_commands(
    translators: Translators, language: str
) -> None:
    text = home.help_screen(translators[language], logged_in=True, is_owner=True).text
    parts = text.split("<blockquote expandable>")[1:]
    assert len(parts) == len(CommandGroup)
    for group, part in zip(CommandGroup, parts, strict=True):
        quoted, _, _ = part.partition("</blockquote>")
        names = [line.split(" ")[0] for line in quoted.splitlines()]
        assert names == [f"/{each.name}" for each in COMMANDS if each.group is group]


@every_language
def test_help_does_not_name_the_owners_commands_to_other_people(
    translators: Translators, language: str
) -> None:
    text = home.help_screen(translators[language], logged_in=True).text
    assert "/start" in text
    assert not any(
        f"/{each.name}" in text for each in COMMANDS if each not in commands_for(is_owner=False)
    )
    assert "👑" not in text


@every_language
def test_the_number_of_a_refused_person_can_be_copied(
    translators: Translators, language: str
) -> None:
    for stored in (True, False):
        refusal = home.not_allowed(translators[language], LARGEST, is_stored=stored)
        _, ((copy,),) = as_telegram_takes_it(refusal)
        assert copy.copy_text == str(LARGEST)
