"""Changes of who may use the bot: by the settings' list, by links, and by the owner. A change is
stored before it counts."""

from datetime import timedelta

from aiosqlite import Connection

from bot.access.claim import Claim
from bot.access.codes import Opened, hash_of, new_code
from bot.access.membership import Membership
from bot.clock import Clock
from bot.settings import AllowedUsers
from storage import audit, chats, invites, people
from storage.database import Database
from storage.enums import AuditAction, Origin
from storage.invites import Invite
from storage.people import PersonRow

MOST_OPEN_INVITES = 8
"""Invites that let people in at the same time; a further one waits until one of them ends."""
LONGEST_NAME = 128


class Access(Membership):
    """Load it before use."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        allowed: AllowedUsers,
    ) -> None:
        super().__init__(allowed)
        self._db = db
        self._clock = clock
        self._open: dict[str, Invite] = {}
        self._claim = Claim(clock.monotonic)

    async def load(self) -> None:
        """Read what is stored."""
        now = self._clock.now()

        async def unit(conn: Connection) -> tuple[list[PersonRow], list[Invite], dict[int, int]]:
            return (
                await people.everyone(conn),
                await invites.open_ones(conn, now),
                await chats.user_ids(conn),
            )

        rows, open_ones, users = await self._db.read(unit)
        for row in rows:
            self._take(row)
        self._open = {each.code_hash: each for each in open_ones}
        self.shut_out.update(chat for chat, user in users.items() if not self.allows(user))

    def is_key(self, code: str) -> bool:
        """Whether the code opens the bot now, as far as is known without the database."""
        digest = hash_of(code)
        if self._claim.is_open_by(digest):
            return True
        invite = self._open.get(digest)
        return invite is not None and invite.is_open(self._clock.now())

    async def note(self, user_id: int, name: str) -> None:
        """Store the name of a person who may use the bot, if it is new."""
        name = name[:LONGEST_NAME]
        if self._names.get(user_id) != name and (name or user_id not in self._names):
            now = self._clock.now()
            await self._db.write(lambda conn: people.note(conn, user_id, name, now))
            self._names[user_id] = name

    # the link of the log

    def new_claim(self) -> str | None:
        """A code that makes the owner of who opens it first; an earlier code ends. None unless
        ALLOWED_USERS is empty and there is no owner."""
        if self._claimed is not None or self._allowed.ids or self._allowed.everybody:
            self._claim.take()
            return None
        code = new_code()
        self._claim.put(hash_of(code))
        return code

    # links

    async def open_link(self, user_id: int, name: str, code: str) -> Opened:
        """Let the person in by the code of a link, if it opens the bot."""
        digest, name = hash_of(code), name[:LONGEST_NAME]
        if self._claim.is_open_by(digest):
            return await self._claim_for(user_id, name)
        if self.allows(user_id):
            return Opened.KNOWN
        invite = self._open.get(digest)
        if invite is None or user_id in self._removed:
            return Opened.REFUSED
        return await self._join(user_id, name, invite)

    async def _claim_for(self, user_id: int, name: str) -> Opened:
        # Taken before the first await: of two people who open it at once, one is the owner.
        taken = self._claim.take()
        now = self._clock.now()

        async def unit(conn: Connection) -> None:
            await people.let_in(conn, user_id, name, Origin.CLAIM, now)
            await audit.add(conn, AuditAction.CLAIMED, now, user_id=user_id)

        try:
            await self._db.write(unit)
        except Exception:
            self._claim.put_back(taken)
            raise
        self._claimed = user_id
        self._now_in(user_id, name)
        return Opened.CLAIMED

    async def _join(self, user_id: int, name: str, invite: Invite) -> Opened:
        now = self._clock.now()

        async def unit(conn: Connection) -> tuple[Opened, Invite | None]:
            row = await people.get(conn, user_id)
            if row is not None and row.removed_at is not None:
                return Opened.REFUSED, invite
            if row is not None and row.origin is not Origin.SETTINGS:
                return Opened.KNOWN, invite
            left = await invites.take_place(conn, invite.id, now)
            if left is None:
                return Opened.REFUSED, None
            await people.let_in(conn, user_id, name, Origin.INVITE, now, invite_id=invite.id)
            await audit.add(
                conn, AuditAction.INVITE_USED, now, user_id=user_id, detail=str(invite.id)
            )
            return Opened.JOINED, left

        opened, left = await self._db.write(unit)
        if left is None or not left.is_open(now):
            self._open.pop(invite.code_hash, None)
        elif invite.code_hash in self._open:
            self._open[invite.code_hash] = left
        if opened is Opened.JOINED:
            self._now_in(user_id, name)
        return opened

    # what the owner does

    async def invite(self, places: int, lasts: timedelta) -> tuple[Invite, str] | None:
        """A new invite for so many people and so long, and its code, which is not kept. None if
        there are :data:`MOST_OPEN_INVITES`."""
        now, code = self._clock.now(), new_code()
        digest, owner = hash_of(code), self.owner

        async def unit(conn: Connection) -> Invite | None:
            if len(await invites.open_ones(conn, now)) >= MOST_OPEN_INVITES:
                return None
            made = await invites.make(conn, digest, places, now + lasts, now)
            action = AuditAction.INVITE_MADE
            await audit.add(conn, action, now, user_id=owner, detail=str(made.id))
            return made

        made = await self._db.write(unit)
        if made is None:
            return None
        self._open = {h: each for h, each in self._open.items() if each.is_open(now)}
        self._open[digest] = made
        return made, code

    async def open_invites(self) -> list[Invite]:
        """The invites that let people in, newest first."""
        now = self._clock.now()
        return await self._db.read(lambda conn: invites.open_ones(conn, now))

    async def next_invite(self) -> int:
        """The number of the next invite."""
        return await self._db.read(invites.following)

    async def revoke(self, invite_id: int) -> bool:
        """End an invite. False if it has ended."""
        now, owner = self._clock.now(), self.owner

        async def unit(conn: Connection) -> bool:
            if not await invites.revoke(conn, invite_id, now):
                return False
            action = AuditAction.INVITE_REVOKED
            await audit.add(conn, action, now, user_id=owner, detail=str(invite_id))
            return True

        revoked = await self._db.write(unit)
        self._open = {h: each for h, each in self._open.items() if each.id != invite_id}
        return revoked

    async def remove(self, user_id: int) -> bool:
        """Take a person's access, also one whom the settings let in. False for the owner, and for a
        person without access to take."""
        if user_id == self.owner:
            return False
        now = self._clock.now()

        async def unit(conn: Connection) -> tuple[bool, bool]:
            if not await people.remove(conn, user_id, now):
                return False, False
            await audit.add(conn, AuditAction.REMOVED, now, user_id=user_id)
            return True, await chats.get(conn, user_id) is not None

        removed, is_stored = await self._db.write(unit)
        if removed:
            self._removed.add(user_id)
            self._let_in.discard(user_id)
            if is_stored:
                self.shut_out.add(user_id)
        return removed

    async def let_in_again(self, user_id: int) -> bool:
        """Give a removed person access again. False if they were not removed."""
        now = self._clock.now()

        async def unit(conn: Connection) -> bool:
            if not await people.let_in_again(conn, user_id):
                return False
            await audit.add(conn, AuditAction.LET_IN_AGAIN, now, user_id=user_id)
            return True

        done = await self._db.write(unit)
        if done:
            self._now_in(user_id, self._names.get(user_id, ""))
        return done

    # what a person does

    def keeps_after_erasing(self, user_id: int) -> bool:
        """Whether the person's id stays stored when all of theirs is erased: because a link let
        them in, or because they were removed while the settings or a link would let them in."""
        if not self.is_removed(user_id):
            return user_id in self._let_in
        now = self._clock.now()
        return self.is_listed(user_id) or any(each.is_open(now) for each in self._open.values())

    async def erase(self, conn: Connection, user_id: int) -> None:
        """A part of the unit that erases what is stored of a person: their name, and their id in
        the audit."""
        await people.forget(conn, user_id, keep=self.keeps_after_erasing(user_id))
        await audit.forget(conn, user_id)

    def erased(self, user_id: int) -> None:
        """The unit of :meth:`erase` is stored."""
        if not self.keeps_after_erasing(user_id):
            self._removed.discard(user_id)
        self._names.pop(user_id, None)
        self.shut_out.discard(user_id)

    async def logged_in(self, user_id: int) -> None:
        """Keep in the audit that the person added a cookie."""
        now = self._clock.now()
        action = AuditAction.LOGGED_IN
        await self._db.write(lambda conn: audit.add(conn, action, now, user_id=user_id))

    async def limited(self, user_id: int, limit: str) -> None:
        """Keep in the audit that a limit refused the person something."""
        now = self._clock.now()
        await self._db.write(lambda conn: audit.add_limited(conn, user_id, limit, now))
