"""Which tests share a process, and what shortens the waits of the others."""

from pkgutil import resolve_name

import pytest

from tests.docs.pages import ROOT
from tests.support.soon import SOON
from tests.support.together import TOGETHER


@pytest.mark.parametrize("path", [path for paths in TOGETHER.values() for path in paths])
def test_what_goes_together_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", SOON)
def test_what_follows_soon_would_follow_later(name: str) -> None:
    module, _, constant = name.rpartition(".")
    assert getattr(resolve_name(module), constant) != SOON[name]
