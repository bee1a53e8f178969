"""A port of this machine on which nothing listens."""

import errno
import socket
from contextlib import closing
from random import SystemRandom

OF_NO_CLIENT = range(20_000, 32_000)
"""Below the ports that a system gives to outgoing connections, one of which might take it first."""
_random = SystemRandom()
"""All test processes have the same seed."""


def free_port() -> int:
    """Raises OSError where no port of this machine can be had."""
    for port in _random.sample(OF_NO_CLIENT, len(OF_NO_CLIENT)):
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as taken:
                if taken.errno == errno.EADDRINUSE:
                    continue
                raise
            return port
    raise OSError(errno.EADDRINUSE, "no port is free")
