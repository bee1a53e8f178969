"""A port of this machine on which nothing listens."""

import socket
from contextlib import closing, suppress
from random import SystemRandom

OF_NO_CLIENT = range(20_000, 32_000)
"""Below the ports that a system gives to outgoing connections, one of which might take it first."""
_random = SystemRandom()
"""All test processes have the same seed."""


def free_port() -> int:
    while True:
        port = _random.choice(OF_NO_CLIENT)
        with suppress(OSError), closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", port))
            return port
