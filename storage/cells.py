"""A cell: one leaf of a course's tree, with all fields needed to open and to name it."""

from dataclasses import dataclass

COMPLETE = 100.0


class Counted:
    """What the platform counts in percent, 0-100; None if it did not report it."""

    __slots__ = ()
    percent: float | None

    @property
    def is_complete(self) -> bool:
        """False if the percent is unknown."""
        return self.percent is not None and self.percent >= COMPLETE


@dataclass(frozen=True, slots=True)
class Cell(Counted):
    """Ids are the platform's own; ``percent`` is 0-100, None if the platform did not report it."""

    module_id: str
    module_name: str
    topic_id: str
    topic_name: str
    cell_id: str
    name: str
    category: str
    percent: float | None
