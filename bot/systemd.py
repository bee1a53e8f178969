"""Tells systemd how the process is (``sd_notify``), if it was started by a unit of ``Type=notify``.

One datagram per message, without an answer. See the manual page sd_notify(3).
"""

import os
import socket
from collections.abc import Mapping
from typing import Self

READY = "READY=1"
STOPPING = "STOPPING=1"
WATCHDOG = "WATCHDOG=1"


class Systemd:
    """``address`` is empty where no service manager listens; ``watchdog_seconds`` is how long it
    waits between two pings, None without a watchdog."""

    def __init__(self, address: str = "", watchdog_seconds: float | None = None) -> None:
        # An address that begins with @ is in the abstract namespace.
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog_seconds = watchdog_seconds if address else None

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Self:
        """What the variables of the environment ask for."""
        microseconds = variables.get("WATCHDOG_USEC", "")
        whose = variables.get("WATCHDOG_PID", "")
        is_ours = microseconds.isdecimal() and whose in ("", str(os.getpid()))
        seconds = int(microseconds) / 1e6 if is_ours else 0.0
        return cls(variables.get("NOTIFY_SOCKET", ""), seconds or None)

    def tell(self, *messages: str) -> None:
        """Send the messages; what cannot be sent is dropped, because the bot works without it."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.setblocking(False)
                sender.sendto("\n".join(messages).encode(), self._address)
        except OSError:
            return
