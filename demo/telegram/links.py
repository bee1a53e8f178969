"""Addresses that Telegram takes for links."""

import re
from urllib.parse import urlsplit


def checked_url(url: str) -> str | None:
    """The address as Telegram writes it, or nothing when it would not accept it."""
    url = url.strip()
    if re.match(r"(?i)(tg|ton|tonsite)://", url):
        return url
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or any(c.isspace() for c in url):
        return None
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host):
        return None
    return url if parts.path or parts.query else f"{url}/"
