"""Which of the values that students paste is the site's token, in every form of it."""

import json
from datetime import UTC, datetime

import pytest

from bot.spoc.tokens import MOST_TOKENS, fault_of, find_tokens, looks_like_token
from bot.zjy.cookie_reasons import NotACookieReason
from tests.spoc.scripted_site import jwt

TOKEN, OTHER = jwt("a"), jwt("b")
SITE = "https://zjy2.icve.com.cn/prod-api/spoc/courseInfoStudent/myCourseList?pageNum=1"
AUTH = "0123456789abcdef" * 8


def har(url: str, *headers: tuple[str, str]) -> str:
    listed = [{"name": name, "value": value} for name, value in headers]
    request = {"method": "GET", "url": url, "headers": listed}
    return json.dumps({"log": {"entries": [{"request": request}]}}, indent=1)


def exported(name: str, domain: str) -> str:
    return json.dumps([{"domain": domain, "name": name, "value": TOKEN, "path": "/"}])


FORMS = {
    "alone": TOKEN,
    "alone in quotes": f'"{TOKEN}"',
    "in lines": "\n".join(TOKEN[at : at + 60] for at in range(0, len(TOKEN), 60)),
    "bearer": f"Bearer {TOKEN}",
    "header": f"Authorization: Bearer {TOKEN}",
    "header in small letters": f"authorization: Bearer {TOKEN}",
    "header without the word": f"Authorization: {TOKEN}",
    "bearer with a colon": f"Bearer：{TOKEN}",
    "bearer in small letters with a colon": f"bearer: {TOKEN}",
    "header in two lines": f"Authorization:\nBearer {TOKEN}",
    "cookie": f"Token={TOKEN}",
    "cookie header": f"Cookie: acw_tc=2f624a1c; Token={TOKEN}; JSESSIONID=AB12",
    "document.cookie": f"aliyungf_tc=abc; Token={TOKEN}; auth={AUTH}",
    "with the name": f"Token: {TOKEN}",
    "devtools row": f"Token\t{TOKEN}\tzjy2.icve.com.cn\t/\tSession\t250",
    "curl": f"curl '{SITE}' \\\n  -H 'Accept: */*' \\\n  -H 'Authorization: Bearer {TOKEN}'",
    "curl with a cookie": f"curl '{SITE}' -b 'x=1; Token={TOKEN}'",
    "curl for cmd": f'curl "{SITE}" ^\n  -H ^"Authorization: Bearer {TOKEN}^"',
    "powershell": (
        f'Invoke-WebRequest -Uri "{SITE}" -Headers @{{"Authorization"="Bearer {TOKEN}"}}'
    ),
    "fetch": f'fetch("{SITE}", {{"headers": {{"authorization": "Bearer {TOKEN}"}}}});',
    "har": har(SITE, ("Accept", "*/*"), ("Authorization", f"Bearer {TOKEN}")),
    "har without the word": har(SITE, ("authorization", TOKEN)),
    "json export": exported("Token", "zjy2.icve.com.cn"),
    "json export with a dot": exported("Token", ".zjy2.icve.com.cn"),
    "netscape": f"zjy2.icve.com.cn\tFALSE\t/\tFALSE\t0\tToken\t{TOKEN}",
    "in a note": f"我的令牌是 {TOKEN} 谢谢",
    "full width": f"Token＝{TOKEN}",
    "with soft hyphens": f"Token={TOKEN[:40]}\u200b{TOKEN[40:]}",
    "percent encoded": f"Token%3D{TOKEN}",
}


@pytest.mark.parametrize("form", FORMS)
def test_the_token_is_found_in_every_form(form: str) -> None:
    assert [each.token for each in find_tokens(FORMS[form])] == [TOKEN]
    assert looks_like_token(FORMS[form])


REFUSED = {
    "the central login's request": (
        f"curl 'https://sso.icve.com.cn/data/userLogin' -H 'Authorization: Bearer {TOKEN}'"
    ),
    "another site of the company": f"curl 'https://ai.icve.com.cn/prod-api/x' -b 'Token={TOKEN}'",
    "a cookie for all hosts": exported("Token", ".icve.com.cn"),
    "a cookie of another host": exported("Token", "user.icve.com.cn"),
    "another cookie": exported("UserToken", "zjy2.icve.com.cn"),
    "another cookie in small letters": f"Cookie: token={TOKEN}",
    "another name": f'{{"access_token": "{TOKEN}"}}',
    "the address of a login": f"https://zjy2.icve.com.cn/index.html?token={TOKEN}",
    "a name beside it": f"XToken={TOKEN}; my-Token={TOKEN}; a.Token={TOKEN}",
    "netscape of all hosts": f".icve.com.cn\tTRUE\t/\tFALSE\t0\tToken\t{TOKEN}",
    "the old cookie's name": f"auth={TOKEN}",
    "a har of the central login": har(
        "https://sso.icve.com.cn/prod-api/x", ("Authorization", f"Bearer {TOKEN}")
    ),
}


@pytest.mark.parametrize("form", REFUSED)
def test_what_may_be_the_central_logins_token_is_never_taken(form: str) -> None:
    assert find_tokens(REFUSED[form]) == []


def test_a_secret_of_the_companys_other_sites_has_to_go_too() -> None:
    for text in REFUSED.values():
        assert looks_like_token(text)
        assert fault_of(text) is NotACookieReason.OTHER_JWT


PIECES = {
    "without a signature": TOKEN.rpartition(".")[0],
    "without a signature, named": f"Token={TOKEN.rpartition('.')[0]}",
    "without a signature, in a header": f"Authorization: Bearer {TOKEN.rpartition('.')[0]}",
    "its beginning": f"Bearer {TOKEN[:60]}",
    "without dots": TOKEN.replace(".", ""),
    "without its beginning": TOKEN[10:],
    "with a fourth part": f"{TOKEN}.abcdefgh",
}


@pytest.mark.parametrize("form", PIECES)
def test_a_piece_of_a_token_is_no_token_and_has_to_go(form: str) -> None:
    assert find_tokens(PIECES[form]) == []
    assert looks_like_token(PIECES[form])
    assert fault_of(PIECES[form]) is NotACookieReason.CUT_JWT


@pytest.mark.parametrize("before", ["", "Bearer ", "authorization: bearer ", "Token=", "Token："])
@pytest.mark.parametrize("after", ["", "\n谢谢", "; other=1", "\nthanks"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n  "])
def test_a_token_is_whole_wherever_it_is_broken_into_lines(
    before: str, after: str, newline: str
) -> None:
    for width in range(30, len(before + TOKEN), 7):
        text = before + TOKEN
        lines = newline.join(text[at : at + width] for at in range(0, len(text), width))
        assert [each.token for each in find_tokens(lines + after)] == [TOKEN], width


def test_a_token_is_not_continued_by_what_follows_it() -> None:
    odd = TOKEN.rpartition(".")[0] + "." + "s" * 50
    assert [each.token for each in find_tokens(f"{odd}\nthanks")] == [odd]
    assert [each.token for each in find_tokens(f"{OTHER}\n{TOKEN}")] == [OTHER, TOKEN]


@pytest.mark.parametrize(
    "text",
    ["", "你好", "eyJ", "Token=", "Bearer me", f"auth={AUTH}", AUTH, "eyJabc.def.ghi", "a" * 99999],
)
def test_other_texts_hold_no_token(text: str) -> None:
    assert find_tokens(text) == []
    assert not looks_like_token(text)


def test_of_several_values_the_named_ones_come_first_and_not_all_are_tried() -> None:
    assert [each.token for each in find_tokens(f"{OTHER}\nToken={TOKEN}")] == [TOKEN, OTHER]
    many = "\n".join(jwt(letter) for letter in "abcdefg")
    assert len(find_tokens(many)) == MOST_TOKENS


def test_a_token_that_lives_longer_is_not_crowded_out_by_ended_ones() -> None:
    ended = [jwt(letter, exp=1_700_000_000 + at) for at, letter in enumerate("abcd")]
    fresh = jwt("e", exp=1_800_000_000)
    for text in ("\n".join([*ended, fresh]), "\n".join(f"Token={t}" for t in [*ended, fresh])):
        assert find_tokens(text)[0].token == fresh


def test_an_expiry_is_taken_from_the_token_itself_or_from_the_export() -> None:
    told = datetime(2026, 12, 1, tzinfo=UTC)
    assert find_tokens(jwt("a", exp=told.timestamp()))[0].expires_at == told
    assert find_tokens(TOKEN)[0].expires_at is None
    assert find_tokens(jwt("a", exp="soon"))[0].expires_at is None
    until = json.dumps(
        [{"domain": "zjy2.icve.com.cn", "name": "Token", "value": TOKEN,
          "expirationDate": told.timestamp()}]
    )  # fmt: skip
    assert find_tokens(until)[0].expires_at == told


def test_a_token_is_not_shown_by_its_own_representation() -> None:
    assert TOKEN not in repr(find_tokens(TOKEN))


def test_a_long_text_of_beginnings_is_searched_in_good_time() -> None:
    """With its square it would take hours."""
    for part in (
        "eyJ",
        "eyJ ",
        "eyJaaaaaaaaa.",
        "eyJaa.b \n",
        "Token=eyJaaaaaaaaa.bbbbbbbbbb.",
        "Bearer ",
    ):
        find_tokens(part * (2**18 // len(part)))
        looks_like_token(part * (2**18 // len(part)))
