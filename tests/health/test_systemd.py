"""What systemd is told, over a real socket."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.systemd import READY, WATCHDOG, Systemd


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket of a service manager."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def test_messages_reach_the_manager(manager: socket.socket) -> None:
    systemd = Systemd.of({"NOTIFY_SOCKET": manager.getsockname()})
    systemd.tell(READY)
    systemd.tell(WATCHDOG, "STATUS=healthy")
    assert manager.recv(100) == b"READY=1"
    assert manager.recv(100) == b"WATCHDOG=1\nSTATUS=healthy"


def test_an_address_in_the_abstract_namespace_is_understood() -> None:
    name = f"zjy-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(f"\0{name}")
        Systemd.of({"NOTIFY_SOCKET": f"@{name}"}).tell(READY)
        assert listening.recv(100) == b"READY=1"


def test_a_manager_that_is_gone_or_full_disturbs_nothing(manager: socket.socket) -> None:
    systemd = Systemd(manager.getsockname())
    for _ in range(5000):
        systemd.tell(READY)
    Path(manager.getsockname()).unlink()
    systemd.tell(READY)


def test_without_a_manager_nothing_is_sent() -> None:
    systemd = Systemd.of({"WATCHDOG_USEC": "1000000"})
    systemd.tell(READY)
    assert systemd.watchdog_seconds is None


@pytest.mark.parametrize(
    ("variables", "seconds"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_the_one_that_was_set_for_this_process(
    variables: dict[str, str], seconds: float | None
) -> None:
    assert Systemd.of({"NOTIFY_SOCKET": "/x", **variables}).watchdog_seconds == seconds
