"""``make gallery``: the main screens in both languages, into ``docs/gallery/``."""

import argparse
import asyncio
import shutil
import sys
from pathlib import Path

from playwright.async_api import async_playwright

from tests.gallery.album import HEIGHT, WIDTH, Album, Picture, Sitting
from tests.gallery.scenes import SCENES
from tests.support.browser import chromium

FOLDER = Path(__file__).parents[2] / "docs" / "gallery"
INTRODUCTION = (
    "The main screens, taken from the real bot on the demo's page in a phone's window. "
    "`make gallery` takes them anew."
)
ZONE = "Asia/Shanghai"
"""Of the phone, as of the bot's chat: both show the same clock."""
LANGUAGES = {"zh": "中文", "en": "English"}


async def take(languages: list[str], only: str | None) -> list[Album]:
    """Play every scene in each language; the albums that were filled."""
    albums = []
    async with async_playwright() as playwright:
        browser = await chromium(playwright)
        for language in languages:
            album = Album(FOLDER / language, language)
            albums.append(album)
            context = await browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, timezone_id=ZONE
            )
            page = await context.new_page()
            await page.emulate_media(color_scheme="light", reduced_motion="reduce")
            for scene, school, speed in SCENES:
                if only is None or scene.__name__ == only:
                    async with Sitting(page, album, school(), speed=speed) as sitting:
                        await scene(sitting)
                    sys.stdout.write(f"{language} {scene.__name__}\n")
            await context.close()
        await browser.close()
    return albums


def index(albums: list[Album]) -> str:
    """The page that shows all pictures, two and two."""
    lines = [
        "# Gallery",
        "",
        INTRODUCTION,
    ]
    for album in albums:
        lines += _table(LANGUAGES[album.language], album.language, album.pictures)
    return "\n".join(lines) + "\n"


def _table(title: str, folder: str, pictures: list[Picture]) -> list[str]:
    lines = ["", f"## {title}", "", "| | |", "|---|---|"]
    cells = [f"![{each.title}]({folder}/{each.file})<br>{each.title}" for each in pictures]
    cells += [""] * (len(cells) % 2)
    pairs = zip(cells[::2], cells[1::2], strict=True)
    return [*lines, *(f"| {left} | {right} |" for left, right in pairs)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.gallery")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help="one language alone")
    parser.add_argument("--scene", help="one scene alone; the index page stays as it is")
    asked = parser.parse_args()
    whole = asked.lang is None and asked.scene is None
    if whole:
        for language in LANGUAGES:
            shutil.rmtree(FOLDER / language, ignore_errors=True)
    albums = asyncio.run(take([asked.lang] if asked.lang else list(LANGUAGES), asked.scene))
    if whole:
        (FOLDER / "README.md").write_text(index(albums), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
