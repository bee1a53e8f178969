"""Data folders as a bot leaves them."""

from pathlib import Path

from storage.database import Database
from storage.vault import Vault
from tests.support.stored_rows import account_of

NAME = "bot.sqlite3"


async def leave_data(folder: Path) -> None:
    """What a bot leaves that ended in order: a chat, and its sealed cookie."""
    async with await Database.open(folder / NAME) as db:
        await account_of(db, Vault.open(folder / "key"))
