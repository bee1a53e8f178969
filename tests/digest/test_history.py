"""Snapshots: one per local date, whoever asked, kept for 400 days; and what is set is kept."""

from dataclasses import replace
from datetime import date, time, timedelta
from enum import StrEnum
from pathlib import Path

import pytest

from bot.digest.settings import MOST_WATCHES, QUIET
from bot.tracking.history import CourseHistory
from demo.platform import STUDENT, School, course, module, picture, school_of, topic
from storage import chats, snapshots
from storage.database import Database
from storage.enums import Days, DigestKind, NoNews, SkipReason
from storage.rows import first_row, run
from tests.storage.checks import allowed_values
from tests.support.digest_harness import SHANGHAI, DigestHarness, local, play_digests
from tests.support.names import ANNA, BORIS

ENUMS: dict[tuple[str, str], type[StrEnum]] = {
    ("digest_settings", "days"): Days,
    ("digest_settings", "no_news"): NoNews,
    ("digests", "kind"): DigestKind,
    ("digests", "reason"): SkipReason,
}


def a_school() -> School:
    cells = [picture() for _ in range(4)]
    return school_of(courses=[course([module([topic(cells)], name="模块一")], name="护理")])


@pytest.mark.parametrize(("table", "column"), ENUMS)
async def test_the_schema_allows_exactly_the_values_of_the_enum(
    tmp_path: Path, table: str, column: str
) -> None:
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        allowed = await db.read(lambda conn: allowed_values(conn, table, column))
    assert allowed == {member.value for member in ENUMS[table, column]}


async def the_history(harness: DigestHarness, chat_id: int = ANNA, days: int = 30) -> CourseHistory:
    (account,) = await harness.accounts.of_chat(ANNA)
    (line,) = await harness.history.of_account(chat_id, account.id, days)
    return line


def test_each_local_date_keeps_its_last_percent(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        for day, cell in ((2, 1), (3, 2), (5, 3)):
            harness.finish(f"cell-{cell}")
            await harness.tick_at(f"2026-03-{day:02} 21:00")
        harness.finish("cell-4")
        assert await harness.digests.send_now(ANNA)
        history = await the_history(harness)
        points = [(date(2026, 3, 2), 25), (date(2026, 3, 3), 50), (date(2026, 3, 5), 100)]
        assert list(history.points) == points
        assert len((await the_history(harness, days=3)).points) == 2

    play_digests(tmp_path, a_school(), story)


def test_another_chat_sees_no_history(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.log_in(BORIS, STUDENT.stu_id)
        assert await harness.digests.send_now(ANNA)
        assert len(await harness.history.of_account(ANNA, account.id)) == 1
        assert await harness.history.of_account(BORIS, account.id) == []
        first = date(2026, 1, 1)
        for chat_id, seen in ((ANNA, 1), (BORIS, 0)):
            found = await harness.db.read(
                lambda c, chat_id=chat_id: snapshots.of_account(c, chat_id, account.id, first)  # type: ignore[misc]
            )
            assert len(found) == seen

    play_digests(tmp_path, a_school(), story)


def test_who_has_no_digest_has_a_history_of_what_was_looked_at(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.db.write(lambda c: chats.set_time_zone(c, ANNA, "America/New_York"))
        await harness.drafts.read_courses(account)
        await harness.history.keep_seen()
        harness.finish("cell-1")
        await harness.sleep_until(local("2026-03-03 21:00"))
        await harness.drafts.read_courses(account)
        await harness.history.keep_seen()
        # Noon in Shanghai is the evening before in New York.
        points = [(date(2026, 3, 1), 0), (date(2026, 3, 3), 25)]
        assert list((await the_history(harness)).points) == points

    play_digests(tmp_path, a_school(), story)


def test_what_was_seen_before_midnight_is_kept_for_that_day(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        harness.finish("cell-1")
        await harness.sleep_until(local("2026-03-02 23:50"))
        await harness.drafts.read_courses(account)
        await harness.sleep_until(local("2026-03-03 00:05"))
        await harness.history.keep_seen()
        assert list((await the_history(harness)).points) == [(date(2026, 3, 2), 25)]

    play_digests(tmp_path, a_school(), story)


def test_snapshots_are_kept_for_400_days(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.tick_at("2026-03-02 21:00")
        today = date(2026, 3, 2)
        for days in (399, 400, 401):
            day = (today - timedelta(days=days)).isoformat()
            await harness.db.write(
                lambda c, day=day: run(  # type: ignore[misc]
                    c,
                    "INSERT INTO percent_runs SELECT course_id, ?1, ?1, 1"
                    " FROM percent_runs WHERE first_date = '2026-03-02'",
                    (day,),
                )
            )
        await harness.history.forget()
        points = (await the_history(harness, days=500)).points
        kept = [today - timedelta(days=days) for days in (400, 399, 0)]
        assert [day for day, _ in points] == kept
        assert len(await harness.rows()) == 1

    play_digests(tmp_path, a_school(), story)


def test_a_course_that_is_gone_keeps_its_history_while_it_has_one(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        assert await harness.digests.send_now(ANNA)
        whole = harness.platform.school.courses
        harness.platform.school.courses = ()
        await harness.drafts.read_courses(account)
        assert await harness.history.of_account(ANNA, account.id) == []
        harness.platform.school.courses = whole
        await harness.drafts.read_courses(account)
        assert len((await the_history(harness)).points) == 1

    play_digests(tmp_path, a_school(), story)


def test_everything_of_an_erased_chat_is_gone(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.wishes.set_watch(ANNA, 1)
        await harness.tick_at("2026-03-02 21:00")
        await harness.login.erase(ANNA)
        tables = ["digest_settings", "digests", "known_courses", "known_modules", "known_cells"]
        for table in [*tables, "percent_runs"]:
            sql = f"SELECT count(*) AS n FROM {table}"  # noqa: S608
            row = await harness.db.read(lambda conn, sql=sql: first_row(conn, sql))  # type: ignore[misc]
            assert row is not None
            assert row["n"] == 0, table

    play_digests(tmp_path, a_school(), story)


def test_what_a_chat_wants_is_kept(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        made = await harness.wishes.get(ANNA)
        assert made == replace(
            made,
            is_on=False,
            at=time(21),
            days=Days.DAILY,
            weekday=6,
            no_news=NoNews.ONE_LINE,
            quiet_from=time(22, 30),
            quiet_until=time(7, 30),
            watch_times=0,
            start_hour=None,
            time_zone=SHANGHAI,
        )
        assert made.has_account_since is not None
        assert await harness.wishes.next_at(ANNA) is None
        await harness.wishes.switch(ANNA, on=True)
        await harness.wishes.set_at(ANNA, time(9, 5))
        await harness.wishes.set_days(ANNA, Days.WEEKLY, 2)
        await harness.wishes.set_no_news(ANNA, NoNews.SILENT)
        await harness.wishes.set_quiet(ANNA, time(23), time(8))
        await harness.wishes.set_watch(ANNA, MOST_WATCHES)
        await harness.wishes.set_start_hour(ANNA, 23)
        await harness.restart()
        kept = await harness.wishes.get(ANNA)
        assert kept == replace(
            made,
            is_on=True,
            at=time(9, 5),
            days=Days.WEEKLY,
            weekday=2,
            no_news=NoNews.SILENT,
            quiet_from=time(23),
            quiet_until=time(8),
            watch_times=MOST_WATCHES,
            start_hour=23,
            armed_at=kept.armed_at,
            start_armed_at=kept.start_armed_at,
        )
        assert await harness.wishes.next_at(ANNA) == local("2026-03-04 09:05")
        assert (await harness.wishes.set_days(ANNA, Days.WEEKDAYS)).weekday == 2
        assert (await harness.wishes.set_start_hour(ANNA, None)).start_hour is None

    play_digests(tmp_path, a_school(), story)


@pytest.mark.parametrize("has_settings", [True, False])
def test_nights_are_quiet_whether_or_not_anything_was_set(
    tmp_path: Path,
    has_settings: bool,
) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        if has_settings:
            assert (await harness.wishes.get(ANNA)).quiet_from == QUIET[0]
        heard = []
        for moment in ("02 22:29", "02 22:30", "03 07:29", "03 07:30"):
            await harness.sleep_until(local(f"2026-03-{moment}"))
            heard.append(await harness.wishes.is_quiet(ANNA))
        assert heard == [False, True, True, False]
        assert not await harness.wishes.is_quiet(BORIS)

    play_digests(tmp_path, a_school(), story)
