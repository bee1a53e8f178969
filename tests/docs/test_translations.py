"""Every language says everything that the code says, and nothing else."""

import io
import re
from collections import Counter
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

from tests.docs.pages import ROOT
from tests.docs.source_texts import messages

LOCALES = sorted(path.stem for path in (ROOT / "bot/chat/locales").glob("*.po"))
ALLOWED_TAGS = {"b", "i", "u", "s", "code", "pre", "blockquote"}
_TAG = re.compile(r"<(/?)([a-z]+)>")


@cache
def catalogue(language: str) -> Catalog:
    data = (ROOT / f"bot/chat/locales/{language}.po").read_bytes()
    return read_po(io.BytesIO(data), locale=language, abort_invalid=True)


def entries(language: str) -> list[Entry]:
    return [entry for entry in catalogue(language) if entry.id]


def forms(text: object) -> list[str]:
    """A message's or a translation's forms: one, or as many as there are plurals."""
    return [str(form) for form in text] if isinstance(text, list | tuple) else [str(text)]


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def tags(text: str) -> Counter[str]:
    """Opening tags, counted. Fails where tags are not closed in order."""
    opened: list[str] = []
    counted: Counter[str] = Counter()
    for closing, tag in _TAG.findall(text):
        if closing:
            assert opened, text
            assert opened.pop() == tag, text
        else:
            opened.append(tag)
            counted[tag] += 1
    assert not opened, text
    return counted


def test_there_is_a_chinese_catalogue() -> None:
    assert "zh" in LOCALES


@pytest.mark.parametrize("language", LOCALES)
def test_every_message_of_the_code_is_in_the_catalogue(language: str) -> None:
    known = {tuple(e.id) if isinstance(e.id, list | tuple) else e.id for e in entries(language)}
    missing = {message: where for message, where in messages().items() if message not in known}

    assert missing == {}


@pytest.mark.parametrize("language", LOCALES)
def test_the_catalogue_holds_nothing_that_the_code_no_longer_says(language: str) -> None:
    said = set(messages())
    left = [
        entry.id
        for entry in entries(language)
        if (tuple(entry.id) if isinstance(entry.id, list | tuple) else entry.id) not in said
    ]

    assert left == []
    assert list(catalogue(language).obsolete) == []


@pytest.mark.parametrize("language", LOCALES)
def test_no_translation_is_empty_or_fuzzy(language: str) -> None:
    count = catalogue(language).num_plurals
    unsure = [
        entry.id
        for entry in entries(language)
        if entry.fuzzy
        or not all(form.strip() for form in forms(entry.string))
        or (entry.pluralizable and len(forms(entry.string)) != count)
    ]

    assert unsure == []
    assert not catalogue(language).fuzzy


@pytest.mark.parametrize("language", LOCALES)
def test_translations_hold_the_same_values(language: str) -> None:
    differing = [
        entry.id
        for entry in entries(language)
        for form in forms(entry.string)
        if values(form) != values(forms(entry.id)[-1])
    ]

    assert differing == []


@pytest.mark.parametrize("language", LOCALES)
def test_translations_hold_the_same_tags_all_closed(language: str) -> None:
    differing = [
        entry.id
        for entry in entries(language)
        for form in forms(entry.string)
        if tags(form) != tags(forms(entry.id)[-1])
    ]

    assert differing == []


def test_messages_use_only_tags_that_telegram_knows() -> None:
    used = {tag for message in messages() for form in forms(message) for tag in tags(form)}

    assert used <= ALLOWED_TAGS


@pytest.mark.parametrize("language", LOCALES)
def test_translations_have_as_many_lines(language: str) -> None:
    differing = [
        entry.id
        for entry in entries(language)
        for form in forms(entry.string)
        if form.count("\n") != forms(entry.id)[0].count("\n")
    ]

    assert differing == []
