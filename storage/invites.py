"""Links that let people in. Of a link's code only the hash is stored."""

from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.moments import to_text
from storage.rows import changed, first_number, first_record, records


@dataclass(frozen=True)
class Invite:
    """``used`` of ``places`` people came by it; ``revoked_at`` is when the owner ended it."""

    id: int
    code_hash: str
    places: int
    used: int
    expires_at: datetime
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it lets one more person in."""
        return self.revoked_at is None and self.used < self.places and now < self.expires_at


async def make(
    conn: Connection, code_hash: str, places: int, expires_at: datetime, now: datetime
) -> Invite:
    """Store a new invite. Raises sqlite3.IntegrityError for a hash that is stored or no place."""
    made = await first_record(
        Invite,
        conn,
        "INSERT INTO invites (code_hash, places, expires_at, created_at) VALUES (?, ?, ?, ?)"
        " RETURNING *",
        (code_hash, places, to_text(expires_at), to_text(now)),
    )
    if made is None:
        raise LookupError("an invite was not stored")
    return made


async def open_ones(conn: Connection, now: datetime) -> list[Invite]:
    """The invites that let people in, newest first."""
    return await records(
        Invite,
        conn,
        "SELECT * FROM invites WHERE revoked_at IS NULL AND used < places AND expires_at > ?"
        " ORDER BY id DESC",
        (to_text(now),),
    )


async def following(conn: Connection) -> int:
    """The number of the next invite."""
    return 1 + await first_number(conn, "SELECT seq FROM sqlite_sequence WHERE name = 'invites'")


async def take_place(conn: Connection, invite_id: int, now: datetime) -> Invite | None:
    """Take one place of an invite, and return the invite after that; None if it has ended."""
    return await first_record(
        Invite,
        conn,
        "UPDATE invites SET used = used + 1 WHERE id = ? AND revoked_at IS NULL"
        " AND used < places AND expires_at > ? RETURNING *",
        (invite_id, to_text(now)),
    )


async def revoke(conn: Connection, invite_id: int, now: datetime) -> bool:
    """End an invite. False if it has ended already."""
    return await changed(
        conn,
        "UPDATE invites SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL"
        " AND used < places AND expires_at > :now RETURNING 1",
        {"id": invite_id, "now": to_text(now)},
    )
