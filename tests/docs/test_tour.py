"""``docs/tour.md`` names code that exists, passes each room, and is found by who looks for it."""

import re
from itertools import pairwise

import pytest

from tests.docs.named_code import imported_by, named_code, names_in
from tests.docs.pages import ROOT, page

TOUR = "docs/tour.md"
JOB, DIGEST = "## A job, from Start to the summary", "## A digest, from the tick to the chat"
PATHS = "## The longest call paths"
QUEUE = "bot/jobs/queue.py"
PROTOCOLS, SESSION, RETRIES = "bot/platforms.py", "bot/zjy/gate.py", "bot/zjy/retries.py"
_PATH = re.compile(r"A (job|digest): (\d+) files\. ((?:`[\w/]+\.py`(?: →)?\s*)+)")


def section(title: str) -> str:
    """The text below a heading of the second level."""
    return page(TOUR).text.partition(f"{title}\n")[2].partition("\n## ")[0]


def rooms() -> list[str]:
    """Each folder of the bot with modules of its own, and each module at its top."""
    folders = (path.parent for path in (ROOT / "bot").glob("*/__init__.py"))
    modules = (path for path in (ROOT / "bot").glob("*.py") if path.name != "__init__.py")
    return sorted(path.relative_to(ROOT).as_posix() for path in (*folders, *modules))


def paragraphs() -> list[str]:
    blocks = (section(JOB) + "\n\n" + section(DIGEST)).split("\n\n")
    return [each.strip() for each in blocks if each.strip() and not each.lstrip().startswith("#")]


def call_paths() -> dict[str, tuple[int, list[str]]]:
    """Of a job and of a digest: how many files the page counts, and which they are."""
    found = _PATH.findall(section(PATHS))
    return {what: (int(count), re.findall(r"`(.+?)`", files)) for what, count, files in found}


def test_every_file_and_function_that_is_named_exists() -> None:
    named = named_code(page(TOUR))
    files = {file for file, _ in named if (ROOT / file).is_file()}

    assert len(named) > 60
    assert [file for file, _ in named if file not in files] == []
    assert [
        f"{file}::{name}"
        for file, name in named
        if file in files and name and name not in names_in(file)
    ] == []


def test_every_paragraph_of_the_two_ways_begins_with_code() -> None:
    assert len(paragraphs()) > 30
    for each in paragraphs():
        assert re.match(r"`[\w/]+\.py::[\w.]+`", each), each


@pytest.mark.parametrize("room", rooms())
def test_every_room_of_the_bot_is_passed_or_named(room: str) -> None:
    text = page(TOUR).text

    assert f"`{room}/" in text or f"`{room}`" in text or f"`{room}::" in text


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "CONTRIBUTING.md", "docs/design.md"])
def test_the_tour_is_linked_where_newcomers_look(name: str) -> None:
    links = page(name).links

    assert any((ROOT / name).parent.joinpath(link) == ROOT / TOUR for link in links)


def test_the_longest_call_paths_are_counted_and_hang_together() -> None:
    assert set(call_paths()) == {"job", "digest"}
    for count, files in call_paths().values():
        assert count == len(files) == len(set(files))
        for caller, called in pairwise(files):
            # The queue is handed what it calls, and is imported by it.
            above, below = (called, caller) if caller == QUEUE else (caller, called)
            if called == SESSION:
                # Known by a protocol, whose file knows the session.
                above = PROTOCOLS
                assert above in imported_by(caller)
            if caller == RETRIES:
                # The retries are handed what they repeat.
                above = SESSION
                assert caller in imported_by(above)
            assert below in imported_by(above), (caller, called)
