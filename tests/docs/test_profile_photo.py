"""The bot's profile photo: as it is drawn, what Telegram takes, and clear in a small circle."""

import io
import os

from PIL import Image, ImageChops, ImageStat

from bot.chat.bot_profile import profile_photo
from bot.chat.cards.palette import DONE, GAIN, PANEL, Ink
from demo.telegram.pictures import profile_picture_size
from tests.docs.pages import ROOT
from tests.gallery.profile_photo import SIDE, draw, jpeg

PHOTO = ROOT / "bot/chat/pictures/profile_photo.jpg"
LARGEST = 60 * 1024
SMALL = 40
NEAR = 60
"""How far a channel of a small picture's pixel may be from the ink."""


def test_the_photo_is_as_it_is_drawn_and_is_saved_when_asked_for() -> None:
    drawn = draw()
    if os.environ.get("SAVE_DRAWINGS") == "1":
        PHOTO.write_bytes(jpeg(drawn))
    difference = ImageChops.difference(Image.open(PHOTO).convert("RGB"), drawn)

    assert max(ImageStat.Stat(difference).mean) < 1


def test_telegram_takes_the_photo() -> None:
    content = profile_photo()

    assert profile_picture_size(content) == (SIDE, SIDE)
    assert len(content) <= LARGEST


def test_the_photo_shows_all_its_inks_in_a_circle_of_40_pixels() -> None:
    whole = Image.open(io.BytesIO(profile_photo())).convert("RGB")
    small = whole.resize((SMALL, SMALL), Image.Resampling.LANCZOS)

    def pixels_of(ink: Ink) -> list[tuple[int, int]]:
        return [
            (x, y)
            for x in range(SMALL)
            for y in range(SMALL)
            if all(abs(a - b) < NEAR for a, b in zip(_at(small, x, y), ink, strict=True))
        ]

    shapes = pixels_of(PANEL) + pixels_of(GAIN)
    assert min(len(pixels_of(PANEL)), len(pixels_of(GAIN))) > SMALL
    assert len(pixels_of(DONE)) > SMALL * SMALL / 2
    middle = (SMALL - 1) / 2
    assert all((x - middle) ** 2 + (y - middle) ** 2 < (middle - 1) ** 2 for x, y in shapes)


def _at(image: Image.Image, x: int, y: int) -> Ink:
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return int(pixel[0]), int(pixel[1]), int(pixel[2])
