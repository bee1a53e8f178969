"""The budget of the whole bot, with Telegram's limits on: people first, then notices, digests, and
progress, and hardly a 429."""

import asyncio
import math
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest
from telegram.error import RetryAfter

from bot.outbox.budget import (
    LIMIT,
    MESSAGES_PER_SECOND,
    PROBES,
    PROGRESS_SHARE,
    Budget,
    Rank,
)
from bot.outbox.screen import Screen
from tests.support.busy_chats import FIRST_PERSON, BusyChats, steps_within
from tests.support.fake_bot_api import FakeBotApi, LimitedBotApi, not_worth_it

pytestmark = pytest.mark.looptime(start=0)


def now() -> float:
    return asyncio.get_running_loop().time()


def told_to_wait(seconds: int) -> RetryAfter:
    return RetryAfter(timedelta(seconds=seconds))


def longest_gaps(busy: BusyChats, since: float, until: float) -> list[float]:
    """For each chat the longest time within these moments in which its progress stood still."""
    moments = defaultdict(list)
    for each in busy.edits():
        moments[each.chat_id].append(each.at)
    return [
        max(later - earlier for earlier, later in pairwise([since, *moments[chat], until]))
        for chat in range(1, busy.jobs + 1)
    ]


@pytest.mark.parametrize("jobs", [100, 500, 3000])
async def test_however_many_jobs_run_people_are_answered_at_once_and_no_call_is_refused(
    jobs: int,
) -> None:
    busy = BusyChats(jobs)
    pressing = asyncio.create_task(busy.press(0.5, 60))
    await busy.report(60)
    waits = await pressing
    assert len(waits) == 120
    assert max(waits) == 0
    assert busy.bot_api.refused == 0
    await busy.sending.outbox.close(0)


class BunchingBotApi(LimitedBotApi):
    """Calls reach it together, every ``every`` virtual seconds, as after stalls of a connection."""

    def __init__(self, every: float) -> None:
        super().__init__()
        self.every = every

    async def _take(
        self, chat_id: int, message_id: int | None, screen: Screen, *, silent: bool = False
    ) -> None:
        await asyncio.sleep(self.every - now() % self.every)
        await super()._take(chat_id, message_id, screen, silent=silent)


@pytest.mark.parametrize("every", [0.3, 0.9, 2.5])
async def test_calls_that_a_slow_connection_brings_together_are_too_few_for_a_429(
    every: float,
) -> None:
    busy = BusyChats(500, bot_api=BunchingBotApi(every))
    await busy.report(60)
    assert len(busy.edits()) > 300
    assert busy.bot_api.refused == 0
    await busy.sending.outbox.close(0)


async def test_calls_that_concern_no_chat_wait_for_the_budget_after_all_messages() -> None:
    busy = BusyChats(500)
    outbox = busy.sending.outbox
    reporting = asyncio.create_task(busy.report(30))
    moments = []
    for _ in range(10):
        await outbox.turn()
        moments.append(now())
        await outbox.answer("1")  # counts at the server as any other call
    await reporting
    assert moments[-1] < 15
    assert busy.bot_api.refused == 0
    await outbox.close(0)


@pytest.mark.parametrize("jobs", [500, 3000])
async def test_progress_shares_what_is_left_and_no_chat_starves(jobs: int) -> None:
    busy = BusyChats(jobs, every=jobs / 50)
    turn = jobs / (MESSAGES_PER_SECOND * PROGRESS_SHARE)
    await busy.report(3 * turn)
    assert len(busy.edits()) == pytest.approx(3 * jobs, rel=0.05)
    assert max(longest_gaps(busy, 0.0, now())) < 1.5 * turn
    assert busy.bot_api.refused == 0
    await busy.sending.outbox.close(0)


async def test_the_message_that_was_changed_longest_ago_is_changed_first() -> None:
    busy = BusyChats(400)
    await busy.report(90)
    settled = [each.chat_id for each in busy.edits() if each.at > 30]
    order = {chat_id: place for place, chat_id in enumerate(settled[:400])}
    assert len(order) == 400
    assert [order[chat_id] for chat_id in settled[400:800]] == list(range(400))
    await busy.sending.outbox.close(0)


async def test_few_jobs_are_shown_as_often_as_ever() -> None:
    busy = BusyChats(40)
    await busy.report(60)
    assert len(busy.edits()) >= 40 * 6 - 40
    assert max(each.at for each in busy.edits()) <= 60
    await busy.sending.outbox.close(0)


async def test_an_update_that_is_replaced_is_never_rendered_and_the_last_one_arrives() -> None:
    busy = BusyChats(1000)
    await busy.report(100)
    assert busy.rendered < 100 * MESSAGES_PER_SECOND
    assert busy.rendered - len(busy.edits()) <= 2
    await asyncio.sleep(60)
    shown = {each.chat_id: each.text for each in busy.edits()}
    assert shown == busy.newest
    assert busy.rendered == len(busy.edits())


async def test_ends_and_notices_go_before_digests_and_those_before_progress() -> None:
    busy = BusyChats(500)
    reporting = asyncio.create_task(busy.report(60))
    await asyncio.sleep(20)
    begin = len(busy.bot_api.said)
    told = [busy.digest(FIRST_PERSON + n) for n in range(100)]
    told += [busy.notice(FIRST_PERSON + 100 + n) for n in range(100)]
    await asyncio.gather(*told)
    texts = [each.text for each in busy.bot_api.said[begin:]]
    notices = [n for n, text in enumerate(texts) if text == "notice"]
    digests = [n for n, text in enumerate(texts) if text == "digest"]
    assert max(notices) - min(notices) == 99
    assert max(digests) - min(digests) == 99
    assert min(digests) == max(notices) + 1
    assert now() - 20 == pytest.approx(200 / MESSAGES_PER_SECOND, rel=0.1)
    await reporting
    assert busy.bot_api.refused == 0
    await busy.sending.outbox.close(0)


async def test_a_press_on_a_progress_message_brings_it_up_to_date_at_once() -> None:
    busy = BusyChats(3000)
    await busy.report(10)
    last = 3000
    assert last not in {each.chat_id for each in busy.edits()}
    busy.sending.outbox.hurry(last, 5)
    pressed_at = now()
    await asyncio.sleep(0.1)
    assert busy.bot_api.texts(last) == [busy.newest[last]]
    assert busy.bot_api.moments(last) == [pressed_at]
    busy.sending.outbox.hurry(last, 5)
    await asyncio.sleep(1)
    assert len(busy.bot_api.texts(last)) == 1, "nothing waits"
    await busy.sending.outbox.close(0)


async def test_a_429_halves_the_budget_which_then_grows_back() -> None:
    busy = BusyChats(500)
    reporting = asyncio.create_task(busy.report(120))
    await asyncio.sleep(30)
    before = busy.calls_between(10, 30)
    refused = next(each.chat_id for each in busy.edits())
    busy.bot_api.trouble[refused].append(told_to_wait(1))
    busy.sending.edit(7, "pressed", chat_id=refused)
    await asyncio.sleep(10)
    assert busy.calls_between(31, 36) < 0.65 * before / 4
    await asyncio.sleep(60)
    assert busy.calls_between(80, 100) == pytest.approx(before, rel=0.05)
    assert busy.bot_api.refused <= 5
    reporting.cancel()
    await busy.sending.outbox.close(0)


async def test_a_chat_that_is_refused_again_and_again_does_not_slow_the_others_for_ever() -> None:
    busy = BusyChats(500)
    busy.bot_api.trouble[FIRST_PERSON] += [told_to_wait(2)] * 100
    busy.notice(FIRST_PERSON)
    await busy.report(120)
    assert busy.calls_between(60, 120) > 0.95 * 60 * MESSAGES_PER_SECOND * PROGRESS_SHARE
    await busy.sending.outbox.close(0)


async def test_the_wait_of_one_chat_stops_no_other() -> None:
    busy = BusyChats(100)
    busy.bot_api.trouble[1].append(told_to_wait(100))
    await busy.report(50)
    quiet = longest_gaps(busy, 0.0, now())
    assert quiet[0] == 50
    assert max(quiet[1:]) < 25
    await busy.sending.outbox.close(0)


async def test_many_chats_refused_at_once_stop_all_for_that_long_and_then_people_are_first() -> (
    None
):
    busy = BusyChats(500)
    reporting = asyncio.create_task(busy.report(100))
    await asyncio.sleep(20)
    for chat_id in range(1, 501):
        busy.bot_api.trouble[chat_id].append(told_to_wait(10))
    await asyncio.sleep(1)
    refused = busy.bot_api.refused
    stopped = max(each.at for each in busy.bot_api.said if not each.taken)
    busy.bot_api.trouble.clear()
    assert refused <= 5
    answer = busy.sending.send("answer", chat_id=FIRST_PERSON)
    await answer
    assert busy.calls_between(stopped + 0.1, stopped + 9.9) == 0
    after = [each for each in busy.bot_api.said if each.at > stopped]
    assert after[0].chat_id == FIRST_PERSON
    await reporting
    await busy.sending.outbox.close(0)


async def test_without_a_limit_a_crowd_is_answered_as_fast_as_telegram_answers() -> None:
    bot_api = FakeBotApi(latency=0.05)
    busy = BusyChats(500, bot_api=bot_api)
    reporting = asyncio.create_task(busy.report(20))
    await asyncio.sleep(10)
    crowd = [busy.sending.send("answer", chat_id=FIRST_PERSON + n) for n in range(320)]
    await asyncio.gather(*crowd)
    assert now() - 10 < 320 / PROBES * 0.05 + 1
    await reporting
    await busy.sending.outbox.close(0)


async def test_a_crowd_beyond_telegrams_limit_meets_few_429s_and_all_are_answered_in_order() -> (
    None
):
    busy = BusyChats(500)
    reporting = asyncio.create_task(busy.report(40))
    await asyncio.sleep(10)
    crowd = [busy.sending.send("answer", chat_id=FIRST_PERSON + n) for n in range(200)]
    await asyncio.gather(*crowd)
    assert busy.bot_api.refused <= 5
    answered = [each.at for each in busy.bot_api.said if each.text == "answer" and each.taken]
    assert len(answered) == 200
    assert answered == sorted(answered)
    await reporting
    await busy.sending.outbox.close(0)


async def test_a_stall_that_ends_in_many_presses_costs_one_refused_call_and_a_short_wait() -> None:
    """As at a start with very many jobs: nobody could be answered for a while, then all are."""
    busy = BusyChats(3000)
    reporting = asyncio.create_task(busy.report(60))
    await asyncio.sleep(5)
    for _ in range(4):
        crowd = [busy.sending.send("answer", chat_id=FIRST_PERSON + n) for n in range(60)]
        answers = [busy.sending.outbox.answer(str(n)) for n in range(10)]
        await asyncio.gather(*crowd, *answers, return_exceptions=True)
        await asyncio.sleep(1)
    assert now() < 60
    assert busy.bot_api.refused <= 10
    await reporting
    await busy.sending.outbox.close(0)


async def test_messages_that_wait_for_the_end_of_an_answer_to_a_press_go_on_after_it() -> None:
    """After a wait of the whole bot the answer may be the single call that tries."""
    busy = BusyChats(1, bot_api=FakeBotApi(latency=0.5))
    outbox = busy.sending.outbox
    for chat_id in range(3):
        outbox._budget.refused(chat_id, 5, now())
    await asyncio.sleep(5)
    answering = asyncio.create_task(outbox.answer("1"))
    await asyncio.sleep(0.1)
    message = busy.sending.send("answer", chat_id=FIRST_PERSON)
    async with asyncio.timeout(5):
        await message
    await answering
    await outbox.close(0)


async def test_after_a_wait_of_the_whole_bot_a_single_call_tries_first() -> None:
    budget, taken = Budget(), 0.0
    budgets_calls = [budget.spend(Rank.NOTICE, taken) for _ in range(10)]
    for chat_id, cost in enumerate(budgets_calls):
        budget.refused(chat_id, 20, taken)
        budget.ended(cost, taken, made=True)
    for refused_again in (20.0, 30.0):
        assert budget.wait(Rank.PERSON, refused_again - 0.1) == pytest.approx(0.1)
        assert budget.pause(refused_again - 0.1) == pytest.approx(0.1)
        assert budget.wait(Rank.PERSON, refused_again) == 0
        cost = budget.spend(Rank.PERSON, refused_again)
        assert budget.wait(Rank.PERSON, refused_again) == math.inf
        if refused_again == 20:
            budget.refused(1, 10, refused_again)
        budget.ended(cost, refused_again, made=True)
    assert budget.wait(Rank.PERSON, 30.0) == 0
    budget.spend(Rank.PERSON, 30.0)
    assert budget.wait(Rank.PERSON, 30.0) == 0


async def test_the_budget_is_the_operators(bot_api: FakeBotApi) -> None:
    busy = BusyChats(100, bot_api=LimitedBotApi(), per_second=5.0)
    await busy.report(100)
    most = max(busy.calls_between(second, second + 1) for second in range(100))
    assert most <= 5 * LIMIT
    assert len(busy.edits()) == pytest.approx(100 * 5 * PROGRESS_SHARE, rel=0.05)
    await busy.sending.outbox.close(0)


async def steps_of_an_update(jobs: int) -> float:
    """Instructions of the outbox for an update, and for the call that a turn makes of it, while all
    jobs have updates that wait."""
    busy = BusyChats(jobs)
    for chat_id in range(1, jobs + 1):
        busy.change(chat_id, "first")
    await asyncio.sleep(2)

    def change() -> None:
        for chat_id in range(1, 21):
            busy.change(chat_id, "again")

    counted = steps_within("bot/outbox", change)
    begun = len(busy.bot_api.said)
    outbox = busy.sending.outbox
    for _ in range(20):
        await asyncio.sleep(1 / (MESSAGES_PER_SECOND * PROGRESS_SHARE))
        counted += steps_within("bot/outbox", outbox._dispatcher.advance)
    assert len(busy.bot_api.said) > begun + 10
    await outbox.close(0)
    return counted


async def test_an_update_and_a_turn_cost_as_much_for_many_jobs_as_for_few() -> None:
    few, many = await steps_of_an_update(100), await steps_of_an_update(3000)
    assert few > 1000
    assert many < 1.5 * few


async def test_queues_of_silent_chats_are_let_go_without_a_walk_over_the_others() -> None:
    async def steps(chats: int) -> int:
        busy = BusyChats(0, bot_api=FakeBotApi(), per_second=10_000)
        for chat_id in range(1, chats + 1):
            await busy.sending.send("hello", chat_id=chat_id)
        outbox = busy.sending.outbox
        counted = steps_within("bot/outbox", lambda: outbox.show(1, 5, not_worth_it))
        await outbox.close(0)
        return counted

    assert await steps(3000) == await steps(30)
