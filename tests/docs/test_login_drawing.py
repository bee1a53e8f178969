"""The drawing of where the cookie is: our own, in every language, small, and as it is drawn."""

import os
import struct
from pathlib import Path

import pytest
from playwright.async_api import Page

from bot.chat.i18n import SOURCE_LANGUAGE, load_translators
from bot.chat.login_drawing import where_cookie, where_token
from tests.docs.pages import ROOT
from tests.support.glyphs import boxes

DRAWING = ROOT / "docs/drawings/where_cookie.html"
PICTURES = ROOT / "bot/chat/pictures"
SIZE = (1000, 700)
LARGEST = 80 * 1024

LANGUAGES = load_translators("zh").languages
every_language = pytest.mark.parametrize("language", LANGUAGES)
OF = {"auth": where_cookie, "token": where_token}
each_drawing = pytest.mark.parametrize("of", OF)


def name_of(of: str) -> str:
    return {"auth": "where_cookie", "token": "where_token"}[of]


@each_drawing
@every_language
def test_every_language_has_its_own_picture(language: str, of: str) -> None:
    picture = OF[of](language).content

    assert (PICTURES / f"{name_of(of)}.{language}.png").read_bytes() == picture
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == SIZE
    assert len(picture) <= LARGEST


@each_drawing
def test_a_language_that_nobody_drew_for_gets_the_picture_of_the_source_language(of: str) -> None:
    assert OF[of]("xx") == OF[of](SOURCE_LANGUAGE)


def test_the_pictures_name_nobodys_real_cookie_and_no_other_site() -> None:
    text = DRAWING.read_text(encoding="utf-8")

    assert "zjy2.icve.com.cn" in text
    assert not any(word in text for word in ("<img", "url(", "@import", "<script", "src="))


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@each_drawing
@every_language
async def test_the_drawing_fits_its_frame_and_is_saved_when_asked_for(
    tab: Page, language: str, of: str, tmp_path: Path
) -> None:
    await tab.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    await tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    await tab.set_content(DRAWING.read_text(encoding="utf-8"))
    await tab.evaluate(
        "([language, of]) => { document.documentElement.lang = language;"
        " document.documentElement.dataset.of = of; }",
        [language, of],
    )

    words = await tab.locator("body").inner_text()
    assert ("auth" in words, "Token" in words) == (of == "auth", of == "token")
    assert ("复制这一格" in words, "Copy this cell" in words) == (
        language == "zh",
        language == "en",
    )
    assert await boxes(tab, "".join(set(words.split()))) == []
    assert await tab.evaluate(_OUTSIDE) == []

    picture = await tab.screenshot(path=tmp_path / "drawn.png")
    assert len(picture) <= LARGEST
    if os.environ.get("SAVE_DRAWINGS") == "1":
        (PICTURES / f"{name_of(of)}.{language}.png").write_bytes(picture)
    await tab.goto("about:blank")


_OUTSIDE = """() => {
  const frame = document.querySelector(".window").getBoundingClientRect();
  const all = [...document.querySelectorAll(".window *")];
  return all
    .filter((each) => !each.children.length)
    .map((each) => [each.textContent.trim(), each.getBoundingClientRect(), each])
    .filter(([text, box]) => text && box.width)
    .filter(([, box, each]) =>
      box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom ||
      each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline")
    .map(([text]) => text);
}"""
