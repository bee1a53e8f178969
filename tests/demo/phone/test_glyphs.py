"""No character of the demo is an empty box on this machine."""

import pytest

from demo.phone.pages import STATIC
from tests.demo.phone.conftest import Screen
from tests.support.glyphs import boxes

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SYMBOLS = "✅☑⬜▶⏸⏹⏳❌⚠🔒📄🎬🎧📚📈🎉👋🍪‹›·█░…→《》（），。：；！？“”"


def common_chinese() -> str:
    """The 3755 commonest characters, the first level of GB 2312."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", "ignore") for code in codes)


async def test_every_character_has_a_glyph(screen: Screen) -> None:
    own = {c for path in STATIC.iterdir() for c in path.read_text("utf-8") if not c.isspace()}
    chinese = common_chinese()
    assert len(chinese) == 3755
    async with screen() as (_, page):
        assert await boxes(page, "".join(sorted(own)) + chinese + SYMBOLS) == []


@pytest.mark.parametrize("char", ["\u0378", "\U0010fffe", "\ue123"])
async def test_missing_glyph_is_noticed(screen: Screen, char: str) -> None:
    async with screen() as (_, page):
        assert await boxes(page, f"中{char}文") == [char]
