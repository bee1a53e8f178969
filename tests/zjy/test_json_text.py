"""JSON that is odd in itself, and the bounds within which it is read."""

import time
import tracemalloc

import pytest

from bot.zjy.answers import read_answer
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import AnswerLost, OddAnswer, ServerTrouble, ZjyError
from bot.zjy.json_text import MOST_DEPTH, MOST_PARTS, BadJson, parse


def kind_of(endpoint: Endpoint, body: str) -> type[ZjyError] | None:
    try:
        read_answer(endpoint, 200, None, body.encode())
    except ZjyError as trouble:
        return type(trouble)
    return None


def test_a_name_with_two_values_says_nothing() -> None:
    assert parse('{"a": 1, "a": 2, "b": 3, "b": 3}') == {"a": None, "b": 3}
    assert kind_of(Endpoint.ME, '{"code": 1, "code": -1}') is OddAnswer
    assert kind_of(Endpoint.REPORT, '{"code": -1, "code": 1}') is AnswerLost
    assert kind_of(Endpoint.ME, '{"code": 1, "code": 1}') is None


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_of_json_counts_as_null(literal: str) -> None:
    assert parse(f'{{"a": {literal}}}') == {"a": None}
    assert kind_of(Endpoint.VIEW, f'{{"code": {literal}}}') is OddAnswer


def test_a_number_of_any_length_breaks_nothing() -> None:
    digits = "9" * 100_000
    assert parse(f'{{"code": 1, "percent": {digits}}}') == {"code": 1, "percent": float("inf")}
    assert kind_of(Endpoint.ME, f'{{"code": {digits}}}') is OddAnswer
    assert kind_of(Endpoint.ME, f'{{"code": 1e{digits}}}') is OddAnswer
    assert kind_of(Endpoint.ME, f'{{"code": "{digits}"}}') is OddAnswer
    assert kind_of(Endpoint.ME, digits) is OddAnswer


def nested(depth: int) -> str:
    return '{"code": 1, "a": ' + "[" * depth + "]" * depth + "}"


def test_depth_is_bounded() -> None:
    assert kind_of(Endpoint.CELLS, nested(MOST_DEPTH - 1)) is None
    for depth in (MOST_DEPTH + 1, 900, 5_000):
        assert kind_of(Endpoint.CELLS, nested(depth)) is ServerTrouble
        assert kind_of(Endpoint.VIEW, nested(depth)) is AnswerLost
        assert kind_of(Endpoint.REPORT, nested(depth)) is AnswerLost


@pytest.mark.parametrize("part", ["{}", "[]", "1", '""'])
def test_a_list_of_a_million_entries_is_trouble_before_it_takes_space(part: str) -> None:
    body = '{"code": 1, "cellList": [' + ",".join([part] * 1_000_000) + "]}"
    tracemalloc.start()
    try:
        assert kind_of(Endpoint.CELLS, body) is ServerTrouble
        assert kind_of(Endpoint.REPORT, body) is AnswerLost
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40e6


def test_the_most_values_that_are_read_take_few_seconds() -> None:
    body = "[" + ",".join(["{}"] * (MOST_PARTS // 2 - 1)) + "]"
    began = time.process_time()
    parse(body)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "body",
    ['{"code": 1} x', '{"code": 1}{"code": 1}', '{"code": 1,}', "{'code': 1}", '{"code": 1'],
)
def test_what_is_not_quite_json_did_not_come_whole(body: str) -> None:
    assert kind_of(Endpoint.ME, body) is ServerTrouble
    assert kind_of(Endpoint.REPORT, body) is AnswerLost
    with pytest.raises(BadJson) as caught:
        parse(body)
    assert caught.value.__cause__ is None
