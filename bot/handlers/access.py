"""Access control: checks each update before any other handler. Most updates of strangers do not
come this far (:mod:`bot.handlers.door`)."""

from telegram import Chat, Update, User
from telegram.ext import ApplicationHandlerStop

from bot.access.codes import Opened, code_in
from bot.chat.owner_menu import OwnerMenu
from bot.chat.people import View
from bot.chat.views import people as people_views
from bot.handlers.context import Press
from bot.handlers.own_data import press_removes, text_removes
from bot.handlers.services import Services
from bot.outbox.stranger_answers import Stranger, StrangerAnswers


class AccessControl:
    def __init__(self, services: Services, menu: OwnerMenu, answers: StrangerAnswers) -> None:
        self._services = services
        self._access = services.access
        self._menu = menu
        self._answers = answers

    async def check(self, update: Update) -> None:
        """Let the update pass, or refuse it with one line that names the person's own id, at most
        once an hour. A link that lets the person in is opened here; its update then passes as a
        plain ``/start``.

        Raises ApplicationHandlerStop for a refused update, so that no other handler gets it.
        """
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None:
            if update.callback_query is not None:  # of a message in no chat of the bot
                await Press(update.callback_query, self._services.outbox).answer()
            raise ApplicationHandlerStop
        is_private = chat.type == Chat.PRIVATE
        if is_private and update.message is not None:
            await self._open_link(user, update.message.text)
        if self._access.allows(user.id):
            if is_private:
                await self._access.note(user.id, _name_of(user))
                self._give_menu(user.id)
            return
        is_stored = is_private and await self._services.people.of_chat(chat.id) is not None
        if is_stored and _removes_own_data(update):
            return
        if update.callback_query is not None:
            await Press(update.callback_query, self._services.outbox).answer()
        is_new = update.my_chat_member is None and update.edited_message is None
        if is_private and is_new:
            self._answers.offer(Stranger(user.id, user.language_code, is_stored))
        raise ApplicationHandlerStop

    async def _open_link(self, user: User, text: str | None) -> None:
        code = code_in(text)
        if code is None:
            return
        match await self._access.open_link(user.id, _name_of(user), code):
            case Opened.CLAIMED:
                await self._greet(user, people_views.you_are_owner)
            case Opened.JOINED:
                await self._greet(user, people_views.you_are_in)
            case Opened.KNOWN | Opened.REFUSED:
                return

    async def _greet(self, user: User, view: View) -> None:
        person = await self._services.people.meet(user.id, user.id, user.language_code)
        await self._services.outbox.send(user.id, view(person.tr))

    def _give_menu(self, user_id: int) -> None:
        if user_id == self._access.owner and self._menu.is_due:
            work = self._menu.bring_up_to_date()
            self._services.background.start(None, "the owner's menu", work)


def _name_of(user: User) -> str:
    return " ".join(part for part in (user.first_name, user.last_name) if part)


def _removes_own_data(update: Update) -> bool:
    if update.callback_query is not None:
        return press_removes(update.callback_query.data)
    return text_removes(update.message.text if update.message is not None else None)
