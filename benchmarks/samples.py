"""What is pressed, what each press took, and the figures made of many."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil


class Kind(StrEnum):
    """What a person does; commands have no button that waits for an answer."""

    START = "/start"
    COURSES = "/courses"
    TICK = "tick a module"
    JOBS = "/jobs"
    SETTINGS = "settings, and back"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    KEEP = "do not cancel"


AT_ONCE = frozenset({Kind.PAUSE, Kind.RESUME, Kind.CANCEL, Kind.KEEP})
"""What must never be behind anything."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds from a press, or from a command, to the bot's first reaction: ``answered`` is the
    end of the button's spinner (None for commands), ``shown`` what the chat shows then.

    ``listed`` is when a list came that the platform had to be asked for. ``troubled`` tells
    whether the platform was slow or away for this person. ``lost`` names what never came.
    """

    kind: Kind
    shown: float | None
    answered: float | None = None
    listed: float | None = None
    troubled: bool = False
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of many times, in seconds."""

    count: int
    p50: float
    p95: float
    longest: float

    @classmethod
    def of(cls, times: Iterable[float]) -> "Figures":
        """Nearest ranks; zeros of nothing."""
        ranked = sorted(times)
        if not ranked:
            return cls(0, 0.0, 0.0, 0.0)
        return cls(len(ranked), _rank(ranked, 0.5), _rank(ranked, 0.95), ranked[-1])


def _rank(ranked: Sequence[float], share: float) -> float:
    return ranked[ceil(share * len(ranked)) - 1]


@dataclass(slots=True)
class Scene:
    """All that was measured while something was going on.

    ``seconds`` is how long it was; ``bot_cpu``, ``own_cpu`` and ``else_cpu`` are the seconds of
    processor that the bot, this process and the rest of the machine took; ``memory`` is the bot's
    in MiB at the end; ``late`` is by how much this process's own event loop was behind its timers.
    """

    name: str
    samples: list[Sample] = field(default_factory=list)
    seconds: float = 0.0
    bot_cpu: float = 0.0
    own_cpu: float = 0.0
    else_cpu: float = 0.0
    memory: float = 0.0
    late: list[float] = field(default_factory=list)
    platform_calls_at_once: int = 0

    @property
    def lost(self) -> list[str]:
        return [f"{each.kind}: {each.lost}" for each in self.samples if each.lost]

    def answered(self, wanted: Callable[[Sample], bool]) -> Figures:
        return Figures.of(
            each.answered for each in self.samples if wanted(each) and each.answered is not None
        )

    def shown(self, wanted: Callable[[Sample], bool]) -> Figures:
        return Figures.of(
            each.shown for each in self.samples if wanted(each) and each.shown is not None
        )

    def listed(self, wanted: Callable[[Sample], bool]) -> Figures:
        return Figures.of(
            each.listed for each in self.samples if wanted(each) and each.listed is not None
        )
