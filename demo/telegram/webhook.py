"""Sends updates to a webhook, as a Bot API server does: one chat in order, many at once, again and
again until a 2xx answers."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PORTS = frozenset({443, 80, 88, 8443})
DEFAULT_CONNECTIONS = 40
ANSWER_WITHIN = 60.0
LONGEST_DELAY = (60, 120)
"""Seconds; the bound is drawn from this range for each delay."""
LONGEST_RETRY_AFTER = 3600
Queue = tuple[str, object]


@dataclass
class Webhook:
    """What ``setWebhook`` set, and its last trouble. ``url`` is never empty."""

    url: str
    secret_token: str
    max_connections: int
    last_error_date: int | None = None
    last_error_message: str = ""

    def is_same(self, other: "Webhook | None") -> bool:
        """Whether the other one asks for nothing new."""
        if other is None:
            return False
        asked = (self.url, self.secret_token, self.max_connections)
        return asked == (other.url, other.secret_token, other.max_connections)


@dataclass
class Retry:
    """When an update that was not acknowledged is sent again."""

    fails: int = 0
    delay: int = 1
    at: float = 0.0

    def failed(self, retry_after: int) -> None:
        """The first repetition comes at once, the others after 2, 4, 8 … seconds, or as asked."""
        wait = min(max(retry_after, 0), LONGEST_RETRY_AFTER)
        if not wait and self.fails:
            self.delay = min(self.delay * 2, random.randint(*LONGEST_DELAY))
            wait = self.delay
        self.fails += 1
        self.at = time.monotonic() + wait


@dataclass(frozen=True)
class Sending:
    """An update as the sender sees it: updates of one ``queue`` go one after the other."""

    update_id: int
    update: object
    queue: Queue


@dataclass
class Delivery:
    """One webhook's sending, from ``setWebhook`` to the next one."""

    webhook: Webhook
    retries: dict[int, Retry] = field(default_factory=dict)
    busy: dict[Queue, asyncio.Task[None]] = field(default_factory=dict)

    def next(self, waiting: list[Sending]) -> tuple[list[Sending], float | None]:
        """What is to be sent now, and the moment of the next repetition."""
        now, soonest = time.monotonic(), None
        chosen: list[Sending] = []
        seen: set[Queue] = set()
        for each in waiting:
            if each.queue in seen or each.queue in self.busy:
                continue
            seen.add(each.queue)
            at = self.retries[each.update_id].at if each.update_id in self.retries else 0.0
            if at > now:
                soonest = at if soonest is None else min(soonest, at)
            elif len(self.busy) + len(chosen) < self.webhook.max_connections:
                chosen.append(each)
        return chosen, soonest


def queue_of(update_id: int, update: object) -> Queue:
    """What an update waits behind: those of its kind from the same chat or person."""
    if isinstance(update, dict):
        for kind, content in update.items():
            if isinstance(content, dict):
                of = content.get("chat") or content.get("from")
                if isinstance(of, dict) and "id" in of:
                    return str(kind), str(of["id"])
    return "", update_id


async def post(
    http: aiohttp.ClientSession, webhook: Webhook, update: object
) -> tuple[str | None, int]:
    """Send one update. The trouble, None if it was acknowledged, and the ``Retry-After``."""
    headers = {"Accept-Encoding": "gzip, deflate"}
    if webhook.secret_token:
        headers[SECRET_HEADER] = webhook.secret_token
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN)
    try:
        async with http.post(
            webhook.url, json=update, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            await response.read()
            if 200 <= response.status <= 299:
                return None, 0
            after = response.headers.get("Retry-After", "")
            reason = f"Wrong response from the webhook: {response.status} {response.reason}"
            return reason, int(after) if after.isdecimal() else 0
    except aiohttp.ClientConnectorError:
        return "Connection refused", 0
    except (aiohttp.ClientError, TimeoutError):
        return "Webhook connection closed", 0


def trouble_of_url(url: str, *, is_local: bool) -> str | None:
    """Why a webhook may not have this address: the description of the refusal."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    try:
        port = parts.port
    except ValueError:
        return "invalid webhook URL specified"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "invalid webhook URL specified"
    if is_local:
        return None
    if parts.scheme != "https":
        return "bad webhook: An HTTPS URL must be provided for webhook"
    if (port or 443) not in PORTS:
        return "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
    return None
