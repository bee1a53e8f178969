"""Nothing of the machine that the project was made on stands in it."""

import re

from tests.docs.pages import ROOT, project_files

# The parts are joined here, so that this file does not hold what it looks for.
_FOLDERS = ("ro" + "ot", "wo" + "rk", "Us" + "ers", "ho" + "me", "mn" + "t", "op" + "t/pypi")
_PATHS = re.compile(r"(?<![\w.~-])/(?:" + "|".join(_FOLDERS) + r")[/-]\w")
_INDEX = re.compile(
    "|".join(
        (
            "--" + "index-url",
            "--extra-" + "index",
            "--" + "find-links",
            "index-" + r"url\s*=",
            "pypi" + r"\.org/simple",
            "files\\." + "pythonhosted",
            r"https?://\S+/" + r"simple\b",
        )
    )
)
_EXCUSED = re.compile("--no-emit-" + "index-url")


def texts() -> list[tuple[str, str]]:
    found = []
    for path in project_files():
        data = path.read_bytes()
        if b"\x00" not in data:
            found.append((path.relative_to(ROOT).as_posix(), data.decode("utf-8")))
    return found


def test_no_file_names_a_path_of_a_machine() -> None:
    found = [(name, match.group()) for name, text in texts() for match in _PATHS.finditer(text)]

    assert found == []


def test_no_file_names_a_package_index() -> None:
    found = [
        (name, match.group())
        for name, text in texts()
        for match in _INDEX.finditer(_EXCUSED.sub("", text))
    ]

    assert found == []


def test_the_files_are_found_at_all() -> None:
    names = {name for name, _ in texts()}

    assert {"README.md", "bot/cli.py", "storage/migrations/schema_0009.sql", ".ci/run"} <= names
    assert not any(name.startswith((".venv/", ".git/")) for name in names)
