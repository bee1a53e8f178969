"""Ports of this machine for programs that must be told theirs."""

import socket


def free_port() -> int:
    """A port on which no program listens now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port
