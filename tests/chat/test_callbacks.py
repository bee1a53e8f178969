"""What stands on buttons fits, comes back as it went, and no nonsense breaks the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.callbacks import MAX_BYTES, Action, Callback, decode

LARGEST = 2**63 - 1
ROW_IDS = st.integers(min_value=0, max_value=LARGEST)
WORDS = st.sampled_from(
    [
        "v1",
        "v2",
        "",
        "c",
        "go",
        "jcy",
        "0",
        "1,2",
        "-1",
        "1.5",
        "１",
        "²",
        "٣",
        "1,,2",
        " 1",
        "9" * 30,
        "x" * 70,
        "\x00",
        "\ud800",
    ]
)


@given(
    action=st.sampled_from(Action),
    ids=st.lists(ROW_IDS, max_size=2).map(tuple),
    page=st.integers(min_value=0, max_value=10**9),
)
def test_what_is_put_on_a_button_comes_back(
    action: Action, ids: tuple[int, ...], page: int
) -> None:
    data = Callback(action, ids, page).encode()
    assert 1 <= len(data.encode()) <= MAX_BYTES
    assert decode(data) == Callback(action, ids, page)


@pytest.mark.parametrize("action", Action)
def test_two_of_the_largest_row_ids_and_a_page_fit_with_every_action(action: Action) -> None:
    assert len(Callback(action, (LARGEST, LARGEST), 999_999).encode()) <= MAX_BYTES


def test_data_that_would_not_fit_is_refused_before_telegram_refuses_the_message() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        Callback(Action.COURSE, (LARGEST,) * 4).encode()


def test_actions_do_not_share_their_data() -> None:
    assert len({action.value for action in Action}) == len(Action)
    assert all(":" not in action.value and "," not in action.value for action in Action)


@given(st.text() | st.lists(WORDS, max_size=6).map(":".join))
def test_reading_never_raises_and_gives_only_what_could_have_been_written(data: str) -> None:
    found = decode(data)
    if found is not None:
        assert all(0 <= each <= LARGEST for each in (*found.ids, found.page))
        assert decode(data) == found


@given(st.binary(max_size=80).map(lambda raw: raw.decode(errors="surrogateescape")))
def test_bytes_of_any_kind_are_read_as_nothing(data: str) -> None:
    assert decode(data) is None or data.startswith("v1:")


@given(st.sampled_from(Action), st.integers(min_value=0, max_value=30))
def test_cut_data_is_never_read_as_another_button(action: Action, length: int) -> None:
    whole = Callback(action, (123, 456), 7)
    found = decode(whole.encode()[:length])
    assert found is None or found == whole


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "v1",
        "v1:c:1",
        "v1:c:1:0:0",
        "v0:c:1:0",
        "V1:c:1:0",
        "v1:unknown:1:0",
        "v1:c:-1:0",
        "v1:c:1:-1",
        "v1:c:1:",
        "v1:c:1,:0",
        "v1:c:１:0",
        "v1:c:²:0",
        f"v1:c:{LARGEST + 1}:0",
    ],
)
def test_data_of_another_version_and_nonsense_mean_nothing(data: str | None) -> None:
    assert decode(data) is None


def test_an_id_that_is_not_there_is_no_row() -> None:
    assert Callback(Action.COURSE).id(0) == 0
    assert Callback(Action.TICK, (3, 4)).id(1) == 4
