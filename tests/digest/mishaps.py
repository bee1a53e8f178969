"""What goes wrong while a digest is on its way to its chat."""

import asyncio
from enum import Enum

from bot.digest.report import DigestReport
from tests.chat.corridor import Leg
from tests.digest.served import until_served

from .speaking import SpeakingCampus


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


async def strike(campus: SpeakingCampus, mishap: Mishap) -> list[DigestReport]:
    """A look in which the first call that sends something gets into the mishap; the digests of
    which the bot does not know whether they came."""
    handed, said = len(campus.handed), len(campus.telegram.said)
    if mishap is Mishap.NO_ANSWER:
        campus.phones.lose_answer("*")
        await campus.tick()
    else:
        await _cut_off(campus, mishap)
    came = [each.report for each in campus.telegram.said[said:]]
    lost = [each for each in campus.handed[handed:] if each not in came]
    assert len(lost) == mishap.loses_one, "each is sent on its own"
    return lost


async def _cut_off(campus: SpeakingCampus, mishap: Mishap) -> None:
    where, kills = mishap.value
    reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def watch(leg: Leg, method: str) -> None:
        if leg is where and method.startswith("send"):
            if not reached.done():
                reached.set_result(None)
            if kills:
                await asyncio.Event().wait()

    campus.line.watch = watch
    await campus.digests.tick()
    served = asyncio.ensure_future(until_served(campus.digests))
    await asyncio.wait({reached, served}, return_when=asyncio.FIRST_COMPLETED)
    served.cancel()
    assert reached.done(), "nothing was due"
    await (campus.kill() if kills else campus.restart())
    campus.line.watch = None
