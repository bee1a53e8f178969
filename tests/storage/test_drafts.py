import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from aiosqlite import Connection

from storage import drafts, jobs
from storage.courses import Course, Module
from storage.database import Database
from storage.drafts import Draft
from storage.enums import DraftState, Pace
from storage.jobs import JobItem
from storage.vault import Vault
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import (
    LATER,
    NOW,
    account_of,
    chat_of,
    count,
    course_of,
    draft_cell,
    draft_of,
    modules_of,
)


@dataclass(frozen=True)
class Desk:
    """Anna's draft over a course with three modules, and a module of another course."""

    draft: Draft
    course: Course
    modules: list[Module]
    foreign: Module


@pytest.fixture
async def desk(db: Database, vault: Vault) -> Desk:
    account = await account_of(db, vault)
    java, music = await course_of(db, account, "java", "music")
    modules = await modules_of(db, java, done=100, half=50, fresh=0)
    [foreign] = await modules_of(db, music, other=0)
    return Desk(await draft_of(db, account, java), java, modules, foreign)


async def _ticked(db: Database, desk: Desk) -> list[int]:
    return await db.read(lambda conn: drafts.ticked(conn, desk.draft.id))


async def test_a_draft_begins_choosing_with_nothing_ticked(db: Database, desk: Desk) -> None:
    draft = await db.read(lambda conn: drafts.get(conn, ANNA, desk.draft.id))
    assert draft == desk.draft
    assert (draft.state, draft.pace, draft.read_at, draft.created_at) == (
        DraftState.CHOOSING,
        "1",
        None,
        NOW,
    )
    assert await _ticked(db, desk) == []


async def test_ticks_can_be_pressed_twice(db: Database, desk: Desk) -> None:
    _, half, fresh = (module.id for module in desk.modules)
    for module in (fresh, half, fresh, half):
        assert await db.write(lambda c, m=module: drafts.tick(c, ANNA, desk.draft.id, m))  # type: ignore[misc]
    assert await _ticked(db, desk) == [half, fresh], "in the platform's order"
    for _ in range(2):
        assert await db.write(lambda conn: drafts.untick(conn, ANNA, desk.draft.id, half))
    assert await _ticked(db, desk) == [fresh]


async def test_all_unfinished_leaves_finished_modules_and_other_courses_out(
    db: Database, desk: Desk
) -> None:
    done, half, fresh = (module.id for module in desk.modules)
    for _ in range(2):
        assert await db.write(lambda conn: drafts.tick_all(conn, ANNA, desk.draft.id))
    assert await _ticked(db, desk) == [half, fresh]
    assert await db.write(lambda conn: drafts.tick(conn, ANNA, desk.draft.id, done))
    assert await db.write(lambda conn: drafts.tick_all(conn, ANNA, desk.draft.id))
    assert await _ticked(db, desk) == [done, half, fresh]
    assert await db.write(lambda conn: drafts.clear(conn, ANNA, desk.draft.id))
    assert await _ticked(db, desk) == []


async def test_a_module_of_another_course_cannot_be_ticked(db: Database, desk: Desk) -> None:
    assert not await db.write(lambda conn: drafts.tick(conn, ANNA, desk.draft.id, desk.foreign.id))
    assert await _ticked(db, desk) == []


async def test_all_unfinished_are_those_too_whose_percent_is_not_known(
    db: Database, desk: Desk
) -> None:
    listed = await modules_of(db, desk.course, done=100, half=50, fresh=0, unknown=None)
    assert await db.write(lambda conn: drafts.tick_all(conn, ANNA, desk.draft.id))
    assert await _ticked(db, desk) == [module.id for module in listed[1:]]


Press = Callable[[Connection, int, Desk], Awaitable[bool]]
PRESSES: dict[str, Press] = {
    "tick": lambda c, chat, desk: drafts.tick(c, chat, desk.draft.id, desk.modules[2].id),
    "untick": lambda c, chat, desk: drafts.untick(c, chat, desk.draft.id, desk.modules[1].id),
    "tick_all": lambda c, chat, desk: drafts.tick_all(c, chat, desk.draft.id),
    "clear": lambda c, chat, desk: drafts.clear(c, chat, desk.draft.id),
}


@pytest.mark.parametrize("name", PRESSES)
async def test_another_chat_changes_no_ticks(db: Database, desk: Desk, name: str) -> None:
    await chat_of(db, BORIS)
    half = desk.modules[1].id
    await db.write(lambda conn: drafts.tick(conn, ANNA, desk.draft.id, half))
    assert not await db.write(lambda conn: PRESSES[name](conn, BORIS, desk))
    assert await _ticked(db, desk) == [half]
    assert await db.write(lambda conn: PRESSES[name](conn, ANNA, desk))


@pytest.mark.parametrize("name", PRESSES)
@pytest.mark.parametrize("state", [*DraftState][1:])
async def test_old_buttons_change_no_ticks(
    db: Database, desk: Desk, name: str, state: DraftState
) -> None:
    half = desk.modules[1].id
    await db.write(lambda conn: drafts.tick(conn, ANNA, desk.draft.id, half))
    assert await db.write(lambda c: drafts.set_state(c, desk.draft.id, DraftState.CHOOSING, state))
    assert not await db.write(lambda conn: PRESSES[name](conn, ANNA, desk))
    assert await _ticked(db, desk) == [half]


async def test_another_chat_neither_sees_nor_makes_a_draft_here(
    db: Database, desk: Desk, vault: Vault
) -> None:
    boris = await account_of(db, vault, BORIS)

    async def create(conn: Connection, account_id: int) -> Draft | None:
        return await drafts.create(
            conn,
            chat_id=BORIS,
            account_id=account_id,
            course_id=desk.course.id,
            pace=Pace.NORMAL,
            now=NOW,
        )

    assert await db.read(lambda conn: drafts.get(conn, BORIS, desk.draft.id)) is None
    assert await db.write(lambda conn: create(conn, boris.id)) is None
    assert await db.write(lambda conn: create(conn, desk.draft.account_id)) is None
    assert not await db.write(lambda conn: drafts.set_pace(conn, BORIS, desk.draft.id, Pace.DOUBLE))
    assert await count(db, "drafts") == 1


async def test_a_state_changes_only_from_the_expected_one(db: Database, desk: Desk) -> None:
    draft_id = desk.draft.id
    assert await db.write(
        lambda c: drafts.set_state(c, draft_id, DraftState.CHOOSING, DraftState.READING)
    )
    assert not await db.write(
        lambda c: drafts.set_state(c, draft_id, DraftState.CHOOSING, DraftState.READY)
    )
    assert not await db.write(
        lambda c: drafts.set_state(c, draft_id + 1, DraftState.READING, DraftState.READY)
    )
    draft = await db.read(lambda conn: drafts.get(conn, ANNA, draft_id))
    assert draft is not None
    assert draft.state == DraftState.READING
    with pytest.raises(sqlite3.IntegrityError):
        await db.write(lambda c: drafts.set_state(c, draft_id, DraftState.READING, "forgotten"))  # type: ignore[arg-type]


async def test_the_message_and_the_pace_are_kept_until_the_start(db: Database, desk: Desk) -> None:
    draft_id = desk.draft.id
    assert await db.write(lambda conn: drafts.set_message(conn, draft_id, 55))
    assert await db.write(lambda conn: drafts.set_pace(conn, ANNA, draft_id, Pace.DOUBLE))
    assert await db.write(
        lambda c: drafts.set_state(c, draft_id, DraftState.CHOOSING, DraftState.STARTED)
    )
    assert not await db.write(lambda conn: drafts.set_pace(conn, ANNA, draft_id, Pace.NORMAL))
    draft = await db.read(lambda conn: drafts.get(conn, ANNA, draft_id))
    assert draft is not None
    assert (draft.message_id, draft.pace) == (55, "2")


async def test_cells_come_back_in_order_and_replace_the_earlier_ones(
    db: Database, desk: Desk
) -> None:
    draft_id = desk.draft.id
    first = [draft_cell("b", 99.99), draft_cell("a"), draft_cell("c", 100), draft_cell("d", None)]
    await db.write(lambda conn: drafts.store_cells(conn, draft_id, first, NOW, whole=True))
    assert await db.read(lambda conn: drafts.cells(conn, draft_id)) == first
    second = [draft_cell("c", 100), draft_cell("b", 100)]
    await db.write(lambda conn: drafts.store_cells(conn, draft_id, second, LATER, whole=True))
    assert await db.read(lambda conn: drafts.cells(conn, draft_id)) == second
    draft = await db.read(lambda conn: drafts.get(conn, ANNA, draft_id))
    assert draft is not None
    assert draft.read_at == LATER


async def test_a_cell_that_comes_twice_is_refused_and_the_earlier_cells_stay(
    db: Database, desk: Desk
) -> None:
    draft_id = desk.draft.id
    cells = [draft_cell("a"), draft_cell("b")]
    await db.write(lambda conn: drafts.store_cells(conn, draft_id, cells, NOW, whole=True))
    with pytest.raises(sqlite3.IntegrityError):
        await db.write(
            lambda c: drafts.store_cells(
                c, draft_id, [draft_cell("x"), draft_cell("x")], LATER, whole=True
            )
        )
    assert await db.read(lambda conn: drafts.cells(conn, draft_id)) == cells


async def test_a_restart_puts_back_only_what_was_being_read(
    db: Database, desk: Desk, vault: Vault
) -> None:
    account = await account_of(db, vault)
    ready = await draft_of(db, account, desk.course)
    await db.write(lambda c: drafts.set_state(c, ready.id, DraftState.CHOOSING, DraftState.READY))
    await db.write(
        lambda c: drafts.set_state(c, desk.draft.id, DraftState.CHOOSING, DraftState.READING)
    )
    assert await db.write(drafts.reset_reading) == [desk.draft]
    assert await db.write(drafts.reset_reading) == []
    kept = await db.read(lambda conn: drafts.get(conn, ANNA, ready.id))
    assert kept is not None
    assert kept.state == DraftState.READY


async def test_a_module_that_vanishes_takes_its_tick_with_it(db: Database, desk: Desk) -> None:
    await db.write(lambda conn: drafts.tick_all(conn, ANNA, desk.draft.id))
    left = await modules_of(db, desk.course, done=100, fresh=0)
    assert await _ticked(db, desk) == [left[1].id]


async def test_a_cell_of_unknown_percent_is_one_of_the_jobs(db: Database, desk: Desk) -> None:
    cells = [draft_cell("a", None), draft_cell("b", 100)]

    async def unit(conn: Connection) -> list[JobItem]:
        await drafts.store_cells(conn, desk.draft.id, cells, NOW, whole=True)
        await drafts.set_state(conn, desk.draft.id, DraftState.CHOOSING, DraftState.READY)
        job_id = await jobs.create_from_draft(conn, desk.draft.id, NOW)
        assert job_id is not None
        return await jobs.items(conn, job_id)

    assert [item.cell.cell_id for item in await db.write(unit)] == ["a"]
