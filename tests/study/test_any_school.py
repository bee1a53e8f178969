"""Whatever school and whatever trouble: the run ends, and says what the platform shows."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass

import looptime
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.zjy.errors import Barred, SessionExpired, Temporary, UnknownAnswer
from demo.platform import (
    EXPIRED_FORMS,
    Endpoint,
    Fault,
    Module,
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
from storage.enums import Outcome, Pace
from tests.support.odd_bodies import ODD_BODIES, UNKNOWN, is_success
from tests.support.study_harness import Ending, counts, open_study

EXAMPLES = int(os.environ.get("ANY_SCHOOL_EXAMPLES", "60"))

lengths = st.floats(0, 90).map(lambda seconds: round(seconds, 6))
leaves = st.one_of(
    st.builds(video, lengths, lengths),
    st.builds(audio, lengths),
    st.builds(document, st.integers(1, 40), st.sampled_from([None, 0, 1])),
    st.builds(link, st.booleans(), category=st.sampled_from(["链接", "swf", "其他", "图文"])),
    st.sampled_from([picture(), archive(), quiz(), unsupported(), locked(video(20))]),
    st.builds(video, lengths, finished=st.just(True)),
)
cells = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3).map(folder), max_leaves=4)
topics = st.builds(topic, st.lists(cells, max_size=3))
modules = st.lists(st.builds(module, st.lists(topics, max_size=2)), min_size=1, max_size=2)
codes = st.sampled_from([-1, -2, -33, -100, -500, 7, "-1", "-2", None])
texts = st.sampled_from(
    ["", "操作失败", "用户信息异常", "操作频繁，请10分钟后再试", "存在刷课记录", "建议学习45分钟"]
)
faults = st.one_of(
    st.sampled_from(
        [
            *[Fault.HTTP_502, Fault.HTTP_504, Fault.FIREWALL_200, Fault.EMPTY, Fault.HALF_JSON],
            *[Fault.RESET, Fault.LOST_AFTER, Fault.NO_COUNT, Fault.AWAY, Fault.hang(3)],
            *[Fault.hang(45), Fault.bar(5), *EXPIRED_FORMS],
        ]
    ),
    st.builds(lambda code, msg: Fault.json({"code": code, "msg": msg}), codes, texts),
    st.builds(Fault.raw_body, st.sampled_from([*ODD_BODIES, *UNKNOWN]), applied=st.booleans()),
)


@dataclass(frozen=True)
class Trouble:
    endpoint: Endpoint
    fault: Fault
    times: int
    after_events: int


troubles = st.builds(
    Trouble,
    st.sampled_from([*Endpoint]),
    faults,
    st.integers(1, 6),
    st.integers(0, 12),
).filter(lambda trouble: not is_success(trouble.endpoint, str(trouble.fault.raw)))


async def study(
    course: Sequence[Module], planned: Sequence[Trouble], pace: Pace, lag: float, look_first: bool
) -> None:
    async with open_study(school=school_of(modules=course), lag=lag) as harness:
        plan = await harness.plan()
        ending = Ending()

        def trouble_at(count: int) -> None:
            for each in planned:
                if each.after_events == count:
                    harness.fault(each.endpoint, each.fault, times=each.times)

        trouble_at(0)
        try:
            await harness.study(
                plan,
                pace=pace,
                look_first=look_first,
                into=ending,
                then=lambda: trouble_at(len(ending.events)),
            )
        except (SessionExpired, Barred, Temporary, UnknownAnswer):
            # The last one where not even the student is told, time after time.
            assert planned
        else:
            assert len(ending.ended) == len(plan)
            assert counts(ending).open == 0
            for event in ending.ended:
                if event.outcome is not Outcome.UNREAD:
                    is_full = lag == 0 and harness.shown(event.cell.cell_id) == 100
                    assert not is_full or event.outcome is Outcome.DONE
        ended = [event.cell.cell_id for event in ending.ended]
        assert len(ended) == len(set(ended))
        for event in ending.ended:
            if event.outcome is Outcome.DONE:
                assert harness.shown(event.cell.cell_id) == 100
        harness.assert_no_violations()
        assert harness.transport.in_flight == 0


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    modules,
    st.lists(troubles, max_size=4),
    st.sampled_from(Pace),
    st.sampled_from([0.0, 2.5, 5.0]),
    st.booleans(),
)
def test_any_school_in_any_trouble_is_studied_by_the_rules(
    course: list[Module], planned: list[Trouble], pace: Pace, lag: float, look_first: bool
) -> None:
    with asyncio.Runner(loop_factory=looptime.new_event_loop) as runner:
        runner.run(asyncio.wait_for(study(course, planned, pace, lag, look_first), 10 * 3600))
