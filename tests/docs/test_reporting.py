"""How people report: the forms of issues and SECURITY.md warn first, and ask for what helps."""

from typing import Any

import pytest

from bot.chat.bot_profile import PHOTO_MARK
from storage.vault import KEY_BYTES
from tests.docs.pages import ROOT, page
from tests.docs.yaml_files import read_yaml

FOLDER = ".github/ISSUE_TEMPLATE"
FORMS = ("bug.yml", "feature.yml")
RULES = ("never paste a cookie or a bot token", "不要贴出 cookie 或机器人的 token")
KINDS = {"markdown", "textarea", "input", "dropdown", "checkboxes"}


def form(name: str) -> dict[str, Any]:
    return read_yaml(f"{FOLDER}/{name}")


def said(value: object) -> str:
    """Every text within."""
    if isinstance(value, dict):
        return "\n".join(said(each) for each in value.values())
    if isinstance(value, list):
        return "\n".join(said(each) for each in value)
    return str(value)


def test_there_is_no_form_without_these_tests_and_no_issue_without_a_form() -> None:
    names = {path.name for path in (ROOT / FOLDER).iterdir()}

    assert names == {*FORMS, "config.yml"}
    assert form("config.yml")["blank_issues_enabled"] is False


@pytest.mark.parametrize("name", FORMS)
def test_a_form_begins_with_the_rule_about_cookies_and_tokens(name: str) -> None:
    first = form(name)["body"][0]

    assert first["type"] == "markdown"
    for rule in RULES:
        assert rule in first["attributes"]["value"].lower()


@pytest.mark.parametrize("name", FORMS)
def test_a_form_asks_for_the_reference_id_and_the_lines_of_the_log(name: str) -> None:
    asked = said(form(name)["body"][1:]).lower()

    for words in ("reference id", "log lines", "编号", "日志"):
        assert words in asked


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_the_fields_that_the_page_can_show(name: str) -> None:
    assert {"name", "description", "body"} <= set(form(name))
    fields = [each for each in form(name)["body"] if each["type"] != "markdown"]
    ids = [each["id"] for each in fields]

    assert len(ids) == len(set(ids))
    assert {each["type"] for each in form(name)["body"]} <= KINDS
    assert all(each["attributes"]["label"] for each in fields)


def test_security_says_the_rule_and_what_seals_a_cookie() -> None:
    text = page("SECURITY.md").text

    assert RULES[0] in text.lower()
    assert f"AES-{KEY_BYTES * 8}-GCM" in text
    assert f"the {KEY_BYTES} random bytes" in text


def test_security_names_every_file_that_a_readme_says_is_stored() -> None:
    files = set(page("SECURITY.md").table_of(r"`([a-z0-9_./-]+)`"))

    assert files == {"bot.sqlite3", "bot.sqlite3-closed", "key", PHOTO_MARK, "backups/"}
    for name in files:
        assert f"- `{name}`" in page("README.md").text


def test_security_supports_the_pythons_and_systems_that_the_package_names() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    text = " ".join(page("SECURITY.md").text.split())

    assert "on Linux and macOS, with Python 3.11 to 3.14" in text
    assert '"Programming Language :: Python :: 3.14"' in project
    assert '"Programming Language :: Python :: 3.15"' not in project
