"""A student reads phrases of the catalogue and, quoted, what the platform said; a machine's words
go to the log. Each kind of error is taken to each place where it is shown, in each language."""

import json
from collections.abc import Iterator
from itertools import product

import pytest

from bot.chat.i18n import Translators
from bot.chat.views import full_list, job, jobs
from bot.chat.views.summary import barred, platform_away, summary
from bot.chat.zones import Now
from bot.handlers.login_message import unchecked
from bot.handlers.trouble import trouble_screen
from bot.jobs.items import snapshot_of
from bot.study.attempt import Verdict
from bot.zjy.errors import Barred, Temporary, ZjyError
from storage.enums import JobReason, JobState, Outcome
from storage.jobs import JobEvent, JobItem
from storage.lengths import KnownLengths
from tests.prove.plain_words import assert_plain
from tests.support.all_screens import NOW, ZONE, a_cell, a_job, all_screens, an_account

COURSE = "网络基础"
DETAIL = "HTTP 200, a JSON list instead of an object; guIdToken: string_type"
SAID = ("", "系统繁忙，请稍后再试", "Object reference not set to an instance of an object.")
CODES = (None, 0, -1, "-1", 4711)
OUTCOMES = [Outcome.REFUSED, Outcome.TEMPORARY, Outcome.UNREAD, Outcome.LOCKED, Outcome.NOT_COUNTED]


def kinds(root: type[ZjyError] = ZjyError) -> Iterator[type[ZjyError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


def errors(kind: type[ZjyError]) -> list[ZjyError]:
    return [
        kind("getCellByTopicId", msg, code=code, detail=DETAIL)
        for msg, code in product(SAID, CODES)
    ]


@pytest.mark.parametrize("kind", [*kinds()], ids=lambda kind: kind.__name__)
def test_whatever_breaks_a_reading_is_told_in_plain_words(
    translators: Translators, kind: type[ZjyError]
) -> None:
    for language, error in product(translators.languages, errors(kind)):
        said = [JobItem(a_cell(0, COURSE), None, None, error.msg)]
        screen = trouble_screen(translators[language], an_account(COURSE), error)
        text = screen.text.replace(_reference(screen.text), "")
        assert_plain(text, language, said)
        if isinstance(error, Temporary):
            assert (f"“{error.msg}”" in text) == bool(error.msg)


@pytest.mark.parametrize("kind", [*kinds()], ids=lambda kind: kind.__name__)
def test_whatever_leaves_a_login_undecided_is_told_in_plain_words(
    translators: Translators, kind: type[ZjyError]
) -> None:
    for language, error in product(translators.languages, errors(kind)):
        text = unchecked(translators[language], error=error).text
        assert_plain(text, language, [JobItem(a_cell(0, COURSE), None, None, error.msg)])
        assert "：。" not in text
        assert not text.rstrip().endswith((":", "："))
        assert (f"“{error.msg}”" in text) == bool(error.msg)


def _reference(text: str) -> str:
    """The log's number of the trouble, where the text holds one."""
    return text.partition("<code>")[2].partition("</code>")[0]


@pytest.mark.parametrize("kind", [*kinds()], ids=lambda kind: kind.__name__)
def test_whatever_ends_a_cell_is_told_in_plain_words(
    translators: Translators, kind: type[ZjyError]
) -> None:
    done = a_job(COURSE, JobState.FAILED)
    for language, error, outcome in product(translators.languages, errors(kind), OUTCOMES):
        verdict = Verdict.of(outcome, error)
        items = [JobItem(a_cell(0, "第一讲", "视频"), outcome, verdict.code, verdict.msg)]
        tr = translators[language]
        for told in (items, items * 3):
            assert_plain(summary(tr, done, told, 1.0).text, language, told)
            listed = full_list.document(tr, done, told).content.decode("utf-8-sig")
            assert_plain(listed, language, told)


@pytest.mark.parametrize("reason", [None, *JobReason])
def test_whatever_a_job_waits_for_or_ended_by_is_told_in_plain_words(
    translators: Translators, reason: JobReason | None
) -> None:
    items = [JobItem(a_cell(0, "第一讲"), None, None, None)]
    for language, state in product(translators.languages, JobState):
        tr, one = translators[language], a_job(COURSE, state, reason=reason and reason.value)
        shown = job.Shown(one, snapshot_of(items, KnownLengths()), NOW, ZONE, 1.0)
        assert_plain(job.progress(tr, shown).text, language)
        events = [JobEvent(NOW, state, reason and reason.value)]
        now = Now(NOW, ZONE)
        screen = jobs.details(tr, one, items, events, now, may_retry=True)
        assert_plain(screen.text, language)


@pytest.mark.parametrize("msg", ["", *SAID])
def test_a_bar_is_told_in_the_platforms_words_and_never_in_others(
    translators: Translators, msg: str
) -> None:
    payload = json.loads(json.dumps({"msg": Barred("viewDirectory", msg, detail=DETAIL).msg}))
    said = [JobItem(a_cell(0, COURSE), None, None, msg)]
    for language in translators.languages:
        screen = barred(translators[language], COURSE, 30, NOW, ZONE, NOW, msg=payload["msg"])
        assert_plain(screen.text, language, said)
        assert (f"“{msg}”" in screen.text) == bool(msg)
        for unsaid in ("异常", "unusual", "abnormal"):
            assert unsaid not in screen.text
        assert_plain(platform_away(translators[language], COURSE, 5).text, language)


def test_the_bots_own_fault_is_told_by_a_number_that_the_log_has(translators: Translators) -> None:
    broken = JobItem(a_cell(0, "第一讲"), Outcome.OWN_FAULT, "8F3A11", None)
    done = a_job(COURSE, JobState.FAILED, reason=JobReason.BROKE_OFF)
    for language in translators.languages:
        tr = translators[language]
        text = summary(tr, done, [broken], 1.0).text
        listed = full_list.document(tr, done, [broken]).content.decode("utf-8-sig")
        for each in (text, listed):
            assert "8F3A11" in each
            assert_plain(each.replace("8F3A11", ""), language)


def test_no_screen_at_all_holds_a_machines_word(translators: Translators) -> None:
    machine = ("_type", "ZjyError", "Answer", "None", "Traceback", "代码 –")
    for language in translators.languages:
        for shown in all_screens(translators[language], COURSE):
            for word in machine:
                assert word not in shown.screen.text, shown
