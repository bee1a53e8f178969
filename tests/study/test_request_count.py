"""A run sends hardly more requests than the tree makes necessary, counted here from the tree."""

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from benchmarks.least import EMPTY_CHAPTER, least
from demo.platform import (
    STUDENT,
    Cell,
    Endpoint,
    Module,
    archive,
    audio,
    discussion,
    document,
    folder,
    homework,
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
from storage.enums import Outcome, Pace
from tests.support.study_harness import open_study

pytestmark = pytest.mark.looptime(start=0)


def leaf_of(rng: Random) -> Cell:
    length = round(rng.uniform(0.5, 90), rng.randrange(4))
    finished = rng.random() < 0.2
    return rng.choice(
        [
            video(length, finished=finished),
            video(length, round(length * rng.random(), 3)),
            video(length, length + rng.randrange(9)),
            video(0, rng.randrange(9)),
            video(20),
            audio(length, finished=finished),
            document(rng.randint(1, 40), rng.choice([None, 0, 1]), finished=finished),
            picture(finished=finished),
            archive(finished=finished),
            link(category=rng.choice(["链接", "swf", "其他", "图文"]), finished=finished),
            rng.choice([quiz(), homework(), discussion(), unsupported()]),
            locked(video(30)),
        ]
    )


def cell_of(rng: Random, depth: int = 0) -> Cell:
    if depth < 3 and rng.random() < 0.25:
        return folder([cell_of(rng, depth + 1) for _ in range(rng.randrange(4))])
    return leaf_of(rng)


def modules_of(rng: Random) -> Iterator[Module]:
    """Modules with empty chapters, topics and cells that stand twice, and finished ones."""
    for _ in range(rng.randint(1, 4)):
        topics = [
            topic([cell_of(rng) for _ in range(rng.randrange(6))]) for _ in range(rng.randint(0, 3))
        ]
        if rng.random() < 0.3:
            topics.append(topic(id=EMPTY_CHAPTER))
        if rng.random() < 0.3:
            twice = topic([picture(id=f"p{rng.randrange(2)}"), link(id="l")], id="twice")
            topics += [twice, twice]
        yield module(topics)
    yield module([topic([link(finished=True)])])


@pytest.mark.parametrize("pace", Pace)
@pytest.mark.parametrize("seed", range(6))
async def test_a_run_without_trouble_sends_no_more_requests_than_the_tree_needs(
    seed: int, pace: Pace
) -> None:
    school = school_of(modules=modules_of(Random(seed)))
    needed = least(school, STUDENT.stu_id, pace)
    async with open_study(school=school, seed=seed) as harness:
        ending = await harness.study(pace=pace)
        assert Outcome.NOT_COUNTED not in ending.outcomes
        sent = Counter(request.endpoint for request in harness.platform.requests)
        assert needed.total() <= sent.total() <= 1.05 * needed.total(), (sent, needed)
        harness.assert_no_violations()


@pytest.mark.parametrize("pace", Pace)
async def test_each_kind_of_request_of_a_whole_course_is_sent_hardly_more_often_than_needed(
    pace: Pace,
) -> None:
    lessons = [[video(63.5), video(600), document(5), picture(), link(), quiz()] for _ in range(8)]
    school = school_of(modules=[module([topic(cells)]) for cells in lessons])
    needed = least(school, STUDENT.stu_id, pace)
    async with open_study(school=school) as harness:
        ending = await harness.study(pace=pace)
        assert ending.outcomes.count(Outcome.DONE) == 5 * len(lessons)
        sent = Counter(request.endpoint for request in harness.platform.requests)
        assert sent.keys() == needed.keys()
        for endpoint, count in sent.items():
            assert needed[endpoint] <= count <= 1.05 * needed[endpoint], endpoint
        harness.assert_no_violations()


@pytest.mark.parametrize("pace", Pace)
@pytest.mark.parametrize(
    ("cell", "at_10_seconds", "at_15_seconds"),
    [
        (video(60), 6, 4),
        (video(60.000001), 7, 5),
        (video(60, 59.5), 1, 1),
        (video(2), 1, 1),
        (video(0), 1, 1),
        (video(30, 45), 1, 1),
        (document(1), 1, 1),
        (document(2), 2, 2),
        (document(40, 0), 2, 2),
        (picture(), 1, 1),
        (archive(), 1, 1),
        (link(), 0, 0),
    ],
)
async def test_a_cell_costs_one_view_and_its_reports(
    cell: Cell, at_10_seconds: int, at_15_seconds: int, pace: Pace
) -> None:
    async with open_study([cell]) as harness:
        assert (await harness.study(pace=pace)).outcomes == [Outcome.DONE]
        expected = at_15_seconds if pace is Pace.FAST else at_10_seconds
        assert len(harness.sent(Endpoint.REPORT)) == expected
        assert len(harness.sent(Endpoint.VIEW)) == 1
        assert len(harness.sent(Endpoint.CELLS)) == 2
