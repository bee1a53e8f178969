"""What must be so when a job is over, however often the bot died on the way."""

from collections.abc import Iterable, Iterator, Sequence

from demo.platform import Cell, Method
from storage.enums import Outcome
from tests.prove.crash_person import PAUSE, Pupil
from tests.prove.crash_stage import WITHIN, CrashStage, Death, JobRow, summaries
from tests.prove.killable_stage import KillableStage
from tests.support.shown import COUNTS


def broken_promises(stage: CrashStage, pupils: Sequence[Pupil]) -> list[str]:
    """One line for each promise that is broken, with its number. The bot must be dead."""
    rows = stage.rows()
    broken = [f"3, 4: {violation}" for violation in stage.platform.violations]
    if stage.ended_alone is not None:
        broken.append(f"1: the bot ended by itself, with code {stage.ended_alone}")
    broken += [f"1: it did not go on: {death}" for death in stage.deaths if _is_late(death)]
    for pupil in pupils:
        mine = [job for job in rows.jobs if job.chat_id == pupil.person.user_id]
        if len(mine) != 1:
            broken.append(f"1: {pupil.student.name} confirmed one job and has {mine}")
            continue
        broken += _of_one(stage, pupil, mine[0])
    cookies = [cookie for pupil in pupils for cookie in pupil.cookies]
    broken += [f"8: a cookie stands in {name}" for name in leaks(stage, cookies)]
    return broken


def _is_late(death: Death) -> bool:
    return any(seconds is None or seconds > WITHIN for seconds in death.went_on.values())


def _of_one(stage: CrashStage, pupil: Pupil, job: JobRow) -> Iterator[str]:
    shown = pupil.confirmed.message_id if pupil.confirmed is not None else None
    others = _progress_messages(pupil) - {job.message_id}
    if job.message_id != shown or others:
        yield f"1: the progress is in {job.message_id}, was in {shown}, and also in {others}"
    leaves = stage.platform.school.leaves()
    full = {cell.id for cell in leaves if _is_full(stage, pupil, cell)}
    done = {cell_id for cell_id, outcome in job.items if outcome == Outcome.DONE}
    by_hand = {cell.id for cell in leaves if cell.method is Method.BY_HAND}
    if job.state != "succeeded" or done != full or done != {c.id for c in leaves} - by_hand:
        yield f"2: {job.state}, done {done}, the platform shows 100 for {full}"
    told = summaries(pupil.person.chat)
    said = {found.groups() for each in told if (found := COUNTS.search(each.text))}
    if said != {(str(len(full)), "0", str(len(by_hand)))}:
        yield f"2: the summary says {said}, the platform shows {len(full)} at 100"
    unsure = sum(job.chat_id in death.unsure for death in stage.deaths)
    if not 1 <= len(told) <= 1 + unsure:
        yield f"7: {len(told)} summaries, {unsure} deaths before one was called sent"
    name = pupil.student.name
    others_names = {s.name for s in stage.platform.school.students} - {name}
    for message in pupil.person.chat.everything:
        if any(other in message.text for other in others_names):
            yield f"9: {name} reads of somebody else: {message.text}"


def _is_full(stage: CrashStage, pupil: Pupil, cell: Cell) -> bool:
    return stage.platform.shown(pupil.student.stu_id, cell.id) == 100


def _progress_messages(pupil: Pupil) -> set[int]:
    """Every message that ever offered to pause a job, were it for a moment."""
    calls = pupil.stage.telegram.calls
    mine = (each for each in calls if each.chat_id == pupil.person.user_id)
    offering = [each for each in mine if PAUSE in each.params.get("reply_markup", "")]
    edited = {int(each.params["message_id"]) for each in offering if "message_id" in each.params}
    sent = [each for each in pupil.person.chat.everything if _offers(each.buttons)]
    return edited | {each.message_id for each in sent}


def _offers(buttons: "Sequence[Sequence[object]]") -> bool:
    return any(PAUSE in str(button) for row in buttons for button in row)


def leaks(stage: KillableStage, pasted: Iterable[str]) -> Iterator[str]:
    """Where a pasted cookie can be read: files of the bot, its output, its messages."""
    cookies = [cookie.encode() for cookie in pasted]
    files = [each for each in stage.data_dir.rglob("*") if each.is_file()]
    for file in (*files, stage.output):
        content = file.read_bytes()
        if any(cookie in content for cookie in cookies):
            yield file.name
    for call in stage.telegram.calls:
        if any(cookie in str(call.params).encode() for cookie in cookies):
            yield call.method


def left_in_chat(pupil: Pupil) -> int:
    """Pasted cookies that still stand in the chat: those whose update died with the bot before
    it could ask for their deletion."""
    return sum(not message.deleted for message in pupil.pasted)
