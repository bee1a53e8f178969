"""Decides from looks at ``Studio/index`` that a session is of no student (``docs/platform.md``,
section *Session*)."""

from dataclasses import dataclass

from bot.zjy.errors import SessionInDoubt, UnknownAnswer

ATTEMPTS = 4
"""The most attempts of one request."""


@dataclass(slots=True)
class SessionEvidence:
    """What one call's looks at ``Studio/index`` have shown of its session."""

    in_doubt: bool = False
    """Whether an answer left the session in doubt; else an unknown code does not count against
    it."""
    _in_row: int = 0
    _doubtful_in_row: int = 0

    def nameless(self, answer: SessionInDoubt | UnknownAnswer) -> bool:
        """Record a look that named no student. Returns whether the session is of no student: after
        two doubtful answers in a row, or if no attempt brought a name."""
        doubtful = isinstance(answer, SessionInDoubt)
        self.in_doubt = self.in_doubt or doubtful
        self._in_row += 1
        self._doubtful_in_row = self._doubtful_in_row + 1 if doubtful else 0
        return self.in_doubt and (self._doubtful_in_row > 1 or self._in_row >= ATTEMPTS)

    def undecided(self) -> None:
        """Record a look that named a student or decided nothing."""
        self._in_row = self._doubtful_in_row = 0
