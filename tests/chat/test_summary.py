"""The final message of a long job: a cause is said once, and the rest stands in a file."""

from dataclasses import replace

import pytest

from bot.chat.callbacks import Action, Callback, decode
from bot.chat.i18n import Translators
from bot.chat.text_bars import exact_percent
from bot.chat.views import full_list
from bot.chat.views.reasons import PER_REASON
from bot.chat.views.summary import summary
from bot.outbox.screen import Screen
from storage.enums import JobState, Outcome
from storage.jobs import JobItem
from tests.support.all_screens import NASTY_NAMES, a_cell, a_job
from tests.support.rendered import as_telegram_takes_it

JOB = a_job("网络基础", JobState.PARTLY_FAILED)
BARRED = "学习行为异常"


def cells(outcome: Outcome, count: int, *, msg: str | None = None, first: int = 0) -> list[JobItem]:
    return [
        JobItem(a_cell(n, f"第{n}节"), outcome, None if msg is None else "-3", msg)
        for n in range(first, first + count)
    ]


def said(translators: Translators, items: list[JobItem], language: str = "zh") -> str:
    return as_telegram_takes_it(summary(translators[language], JOB, items, 600.0))[0]


def actions(screen: Screen) -> list[Action]:
    _, rows = as_telegram_takes_it(screen)
    found = [decode(button.data) for row in rows for button in row]
    return [each.action for each in found if each is not None]


def test_one_cause_of_many_cells_is_said_once(translators: Translators) -> None:
    text = said(translators, cells(Outcome.REFUSED, 20, msg=BARRED))
    assert text.count(BARRED) == 1
    assert f"平台拒绝了\n“{BARRED}”（代码 -3）\n• 第0节\n• 第1节\n" in text
    assert "还有 14 节" in text


def test_different_causes_stand_beside_their_cells(translators: Translators) -> None:
    other = cells(Outcome.REFUSED, 1, msg="次数过多", first=1)
    text = said(translators, [*cells(Outcome.REFUSED, 1, msg=BARRED), *other])
    assert f"• 第0节：“{BARRED}”（代码 -3）" in text
    assert "• 第1节：“次数过多”（代码 -3）" in text


def test_a_single_cell_keeps_its_cause_beside_it(translators: Translators) -> None:
    text = said(translators, cells(Outcome.TEMPORARY, 1, msg=BARRED))
    assert f"• 第0节：“{BARRED}”（代码 -3）" in text


def test_cells_without_a_word_of_the_platform_are_names_alone(translators: Translators) -> None:
    assert said(translators, cells(Outcome.REFUSED, 2)).endswith("平台拒绝了\n• 第0节\n• 第1节")


@pytest.mark.parametrize("count", [1, PER_REASON, PER_REASON + 1])
def test_the_full_list_is_offered_where_the_message_leaves_some_out(
    translators: Translators, count: int
) -> None:
    items = [*cells(Outcome.DONE, 50), *cells(Outcome.BY_HAND, count)]
    screen = summary(translators["zh"], JOB, items, 600.0)
    assert (Action.FULL_LIST in actions(screen)) == (count > PER_REASON)
    _, rows = as_telegram_takes_it(screen)
    if count > PER_REASON:
        button = next(each for row in rows for each in row if each.text == "📄 完整清单")
        assert decode(button.data) == Callback(Action.FULL_LIST, (JOB.id,))


def test_the_full_list_is_offered_where_long_words_left_some_out(translators: Translators) -> None:
    items = [
        JobItem(a_cell(n, "&" * 40 + str(n)), outcome, str(n), "<" * 60 + str(n))
        for n in range(PER_REASON)
        for outcome in Outcome
    ]
    assert Action.FULL_LIST in actions(summary(translators["en"], JOB, items, 600.0))


def lines_of(translators: Translators, items: list[JobItem], language: str = "zh") -> list[str]:
    content = full_list.document(translators[language], JOB, items).content
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert text.count("\n") == text.count("\r\n")
    return text.splitlines()


def test_the_list_holds_every_cell_by_module_and_topic_with_its_outcome(
    translators: Translators,
) -> None:
    items = [
        JobItem(a_cell(0, "甲"), Outcome.DONE, None, None),
        JobItem(a_cell(1, "乙"), Outcome.REFUSED, "-3", f"{BARRED}\r\n请休息"),
        JobItem(replace(a_cell(2, "丙"), module_id="n"), Outcome.NOT_COUNTED, None, None),
        JobItem(replace(a_cell(3, "丁"), module_id="n"), Outcome.BY_HAND, None, None),
        JobItem(replace(a_cell(4, "戊"), module_id="n"), None, None, None),
    ]
    names = {"m": "模块一", "n": "模块二"}
    items = [
        replace(
            each,
            cell=replace(
                each.cell,
                module_name=names[each.cell.module_id],
                topic_id=each.cell.module_id,
                topic_name="主题",
            ),
        )
        for each in items
    ]
    assert lines_of(translators, items) == [
        "网络基础",
        "完成 1 · 失败 2 · 跳过 1",
        "",
        "【模块一】",
        "  主题",
        "    ✓ 甲",
        f"    ✗ 乙 — 平台拒绝了：“{BARRED} 请休息”（代码 -3）",
        "",
        "【模块二】",
        "  主题",
        "    ✗ 丙（平台显示 52.39%） — 学了但平台没算上",
        "    – 丁 — 需要你自己做",
        "    … 戊",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NASTY_NAMES.values(), ids=NASTY_NAMES)
def test_the_list_has_one_line_per_cell_whatever_they_are_called(
    translators: Translators, language: str, name: str
) -> None:
    items = [JobItem(a_cell(n, name), outcome, "-1", name) for n, outcome in enumerate(Outcome)]
    lines = lines_of(translators, items, language)
    topics = len(Outcome) if name else 0
    assert len(lines) == 4 + topics + len(Outcome)
    marked = [line for line in lines if line.startswith(("    ✓", "    ✗", "    –"))]
    assert len(marked) == len(Outcome)


@pytest.mark.parametrize("name", [*NASTY_NAMES.values(), "../../a:b|c", "x" * 300])
def test_the_file_has_a_name_that_every_system_can_store(
    translators: Translators, name: str
) -> None:
    named = full_list.document(translators["zh"], a_job(name), []).filename
    assert named.startswith("完整清单")
    assert named.endswith(".txt")
    assert named.isprintable()
    assert not set(named) & set('\\/:*?"<>|')
    assert len(named.encode()) <= 120


@pytest.mark.parametrize(
    ("language", "says"),
    [("zh", "🔒 还没开放，开放后再试"), ("en", "🔒 Not open yet, try again once it is")],
)
def test_where_all_that_was_left_is_closed_the_message_says_so(
    translators: Translators, language: str, says: str
) -> None:
    closed = [*cells(Outcome.LOCKED, 2), *cells(Outcome.BY_HAND, 1, first=2)]
    job = replace(JOB, state=JobState.SUCCEEDED)
    screen = summary(translators[language], job, closed, 600.0)
    text = as_telegram_takes_it(screen)[0]
    assert text.startswith(says)
    assert "学完" not in text
    assert "finished" not in text
    assert Action.RETRY in actions(screen)
    for other in (Outcome.DONE, Outcome.REFUSED):
        screen = summary(translators[language], job, [*closed, *cells(other, 1, first=3)], 600.0)
        assert says not in as_telegram_takes_it(screen)[0]


def test_what_could_not_be_read_to_the_end_is_said(translators: Translators) -> None:
    text = said(translators, cells(Outcome.UNREAD, 1))
    assert "一直读不到这一节的进度，可能已经学完了\n• 第0节" in text
    assert "“忙”（代码 -3）" in said(translators, cells(Outcome.UNREAD, 2, msg="忙"))


def test_the_bots_own_fault_is_told_by_its_number_alone(translators: Translators) -> None:
    broken = [JobItem(a_cell(0, "第0节"), Outcome.OWN_FAULT, "A1B2C3", None)]
    assert "我这边出了点问题\n• 第0节：编号 A1B2C3" in said(translators, broken)
    assert "第0节 — 我这边出了点问题：编号 A1B2C3" in "\n".join(lines_of(translators, broken))


@pytest.mark.parametrize(
    ("code", "msg", "words"),
    [
        ("7", "忙", "“忙”（代码 7）"),
        (None, "忙", "“忙”"),
        ("7", None, "代码 7"),
        (None, None, None),
        ("", "", None),
    ],
)
def test_what_the_platform_did_not_say_is_not_quoted(
    translators: Translators, code: str | None, msg: str | None, words: str | None
) -> None:
    refused = [JobItem(a_cell(0, "第0节"), Outcome.REFUSED, code, msg)]
    ending = f"：{words}" if words else ""
    assert said(translators, refused).endswith(f"• 第0节{ending}")
    assert lines_of(translators, refused)[-1].endswith(f"第0节 — 平台拒绝了{ending}")


@pytest.mark.parametrize(
    ("value", "said"), [(99.99999, "99.999"), (99.9996, "99.999"), (52.39, "52.39"), (0.0, "0")]
)
def test_what_is_not_at_100_never_reads_as_100(value: float, said: str) -> None:
    assert exact_percent(value) == said
