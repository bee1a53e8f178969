"""The rows decide: each digest once, late on its day, never after it, whatever happens between."""

import asyncio
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    Endpoint,
    School,
    Student,
    course,
    module,
    picture,
    school_of,
    topic,
    video,
)
from bot.digest.agenda import NoNews
from bot.digest.delivery import Delivery, Send
from bot.digest.due import Days, due_on, moment_of
from bot.digest.report import DigestReport, Missed, MissedDigest
from storage import chats

from .campus import ANNA, BORIS, Campus, Said, local, on_campus
from .zone_rules import DAY, MINUTE, SECOND

HOUR = timedelta(hours=1)


def small(students: int = 0) -> School:
    people = [Student(f"student-{n}", f"学生{n}") for n in range(students)]
    return school_of(
        courses=[course([module([topic([video(60), picture()])])], name="护理")],
        students=people or (STUDENT, OTHER_STUDENT),
    )


def dates(said: list[Said]) -> list[date]:
    return [each.report.local_date for each in said]


async def begin(campus: Campus, at: str = "21:00") -> None:
    await campus.log_in(ANNA, STUDENT.stu_id)
    await campus.wants(ANNA, at)


def test_it_is_sent_at_its_time_and_once(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.tick_at("2026-03-02 20:50")
        assert await campus.tick_at("2026-03-02 20:59:59") == []
        (said,) = await campus.tick_at("2026-03-02 21:00")
        assert said.report.since is None
        assert await campus.tick_at("2026-03-02 21:01") == []
        (row,) = await campus.rows()
        assert (row.local_date, row.reason) == (date(2026, 3, 2), None)
        assert row.claimed_at is not None
        assert row.sent_at is not None
        (again,) = await campus.tick_at("2026-03-03 21:00")
        assert again.report.since == said.report.made_at

    on_campus(tmp_path, small(), story)


def test_a_chat_that_did_not_ask_for_digests_gets_none(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await campus.log_in(ANNA, STUDENT.stu_id)
        assert await campus.tick_at("2026-03-02 21:00") == []
        await campus.wants(ANNA)
        await campus.wishes.switch(ANNA, on=False)
        assert await campus.tick_at("2026-03-03 21:00") == []
        assert await campus.rows() == []

    on_campus(tmp_path, small(), story)


def test_nothing_is_owed_of_before_there_was_an_account(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        account = await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.wants(ANNA)
        await campus.accounts.log_out(ANNA, account.id)
        assert await campus.tick_at("2026-03-02 21:00") == []
        await campus.sleep_until(local("2026-03-03 21:30"))
        await campus.log_in(ANNA, STUDENT.stu_id)
        assert await campus.tick() == []
        assert await campus.rows() == []
        assert len(await campus.tick_at("2026-03-04 21:00")) == 1

    on_campus(tmp_path, small(), story)


def test_who_was_down_is_late_the_same_day(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.sleep_until(local("2026-03-02 23:50"))
        await campus.restart()
        (said,) = await campus.tick()
        assert dates([said]) == [date(2026, 3, 2)]
        assert said.report.missed == []

    on_campus(tmp_path, small(), story)


def test_who_was_down_to_the_end_of_the_day_says_so_with_the_next(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.sleep_until(local("2026-03-04 00:00"))
        await campus.restart()
        assert await campus.tick() == []
        (said,) = await campus.tick_at("2026-03-04 21:00")
        assert said.report.missed == [
            MissedDigest(date(2026, 3, 2), Missed.DOWN),
            MissedDigest(date(2026, 3, 3), Missed.DOWN),
        ]
        assert said.report.has_news
        (said,) = await campus.tick_at("2026-03-05 21:00")
        assert said.report.missed == []

    on_campus(tmp_path, small(), story)


def test_a_kill_within_the_send_loses_one_and_the_next_says_so(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        handed_over = asyncio.Event()

        async def never_done(_: DigestReport) -> None:
            handed_over.set()
            await asyncio.Event().wait()

        campus.telegram.before = never_done
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await handed_over.wait()
        await campus.restart()
        campus.telegram.before = None
        assert await campus.tick() == []
        (row,) = await campus.rows()
        assert row.claimed_at is not None
        assert row.sent_at is None
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.LOST)]
        assert said.report.since is None, "nothing was said yet"
        (said,) = await campus.tick_at("2026-03-04 21:00")
        assert said.report.missed == []

    on_campus(tmp_path, small(), story)


def test_an_orderly_end_lets_a_digest_that_was_handed_over_come(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        handed_over = asyncio.Event()

        async def slow(_: DigestReport) -> None:
            handed_over.set()
            await asyncio.sleep(0.3)

        campus.telegram.before = slow
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await handed_over.wait()
        await campus.restart()
        (row,) = await campus.rows()
        assert row.sent_at is not None
        assert len(campus.telegram.said) == 1

    on_campus(tmp_path, small(), story)


def test_one_that_never_left_at_the_end_comes_after_the_next_start(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        campus.telegram.delivery = Delivery.UNSENT
        assert await campus.tick_at("2026-03-02 21:00") == []
        await campus.restart()
        campus.telegram.delivery = Delivery.SENT
        (said,) = await campus.tick_at("2026-03-02 21:05")
        assert said.report.missed == []
        (row,) = await campus.rows()
        assert (row.reason, row.sent_at is not None) == (None, True)
        assert await campus.tick_at("2026-03-02 21:10") == []

    on_campus(tmp_path, small(), story)


def test_one_that_never_left_all_day_is_told_of_with_the_next(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        campus.telegram.delivery = Delivery.UNSENT
        assert await campus.tick_at("2026-03-02 21:00") == []
        campus.telegram.delivery = Delivery.SENT
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    on_campus(tmp_path, small(), story)


def test_one_that_telegram_refuses_is_given_up_and_told_of(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        campus.telegram.delivery = Delivery.REFUSED
        assert await campus.tick_at("2026-03-02 21:00") == []
        campus.telegram.delivery = Delivery.SENT
        assert await campus.tick_at("2026-03-02 21:05") == []
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.BROKEN)]

    on_campus(tmp_path, small(), story)


def test_who_switched_it_off_while_it_was_sent_is_told_nothing_of_it(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)

        async def switched_off(_: DigestReport) -> None:
            await campus.wishes.switch(ANNA, on=False)

        campus.telegram.before, campus.telegram.delivery = switched_off, Delivery.UNSENT
        assert await campus.tick_at("2026-03-02 21:00") == []
        campus.telegram.before, campus.telegram.delivery = None, Delivery.SENT
        await campus.wishes.switch(ANNA, on=True)
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == []

    on_campus(tmp_path, small(), story)


def test_a_kill_before_it_is_handed_over_loses_nothing(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        while not campus.asked(Endpoint.MODULES):  # noqa: ASYNC110 - the stand-in's log
            await asyncio.sleep(0.01)
        await campus.restart()
        assert len(await campus.tick()) == 1
        assert await campus.tick() == []

    on_campus(tmp_path, small(), story)


def test_restarts_at_the_due_second_send_once(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.sleep_until(local("2026-03-02 20:59:59"))
        for _ in range(12):
            await campus.digests.tick()
            await asyncio.sleep(0.3)
            await campus.restart()
        await campus.tick()
        assert dates(campus.telegram.said) == [date(2026, 3, 2)]

    on_campus(tmp_path, small(), story)


def test_two_looks_at_once_send_once(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await asyncio.gather(*(campus.digests.tick() for _ in range(5)))
        assert len(campus.digests._tasks) == 1
        await campus.digests.idle()
        assert len(campus.telegram.said) == 1

    on_campus(tmp_path, small(), story)


def test_what_telegram_did_not_take_is_not_tried_again_and_told_of(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        campus.telegram.delivery = Delivery.UNKNOWN
        assert await campus.tick_at("2026-03-02 21:00") == []
        campus.telegram.delivery = Delivery.SENT
        assert await campus.tick_at("2026-03-02 21:05") == []
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.LOST)]

    on_campus(tmp_path, small(), story)


def test_what_telegram_held_up_over_the_end_of_the_day_was_too_late(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)

        async def held_up(report: DigestReport) -> None:
            await campus.sleep_until(report.until)
            campus.telegram.delivery = Delivery.UNSENT

        campus.telegram.before = held_up
        await campus.tick_at("2026-03-02 21:00")
        campus.telegram.delivery, campus.telegram.before = Delivery.SENT, None
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    on_campus(tmp_path, small(), story)


def test_trouble_in_saying_it_ends_in_no_second_try(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)

        async def broken(_: DigestReport) -> None:
            raise RuntimeError("nobody foresaw this")

        campus.telegram.before = broken
        await campus.tick_at("2026-03-02 21:00")
        campus.telegram.before = None
        assert await campus.tick_at("2026-03-02 21:05") == []
        (row,) = await campus.rows()
        assert row.reason == "unsaid"

    on_campus(tmp_path, small(), story)


def test_one_that_cannot_be_put_together_is_given_up_and_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)

        async def broken(*_: object) -> None:
            raise RuntimeError("nobody foresaw this")

        with monkeypatch.context() as patched:
            patched.setattr("bot.digest.collect.account_part", broken)
            assert await campus.tick_at("2026-03-02 21:00") == []
        assert await campus.tick_at("2026-03-02 21:05") == []
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.BROKEN)]

    on_campus(tmp_path, small(), story)


def test_who_blocked_the_bot_is_told_nothing_now_or_later(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        now = campus.clock.now()
        await campus.db.write(lambda conn: chats.mark_blocked(conn, ANNA, now))
        assert await campus.tick_at("2026-03-02 21:00") == []
        assert await campus.tick_at("2026-03-03 22:00") == []
        assert campus.asked(Endpoint.COURSES) == 0
        await campus.sleep_until(local("2026-03-04 12:00"))
        await campus.db.write(lambda conn: chats.clear_blocked(conn, ANNA))
        (said,) = await campus.tick_at("2026-03-04 21:00")
        assert said.report.missed == []

    on_campus(tmp_path, small(), story)


def test_no_news_is_one_line_or_nothing_as_it_was_set(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        (first,) = await campus.tick_at("2026-03-02 21:00")
        assert first.report.has_news
        (line,) = await campus.tick_at("2026-03-03 21:00")
        assert not line.report.has_news
        await campus.wishes.set_no_news(ANNA, NoNews.SILENT)
        assert await campus.tick_at("2026-03-04 21:00") == []
        assert await campus.tick_at("2026-03-04 21:01") == []
        campus.study(STUDENT.stu_id, "cell-2")
        (news,) = await campus.tick_at("2026-03-05 21:00")
        assert news.report.missed == []
        assert news.course("护理").gained == 50.0
        assert [row.reason for row in await campus.rows()] == [None, None, "no_news", None]

    on_campus(tmp_path, small(), story)


def test_who_switches_it_off_while_it_is_put_together_gets_none(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await asyncio.sleep(0.5)
        await campus.wishes.switch(ANNA, on=False)
        await campus.digests.idle()
        assert campus.telegram.said == []
        assert await campus.rows() == []

    on_campus(tmp_path, small(), story)


@pytest.mark.parametrize("parting", ["log out", "erase"])
def test_who_leaves_while_it_is_put_together_gets_none(tmp_path: Path, parting: str) -> None:
    async def story(campus: Campus) -> None:
        account = await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.wants(ANNA)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await asyncio.sleep(0.5)
        if parting == "erase":
            await campus.accounts.erase(ANNA)
        else:
            await campus.accounts.log_out(ANNA, account.id)
        await campus.digests.idle()
        assert campus.telegram.said == []
        assert await campus.rows() == []

    on_campus(tmp_path, small(), story)


def test_one_on_demand_takes_no_days_place(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.tick_at("2026-03-02 21:00")
        campus.study(STUDENT.stu_id, "cell-2")
        await campus.sleep_until(local("2026-03-03 12:00"))
        assert await campus.digests.send_now(ANNA)
        asked_for = campus.telegram.said[-1]
        assert asked_for.course("护理").gained == 50.0
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.course("护理").gained == 50.0
        assert said.report.since == campus.telegram.said[0].report.made_at

    on_campus(tmp_path, small(), story)


def test_one_on_demand_needs_no_settings_and_can_go_another_way(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await campus.log_in(ANNA, STUDENT.stu_id)
        heard: list[int] = []

        async def prepare(report: DigestReport) -> Send:
            async def send() -> Delivery:
                heard.append(report.chat_id)
                return Delivery.UNKNOWN

            return send

        assert not await campus.digests.send_now(ANNA, prepare)
        assert heard == [ANNA]
        assert campus.telegram.said == []

    on_campus(tmp_path, small(), story)


@pytest.mark.parametrize("hours", [-2, 2])
@pytest.mark.parametrize("jump", ["19:30", "20:30", "21:30", "22:30"])
def test_a_clock_that_jumps_and_comes_back_sends_each_date_once(
    tmp_path: Path, hours: int, jump: str
) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        back = local(f"2026-03-02 {jump}") + 3 * HOUR
        while campus.clock.monotonic() < (3 * DAY).total_seconds():
            real = campus.clock.begin + campus.clock.monotonic() * SECOND
            jumped = local(f"2026-03-02 {jump}") <= real < back
            campus.clock.jumped = timedelta(hours=hours if jumped else 0)
            for said in await campus.tick():
                assert said.at >= local(f"{said.report.local_date} 21:00")
            await asyncio.sleep(900)
        sent = dates(campus.telegram.said)
        assert sent == [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]

    on_campus(tmp_path, small(), story)


def test_a_day_that_the_clock_called_over_is_sent_when_it_is_not(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus, "23:00")
        assert await campus.tick_at("2026-03-02 22:50") == []
        campus.clock.jumped = 2 * HOUR
        for _ in range(3):
            assert await campus.tick() == []
        campus.clock.jumped = timedelta()
        (said,) = await campus.tick_at("2026-03-02 23:10")
        assert dates([said]) == [date(2026, 3, 2)]
        assert said.report.missed == []

    on_campus(tmp_path, small(), story)


def test_a_time_that_was_just_set_holds_at_once(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus, "21:00")
        assert await campus.tick_at("2026-03-02 20:00") == []
        await campus.wishes.set_at(ANNA, time(20, 30))
        assert len(await campus.tick_at("2026-03-02 20:30")) == 1

    on_campus(tmp_path, small(), story)


def test_a_suspended_machine_sends_todays_and_tells_of_the_others(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.tick_at("2026-03-02 21:00")
        (said,) = await campus.tick_at("2026-03-05 22:00")
        assert [each.local_date.day for each in said.report.missed] == [3, 4]
        assert {each.why for each in said.report.missed} == {Missed.DOWN}

    on_campus(tmp_path, small(), story)


@pytest.mark.parametrize(
    ("begin_at", "zone", "days"),
    [
        # The 21:00 of the day in the new zone is over, or comes once more: never two of a date.
        ("2026-03-02 21:30", "America/New_York", [2, 3, 4]),
        ("2026-03-02 20:00", "America/New_York", [2, 3, 4]),
        ("2026-03-02 20:30", "Pacific/Auckland", [3, 4, 5]),
        ("2026-03-02 20:30", "Asia/Tokyo", [2, 3, 4]),
        ("2026-03-02 21:30", "Asia/Tokyo", [2, 3, 4]),
    ],
)
def test_who_changes_the_zone_gets_one_for_each_date_and_goes_on(
    tmp_path: Path, begin_at: str, zone: str, days: list[int]
) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        while campus.clock.now() < local(begin_at):
            await campus.tick()
            await asyncio.sleep(600)
        await campus.db.write(lambda conn: chats.set_time_zone(conn, ANNA, zone))
        end = moment_of(date(2026, 3, days[-1]), time(21), ZoneInfo(zone)) + 20 * MINUTE
        while campus.clock.now() < end:
            await campus.tick()
            await asyncio.sleep(600)
        assert [day.day for day in dates(campus.telegram.said)] == days
        assert all(not said.report.missed for said in campus.telegram.said)

    on_campus(tmp_path, small(), story)


def test_who_was_down_after_a_change_of_zone_says_so(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.db.write(lambda conn: chats.set_time_zone(conn, ANNA, "Asia/Tokyo"))
        await campus.tick_at("2026-03-02 13:00")
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    on_campus(tmp_path, small(), story)


@pytest.mark.parametrize(
    ("zone", "begin_at", "at"),
    [
        ("America/New_York", "2026-03-07", "02:30"),
        ("America/New_York", "2026-10-31", "01:30"),
        ("America/Nuuk", "2026-03-27", "23:30"),
        ("America/Nuuk", "2026-10-23", "23:30"),
        ("Africa/Cairo", "2026-04-23", "00:30"),
        ("Africa/Casablanca", "2026-02-14", "02:30"),
        ("Australia/Lord_Howe", "2026-10-03", "02:15"),
        ("Asia/Beirut", "2026-03-28", "00:00"),
        ("Europe/Berlin", "2028-02-28", "21:00"),
    ],
)
def test_in_any_zone_each_date_has_one(tmp_path: Path, zone: str, begin_at: str, at: str) -> None:
    async def story(campus: Campus) -> None:
        await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.wants(ANNA, at, Days.DAILY, zone)
        first = campus.clock.now()
        while campus.clock.now() < first + 4 * DAY:
            await campus.tick()
            await asyncio.sleep(900)
        said = {each.report.local_date: each.at for each in campus.telegram.said}
        assert len(said) == len(campus.telegram.said), "twice"
        day, owed = min(said), {}
        while (
            due := due_on(day, time.fromisoformat(at), ZoneInfo(zone))
        ) and due.at < first + 4 * DAY:
            owed[day] = due.at
            day += DAY
        assert said.keys() == owed.keys()
        assert all(owed[each] <= said[each] <= owed[each] + 16 * MINUTE for each in owed)

    on_campus(tmp_path, small(), story, begin=f"{begin_at} 20:00")


def test_many_that_are_due_at_once_are_spread_within_the_bounds(tmp_path: Path) -> None:
    count = 60

    async def story(campus: Campus) -> None:
        for n in range(count):
            await campus.log_in(5000 + n, f"student-{n}")
            await campus.wants(5000 + n)
        await campus.sleep_until(local("2026-03-02 21:00"))
        began = len(campus.platform.requests)
        at_work, most = 0, 0

        async def watch(_: DigestReport) -> None:
            nonlocal at_work, most
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.5)
            at_work -= 1

        campus.telegram.before = watch
        said = await campus.tick()
        assert len({each.report.chat_id for each in said}) == count
        assert len(said) == count
        assert most <= 8
        assert said[-1].at - said[0].at > timedelta(seconds=(count - 1) * 0.1)
        moments = [request.at for request in campus.platform.requests[began:]]
        rate = len(moments) / (moments[-1] - moments[0])
        assert 3 < rate <= 20
        assert campus.platform.violations == []

    on_campus(tmp_path, small(count), story)


def test_many_that_nothing_has_to_be_read_for_are_spread_too(tmp_path: Path) -> None:
    count = 40

    async def story(campus: Campus) -> None:
        for n in range(count):
            await campus.log_in(5000 + n, f"student-{n}")
            await campus.wants(5000 + n)
            campus.platform.expire(f"student-{n}")
        await campus.tick_at("2026-03-02 21:00")
        said = await campus.tick_at("2026-03-03 21:00")
        assert len(said) == count
        assert said[-1].at - said[0].at > timedelta(seconds=(count - 1) * 0.1 - 0.01)

    on_campus(tmp_path, small(count), story)


def test_each_chat_is_told_of_its_own_students_alone(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        anna = await campus.log_in(ANNA, STUDENT.stu_id)
        boris = await campus.log_in(BORIS, STUDENT.stu_id)
        second = await campus.log_in(BORIS, OTHER_STUDENT.stu_id)
        await campus.wants(ANNA)
        await campus.wants(BORIS)
        said = await campus.tick_at("2026-03-02 21:00")
        told = {s.report.chat_id: [part.account_id for part in s.report.accounts] for s in said}
        assert told == {ANNA: [anna.id], BORIS: [boris.id, second.id]}

    on_campus(tmp_path, small(), story)


def test_after_the_end_nobody_is_served(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.close()
        assert await campus.tick() == []

    on_campus(tmp_path, small(), story)


def test_the_next_one_is_foretold(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        assert (await campus.wishes.get(ANNA)).next_at == local("2026-03-02 21:00")
        await campus.tick_at("2026-03-02 21:00")
        assert (await campus.wishes.get(ANNA)).next_at == local("2026-03-03 21:00")
        await campus.db.write(lambda conn: chats.set_time_zone(conn, ANNA, "Asia/Tokyo"))
        assert (await campus.wishes.get(ANNA)).next_at == local("2026-03-03 20:00")
        assert (await campus.wishes.switch(ANNA, on=False)).next_at is None

    on_campus(tmp_path, small(), story)
