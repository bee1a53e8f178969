"""What an edit of a progress message reads from the database: counts, not seconds."""

from decimal import Decimal

import pytest

from bot.study.events import CellMoved
from tests.chat.test_reporter import a_shown_job, begun
from tests.support.chat_harness import ChatHarness


async def statements_of(harness: ChatHarness) -> list[str]:
    """The list that from now on gets each statement of the reading connection."""
    said: list[str] = []
    await harness.db._reader.set_trace_callback(said.append)
    return said


@pytest.mark.parametrize("cells", [4, 400])
async def test_an_edit_reads_the_job_and_the_chat_and_no_cell(
    harness: ChatHarness, cells: int
) -> None:
    job_id, message_id = await a_shown_job(harness, cells=cells)
    snapshot = await begun(harness, job_id)
    harness.reporter.progress_changed(job_id, snapshot)
    await harness.quiet()

    read = await statements_of(harness)
    before = len(harness.calls("editMessageText"))
    cell = snapshot.open_cells[0]
    for position in (440, 450):
        snapshot = snapshot.after(CellMoved(cell, Decimal(position), Decimal(750)))
        harness.reporter.progress_changed(job_id, snapshot)
        await harness.quiet()

    assert "07:30" in harness.message(message_id).text
    edits = len(harness.calls("editMessageText")) - before
    assert edits == 2
    assert [each.split("WHERE")[0].strip() for each in read] == [
        "BEGIN",
        "SELECT * FROM jobs",
        "SELECT * FROM chats",
        "COMMIT",
    ] * edits


async def test_updates_that_are_replaced_read_nothing(harness: ChatHarness) -> None:
    job_id, _ = await a_shown_job(harness)
    snapshot = await begun(harness, job_id)
    harness.reporter.progress_changed(job_id, snapshot)
    await harness.quiet()

    read = await statements_of(harness)
    before = len(harness.calls("editMessageText"))
    cell = snapshot.open_cells[0]
    for position in range(440, 740):
        moved = snapshot.after(CellMoved(cell, Decimal(position), Decimal(750)))
        harness.reporter.progress_changed(job_id, moved)
    await harness.quiet()

    assert len(harness.calls("editMessageText")) - before == 1
    assert len(read) == 4
    assert "12:19" in harness.message((await harness.row(job_id)).message_id).text
