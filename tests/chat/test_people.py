"""What is stored of a person with each update."""

import pytest

from storage import chats
from tests.chat.newsroom import Newsroom
from tests.chat.post import ANNA


async def test_a_missing_language_code_leaves_the_stored_one_and_writes_nothing(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.people.meet(ANNA, ANNA, "en")
    written: list[object] = []
    write = room.db.write

    async def counted(unit: object) -> object:
        written.append(unit)
        return await write(unit)  # type: ignore[arg-type]

    monkeypatch.setattr(room.db, "write", counted)
    person = await room.people.meet(ANNA, ANNA, None)
    assert written == []
    assert person.chat.language_code == "en"
    await room.people.meet(ANNA, ANNA, "zh-hans")
    stored = await room.db.read(lambda conn: chats.get(conn, ANNA))
    assert stored is not None
    assert stored.language_code == "zh-hans"
