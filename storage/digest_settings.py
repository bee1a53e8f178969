"""Each chat's settings of digests and new lessons. A chat without a row has the defaults.

Times of day are the chat's own.
"""

from dataclasses import dataclass
from datetime import datetime, time

from aiosqlite import Connection

from storage.enums import Days, NoNews, Pace
from storage.moments import to_text
from storage.rows import Value, first_record, records, run, set_of_chat

_SETTINGS = (
    "SELECT digest_settings.*, chats.time_zone, chats.pace, chats.blocked_at,"
    " min(accounts.created_at) AS has_account_since FROM digest_settings JOIN chats USING (chat_id)"
    " LEFT JOIN accounts USING (chat_id)"
)


@dataclass(frozen=True)
class DigestSettings:
    """A weekly digest comes on ``weekday`` (0 is Monday); ``watch_times`` is the number of looks
    for new lessons a day besides the digest; ``start_hour`` is the hour at which their jobs start
    automatically.

    ``armed_at``, ``start_armed_at`` and ``zone_since`` are when the time, the hour and the zone
    were last set; ``zone`` is the zone that ``zone_since`` refers to, ``time_zone`` the chat's
    current one. ``reported_until`` is when the last sent digest was made. ``has_account_since`` is
    when the chat's oldest account was made, None without any.
    """

    chat_id: int
    is_on: bool
    at: time
    days: Days
    weekday: int
    no_news: NoNews
    quiet_from: time
    quiet_until: time
    watch_times: int
    watched_at: datetime | None
    start_hour: int | None
    start_armed_at: datetime | None
    zone: str
    zone_since: datetime
    armed_at: datetime
    reported_until: datetime | None
    time_zone: str
    pace: Pace
    blocked_at: datetime | None
    has_account_since: datetime | None


async def get(conn: Connection, chat_id: int) -> DigestSettings | None:
    """The chat's settings; None if they were never made (:func:`ensure`)."""
    return await first_record(
        DigestSettings,
        conn,
        _SETTINGS + " WHERE digest_settings.chat_id = ? GROUP BY digest_settings.chat_id",
        (chat_id,),
    )


async def ensure(conn: Connection, chat_id: int, now: datetime) -> DigestSettings:
    """The chat's settings, made with the defaults if missing. Raises LookupError for an unknown
    chat."""
    await run(
        conn,
        "INSERT INTO digest_settings (chat_id, zone, zone_since, armed_at)"
        " SELECT chat_id, time_zone, :now, :now FROM chats WHERE chat_id = :chat"
        " ON CONFLICT (chat_id) DO NOTHING",
        {"chat": chat_id, "now": to_text(now)},
    )
    found = await get(conn, chat_id)
    if found is None:
        raise LookupError(f"there is no chat {chat_id}")
    return found


async def in_use(conn: Connection) -> list[DigestSettings]:
    """The settings of all chats that have an account and some setting switched on."""
    return await records(
        DigestSettings,
        conn,
        _SETTINGS + " WHERE is_on = 1 OR watch_times > 0 OR start_hour IS NOT NULL"
        " GROUP BY digest_settings.chat_id HAVING has_account_since IS NOT NULL"
        " ORDER BY digest_settings.chat_id",
    )


async def switch(conn: Connection, chat_id: int, now: datetime, *, on: bool) -> None:
    """Switches the digest on or off. A digest due before that is not owed."""
    before = await ensure(conn, chat_id, now)
    if before.is_on != on:
        await _set(conn, chat_id, is_on=int(on), armed_at=to_text(now))


async def set_at(conn: Connection, chat_id: int, now: datetime, at: time) -> None:
    before = await ensure(conn, chat_id, now)
    if before.at != at:
        await _set(conn, chat_id, at=_text(at), armed_at=to_text(now))


async def set_days(
    conn: Connection, chat_id: int, now: datetime, days: Days, weekday: int | None = None
) -> None:
    """None leaves ``weekday`` unchanged. Raises sqlite3.IntegrityError for unknown days."""
    before = await ensure(conn, chat_id, now)
    chosen = before.weekday if weekday is None else weekday
    if (before.days, before.weekday) != (days, chosen):
        await _set(conn, chat_id, days=days, weekday=chosen, armed_at=to_text(now))


async def set_no_news(conn: Connection, chat_id: int, now: datetime, no_news: NoNews) -> None:
    """Raises sqlite3.IntegrityError for a value that the schema does not list."""
    await ensure(conn, chat_id, now)
    await _set(conn, chat_id, no_news=no_news)


async def set_quiet(
    conn: Connection, chat_id: int, now: datetime, quiet_from: time, quiet_until: time
) -> None:
    """Two equal times: never quiet."""
    await ensure(conn, chat_id, now)
    await _set(conn, chat_id, quiet_from=_text(quiet_from), quiet_until=_text(quiet_until))


async def set_watch(conn: Connection, chat_id: int, now: datetime, times: int) -> None:
    """``times`` a day; 0 is off. Raises sqlite3.IntegrityError for more than the schema allows."""
    await ensure(conn, chat_id, now)
    await _set(conn, chat_id, watch_times=times)


async def set_watched(conn: Connection, chat_id: int, now: datetime) -> None:
    """Stores that a look for new lessons was made at ``now``."""
    await _set(conn, chat_id, watched_at=to_text(now))


async def set_start_hour(conn: Connection, chat_id: int, now: datetime, hour: int | None) -> None:
    """0-23, or None for off. Raises sqlite3.IntegrityError for other hours."""
    before = await ensure(conn, chat_id, now)
    if before.start_hour != hour:
        await _set(conn, chat_id, start_hour=hour, start_armed_at=to_text(now))


async def set_zone(conn: Connection, chat_id: int, now: datetime, zone: str) -> None:
    """Stores the chat's zone, which was found changed."""
    await _set(conn, chat_id, zone=zone, zone_since=to_text(now))


async def set_reported(conn: Connection, chat_id: int, made_at: datetime) -> None:
    """Stores that a digest made at ``made_at`` was sent."""
    await _set(conn, chat_id, reported_until=to_text(made_at))


async def _set(conn: Connection, chat_id: int, **values: Value) -> None:
    await set_of_chat(conn, "digest_settings", chat_id, **values)


def _text(at: time) -> str:
    return f"{at:%H:%M}"
