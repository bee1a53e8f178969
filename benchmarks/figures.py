"""Figures that were measured several times, the tables that show them, and the goals they have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure in each repetition; ``digits`` is how many decimals are shown."""

    values: tuple[float, ...]
    digits: int = 0

    @classmethod
    def of(cls, values: Iterable[float], digits: int = 0) -> "Measured":
        """Raises ValueError without a value."""
        found = tuple(values)
        if not found:
            raise ValueError("nothing was measured")
        return cls(found, digits)

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def spread(self) -> float:
        """How far the repetitions are apart: the larger distance to the median, as its share."""
        middle = self.median
        if not middle:
            return 0.0
        return max(max(self.values) - middle, middle - min(self.values)) / middle

    def __str__(self) -> str:
        """The median, and the least and the greatest where there are several."""
        shown = f"{self.median:.{self.digits}f}"
        if len(self.values) == 1:
            return shown
        return f"{shown} ({min(self.values):.{self.digits}f}–{max(self.values):.{self.digits}f})"


def ratio(ours: Sequence[float], theirs: Sequence[float], digits: int = 2) -> Measured:
    """The ratio of two things that were measured in turn, one for each repetition."""
    return Measured.of((one / other for one, other in zip(ours, theirs, strict=True)), digits)


def rank(values: Iterable[float], share: float) -> float:
    """The nearest rank, as 0.95 for p95; 0 of nothing."""
    ranked = sorted(values)
    return ranked[ceil(share * len(ranked)) - 1] if ranked else 0.0


Cell = Measured | str


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` are the headings, that of the row's name first."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[Cell, ...]]

    def cell(self, row: str, column: str) -> Measured:
        """Raises KeyError where no figure stands."""
        found = self.rows[row][self.columns.index(column) - 1]
        if isinstance(found, str):
            raise KeyError(f"{row}, {column}: {found}")
        return found

    def markdown(self) -> str:
        """Heading, text and table."""
        lines = [" | ".join(self.columns), " | ".join("---" for _ in self.columns)]
        lines += [" | ".join([name, *map(str, cells)]) for name, cells in self.rows.items()]
        return "\n".join(
            [f"## {self.title}", "", self.about, "", *(f"| {line} |" for line in lines)]
        )


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be at most, or at least."""

    name: str
    measured: Measured
    most: float | None = None
    least: float | None = None

    @property
    def is_met(self) -> bool:
        """Of the median."""
        figure = self.measured.median
        return (self.most is None or figure <= self.most) and (
            self.least is None or figure >= self.least
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What one part of the benchmarks gives."""

    tables: tuple[Table, ...]
    goals: tuple[Goal, ...] = ()
