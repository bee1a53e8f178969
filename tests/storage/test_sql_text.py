"""Two texts of one statement have one form; two statements have two."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.migrate import built_in_migrations, load_migrations
from storage.sql_text import normal, parts

MIGRATIONS = load_migrations(built_in_migrations())


def _statements() -> Iterator[str]:
    with closing(sqlite3.connect(":memory:")) as conn:
        for statement in MIGRATIONS.schema.statements:
            conn.execute(statement)
        yield from (
            row[0] for row in conn.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")
        )


@given(st.sampled_from([*_statements()]), st.data())
def test_spaces_comments_and_quotation_marks_change_nothing(sql: str, data: st.DataObject) -> None:
    words = normal(sql).split(" ")
    gaps = st.sampled_from([" ", "\n\t", " -- a note\n", "/* a note */"])
    text = "".join(
        data.draw(gaps) + (f'"{word.upper()}"' if word == "chats" else word) for word in words
    )
    assert normal(text) == normal(sql)
    assert parts(text) == parts(sql)


@given(st.sampled_from([*_statements()]), st.data())
def test_a_statement_that_lacks_a_token_is_another_one(sql: str, data: st.DataObject) -> None:
    words = normal(sql).split(" ")
    gone = data.draw(st.integers(0, len(words) - 1))
    assert normal(" ".join(words[:gone] + words[gone + 1 :])) != normal(sql)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CHECK (x IN ('a'))", "CHECK (x IN ('A'))"),
        ("CHECK (x IN ('a  b'))", "CHECK (x IN ('a b'))"),
        ("CHECK (x IN ('--'))", "CHECK (x IN (''))"),
        ('CHECK (x = "a b")', 'CHECK (x = "a  b")'),
        ("DEFAULT 1.5", "DEFAULT 15"),
    ],
)
def test_other_texts_stay_other_texts(one: str, other: str) -> None:
    assert normal(one) != normal(other)
