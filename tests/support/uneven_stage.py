"""A stage whose platform is slow or away for some students alone."""

import asyncio
from collections.abc import Mapping

from demo.platform import Endpoint, PlatformServer, School
from demo.platform.answers import Answer
from demo.platform.connections import NoAnswer
from demo.stage import Stage


class UnevenPlatform(PlatformServer):
    """``slow`` are the students whose every request takes so many real seconds; for those in
    ``away`` no connection gets an answer."""

    def __init__(self, school: School, *, speed: float) -> None:
        super().__init__(school, speed=speed)
        self.slow: dict[str, float] = {}
        self.away: set[str] = set()
        self.hanging = 0
        self.most_hanging = 0

    async def _answer(
        self, endpoint: Endpoint, student: str | None, form: Mapping[str, str], at: float
    ) -> Answer:
        if student in self.away:
            raise NoAnswer
        if student is not None and student in self.slow:
            await self._hang(self.slow[student])
        return await super()._answer(endpoint, student, form, at)

    async def _hang(self, seconds: float) -> None:
        self.hanging += 1
        self.most_hanging = max(self.most_hanging, self.hanging)
        try:
            await asyncio.sleep(seconds)
        finally:
            self.hanging -= 1


class UnevenStage(Stage):
    """As :class:`~demo.stage.Stage`, before that platform."""

    def __init__(
        self, school: School, *, speed: float = 1, settings: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(school, speed=speed, settings={"LOG_LEVEL": "error", **(settings or {})})
        self.uneven = UnevenPlatform(school, speed=speed)
        self.platform = self.uneven
        self.platform.on_request = self._look_again
