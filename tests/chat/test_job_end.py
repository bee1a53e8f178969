"""The end of a job: a reward where all is done, else first what to do; the reasons are folded."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.chat.callbacks import Action, decode
from bot.chat.i18n import Translators
from bot.chat.keyboards import MOST_LINES
from bot.chat.views import jobs
from bot.chat.views.reasons import PER_REASON
from bot.chat.views.summary import summary
from bot.chat.zones import Now
from bot.outbox.screen import Effect
from storage.enums import JobReason, JobState, Outcome
from storage.jobs import Job, JobItem
from tests.support.all_screens import a_cell, a_job
from tests.support.rendered import as_telegram_takes_it

COURSE = "java面向对象程序设计"
MODULE = "模块一 初识java及环境搭建"
JOB = replace(a_job(COURSE, JobState.SUCCEEDED), percent_before=7.0, percent_after=26.4)
DONE, REFUSED, LOCKED = Outcome.DONE, Outcome.REFUSED, Outcome.LOCKED


def items(*outcomes: Outcome) -> list[JobItem]:
    return [
        JobItem(replace(a_cell(number, f"第{number}节"), module_name=MODULE), outcome, None, None)
        for number, outcome in enumerate(outcomes)
    ]


def said(translators: Translators, job: Job, *outcomes: Outcome, language: str = "zh") -> str:
    screen = summary(translators[language], job, items(*outcomes), 1.0)
    return as_telegram_takes_it(screen)[0]


def test_a_job_that_did_all_ends_in_five_lines(translators: Translators) -> None:
    assert said(translators, JOB, *[DONE] * 4).split("\n") == [
        f"🎉 {COURSE}：学完了",
        f"📂 {MODULE}",
        "完成 4 · 失败 0 · 跳过 0",
        "📈 课程进度 7% → 26%",
        "⏱ 用时 3 小时",
    ]


@pytest.mark.parametrize(
    ("language", "modules", "line"),
    [
        ("zh", [MODULE], f"📂 {MODULE}"),
        ("zh", ["课程导学", MODULE], f"📂 课程导学、{MODULE}"),
        ("en", ["课程导学", "课程导学", MODULE], f"📂 课程导学, {MODULE}"),
        ("zh", ["一", "二", "三"], "📂 3 个模块"),
        ("en", ["一", "二", "三"], "📂 3 modules"),
        ("zh", ["很长的名字" * 60], "📂 很长的名字很长的名字…长的名字"),
    ],
)
def test_the_end_and_the_details_name_the_modules_that_the_job_had(
    translators: Translators, language: str, modules: list[str], line: str
) -> None:
    tr = translators[language]
    had = [
        JobItem(replace(a_cell(number, "节"), module_id=name, module_name=name), DONE, None, None)
        for number, name in enumerate(modules)
    ]
    end = as_telegram_takes_it(summary(tr, JOB, had, 1.0))[0]
    now = Now(JOB.created_at, ZoneInfo("Asia/Shanghai"))
    details = as_telegram_takes_it(jobs.details(tr, JOB, had, [], now, may_retry=False))[0]
    assert end.split("\n")[1] == details.split("\n")[1] == line


@pytest.mark.parametrize(
    ("outcomes", "headline"),
    [
        ([DONE] * 3 + [Outcome.BY_HAND], f"🎉 {COURSE}：能学的都学了"),
        ([Outcome.BY_HAND] * 2, f"✍️ {COURSE}：剩下的要你自己做"),
        ([LOCKED], f"🔒 还没开放，开放后再试：{COURSE}"),
        ([DONE] * 3 + [REFUSED], f"⚠️ {COURSE}：学完了大部分，有几节没学成"),
        ([DONE, REFUSED], f"⚠️ {COURSE}：学完了一部分，还有几节没学成"),
        ([DONE] + [REFUSED] * 5, f"⚠️ {COURSE}：学完了一部分，还有几节没学成"),
        ([Outcome.UNREAD], f"❌ {COURSE}：没学成"),
        ([REFUSED] * 3 + [Outcome.BY_HAND], f"❌ {COURSE}：没学成"),
    ],
)
@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.PARTLY_FAILED, JobState.FAILED])
def test_the_headline_says_what_the_counts_say(
    translators: Translators, outcomes: list[Outcome], headline: str, state: JobState
) -> None:
    text = said(translators, replace(JOB, state=state), *outcomes)
    assert text.split("\n")[0] == headline


AGAIN = "👉 没学成的，点「重试」再学一次。"
LATER = "👉 等一个小时，再点「重试」。"
OPENED = "🔒 没开放的，等开放后点「重试」。"
BY_HAND = "✍️ 测验、作业、讨论要你自己做。"
UNSUPPORTED = "❔ 我学不了的，到平台上自己看。"


@pytest.mark.parametrize(
    ("outcomes", "reason", "advice"),
    [
        ([DONE, REFUSED], None, [AGAIN]),
        ([DONE, REFUSED], JobReason.BARRED_AGAIN, [LATER]),
        ([LOCKED], None, []),
        ([LOCKED, Outcome.BY_HAND], None, [BY_HAND]),
        ([*Outcome], None, [AGAIN, OPENED, BY_HAND, UNSUPPORTED]),
    ],
)
def test_what_to_do_comes_first_where_nothing_was_done_or_something_failed(
    translators: Translators, outcomes: list[Outcome], reason: JobReason | None, advice: list[str]
) -> None:
    lines = said(translators, replace(JOB, reason=reason), *outcomes).split("\n")
    at = next(place for place, line in enumerate(lines) if line.startswith("完成 "))
    assert lines[2:at] == advice


@pytest.mark.parametrize(
    ("outcomes", "advice"),
    [
        ([DONE], []),
        ([DONE, LOCKED], [OPENED]),
        ([DONE, Outcome.BY_HAND], [BY_HAND]),
        ([DONE, LOCKED, Outcome.BY_HAND, Outcome.UNSUPPORTED], [OPENED, BY_HAND, UNSUPPORTED]),
    ],
)
def test_a_reward_comes_before_what_is_left_to_do(
    translators: Translators, outcomes: list[Outcome], advice: list[str]
) -> None:
    text = summary(translators["zh"], JOB, items(*outcomes), 1.0).text
    head = text.partition("\n<blockquote")[0].replace("<b>", "").replace("</b>", "").split("\n")
    assert head[2].startswith("完成 ")
    assert head[3:5] == ["📈 课程进度 7% → 26%", "⏱ 用时 3 小时"]
    assert head[5:] == advice


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reasons_are_folded_and_all_of_them_stay_within_reach(
    translators: Translators, language: str
) -> None:
    screen = summary(translators[language], JOB, items(*[*Outcome] * (PER_REASON + 1)), 1.0)
    head, quote, folded = screen.text.partition("<blockquote expandable>")
    assert quote
    assert folded.endswith("</blockquote>")
    assert "第0节" not in head
    assert len(head.strip().split("\n")) <= MOST_LINES
    _, rows = as_telegram_takes_it(screen)
    actions = {data.action for row in rows for b in row if (data := decode(b.data))}
    assert Action.FULL_LIST in actions


@pytest.mark.parametrize(
    ("before", "after", "outcome", "is_reached"),
    [
        (99.9, 100.0, DONE, True),
        (None, 100.0, DONE, True),
        (100.0, 100.0, DONE, False),
        (7.0, 99.9, DONE, False),
        (7.0, None, DONE, False),
        (7.0, 100.0, Outcome.BY_HAND, False),
    ],
)
def test_a_course_that_reaches_100_comes_with_an_effect(
    translators: Translators,
    before: float | None,
    after: float | None,
    outcome: Outcome,
    is_reached: bool,
) -> None:
    job = replace(JOB, percent_before=before, percent_after=after)
    screen = summary(translators["zh"], job, items(outcome, Outcome.BY_HAND), 1.0)
    assert screen.effect is (Effect.PARTY if is_reached else None)


def test_the_number_of_one_own_fault_can_be_copied(translators: Translators) -> None:
    broken = [JobItem(a_cell(0, "节"), Outcome.OWN_FAULT, "A1B2C3", None)] * 3
    _, rows = as_telegram_takes_it(summary(translators["zh"], JOB, broken, 1.0))
    assert [b.copy_text for row in rows for b in row if b.copy_text] == ["A1B2C3"]
    several = [*broken, replace(broken[0], code="D4E5F6")]
    _, rows = as_telegram_takes_it(summary(translators["zh"], JOB, several, 1.0))
    assert [b for row in rows for b in row if b.copy_text] == []
