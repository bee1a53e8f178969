from storage import courses
from storage.accounts import Account
from storage.courses import Course, ModuleEntry
from storage.database import Database
from storage.vault import Vault
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import (
    LATER,
    NOW,
    account_of,
    count,
    course_entry,
    course_of,
    draft_of,
    job_of,
    modules_of,
)


async def test_courses_keep_the_platforms_order(db: Database, vault: Vault) -> None:
    account = await account_of(db, vault)
    given = await course_of(db, account, "java", "algebra", "music")
    assert [course.name for course in given] == ["java", "algebra", "music"]
    assert await db.read(lambda conn: courses.courses_of(conn, ANNA, account.id)) == given


async def test_courses_read_again_keep_their_ids_modules_and_counts(
    db: Database, vault: Vault
) -> None:
    account = await account_of(db, vault)
    java, music = await course_of(db, account, "java", "music")
    await modules_of(db, java, one=10)
    for course in (java, music):
        row = course.id
        await db.write(lambda conn, row=row: courses.set_counts(conn, row, 40, 4))  # type: ignore[misc]
    entries = [course_entry("music"), course_entry("java", 52.39)]
    again = await db.write(lambda conn: courses.replace_courses(conn, account.id, entries, LATER))
    assert [course.id for course in again] == [music.id, java.id]
    assert (again[1].percent, again[1].seen_at) == (52.39, LATER)
    assert (again[0].cell_count, again[0].studied_count) == (40, 4)
    # The percent moved since the cells were counted.
    assert (again[1].cell_count, again[1].studied_count) == (40, None)
    assert await count(db, "modules") == 1


async def _read_again(db: Database, account: Account, percent: float | None) -> Course:
    entries = [course_entry("java", percent)]
    [again] = await db.write(lambda conn: courses.replace_courses(conn, account.id, entries, LATER))
    return again


async def test_a_percent_that_is_not_told_leaves_the_one_of_before_and_its_moment(
    db: Database, vault: Vault
) -> None:
    account = await account_of(db, vault)
    entries = [course_entry("java", 52.39)]
    [java] = await db.write(lambda conn: courses.replace_courses(conn, account.id, entries, NOW))
    await db.write(lambda conn: courses.set_counts(conn, java.id, 40, 4))
    again = await _read_again(db, account, None)
    assert (again.percent, again.percent_at, again.seen_at) == (52.39, NOW, LATER)
    assert again.studied_count == 4
    told = await _read_again(db, account, 60)
    assert (told.percent, told.percent_at, told.studied_count) == (60, LATER, None)


async def test_a_percent_that_was_never_told_is_not_zero_until_it_is_told(
    db: Database, vault: Vault
) -> None:
    account = await account_of(db, vault)
    entries = [course_entry("java", None)]
    [java] = await db.write(lambda conn: courses.replace_courses(conn, account.id, entries, NOW))
    assert (java.percent, java.percent_at, java.is_complete) == (None, None, False)
    told = await _read_again(db, account, 0)
    assert (told.percent, told.percent_at) == (0, LATER)


async def test_a_modules_percent_that_is_not_told_leaves_the_one_of_before(
    db: Database, vault: Vault
) -> None:
    account = await account_of(db, vault)
    [java] = await course_of(db, account)
    await modules_of(db, java, one=33.25)
    one, two = await modules_of(db, java, one=None, two=None)
    assert (one.percent, two.percent) == (33.25, None)
    assert not two.is_complete
    assert [each.percent for each in await modules_of(db, java, one=40, two=0)] == [40, 0]


async def test_a_list_that_is_not_whole_takes_no_course_and_no_module_away(
    db: Database, vault: Vault
) -> None:
    account = await account_of(db, vault)
    java, music = await course_of(db, account, "java", "music")
    one, two = await modules_of(db, java, one=10, two=20)
    entries = [course_entry("java", 52.39)]
    kept = await db.write(
        lambda conn: courses.replace_courses(conn, account.id, entries, LATER, whole=False)
    )
    assert {(course.id, course.percent) for course in kept} == {
        (java.id, 52.39),
        (music.id, music.percent),
    }
    listed = await db.write(
        lambda conn: courses.replace_modules(
            conn, java.id, [ModuleEntry(two.module_id, two.name, 30)], whole=False
        )
    )
    assert {(each.id, each.percent) for each in listed} == {(one.id, 10), (two.id, 30)}


async def test_a_vanished_course_goes_unless_a_draft_or_job_names_it(
    db: Database, vault: Vault
) -> None:
    account = await account_of(db, vault)
    plain, drafted, worked, stays = await course_of(db, account, "p", "d", "w", "s")
    await draft_of(db, account, drafted)
    await job_of(db, account, worked)
    [listed] = await course_of(db, account, "s")
    assert listed.id == stays.id
    assert await db.read(lambda conn: courses.course(conn, ANNA, plain.id)) is None
    for kept in (drafted, worked):
        found = await db.read(lambda conn, i=kept.id: courses.course(conn, ANNA, i))  # type: ignore[misc]
        assert found is not None
        assert not found.listed
    assert await db.read(lambda conn: courses.courses_of(conn, ANNA, account.id)) == [listed]
    assert await count(db, "drafts") == 1

    back = await course_of(db, account, "d")
    assert [(course.id, course.listed) for course in back] == [(drafted.id, True)]


async def test_an_empty_list_of_courses_lists_none(db: Database, vault: Vault) -> None:
    account = await account_of(db, vault)
    [java] = await course_of(db, account)
    await job_of(db, account, java)
    assert await db.write(lambda c: courses.replace_courses(c, account.id, [], LATER)) == []
    assert await db.read(lambda conn: courses.courses_of(conn, ANNA, account.id)) == []


async def test_one_accounts_courses_leave_anothers_alone(db: Database, vault: Vault) -> None:
    one = await account_of(db, vault)
    other = await account_of(db, vault, stu_id="stu-2")
    given = await course_of(db, one, "java")
    await course_of(db, other, "java", "music")
    await course_of(db, other, "music")
    assert await db.read(lambda conn: courses.courses_of(conn, ANNA, one.id)) == given


async def test_modules_keep_order_and_ids_and_vanished_ones_go(db: Database, vault: Vault) -> None:
    account = await account_of(db, vault)
    [java] = await course_of(db, account)
    one, two, three = await modules_of(db, java, one=0, two=50, three=100)
    entries = [ModuleEntry("three", "Three", 100), ModuleEntry("one", "Renamed", 99.99)]
    again = await db.write(lambda conn: courses.replace_modules(conn, java.id, entries))
    assert [module.id for module in again] == [three.id, one.id]
    assert (again[1].name, again[1].percent) == ("Renamed", 99.99)
    assert await db.read(lambda conn: courses.modules_of(conn, ANNA, java.id)) == again
    assert await db.read(lambda conn: courses.module(conn, ANNA, two.id)) is None


async def test_no_chat_sees_anothers_courses_or_modules(db: Database, vault: Vault) -> None:
    account = await account_of(db, vault, ANNA)
    await account_of(db, vault, BORIS)
    [java] = await course_of(db, account)
    [module] = await modules_of(db, java, one=0)
    assert await db.read(lambda conn: courses.course(conn, ANNA, java.id)) == java
    assert await db.read(lambda conn: courses.module(conn, ANNA, module.id)) == module
    assert await db.read(lambda conn: courses.course(conn, BORIS, java.id)) is None
    assert await db.read(lambda conn: courses.module(conn, BORIS, module.id)) is None
    assert await db.read(lambda conn: courses.courses_of(conn, BORIS, account.id)) == []
    assert await db.read(lambda conn: courses.modules_of(conn, BORIS, java.id)) == []
