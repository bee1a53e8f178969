"""What is stored of a person with each update."""

import pytest

from storage import chats
from tests.support.chat_harness import ChatHarness
from tests.support.names import ANNA


async def test_a_missing_language_code_leaves_the_stored_one_and_writes_nothing(
    harness: ChatHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.people.meet(ANNA, ANNA, "en")
    written: list[object] = []
    write = harness.db.write

    async def counted(unit: object) -> object:
        written.append(unit)
        return await write(unit)  # type: ignore[arg-type]

    monkeypatch.setattr(harness.db, "write", counted)
    person = await harness.people.meet(ANNA, ANNA, None)
    assert written == []
    assert person.chat.language_code == "en"
    await harness.people.meet(ANNA, ANNA, "zh-hans")
    stored = await harness.db.read(lambda conn: chats.get(conn, ANNA))
    assert stored is not None
    assert stored.language_code == "zh-hans"
