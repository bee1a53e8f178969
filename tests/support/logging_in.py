"""Logs in as the conversation does: the cookie is kept sealed, proved, and made an account's."""

from bot.login.pending_logins import PendingLogins
from bot.login.service import LoggedIn, LoginService
from bot.zjy.cookies import PastedCookie
from bot.zjy.errors import ZjyError


async def log_in(
    pending: PendingLogins, login: LoginService, chat_id: int, pasted: PastedCookie
) -> LoggedIn | None:
    """None if the chat logged out meanwhile. Raises a ZjyError, and keeps nothing then."""
    await pending.begin(chat_id, [], [pasted])
    for each in await pending.cookies(chat_id):
        if await pending.open(each) != pasted:
            continue
        try:
            student = await login.prove(chat_id, pasted)
        except ZjyError:
            await pending.remove(each)
            raise
        logged_in = await login.keep(each, pasted, student, in_use=True)
        begun = await pending.login(chat_id)
        if begun is not None:
            await pending.told(begun)
        return logged_in
    return None
