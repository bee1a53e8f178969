"""From every screen that stays one can get back home by its buttons alone."""

from collections import defaultdict
from collections.abc import Callable

import pytest

from bot.chat.callbacks import Action
from bot.chat.i18n import Translators
from bot.chat.views import (
    account,
    batches,
    courses,
    digest,
    digest_settings,
    full_list,
    home,
    hub,
    invites,
    job,
    jobs,
    login,
    modules,
    owner_notices,
    people,
    settings,
    token_login,
)
from tests.chat.test_contract_words import action_of
from tests.support.rendered import Taken, taken

LEADS_TO: dict[Action, set[Callable[..., object]]] = {
    Action.HOME: {home.welcome, hub.hub},
    Action.HELP: {home.help_screen},
    Action.LOGIN: {login.ask_for_cookie},
    Action.LOGIN_TODAY: {token_login.ask_for_token},
    Action.ACCOUNTS: {account.accounts},
    Action.COURSES: {courses.course_list},
    Action.OTHER_COURSES: {courses.course_list},
    Action.FINISHED: {courses.finished_courses},
    Action.MODULES: {courses.module_list},
    Action.OTHER_MODULE: {courses.module_list},
    Action.STOP_READING: {courses.module_list},
    Action.STOP_BATCH: {batches.stopped},
    Action.JOBS: {jobs.job_list},
    Action.OTHER_JOBS: {jobs.job_list},
    Action.SETTINGS: {settings.settings},
    Action.ZONES: {settings.regions},
    Action.CANCEL_NO: {job.told},
    Action.DIGEST: {digest_settings.main},
    Action.OTHER_DIGEST: {digest_settings.main},
    Action.PEOPLE: {people.people},
    Action.MEMBER: {people.member},
    Action.INVITES: {invites.invites},
}
"""Where the buttons that lead back or on go; the others do something."""
PASSING = {
    courses.loading,
    login.checking,
    login.still_checking,
    login.where_cookie,
    token_login.where_token,
    digest_settings.sending,
    digest.headline,
    people.you_are_in,
    people.you_are_owner,
}
"""Replaced by what comes, or followed by it at once."""
LIVE = {job.progress, job.ended_line}
"""The message of a job, below which its summary comes; it shows the job alone."""
ENDS = {
    home.not_allowed,
    home.group_only_private,
    home.erased,
    login.cookie_withdrawn,
    people.you_are_removed,
    owner_notices.notice,
}
"""Said to strangers and in groups, and after everything is gone: it names what to do."""


def ways_on(screens: list[Taken]) -> dict[Callable[..., object], list[set[Action]]]:
    found: dict[Callable[..., object], list[set[Action]]] = defaultdict(list)
    for each in screens:
        actions = {action_of(button) for button in each.buttons}
        found[each.shown.view].append({a for a in actions if a in LEADS_TO})
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_home_is_reached_from_every_screen_that_stays(
    translators: Translators, language: str
) -> None:
    ways = ways_on(list(taken(translators[language], "§")))
    home_again: set[Callable[..., object]] = {home.welcome, hub.hub}
    while True:
        more = {
            view
            for view, forms in ways.items()
            if view not in home_again
            and all(any(LEADS_TO[a] & home_again for a in actions) for actions in forms)
        }
        if not more:
            break
        home_again |= more
    stuck = set(ways) - home_again - PASSING - LIVE - ENDS
    assert {f"{v.__module__}.{v.__name__}" for v in stuck} == set()


def test_the_views_named_here_are_screens(translators: Translators) -> None:
    shown = {each.shown.view for each in taken(translators["en"], "§")}
    named = {view for views in LEADS_TO.values() for view in views}
    assert named | PASSING | LIVE | ENDS <= shown
    assert {full_list.caption, modules.contents} <= shown
