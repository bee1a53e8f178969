"""The owner's menu of commands goes to the owner alone, also when the owner is another one."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import BotCommandScopeChat
from telegram.error import BadRequest

from bot.chat.i18n import load_translators
from bot.chat.owner_menu import HOLDER, OwnerMenu
from storage import kept
from storage.database import Database

FORMER, OWNER = 1, 2


class Chats:
    """The calls of the Bot API that set the menu of a chat; ``gone`` chats refuse them."""

    def __init__(self) -> None:
        self.with_menu: set[int | str] = set()
        self.gone: set[int] = set()

    async def set_my_commands(self, *_: object, scope: BotCommandScopeChat, **__: object) -> None:
        self._look(scope)
        self.with_menu.add(scope.chat_id)

    async def delete_my_commands(self, *, scope: BotCommandScopeChat, **_: object) -> None:
        self._look(scope)
        self.with_menu.discard(scope.chat_id)

    def _look(self, scope: BotCommandScopeChat) -> None:
        if scope.chat_id in self.gone:
            raise BadRequest("Chat not found")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "bot.sqlite3") as opened:
        yield opened


def menu_of(db: Database, chats: Any, owner: int | None) -> OwnerMenu:  # noqa: ANN401
    access: Any = SimpleNamespace(owner=owner)
    return OwnerMenu(chats, load_translators("zh"), db, access)


@pytest.mark.parametrize("is_gone", [False, True])
async def test_a_new_owner_gets_the_menu_that_the_former_one_had(
    db: Database, is_gone: bool
) -> None:
    chats = Chats()
    await menu_of(db, chats, FORMER).bring_up_to_date()
    assert chats.with_menu == {FORMER}
    chats.gone = {FORMER} if is_gone else set()

    menu = menu_of(db, chats, OWNER)
    await menu.bring_up_to_date()

    assert OWNER in chats.with_menu
    assert not menu.is_due
    assert is_gone or FORMER not in chats.with_menu
    assert await db.read(lambda conn: kept.get(conn, HOLDER)) == str(OWNER)


async def test_an_owner_who_has_not_written_yet_gets_the_menu_later(db: Database) -> None:
    chats = Chats()
    chats.gone = {OWNER}
    menu = menu_of(db, chats, OWNER)
    await menu.bring_up_to_date()
    assert menu.is_due

    chats.gone = set()
    await menu.bring_up_to_date()

    assert chats.with_menu == {OWNER}
