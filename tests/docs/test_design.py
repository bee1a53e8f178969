"""``docs/design.md`` is true to ``pyproject.toml`` and to the tree."""

import re
import tomllib
from typing import Any

import pytest

from tests.docs.named_code import named_code
from tests.docs.pages import ROOT, package, page

DESIGN = "docs/design.md"
GLOSSARY = r"\*([a-z -]+)\*"
OLD_WORDS = ("desk", "lane", "ledger", "serving", "listening", "bot.demo", "bot/jobs/accounts")
EVASIVE_WORDS = ("nobody", "somebody", "whoever", "anybody")


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def wanted() -> dict[str, set[str]]:
    """Every package of pyproject.toml → for what it is there."""
    file = pyproject()
    groups = {
        "run": file["project"]["dependencies"],
        "build": file["build-system"]["requires"],
        **file["project"]["optional-dependencies"],
    }
    uses: dict[str, set[str]] = {}
    for group, requirements in groups.items():
        for requirement in requirements:
            uses.setdefault(package(requirement), set()).add(group)
    return uses


def explained() -> dict[str, list[str]]:
    tables = page(DESIGN).tables
    rows = next(table for table in tables if any("`hatchling`" in row[0] for row in table))
    return {package(row[0].strip("`")): row[1:] for row in rows}


def test_the_page_opens_with_a_glossary_of_one_line_and_one_meaning_each() -> None:
    glossary = page(DESIGN).table_of(GLOSSARY)

    assert page(DESIGN).headings[1] == (2, "Glossary")
    assert len(glossary) > 25
    meanings = [meaning for (meaning,) in glossary.values()]
    assert all(10 < len(meaning) < 120 for meaning in meanings)
    assert len(set(meanings)) == len(meanings)


@pytest.mark.parametrize("name", [DESIGN, "docs/tour.md", "CONTRIBUTING.md"])
def test_pages_for_newcomers_use_words_of_today_that_are_plain(name: str) -> None:
    words = set(re.findall(r"[\w./]+\w", page(name).text.lower()))

    assert words.isdisjoint({*OLD_WORDS, *(f"{word}s" for word in OLD_WORDS), *EVASIVE_WORDS})


def test_each_file_that_is_named_exists() -> None:
    named = [file for file, _ in named_code(page(DESIGN)) if "/" in file]

    assert len(named) > 20
    assert [file for file in named if not (ROOT / file).is_file()] == []


def test_each_file_that_reads_a_pasted_cookie_is_named() -> None:
    there = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("bot/zjy/cookie*.py")}

    assert there <= {file for file, _ in named_code(page(DESIGN))}


def test_every_dependency_is_explained_and_nothing_else_is() -> None:
    assert set(explained()) == set(wanted())


def test_every_dependency_is_said_to_be_for_what_it_is_for() -> None:
    said = {name: set(row[0].split(", ")) for name, row in explained().items()}

    assert said == wanted()


def test_every_dependency_has_a_reason() -> None:
    assert all(len(row[1]) > 10 for row in explained().values())


def test_the_floors_are_the_layers_that_are_held() -> None:
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    floors = list(page(DESIGN).table_of(r"(\d+)").items())

    assert [set(re.findall(r"`([\w.]+)`", row[0])) for _, row in floors] == [
        set(re.split(r" [:|] ", layer)) for layer in layers
    ]
    assert [int(number) for number, _ in floors] == list(range(len(floors), 0, -1))


def test_every_folder_and_module_at_the_top_of_the_bot_has_a_floor() -> None:
    floors = page(DESIGN).table_of(r"(\d+)").values()
    named = {name for row in floors for name in re.findall(r"`(bot\.[\w.]+)`", row[0])}
    there = {
        f"bot.{entry.stem}"
        for entry in (ROOT / "bot").iterdir()
        if entry.suffix == ".py" or (entry / "__init__.py").exists()
    }

    assert named == there - {"bot.__init__"}
