"""Pictures take their turns."""

import asyncio
import threading

from bot.chat.cards.drawing import Drawing


async def test_no_more_pictures_than_allowed_are_drawn_at_the_same_time() -> None:
    drawing, lock = Drawing(at_once=2), threading.Lock()
    two_inside = threading.Barrier(2, timeout=10)
    inside, most = 0, 0

    def picture() -> bytes:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        two_inside.wait()  # passes only if two are drawn at once
        with lock:
            inside -= 1
        return b"png"

    drawn = await asyncio.gather(*(drawing.draw(picture) for _ in range(6)))

    assert drawn == [b"png"] * 6
    assert most == 2


async def test_a_picture_that_cannot_be_drawn_gives_its_place_back() -> None:
    drawing = Drawing(at_once=1)

    def broken() -> bytes:
        raise OSError

    broken_off = await asyncio.gather(
        drawing.draw(broken), drawing.draw(lambda: b"png"), return_exceptions=True
    )

    assert isinstance(broken_off[0], OSError)
    assert broken_off[1] == b"png"
