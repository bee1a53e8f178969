"""The token stands in no log line, and is a candidate of its own beside cookies."""

from datetime import UTC, datetime

import pytest

from bot.login.credentials import Credential, as_many_as_are_proved, find_credentials
from bot.logs import HIDDEN, redact
from bot.zjy.cookies import MOST_CANDIDATES
from storage.enums import Platform
from tests.spoc.scripted_site import jwt
from tests.spoc.test_tokens import AUTH, FORMS, TOKEN

IN_PIECES = {"in lines", "with soft hyphens"}


@pytest.mark.parametrize("form", sorted(set(FORMS) - IN_PIECES))
def test_no_part_of_a_token_is_readable_in_a_log_line(form: str) -> None:
    said = redact(f"odd: {FORMS[form]} end")
    assert HIDDEN in said
    assert not any(part in said for part in TOKEN.split("."))


@pytest.mark.parametrize("cut", [20, 60, 120, 200])
def test_a_token_that_a_log_cut_is_hidden_too(cut: int) -> None:
    assert TOKEN[4:cut] not in redact(f"Token={TOKEN[:cut]}…")
    assert TOKEN[4:cut] not in redact(f"said {TOKEN[:cut]}")


def test_ordinary_words_about_tokens_stay_readable() -> None:
    for said in ("a bearer of news", "the Token is short", "Token=abc", "eyJ is a beginning"):
        assert redact(said) == said


def test_a_text_with_both_secrets_gives_both_each_with_its_platform() -> None:
    found = find_credentials(f"Cookie: auth={AUTH}; Token={TOKEN}")
    assert [(each.secret, each.platform) for each in found] == [
        (AUTH, Platform.ZJY),
        (TOKEN, Platform.SPOC),
    ]
    assert TOKEN not in repr(found)


def test_tokens_are_not_crowded_out_by_cookies_nor_these_by_tokens() -> None:
    cookies = [Credential(f"{n:064x}") for n in range(9)]
    tokens = [Credential(jwt(letter), None, Platform.SPOC) for letter in "abcde"]
    both = as_many_as_are_proved([*cookies, *tokens, *cookies])
    assert len(both) == MOST_CANDIDATES
    assert [each.platform for each in both] == [Platform.ZJY] * 3 + [Platform.SPOC] * 3
    assert as_many_as_are_proved(cookies) == cookies[:MOST_CANDIDATES]
    assert as_many_as_are_proved(tokens[:1] * 2) == tokens[:1]


def test_a_candidate_that_is_found_again_keeps_its_place_and_its_first_expiry() -> None:
    ends = datetime(2026, 12, 1, tzinfo=UTC)
    likely, other = Credential("a" * 40, ends), Credential("b" * 40)
    again = [likely, other, other, Credential(likely.secret)]
    assert as_many_as_are_proved(again) == [likely, other]
    crowd = [Credential(f"{n:040x}") for n in range(MOST_CANDIDATES)]
    kept = as_many_as_are_proved([likely, *crowd, Credential(likely.secret)])
    assert kept == [likely, *crowd][:MOST_CANDIDATES]
