"""Plays a whole conversation without a browser, and checks what the platform shows at its end."""

import asyncio
import re
import sys
from dataclasses import dataclass

from demo.platform import STUDENT, Method, demo_school
from demo.stage import Stage
from demo.telegram import Message, Person
from demo.transcript import Transcript

PERSON_ID = 1001
PATIENCE = 30.0
STUDY_PATIENCE = 240.0
COURSE = "java面向对象程序设计"
MODULE = "课程导学"

_COUNTS = re.compile(r"(?:完成|done) (\d+) · (?:失败|failed) (\d+) · (?:跳过|skipped) (\d+)")


@dataclass(frozen=True, slots=True)
class Words:
    """Button words of one language."""

    telegram_language: str
    next: str
    start: str


WORDS = {
    "zh": Words("zh-hans", "下一步", "开始"),
    "en": Words("en", "Next", "Start"),
}


class ScriptFailed(Exception):  # noqa: N818 - it says what happened
    """The conversation, or what it left at the platform, is not as it must be."""


async def play(language: str, speed: float) -> int:
    """Returns the exit code: 0 if the picked module ended at 100 and no rule was broken."""
    async with Stage(demo_school(), speed=speed, settings={"DEFAULT_LANGUAGE": language}) as stage:
        person = stage.telegram.person(PERSON_ID, language_code=WORDS[language].telegram_language)
        transcript = Transcript(PERSON_ID, sys.stdout)
        async with stage.telegram.subscribe() as events:
            following = asyncio.ensure_future(transcript.follow(events))
            try:
                await _talk(stage, person, transcript, WORDS[language])
                _check(stage)
            except (ScriptFailed, TimeoutError, LookupError) as error:
                print(f"\n✗ {str(error) or type(error).__name__}", file=sys.stderr)
                return 1
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
    print("\n✓ the platform shows 100 for everything that was picked; no rule was broken")
    return 0


async def _talk(stage: Stage, person: Person, transcript: Transcript, words: Words) -> None:
    telegram = stage.telegram

    async def after(label: str, expected: str, patience: float = PATIENCE) -> Message:
        """Press a button and wait for a message of the bot with another such button."""
        transcript.press(label)
        person.press(label)
        return await telegram.wait_for(lambda: _with_button(person, expected), patience)

    person.send("/start")
    await telegram.wait_for(lambda: _from_bot(person), PATIENCE)
    cookie = person.send(f"auth={stage.platform.cookie_for(STUDENT.stu_id)};")
    await telegram.wait_for(lambda: _saying(person, STUDENT.name), PATIENCE)
    if any(message.message_id == cookie.message_id for message in person.chat.messages):
        raise ScriptFailed("the pasted cookie was not deleted")
    person.send("/courses")
    await telegram.wait_for(lambda: _with_button(person, COURSE), PATIENCE)
    await after(COURSE, MODULE)
    await after(MODULE, "☑")
    await after(words.next, words.start)
    transcript.press(words.start)
    person.press(words.start)
    final = await telegram.wait_for(lambda: _final(person), STUDY_PATIENCE)
    await transcript.until(final)
    found = _COUNTS.search(final.text)
    if found is None or int(found[2]):
        raise ScriptFailed(f"the final message reports a failure: {final.text}")
    expected = _to_study(stage)
    if int(found[1]) != expected:
        raise ScriptFailed(f"the final message says {found[1]} done instead of {expected}")


def _check(stage: Stage) -> None:
    """The judge is the platform, not what the bot said."""
    module = next(
        module
        for course in stage.platform.school.courses
        for module in course.modules
        if module.name == MODULE
    )
    for cell in module.leaves():
        shown = stage.platform.shown(STUDENT.stu_id, cell.id)
        if cell.method is not Method.BY_HAND and shown != 100:
            raise ScriptFailed(f"the platform shows {shown} for {cell.name}")
        if cell.method is Method.BY_HAND and shown:
            raise ScriptFailed(f"{cell.name} was touched")
    if stage.platform.violations:
        broken = "\n".join(str(violation) for violation in stage.platform.violations)
        raise ScriptFailed(f"the platform saw its rules broken:\n{broken}")


def _to_study(stage: Stage) -> int:
    module = next(m for c in stage.platform.school.courses for m in c.modules if m.name == MODULE)
    return sum(cell.method is not Method.BY_HAND and not cell.finished for cell in module.leaves())


def _from_bot(person: Person) -> Message | None:
    return next((each for each in reversed(person.chat.messages) if each.from_bot), None)


def _saying(person: Person, text: str) -> Message | None:
    shown = (each for each in person.chat.messages if each.from_bot and text in each.text)
    return next(shown, None)


def _with_button(person: Person, text: str) -> Message | None:
    for message in reversed(person.chat.messages):
        if any(text in button.text for row in message.buttons for button in row):
            return message
    return None


def _final(person: Person) -> Message | None:
    shown = (each for each in person.chat.messages if each.from_bot)
    return next((each for each in shown if _COUNTS.search(each.text)), None)
