"""One seeded trial: a small school, a job, and trouble at moments that the seed draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from demo.platform import (
    Cell,
    Endpoint,
    Fault,
    FaultKind,
    School,
    archive,
    audio,
    document,
    folder,
    link,
    locked,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from storage.enums import Pace
from tests.support.odd_bodies import NOTHING_BROUGHT, ODD_BODIES, UNKNOWN

HANGS = (0.02, 0.1, 0.8)
"""Real seconds; the last is longer than the clients of these trials wait."""
TEXTS = (
    *("", "操作失败！", "用户信息异常", "请10分钟后再试", "存在刷课记录"),
    *("操作频繁，请10分钟后再试", "建议学习45分钟", "您的账号已在其他地方登录"),
    "该课件不存在或已被删除",
)
CODES = (-1, -2, -33, -100, -500, 7, "-1", "-2", None)
PACKED = 8 * 2**20
"""Bytes that an answer unpacks to: more than is read."""
ODD_SHARE = 0.4
"""So many of the troubles are answers that make no sense."""
TO_THE_END = 1000
"""More requests than a trial has."""
MOST_REQUESTS = 70
"""Trouble begins before so many requests have come; a trial has about so many."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault for the next ``times`` requests of an endpoint (``*``: of any) after the
    platform's request number ``after``."""

    after: int
    endpoint: str
    fault: Fault
    times: int

    def __str__(self) -> str:
        body = self.fault.raw or dict(self.fault.body)
        return f"after {self.after}: {self.times} × {self.endpoint} {self.fault.kind} {body!r}"


@dataclass(frozen=True, slots=True)
class Trial:
    """What happens under one seed. ``kill_after`` is the request after which the process is
    dropped and started again; ``expire_after``, after which all sessions end."""

    seed: int
    school: School
    pace: Pace
    troubles: tuple[Trouble, ...]
    kill_after: int | None
    expire_after: int | None

    def __str__(self) -> str:
        troubles = "; ".join(map(str, self.troubles))
        return (
            f"seed {self.seed}, pace {self.pace}, {troubles}, kill after {self.kill_after}, "
            f"expire after {self.expire_after}"
        )


def trial_of(seed: int) -> Trial:
    """The trial that belongs to a seed, always the same."""
    rng = Random(seed)
    return Trial(
        seed=seed,
        school=_school(rng),
        pace=rng.choice([*Pace]),
        troubles=tuple(_trouble(rng) for _ in range(rng.randint(1, 4))),
        kill_after=rng.randrange(MOST_REQUESTS) if rng.random() < 0.15 else None,
        expire_after=rng.randrange(MOST_REQUESTS) if rng.random() < 0.15 else None,
    )


def _school(rng: Random) -> School:
    """A course with a cell of every kind, dealt out to topics and folders."""
    length = round(rng.uniform(0.5, 45), rng.randrange(7))
    cells: list[Cell] = [
        video(length),
        video(rng.randrange(5, 40), rng.choice([0, 3.5, 60])),
        video(0, rng.randrange(5)),
        video(12, finished=True),
        audio(round(rng.uniform(1, 25), 2)),
        document(rng.randint(2, 30), rng.choice([None, 0, 1])),
        document(1),
        picture(),
        archive(),
        link(),
        link(needs_report=True, category="其他"),
        quiz(),
        unsupported(),
        locked(video(20)),
    ]
    rng.shuffle(cells)
    cut = rng.randrange(1, len(cells))
    first, second = cells[:cut], cells[cut:]
    inner = folder([folder(second[:2]), *second[2:4]])
    return school_of(
        modules=[module([topic(first), topic(id="0")]), module([topic([inner, *second[4:]])])]
    )


def _trouble(rng: Random) -> Trouble:
    if rng.random() < ODD_SHARE:
        return _odd(rng)
    kind = rng.choice([kind for kind in FaultKind if kind is not FaultKind.RAW])
    endpoint = rng.choice(["*", *(each.name for each in Endpoint)])
    if rng.random() < 0.5:
        endpoint = rng.choice(["VIEW", "REPORT", "CELLS"])
    times = rng.choice([1, 1, 1, 2, 3, 4, 6, 12])
    if kind is FaultKind.AWAY:
        times = rng.choice([3, 12, 30])
    if kind is FaultKind.NO_COUNT:
        times = rng.choice([1, 2, 5, TO_THE_END])
    return Trouble(rng.randrange(MOST_REQUESTS), endpoint, _fault(kind, rng), times)


def _odd(rng: Random) -> Trouble:
    """An answer that makes no sense, at any endpoint; often at those that a job asks most."""
    endpoint = rng.choice(["*", *(each.name for each in Endpoint)])
    if rng.random() < 0.6:
        endpoint = rng.choice(["VIEW", "REPORT", "CELLS"])
    # A success that is a lie would let the next step be too large.
    may_be_success = endpoint in ("*", "REPORT", "SWITCH")
    bodies = [body for body in ODD_BODIES if not may_be_success or body not in NOTHING_BROUGHT]
    odd = Fault.raw_body(rng.choice([*bodies, *UNKNOWN]), applied=rng.random() < 0.3)
    times = rng.choice([1, 1, 2, 4, 5, 9, 16, TO_THE_END])
    return Trouble(rng.randrange(MOST_REQUESTS), endpoint, odd, times)


def _fault(kind: FaultKind, rng: Random) -> Fault:
    match kind:
        case FaultKind.HANG:
            return Fault.hang(rng.choice(HANGS))
        case FaultKind.PACKED:
            return Fault.packed(PACKED)
        case FaultKind.BAR:
            return Fault.bar(rng.choice([5, 20, None]))
        case FaultKind.JSON:
            body: Mapping[str, object] = {"code": rng.choice(CODES), "msg": rng.choice(TEXTS)}
            return Fault.json(body)
        case _:
            return Fault(kind)
