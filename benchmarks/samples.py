"""What people press, and what each press took."""

from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(slots=True)
class Scene:
    """All that was pressed while something was going on."""

    name: str
    samples: list[Sample] = field(default_factory=list)

    @property
    def lost(self) -> list[str]:
        return [f"{each.kind}: {each.lost}" for each in self.samples if each.lost]
