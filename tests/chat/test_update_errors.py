"""Unexpected errors of updates."""

from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Chat, Message, Update
from telegram.ext import ApplicationHandlerStop

from bot.handlers.errors import ErrorHandlers
from storage.moments import utc_now


@pytest.mark.parametrize("update", [None, Update(1, Message(1, utc_now(), Chat(-1, "group")))])
async def test_an_update_that_fails_counts_as_one_fault(update: Update | None) -> None:
    faults: list[str] = []
    nothing: Any = None
    context: Any = SimpleNamespace(error=RuntimeError("odd"))
    errors = ErrorHandlers(nothing, nothing, nothing, faults.append)

    with pytest.raises(ApplicationHandlerStop):
        await errors.on_error(update, context)

    assert len(faults) == 1
