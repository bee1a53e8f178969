"""What the tables of pasted forms are made of."""

from collections.abc import Callable

Form = Callable[[str], str]
URL = "https://zjy2.icve.com.cn/api/student/Studio/index"
OTHER = "b1" * 40
"""The value of another cookie."""


def groups(width: int, between: str) -> Form:
    """The value broken into groups of a width."""
    return lambda value: between.join(lines(value, width))


def lines(value: str, width: int) -> list[str]:
    return [value[at : at + width] for at in range(0, len(value), width)]


def numbered(value: str, width: int, margin: str) -> str:
    """The value in lines of a width, each behind its number in a margin such as ``{}. ``."""
    broken = enumerate(lines(value, width), start=1)
    return "\n".join(margin.format(number) + line for number, line in broken)


def wide(value: str) -> str:
    """The value in full-width characters."""
    return "".join(chr(ord(digit) + 0xFEE0) for digit in value)
