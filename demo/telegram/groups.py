"""Groups: who is in, what the bot is there, and the move to a supergroup."""

from demo.telegram.changes import Event, EventKind
from demo.telegram.membership import tell_membership
from demo.telegram.messages import Json, Message
from demo.telegram.people import Person
from demo.telegram.state import BotStatus, Chat, ChatKind, World

ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group"}


class Group:
    """A group that the bot was added to as a member."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat

    @property
    def chat_id(self) -> int:
        return self.chat.chat_id

    def add(self, person: Person) -> None:
        """Let a person in."""
        self.chat.members.add(person.user_id)

    def promote(self) -> None:
        """Make the bot an administrator."""
        self._set(BotStatus.ADMINISTRATOR)

    def demote(self) -> None:
        """Make the bot a plain member."""
        self._set(BotStatus.MEMBER)

    def kick(self) -> None:
        """Throw the bot out."""
        self._set(BotStatus.KICKED)

    def open_topic(self) -> int:
        """Make the group a forum with one more topic; returns the topic's thread."""
        topic = self._service(self.chat, {"forum_topic_created": {"name": "…"}}).message_id
        self.chat.topics.add(topic)
        return topic

    def migrate(self, to_chat_id: int) -> "Group":
        """Become a supergroup with a new id: the old chat answers 400 from now on."""
        world = self._world
        moved = Chat(
            to_chat_id,
            ChatKind.SUPERGROUP,
            self.chat.title,
            members=set(self.chat.members),
            bot=self.chat.bot,
        )
        world.chats[to_chat_id] = moved
        self._service(self.chat, {"migrate_to_chat_id": to_chat_id})
        self._service(moved, {"migrate_from_chat_id": self.chat_id})
        self.chat.migrated_to = to_chat_id
        return Group(world, moved)

    def _service(self, chat: Chat, content: Json) -> Message:
        message = self._world.new_message(chat, ANONYMOUS, from_bot=False)
        message.service = content
        self._world.show(message)
        self._world.updates.add("message", self._world.wire(message))
        return message

    def _set(self, new: BotStatus) -> None:
        old, self.chat.bot = self.chat.bot, new
        actor = self._world.users.get(min(self.chat.members, default=0), ANONYMOUS)
        if old is not new:
            tell_membership(self._world, self.chat, actor, old, new)
        self._world.changes.tell(Event(EventKind.CHAT, self.chat_id))


def new_group(world: World, chat_id: int, title: str, members: list[Person]) -> Group:
    """Make a group (ids from -100… are supergroups) and add the bot to it."""
    if chat_id >= 0:
        raise ValueError("a group's id is below 0")
    kind = ChatKind.SUPERGROUP if chat_id <= -1_000_000_000_000 else ChatKind.GROUP
    chat = Chat(chat_id, kind, title, members={person.user_id for person in members})
    chat.bot = BotStatus.LEFT
    world.chats[chat_id] = chat
    group = Group(world, chat)
    group.demote()
    return group
