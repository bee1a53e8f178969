"""24 days of four students of today's site. ``READ_ONLY_SEED`` repeats those of one seed."""

import os
from pathlib import Path
from random import SystemRandom

import pytest

from bot.digest.report import Standing

from .read_only import read_only


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_digests_of_todays_site_are_right_with_few_requests(tmp_path: Path) -> None:
    seed = int(os.environ.get("READ_ONLY_SEED") or SystemRandom().randrange(1, 1_000_000))
    found = read_only(tmp_path, seed, days=24, chats=4)
    broken = "\n".join(found.broken[:20])
    assert broken == "", f"repeat this with READ_ONLY_SEED={seed}\n{broken}"
    assert found.standings[Standing.READ] > 10
    assert found.standings[Standing.EXPIRED] > 0
    assert found.judged > 0
