"""Start, log in, switch, log out, erase."""

import asyncio
import re

from bot.chat.login_drawing import where_cookie, where_token
from bot.chat.views import account as views
from bot.chat.views import home
from bot.chat.views import login as login_views
from bot.chat.views import token_login as token_views
from bot.handlers.context import Context
from bot.handlers.logins import Logins
from bot.handlers.services import Services
from bot.outbox.screen import Photo, Screen
from bot.zjy.cookies import NotACookie, parse_cookie
from storage.accounts import Account
from storage.enums import Awaiting
from storage.jobs import Job

HOUR, TEN_MINUTES = 3600, 600
_LIKE_A_VALUE = re.compile(r"(?=\D*\d)(?=\d*\D)[0-9A-Fa-f]{8,}|(?!\S*://)[!-~]{32,}")
"""A part of a cookie's value, with a digit and a letter, or a long text without blanks that is no
address."""


class AccountHandlers:
    def __init__(self, services: Services, logins: Logins) -> None:
        self._services = services
        self._accounts = services.accounts
        self._logins = logins

    async def login(self, ctx: Context) -> None:
        """Send how to copy a cookie: a drawing, then the steps, each in its own message, because
        the pressed message may be worth keeping. A second press before they are sent has no
        effect."""
        tr = ctx.tr
        caption, steps = login_views.where_cookie(tr), login_views.ask_for_cookie(tr)
        await self._ask(ctx, where_cookie(tr.language), caption, steps)

    async def login_with_token(self, ctx: Context) -> None:
        """As :meth:`login`, for the token of the site since 2023."""
        tr = ctx.tr
        caption, steps = token_views.where_token(tr), token_views.ask_for_token(tr)
        await self._ask(ctx, where_token(tr.language), caption, steps)

    async def _ask(self, ctx: Context, drawing: Photo, caption: Screen, steps: Screen) -> None:
        await self._services.people.expect(ctx.chat_id, Awaiting.COOKIE)
        key = ("ask for a cookie", ctx.chat_id)
        work = self._say_where(ctx, drawing, caption, steps)
        self._services.background.start(ctx.chat_id, key, work)

    async def _say_where(
        self, ctx: Context, drawing: Photo, caption: Screen, steps: Screen
    ) -> None:
        outbox = self._services.outbox
        # Queued together: no message comes between them, and the steps do not depend on the
        # drawing.
        await asyncio.gather(
            outbox.send_file(ctx.chat_id, drawing, caption), outbox.send(ctx.chat_id, steps)
        )

    async def not_a_cookie(self, ctx: Context, text: str) -> None:
        """Answer a text while the bot waits for a cookie: say what is wrong with a text like a
        value, else how to copy one."""
        screen = login_views.awaits_cookie(ctx.tr)
        if _LIKE_A_VALUE.fullmatch(text.strip()):
            try:
                parse_cookie(text)
            except NotACookie as error:
                screen = login_views.not_a_cookie(ctx.tr, error.reason)
        await ctx.say(screen)

    async def accounts(self, ctx: Context) -> None:
        await ctx.show(views.accounts(ctx.tr, await self._lines(ctx)))

    async def use_account(self, ctx: Context) -> None:
        await self._accounts.use(ctx.chat_id, ctx.data.id(0))
        await self.accounts(ctx)

    async def logout(self, ctx: Context) -> None:
        """Remove the account that the button names; the screen before asked for confirmation.
        Without an account in the button, ask which one; if the chat has none, remove pending
        cookies at once."""
        if ctx.data.ids:
            await self._logins.withdraw(ctx.chat_id)
            account = await self._services.login.log_out(
                ctx.chat_id, ctx.data.id(0), self._farewell
            )
            if account is not None:
                left = await self._accounts.active(ctx.chat_id)
                in_use = left.name if left is not None else None
                await ctx.show(views.logged_out(ctx.tr, account.name, in_use=in_use))
                return
        accounts = await self._accounts.of_chat(ctx.chat_id)
        if not accounts:
            await self._logins.withdraw(ctx.chat_id)
        await ctx.show(views.choose_logout(ctx.tr, accounts))

    async def ask_logout(self, ctx: Context) -> None:
        """From the list of accounts: ask for confirmation to remove one, by its name."""
        account = await ctx.account_of(ctx.data.id(0))
        if account is not None:
            await ctx.show(views.confirm_logout(ctx.tr, account))
        else:
            await self.accounts(ctx)

    async def ask_erase(self, ctx: Context) -> None:
        await ctx.show(home.confirm_erase(ctx.tr))

    async def erase(self, ctx: Context) -> None:
        access, chat_id = self._services.access, ctx.chat_id
        await self._logins.withdraw(chat_id)
        await self._services.login.erase(
            chat_id, self._farewell, also=lambda conn: access.erase(conn, chat_id)
        )
        keeps_id, may_begin = access.keeps_after_erasing(chat_id), access.allows(chat_id)
        access.erased(chat_id)
        await ctx.show(home.erased(ctx.tr, may_begin_again=may_begin, keeps_id=keeps_id))

    async def _farewell(self, job: Job) -> None:
        """Send the final text of a job whose row is about to be deleted."""
        await self._services.reporter.show_now(job.id)

    async def _lines(self, ctx: Context) -> list[views.AccountLine]:
        active = await self._accounts.active(ctx.chat_id)
        return [
            views.AccountLine(
                account,
                active=active is not None and active.id == account.id,
                lives=self._lives(ctx, account) if account.has_cookie else None,
                age=self._age(ctx, account) if account.has_cookie else None,
            )
            for account in await self._accounts.of_chat(ctx.chat_id)
        ]

    def _lives(self, ctx: Context, account: Account) -> views.Lives | None:
        """How long the cookie lives at the most; None if that is not known, or over by now."""
        clock, until = self._services.clock, account.expires_at
        left = -clock.since(until) if until is not None else 0.0
        if until is None or left <= 0:
            return None
        time = ctx.tr.clock_time(until, ctx.person.zone, clock.now())
        return views.Lives(ctx.tr.duration(_rounded(left)), time)

    def _age(self, ctx: Context, account: Account) -> str | None:
        if account.pasted_at is None:
            return None
        return ctx.tr.duration(self._services.clock.since(account.pasted_at))


def _rounded(seconds: float) -> float:
    """A length of time as people say it: in hours, below two hours in steps of ten minutes, and
    below ten minutes as it is."""
    step = HOUR if seconds >= 2 * HOUR else TEN_MINUTES
    return round(seconds / step) * step if seconds >= TEN_MINUTES else seconds
