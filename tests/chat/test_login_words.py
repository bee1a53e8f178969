"""The words of logging in: what is asked, what went wrong, whose account is meant."""

from dataclasses import replace

from bot.chat.callbacks import Action, Callback, decode
from bot.chat.i18n import Translators
from bot.chat.views import account, home, login
from tests.chat.test_contract_words import NAMELESS, action_of, every_language, made_by
from tests.support.all_screens import an_account
from tests.support.rendered import as_telegram_takes_it, taken


@every_language
def test_nobody_who_is_not_logged_in_is_offered_courses(
    translators: Translators, language: str
) -> None:
    forms = [
        each for each in taken(translators[language], NAMELESS) if "logged in: " in each.shown.form
    ]
    assert len({each.shown.view for each in forms}) >= 6
    for each in forms:
        offered = {action_of(button) for button in each.buttons if button.data is not None}
        if each.shown.form.endswith("logged in: False"):
            assert Action.LOGIN in offered, each
            assert offered <= {Action.LOGIN, Action.HELP, Action.SETTINGS}, each
        else:
            assert Action.COURSES in offered, each
    newcomers = (home.welcome, login.ask_for_cookie, login.log_in_first, login.login_failed)
    for view in newcomers:
        for each in made_by(taken(translators[language], NAMELESS), view):
            assert Action.COURSES not in {action_of(button) for button in each.buttons}, each


@every_language
def test_the_login_screen_has_all_its_steps_without_the_picture(
    translators: Translators, language: str
) -> None:
    (steps,) = made_by(taken(translators[language], NAMELESS), login.ask_for_cookie)
    words = ("1. ", "2. ", "3. ", "zjy2.icve.com.cn", "F12", "Application", "auth")
    for word in (*words, "Cookie", "cURL", "JSON", "cookies.txt", "iPhone"):
        assert word in steps.text, word
    assert len(steps.text.splitlines()) <= 12


@every_language
def test_a_cookie_that_is_not_taken_is_not_said_to_have_expired_for_sure(
    translators: Translators, language: str
) -> None:
    words = {"zh": ("不接受", "或者没有复制完整"), "en": ("does not accept", "not copied whole")}
    screen = login.login_failed(translators[language], login.LoginTrouble.NOT_TAKEN)
    assert all(word in screen.text for word in words[language])


@every_language
def test_every_account_can_be_used_and_removed_and_the_question_names_it(
    translators: Translators, language: str
) -> None:
    lines = [
        account.AccountLine(replace(an_account("张三"), id=7), active=True, age="3 h"),
        account.AccountLine(replace(an_account("李四"), id=8, number="20210314160"), active=False),
    ]
    _, (first, second, _) = as_telegram_takes_it(account.accounts(translators[language], lines))
    for row, line in ((first, lines[0]), (second, lines[1])):
        assert [decode(each.data) for each in row] == [
            Callback(Action.ACCOUNT, (line.account.id,)),
            Callback(Action.ASK_LOGOUT, (line.account.id,)),
        ]
    assert (first[0].text, "李四" in second[0].text) == ("✓ 张三", True)
    question = account.confirm_logout(translators[language], lines[1].account)
    assert "李四" in question.text
    assert "20*******60" in question.text
