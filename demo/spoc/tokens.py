"""The site's tokens: JWTs that name no expiry, and the server's record of when each ends."""

import base64
import json
from random import Random

DAY = 86_400.0
WEEK = 7 * DAY
LIFETIMES = (DAY, WEEK)
"""The lives that are reported, in seconds. The true one was never measured."""
RENEWED_WITHIN = 7200.0
"""A renewing site gives a token its whole life again if it is used in its last two hours."""


class Tokens:
    """Tokens in platform seconds. A student may have several at once."""

    def __init__(self, rng: Random) -> None:
        self.renews = False
        """Whether use in the last two hours renews a token."""
        self._rng = rng
        self._tokens: dict[str, tuple[str, float, float]] = {}

    def issue(self, user_id: str, now: float, lifetime: float) -> str:
        """A new JWT of that student."""
        key = f"{self._rng.getrandbits(128):032x}"
        head, claims = _part({"alg": "HS512"}), _part({"login_user_key": key})
        signature = _encoded(self._rng.getrandbits(512).to_bytes(64, "big"))
        token = f"{head}.{claims}.{signature}"
        self._tokens[token] = (user_id, now + lifetime, lifetime)
        return token

    def owner(self, token: str, now: float) -> str | None:
        """Whose token that is now, or None; a use that counts for a renewal."""
        user_id, until, lifetime = self._tokens.get(token, ("", 0.0, 0.0))
        if now >= until:
            return None
        if self.renews and until - now <= RENEWED_WITHIN:
            self._tokens[token] = (user_id, now + lifetime, lifetime)
        return user_id

    def expire(self, user_id: str) -> None:
        """End all tokens of that student."""
        for token, (owner, _, lifetime) in self._tokens.items():
            if owner == user_id:
                self._tokens[token] = (owner, 0.0, lifetime)

    def left(self, user_id: str, now: float) -> float | None:
        """Seconds until the student's last token ends, 0 if all have; None if there never was
        one."""
        ends = [until for owner, until, _ in self._tokens.values() if owner == user_id]
        return max(max(ends) - now, 0.0) if ends else None


def _part(claims: dict[str, str]) -> str:
    return _encoded(json.dumps(claims, separators=(",", ":")).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
