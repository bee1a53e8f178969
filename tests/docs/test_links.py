"""What a page points to is there: files, sections, make's targets, lines of the log."""

import re

import pytest

from tests.docs.pages import ROOT, Page, page, pages, project_files

_TYPED = re.compile(r"(?:^|&& )make((?: [A-Z]+=\S+)*(?: [a-z]+)*)", re.MULTILINE)


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def anchor(title: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", title.lower())
    return kept.replace(" ", "-")


@pytest.mark.parametrize("each", pages(), ids=lambda each: each.path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(each: Page) -> None:
    for link in each.links:
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, section = link.partition("#")
        target = (each.path.parent / name).resolve() if name else each.path
        assert target.exists(), link
        if section:
            titles = [anchor(title) for _, title in Page(target, target.read_text()).headings]
            assert section in titles, link


def test_every_target_of_make_that_is_named_exists() -> None:
    assert "demo" in targets()
    for each in pages():
        code = [*each.code_blocks, *each.code_spans]
        for arguments in (match for text in code for match in _TYPED.findall(text)):
            named = {word for word in arguments.split() if "=" not in word}
            assert named <= targets(), f"{each.path.name}: {named}"


def test_contributing_explains_every_target_of_make() -> None:
    named = set(page("CONTRIBUTING.md").table_of(r"`make ([a-z]+)`"))

    assert named == targets() - {"help"}


def words_of_the_program() -> str:
    """All source text, with split string literals joined and values cut out of them."""
    sources = (
        path.read_text(encoding="utf-8")
        for path in project_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in {"bot", "storage"}
    )
    return re.sub(r'"\s*\n\s*f?"', "", "\n".join(sources))


@pytest.mark.parametrize("name", ["docs/hosting.md", "docs/hosting.zh.md"])
def test_every_line_of_the_log_that_is_explained_can_be_logged(name: str) -> None:
    events = [
        row[0].strip("`")
        for table in page(name).tables
        for row in table
        if len(row) == 3 and row[0].startswith("`")
    ]
    program = words_of_the_program()

    assert len(events) > 5
    assert [event for event in events if f'"{event}"' not in program] == []


@pytest.mark.parametrize("name", ["docs/hosting.md", "docs/hosting.zh.md"])
def test_every_sentence_at_the_end_that_is_explained_can_be_said(name: str) -> None:
    sentences = [
        row[0].strip("`")
        for table in page(name).tables
        for row in table
        if len(row) == 2 and row[0].startswith("`")
    ]
    program = words_of_the_program()

    assert len(sentences) > 5
    assert [sentence for sentence in sentences if sentence not in program] == []


def test_the_exit_codes_that_are_explained_are_the_programs() -> None:
    serving, cli = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("bot/process.py", "bot/cli.py")
    )
    codes = re.findall(r"^EXIT_[A-Z]+ = (\d)$", serving + cli, re.MULTILINE)

    assert sorted(page("docs/hosting.md").table_of(r"(\d)")) == sorted(codes)
