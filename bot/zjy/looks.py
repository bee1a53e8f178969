"""When looks at ``Studio/index`` tell that a session is nobody's (``docs/platform.md``, section
*Session*)."""

from dataclasses import dataclass

from bot.zjy.errors import SessionInDoubt, UnknownAnswer

ATTEMPTS = 4
"""How often a request is sent at most."""


@dataclass(slots=True)
class Looks:
    """What the looks at ``Studio/index`` of one call have told about its session."""

    in_doubt: bool = False
    """Whether an answer left the session in doubt; else an unknown code is no word about it."""
    _in_row: int = 0
    _doubtful_in_row: int = 0

    def nameless(self, answer: SessionInDoubt | UnknownAnswer) -> bool:
        """One more look that named nobody; whether the session is nobody's now: after two
        doubtful answers in a row, or where no attempt brought a name."""
        doubtful = isinstance(answer, SessionInDoubt)
        self.in_doubt = self.in_doubt or doubtful
        self._in_row += 1
        self._doubtful_in_row = self._doubtful_in_row + 1 if doubtful else 0
        return self.in_doubt and (self._doubtful_in_row > 1 or self._in_row >= ATTEMPTS)

    def undecided(self) -> None:
        """A look that told a name, or nothing at all."""
        self._in_row = self._doubtful_in_row = 0
