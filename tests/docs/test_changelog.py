"""The changelog: a section per release, newest first, the newest being this version."""

import re
from datetime import date

from bot.version import VERSION
from tests.docs.pages import page

_RELEASE = re.compile(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)")


def sections() -> list[str]:
    return [title for level, title in page("CHANGELOG.md").headings if level == 2]


def releases() -> list[tuple[tuple[int, ...], date]]:
    found = [_RELEASE.fullmatch(title) for title in sections()[1:]]
    assert all(found), sections()
    return [
        (tuple(int(part) for part in match[1].split(".")), date.fromisoformat(match[2]))
        for match in found
        if match
    ]


def test_what_is_not_released_yet_stands_first() -> None:
    assert sections()[0] == "[Unreleased]"


def test_the_newest_release_is_the_version_of_the_program() -> None:
    newest, _ = releases()[0]

    assert ".".join(str(part) for part in newest) == VERSION


def test_releases_stand_newest_first() -> None:
    assert releases() == sorted(releases(), reverse=True)


def test_a_release_says_something_under_each_of_its_titles() -> None:
    text = page("CHANGELOG.md").text
    for part in text.split("\n### ")[1:]:
        assert "\n- " in part, part.splitlines()[0]
