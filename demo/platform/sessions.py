"""The platform's sessions: which cookie is whose, and until when."""

from random import Random


class Sessions:
    """Sessions in platform seconds. A student may have several at once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._sessions: dict[str, tuple[str, float]] = {}

    def issue(self, stu_id: str, until: float) -> str:
        """A new `auth` value (hex text of 64 to 256 characters) that ends at `until`."""
        length = self._rng.choice((64, 128, 192, 256))
        auth = f"{self._rng.getrandbits(length * 4):0{length}X}"
        self._sessions[auth] = (stu_id, until)
        return auth

    def owner(self, auth: str, now: float) -> str | None:
        """Whose session that is now, or None."""
        stu_id, until = self._sessions.get(auth, ("", 0.0))
        return stu_id if now < until else None

    def expire(self, stu_id: str) -> None:
        """End all sessions of that student."""
        for auth, (owner, _) in self._sessions.items():
            if owner == stu_id:
                self._sessions[auth] = (owner, 0.0)

    def left(self, stu_id: str, now: float) -> float | None:
        """Seconds until the last session of that student ends, 0 if all have; None if there never
        was one."""
        ends = [until for owner, until in self._sessions.values() if owner == stu_id]
        return max(max(ends) - now, 0.0) if ends else None
