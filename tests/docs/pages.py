"""Reads the project's written parts: headings, tables, code and links of Markdown pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^```[a-z]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_TABLE = re.compile(r"(?:^\|.*\|\n)+", re.MULTILINE)
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file; ``prose`` is its text without fenced code."""

    path: Path
    text: str

    @property
    def prose(self) -> str:
        return _FENCE.sub("", self.text)

    @property
    def headings(self) -> list[tuple[int, str]]:
        return [(len(marks), title.strip()) for marks, title in _HEADING.findall(self.prose)]

    @property
    def code_blocks(self) -> list[str]:
        return _FENCED.findall(self.text)

    @property
    def code_spans(self) -> list[str]:
        return _SPAN.findall(self.prose)

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    @property
    def tables(self) -> list[list[list[str]]]:
        """Each table's rows below its head; a cell is its text."""
        tables = (block.splitlines()[2:] for block in _TABLE.findall(self.prose + "\n"))
        return [
            [[cell.strip() for cell in row.strip("|").split("|")] for row in table]
            for table in tables
        ]

    def table_of(self, first_cell: str) -> dict[str, list[str]]:
        """The one table whose first cells all match the pattern: first group → other cells."""
        pattern = re.compile(first_cell)
        found = [table for table in self.tables if all(pattern.fullmatch(row[0]) for row in table)]
        assert len(found) == 1, f"{self.path.name} has {len(found)} tables of {first_cell}"
        rows = [(pattern.fullmatch(row[0]), row[1:]) for row in found[0]]
        names = [match.group(1) for match, _ in rows if match]
        assert len(names) == len(set(names)), f"{self.path.name} names something twice"
        return {match.group(1): cells for match, cells in rows if match}


def page(name: str) -> Page:
    path = ROOT / name
    return Page(path, path.read_text(encoding="utf-8"))


def pages() -> list[Page]:
    """Every Markdown page of the project."""
    found = (path for path in project_files() if path.suffix == ".md")
    return [Page(path, path.read_text(encoding="utf-8")) for path in found]


def package(requirement: str) -> str:
    """The package that a requirement names, as the locks spell it."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match.group()).lower()


def project_files() -> Iterator[Path]:
    """Every file that belongs to the project: all but what ``.gitignore`` names."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    yield from _walk(ROOT, [".git", *lines])


def _walk(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if any(_matches(path, pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from _walk(path, ignored)
        elif path.is_file():
            yield path


def _matches(path: Path, pattern: str) -> bool:
    if pattern.startswith("/"):
        return path == ROOT / pattern.strip("/")
    if pattern.endswith("/") and not path.is_dir():
        return False
    return fnmatch(path.name, pattern.rstrip("/"))
