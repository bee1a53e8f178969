"""What may become of a job, and what a press is answered: no tables, no time, no platform."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.jobs.answers import Answer
from storage.enums import ENDED, JobRequest, JobState

_S = JobState
STUDIED = frozenset({_S.SUCCEEDED, _S.PARTLY_FAILED, _S.FAILED})
BY_ITSELF: Mapping[JobState, frozenset[JobState]] = {
    _S.QUEUED: frozenset({_S.RUNNING}),
    _S.RUNNING: STUDIED | {_S.NEEDS_LOGIN, _S.WAITING, _S.QUEUED},
    _S.WAITING: frozenset({_S.QUEUED}),
}
"""What the study, a restart and time do, where nobody wants anything of the job."""
AT_A_REQUEST = {
    JobRequest.PAUSE: STUDIED | {_S.PAUSED},
    JobRequest.CANCEL: STUDIED | {_S.CANCELLED},
}
"""What becomes of a running job instead, once it was asked to pause or to cancel."""
AT_A_LOGIN = {_S.NEEDS_LOGIN: frozenset({_S.QUEUED})}
AT_A_PRESS = {
    _S.PAUSED: frozenset({_S.QUEUED, _S.WAITING, _S.CANCELLED}),
    **dict.fromkeys((_S.QUEUED, _S.NEEDS_LOGIN, _S.WAITING), frozenset({_S.PAUSED, _S.CANCELLED})),
}


class Stand(NamedTuple):
    """How a job stands. ``barred``: its student is, for longer; ``to_retry``: cells are left;
    ``planned``: cells are left, and another job will study all of them."""

    state: JobState
    requested: JobRequest | None
    barred: bool
    retried: bool
    to_retry: bool
    planned: bool


def may_become(stand: Stand, after: JobState, by: str) -> bool:
    """Whether one change, by ``press``, ``login`` or ``itself``, may lead there."""
    if by == "itself" and stand.requested is not None:
        return after in AT_A_REQUEST[stand.requested]
    table = {"press": AT_A_PRESS, "login": AT_A_LOGIN, "itself": BY_ITSELF}[by]
    return after in table.get(stand.state, frozenset())


def is_a_path(states: Sequence[JobState]) -> bool:
    """Whether a job may have been in these states, one after the other, since it was made."""
    tables = (
        BY_ITSELF,
        AT_A_LOGIN,
        AT_A_PRESS,
        {_S.RUNNING: frozenset().union(*AT_A_REQUEST.values())},
    )
    return states[0] is _S.QUEUED and all(
        any(after in table.get(before, ()) for table in tables)
        for before, after in pairwise(states)
    )


def pressed(action: str, job: Stand) -> tuple[Answer, JobState, JobRequest | None]:
    """The answer, and the job's state and request afterwards."""
    same = job.state, job.requested
    if action == "retry":
        if job.retried:
            return Answer.ALREADY_STARTED, *same
        if job.state in ENDED and job.planned:
            return Answer.PLANNED, *same
        fit = job.state in ENDED and job.to_retry
        return (Answer.STARTED if fit else Answer.NOTHING_TO_DO), *same
    if job.state in ENDED:
        return Answer.ENDED, *same
    if action == "resume":
        return _resumed(job)
    request, state = {
        "pause": (JobRequest.PAUSE, _S.PAUSED),
        "cancel": (JobRequest.CANCEL, _S.CANCELLED),
    }[action]
    if job.state is _S.RUNNING:
        asked = job.requested is not JobRequest.CANCEL
        return (Answer.ASKED, job.state, request) if asked else (Answer.ALREADY, *same)
    if job.state is state:
        return Answer.ALREADY, *same
    return Answer(state.value), state, None


def _resumed(job: Stand) -> tuple[Answer, JobState, JobRequest | None]:
    match job.state, job.requested:
        case _S.NEEDS_LOGIN, _:
            return Answer.NEEDS_LOGIN, job.state, None
        case _S.WAITING, _:
            return Answer.WAITS, job.state, None
        case _S.PAUSED, _:
            waits = Answer.WAITS, _S.WAITING, None
            return waits if job.barred else (Answer.RESUMED, _S.QUEUED, None)
        case _S.RUNNING, JobRequest.PAUSE:
            return Answer.RESUMED, job.state, None
        case _:
            pass
    return Answer.ALREADY, job.state, job.requested
