"""The words that people and programs rely on: which stand where, and where they must not."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

import pytest

from bot.chat.callbacks import Action, decode
from bot.chat.i18n import Translators
from bot.chat.views import account, batches, courses, home, job, login, preview, summary
from demo.telegram import Button
from tests.support.all_screens import LARGEST, NASTY_NAMES, a_hub, an_account
from tests.support.rendered import Taken, taken

RESERVED = {
    "zh": [
        "全部未完成",
        "下一步",
        "开始",
        "暂停",
        "继续",
        "取消",
        "确认取消",
        "不取消",
        "重试",
        "返回",
    ],
    "en": [
        "All unfinished",
        "Next",
        "Start",
        "Pause",
        "Resume",
        "Cancel",
        "Yes, cancel",
        "Keep going",
        "Retry",
        "Back",
    ],
}
WORD_OF = [
    Action.TICK_ALL,
    Action.NEXT,
    Action.START,
    Action.PAUSE,
    Action.RESUME,
    Action.CANCEL,
    Action.CANCEL_YES,
    Action.CANCEL_NO,
    Action.RETRY,
]
"""The actions of the words above, in their order; 返回 has several, STOP_READING is 取消 too."""
OUTCOMES = {"zh": ("完成", "失败", "跳过"), "en": ("done", "failed", "skipped")}
TICKS = {Action.TICK, Action.UNTICK}
NAMES_OF_THINGS = {
    *TICKS,
    Action.COURSE,
    Action.OTHER_MODULE,
    Action.OTHER_ALL_COURSES,
    Action.PROGRESS,
    Action.JOB,
    Action.ACCOUNT,
    Action.LOGOUT,
    Action.MEMBER,
}
NAMED = {job.which_job, courses.modules_to_read}
"""Screens on which other buttons bear names as well."""
NAMELESS = "§"

every_language = pytest.mark.parametrize("language", ["zh", "en"])


def action_of(button: Button) -> Action | None:
    data = decode(button.data)
    return data.action if data is not None else None


def made_by(shown: Iterable[Taken], view: Callable[..., object]) -> list[Taken]:
    return [each for each in shown if each.shown.view is view]


def holds_outcomes(text: str, language: str) -> bool:
    """Whether all three words stand in the text, each followed by a number."""
    return all(re.search(rf"{word}\W{{0,3}}\d", text, re.IGNORECASE) for word in OUTCOMES[language])


@every_language
def test_each_word_stands_on_the_buttons_of_its_action_and_nowhere_else(
    translators: Translators, language: str
) -> None:
    words = dict(zip(WORD_OF, RESERVED[language], strict=False))
    words[Action.STOP_READING] = words[Action.STOP_BATCH] = words[Action.CANCEL]
    words[Action.START_ALL] = words[Action.START_NEW] = words[Action.START]
    back = RESERVED[language][-1]
    seen: set[str] = set()
    for each in taken(translators[language], NAMELESS):
        if each.shown.view is job.which_job:
            continue
        for button in each.buttons:
            expected = words.get(action_of(button) or Action.NOTHING)
            if expected is not None:
                assert button.text == expected, each
            else:
                assert button.text not in set(words.values()), each
            seen.add(button.text)
    assert seen >= {*words.values(), back}


@every_language
def test_no_other_button_contains_a_reserved_word(translators: Translators, language: str) -> None:
    reserved = RESERVED[language]
    for each in taken(translators[language], NAMELESS):
        assert len(set(each.labels) & set(reserved)) == len(
            [label for label in each.labels if label in reserved]
        ), each
        for label in each.labels:
            if label not in reserved:
                found = [word for word in reserved if word.lower() in label.lower()]
                assert found == [], each


@every_language
def test_names_alone_may_bring_such_words_along(translators: Translators, language: str) -> None:
    """A course called 重试 changes the label of its own button and of no other."""
    named = taken(translators[language], " ".join(RESERVED[language]))
    for after, before in zip(named, taken(translators[language], NAMELESS), strict=True):
        for new, old in zip(after.buttons, before.buttons, strict=True):
            if action_of(new) not in NAMES_OF_THINGS and after.shown.view not in NAMED:
                assert new.text == old.text, after


def row(each: Taken, word: str) -> Collection[str]:
    return next(
        [button.text for button in row]
        for row in each.rows
        if word in [button.text for button in row]
    )


@every_language
def test_the_screens_on_the_way_to_a_job_have_their_words(
    translators: Translators, language: str
) -> None:
    shown = taken(translators[language], NAMELESS)
    everything, following, start, *_, back = RESERVED[language]
    for each in made_by(shown, courses.module_list):
        assert {everything, following, back} <= set(each.labels), each
    previews = made_by(shown, preview.preview)
    startable = [each for each in previews if start in each.labels]
    forms = ("all of it", "lengths known", "no modules", "a part planned")
    assert {each.shown.form for each in startable} == {
        f"{form}{ending}" for form in forms for ending in ("", ", with its end")
    }
    for each in made_by(shown, batches.preview):
        assert back in each.labels
        assert (start in each.labels) == (each.shown.form not in ("none", "all planned"))
    assert all(back in each.labels for each in previews)


@every_language
def test_a_modules_name_ticks_it(translators: Translators, language: str) -> None:
    for each in made_by(taken(translators[language], NAMELESS), courses.module_list):
        for button in each.buttons:
            assert (NAMELESS in button.text) == (action_of(button) in TICKS), each


@every_language
def test_paging_is_arrows(translators: Translators, language: str) -> None:
    pages = [
        each
        for each in taken(translators[language], NAMELESS)
        if "page 12 of 200" in each.shown.form
    ]
    where = {"zh": "第 13/25 页", "en": "Page 13/25"}[language]
    assert len(pages) == 10
    assert all(
        [label.replace("/34", "/25") for label in row(each, "‹")] == ["‹", where, "›"]
        for each in pages
    )


@every_language
def test_the_progress_message_offers_what_can_be_done(
    translators: Translators, language: str
) -> None:
    pause, resume, cancel, yes, no = RESERVED[language][3:8]
    refresh = {"zh": "🔄 刷新", "en": "🔄 Refresh"}[language]
    for each in made_by(taken(translators[language], NAMELESS), job.progress):
        _, state, wanted, asking = each.shown.form.rsplit(", ", 3)
        if asking == "True":
            assert each.labels == [yes, no], each
        elif state == "paused" or wanted == "pause":
            assert each.labels == [resume, cancel], each
        elif state == "needs_login":
            assert each.labels[1:] == [cancel], each
            assert pause not in each.labels
        elif state in {"running", "queued"} and wanted == "None":
            assert each.labels == [pause, cancel, refresh], each
        else:
            assert each.labels == [pause, cancel], each


@every_language
@pytest.mark.parametrize("name", [NAMELESS, NASTY_NAMES["plain"], "完成 1 失败 2"])
def test_only_the_final_message_holds_all_three_outcomes_each_with_its_number(
    translators: Translators, language: str, name: str
) -> None:
    finals = 0
    for each in taken(translators[language], name):
        assert holds_outcomes(each.text, language) == each.shown.is_final, each
        finals += each.shown.is_final
    assert finals > 0


@pytest.mark.parametrize(
    ("form", "zh", "en"),
    [
        ("no cells", "完成 0 · 失败 0 · 跳过 0", "done 0 · failed 0 · skipped 0"),
        ("all done", "完成 4 · 失败 0 · 跳过 0", "done 4 · failed 0 · skipped 0"),
        ("one of each", "完成 1 · 失败 5 · 跳过 3", "done 1 · failed 5 · skipped 3"),
    ],
)
def test_the_final_message_counts_every_cell_zeros_too(
    translators: Translators, form: str, zh: str, en: str
) -> None:
    for language, counts in (("zh", zh), ("en", en)):
        finals = made_by(taken(translators[language], NAMELESS), summary.summary)
        for each in finals:
            if each.shown.form.startswith(form):
                assert counts in each.text.split("\n"), each


@every_language
def test_the_final_message_can_retry_what_failed_and_nothing_else_of_the_job(
    translators: Translators, language: str
) -> None:
    pause, resume, cancel = RESERVED[language][3:6]
    retry = RESERVED[language][8]
    for each in made_by(taken(translators[language], NAMELESS), summary.summary):
        for label in each.labels:
            assert not any(word in label for word in (pause, resume, cancel)), each
        has_failed = each.shown.form.startswith(("one of each", "many of each"))
        assert (retry in each.labels) == has_failed, each


def test_the_final_message_names_what_is_not_done_and_why(translators: Translators) -> None:
    name = NASTY_NAMES["plain"]
    finals = made_by(taken(translators["zh"], name), summary.summary)
    with_reasons = next(each for each in finals if each.shown.form.startswith("one of each"))
    assert with_reasons.text.count(f"• {name}") == 8
    many = next(each for each in finals if each.shown.form.startswith("many of each"))
    assert many.text.count("还有 44 ") == 8, many
    told = [each for each in finals if "barred_again" in each.shown.form]
    assert all("两次" in each.text for each in told)


@every_language
def test_the_notice_of_a_bar_holds_its_length(translators: Translators, language: str) -> None:
    length = {"zh": "20 分钟", "en": "20 min"}[language]
    notices = made_by(taken(translators[language], NAMELESS), summary.barred)
    assert len(notices) == 2
    assert all(length in each.text for each in notices)
    assert ["15:50" in each.text for each in notices] == [False, True]


@every_language
def test_the_notice_of_an_expired_session_says_what_to_send(
    translators: Translators, language: str
) -> None:
    words = {"zh": ("登录", "cookie"), "en": ("log in", "cookie")}[language]
    for each in made_by(taken(translators[language], NAMELESS), login.session_expired):
        assert all(word in each.text for word in words), each


@every_language
def test_a_cancelled_job_says_so_in_its_progress_message(
    translators: Translators, language: str
) -> None:
    word = {"zh": "已取消", "en": "cancelled"}[language]
    for each in made_by(taken(translators[language], NAMELESS), job.cancelled):
        assert word in each.text, each


@every_language
def test_a_stranger_is_refused_in_one_line_that_holds_the_id(
    translators: Translators, language: str
) -> None:
    refusals = made_by(taken(translators[language], NAMELESS), home.not_allowed)
    assert len(refusals) == 2
    for refusal in refusals:
        assert str(LARGEST) in refusal.text
        assert len(refusal.text.splitlines()) == 1
        ((copy,),) = refusal.rows
        assert copy.copy_text == str(LARGEST)


@every_language
def test_help_names_every_command_and_start_says_what_is_stored(
    translators: Translators, language: str
) -> None:
    shown = taken(translators[language], NAMELESS)
    commands = (
        "start courses jobs pause resume cancel digest progress login accounts settings logout "
        "erase help"
    )
    for each in made_by(shown, home.help_screen):
        named = re.findall(r"^/(\w+) – \S", each.text, re.MULTILINE)
        of_owner = {"invite", "people"} if each.shown.form == "of the owner" else set()
        assert set(named) == set(commands.split()) | of_owner, each
    (welcome,) = made_by(shown, home.welcome)
    assert "/logout" in welcome.text
    assert "/erase" in welcome.text


def test_a_students_number_is_never_shown_whole(translators: Translators) -> None:
    number = "20210314159"
    lines = [account.AccountLine(replace(an_account("张三"), number=number), True)]
    screen = account.accounts(translators["zh"], lines)
    assert "20*******59" in screen.text
    assert number not in screen.text
    assert account.masked("1234") == "****"
    assert account.masked("") == ""


def test_a_login_greets_by_the_whole_name_and_tells_whose_cookie_a_job_waits_for(
    translators: Translators,
) -> None:
    name, other = "欧阳娜娜·买买提", "李四"
    screen = login.welcome_student(
        translators["zh"], a_hub(name, []), resumed=["网络基础"], waiting=[("数据库", other)]
    )
    first, second, third, *_ = screen.text.split("\n")
    assert name in first
    assert "网络基础" in second
    assert "数据库" in third
    assert other in third
