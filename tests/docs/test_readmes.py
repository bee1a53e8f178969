"""The two languages of a page say the same things in the same order."""

import re

import pytest

from tests.docs.pages import Page, page

PAIRS = [("README.md", "README.zh.md"), ("docs/hosting.md", "docs/hosting.zh.md")]
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def both(names: tuple[str, str]) -> tuple[Page, Page]:
    return page(names[0]), page(names[1])


def without_comments(block: str) -> list[str]:
    return [re.sub(r"\s+#.*$", "", line) for line in block.splitlines()]


@pytest.mark.parametrize("names", PAIRS)
def test_both_have_the_same_sections(names: tuple[str, str]) -> None:
    english, chinese = both(names)

    assert [level for level, _ in english.headings] == [level for level, _ in chinese.headings]


@pytest.mark.parametrize("names", PAIRS)
def test_both_have_the_same_tables(names: tuple[str, str]) -> None:
    english, chinese = both(names)

    def first_cells(each: Page) -> list[list[str]]:
        return [[row[0] for row in table] for table in each.tables]

    assert first_cells(english) == first_cells(chinese)


@pytest.mark.parametrize("names", PAIRS)
def test_both_show_the_same_commands_to_type(names: tuple[str, str]) -> None:
    english, chinese = both(names)

    assert [without_comments(block) for block in english.code_blocks] == [
        without_comments(block) for block in chinese.code_blocks
    ]


@pytest.mark.parametrize("names", PAIRS)
def test_both_have_as_many_points_and_steps(names: tuple[str, str]) -> None:
    def points(each: Page) -> list[str]:
        return re.findall(r"^(-|\d+\.) ", each.prose, re.MULTILINE)

    english, chinese = both(names)

    assert points(english) == points(chinese)


@pytest.mark.parametrize("names", PAIRS)
def test_each_points_to_the_other_at_its_top(names: tuple[str, str]) -> None:
    english, chinese = both(names)

    assert f"]({chinese.path.name})" in english.text[:200]
    assert f"]({english.path.name})" in chinese.text[:200]


@pytest.mark.parametrize("names", PAIRS)
def test_the_chinese_page_is_chinese_in_every_section(names: tuple[str, str]) -> None:
    _, chinese = both(names)
    sections = re.split(r"^## ", chinese.prose, flags=re.MULTILINE)

    assert len(sections) > 3
    assert all(len(_CHINESE.findall(section)) > 10 for section in sections)


@pytest.mark.parametrize(
    "fact", ["HttpOnly", "10", "2×", "CLOCK_SPEED", "/logout", "/erase", "User-Agent", "2023"]
)
def test_both_readmes_tell_what_a_person_must_know(fact: str) -> None:
    english, chinese = both(PAIRS[0])

    assert fact in english.text
    assert fact in chinese.text
