"""Lines that say the same are bounded, each trouble by itself."""

from bot.log_limit import LINES, WINDOW, LogLimit


class Hand:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_so_many_lines_of_one_trouble_are_allowed_in_a_window() -> None:
    hand = Hand()
    limit = LogLimit(hand)
    assert [limit.allows("a") for _ in range(LINES + 3)] == [True] * LINES + [False] * 3
    assert limit.allows("b")
    hand.now += WINDOW
    assert limit.allows("a")


def test_a_trouble_that_lasts_is_told_again_in_each_window() -> None:
    hand = Hand()
    limit = LogLimit(hand, lines=1, window=10)
    told = 0
    for _ in range(100):
        told += limit.allows("a")
        hand.now += 1
    assert told == 10
