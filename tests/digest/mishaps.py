"""What goes wrong while a digest is on its way to its chat."""

import asyncio
from enum import Enum

from bot.digest.report import DigestReport
from tests.support.digest_chat_harness import DigestChatHarness
from tests.support.digest_harness import until_served
from tests.support.in_process_transport import Leg


class Mishap(Enum):
    """Where the call is then, and whether the process is killed. If it is not, an answer is lost
    behind a call that was taken, and the process ends in order while one arrives."""

    KILLED_BEFORE = (Leg.ARRIVING, True)
    KILLED_AFTER = (Leg.TAKEN, True)
    NO_ANSWER = (Leg.TAKEN, False)
    ENDED_IN_ORDER = (Leg.ARRIVING, False)

    @property
    def loses_one(self) -> bool:
        """Whether the bot cannot know that the digest came."""
        return self is not Mishap.ENDED_IN_ORDER

    @property
    def keeps_from_chat(self) -> bool:
        return self is Mishap.KILLED_BEFORE


async def strike(harness: DigestChatHarness, mishap: Mishap) -> list[DigestReport]:
    """A look in which the first call that sends something gets into the mishap; the digests of
    which the bot does not know whether they came."""
    handed, said = len(harness.handed), len(harness.telegram.said)
    if mishap is Mishap.NO_ANSWER:
        harness.server.lose_answer("*")
        await harness.tick()
    else:
        await _cut_off(harness, mishap)
    came = [each.report for each in harness.telegram.said[said:]]
    lost = [each for each in harness.handed[handed:] if each not in came]
    assert len(lost) == mishap.loses_one, "each is sent on its own"
    return lost


async def _cut_off(harness: DigestChatHarness, mishap: Mishap) -> None:
    where, kills = mishap.value
    reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def watch(leg: Leg, method: str) -> None:
        if leg is where and method.startswith("send"):
            if not reached.done():
                reached.set_result(None)
            if kills:
                await asyncio.Event().wait()

    harness.telegram_transport.watch = watch
    await harness.digests.tick()
    served = asyncio.ensure_future(until_served(harness.digests))
    await asyncio.wait({reached, served}, return_when=asyncio.FIRST_COMPLETED)
    served.cancel()
    assert reached.done(), "nothing was due"
    await (harness.kill() if kills else harness.restart())
    harness.telegram_transport.watch = None
