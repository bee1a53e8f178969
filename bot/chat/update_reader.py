"""Reads updates one by one: an unreadable one is reduced or skipped, and the others are handled."""

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator

from telegram import Update

from bot.chat.reduced_update import reduced
from bot.chat.sound_update import check
from bot.chat.telegram_answers import DECODER, Json, parsed, unreadable, whole_number
from bot.chat.whole_text import whole, without_depths
from bot.log_limit import LogLimit
from bot.logs import get_log

HANDLED_KINDS = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""The kinds of updates that the bot asks Telegram for, by polls and by webhook alike."""
UNKNOWN = "unknown"
LARGEST_UPDATE_ID = 2**31 - 1
REMEMBERED = 1000
"""The number of updates that are remembered to recognise repetitions."""
TORN_POLLS = 3
"""The number of polls that ask for an update with invalid JSON before it is skipped: the network
may have damaged the answer, and then the next one is intact."""

_KINDS = frozenset(Update.ALL_TYPES)
_BEGINS = re.compile(r'\{\s*"update_id"\s*:\s*(\d{1,10})\b')
"""Matches no text of a person: within a JSON string the quotes are escaped."""

_log = get_log(__name__)


class UpdateReader:
    """``vain`` tells whether the last poll brought nothing, ``passed_over`` the number of
    unreadable updates. ``refuses`` gets the kind and the content of an update before it is read: a
    refused one is confirmed and not handed on."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.passed_over = 0
        self.vain = False
        self.refuses: Callable[[str, object], bool] = _refuses_none
        self._refused: set[int] = set()
        self._limit = LogLimit(monotonic)
        self._partly = LogLimit(monotonic)
        self._torn = 0
        self._seen: OrderedDict[int, bytes] = OrderedDict()

    def read(self, body: bytes, offset: int, kinds: Collection[str]) -> list[Json]:
        """The updates of an answer to ``getUpdates``, in order; the library can read each of them.

        An unreadable update is reduced to the fields that the handlers use. If they cannot be read
        either, or if its kind is not in ``kinds``, only its id remains, which confirms it.
        ``offset`` is the offset of the poll. Raises NetworkError if the answer holds no update that
        could be confirmed.
        """
        self._say_left_out()
        elements = list(self._elements(body.decode("utf-8", "replace")))
        self._refused.clear()
        readable: dict[int, Json] = {}
        for element in elements:
            update = self._one(element, kinds)
            if update is not None and len(readable.get(update["update_id"], {})) <= 1:
                readable[update["update_id"]] = update
        if not readable and elements:
            return self._nameless(len(elements), offset)
        # The highest id confirms all of them.
        left_out = self._refused - {max(readable, default=0)}
        updates = [readable[each] for each in sorted(readable) if each not in left_out]
        repeated = {each["update_id"] for each in updates if self._is_repeated(each)}
        # A repeated update was handed on before: only its id is, which confirms it.
        updates = [_bare(each) if each["update_id"] in repeated else each for each in updates]
        self.vain = all(len(update) == 1 for update in updates) and not self._refused
        if updates and updates[-1]["update_id"] < offset and len(repeated) == len(updates):
            # New ids below the offset are possible: after a week without updates, Telegram
            # renumbers.
            updates.append({"update_id": offset - 1})
        return updates

    def read_pushed(self, body: bytes, kinds: Collection[str]) -> list[Json]:
        """The updates to handle in the body of one request of a webhook, which holds one update or
        none that can be read; as :meth:`read` gives those of a poll. Raises NetworkError if the
        body may have been damaged on its way: then it is to be sent again."""
        answer = b'{"ok":true,"result":[' + body + b"]}"
        # No id is below the offset 1: without an id, the update is passed over.
        return [each for each in self.read(answer, 1, kinds) if len(each) > 1]

    def _is_repeated(self, update: Json) -> bool:
        """Whether this very update came before. One with the same id and other content is new:
        after a week without updates, Telegram renumbers."""
        update_id = update["update_id"]
        content = hashlib.sha256(json.dumps(update).encode()).digest()
        is_repeated = self._seen.get(update_id) == content
        self._seen[update_id] = content
        self._seen.move_to_end(update_id)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return is_repeated

    def _elements(self, text: str) -> Iterator[object]:
        """Every element of the result; of damaged JSON each element that can be found."""
        answer = parsed(text) or parsed(without_depths(text))
        result = answer.get("result") if isinstance(answer, dict) else None
        if isinstance(result, list):
            self._torn = 0
            yield from result
            return
        found, end = False, 0
        for begin in _BEGINS.finditer(text):
            if begin.start() < end:
                continue
            try:
                element, end = DECODER.raw_decode(text, begin.start())
            except RecursionError:
                element = {"update_id": int(begin[1])}
            except ValueError:
                if self._torn < TORN_POLLS - 1:
                    break
                element = {"update_id": int(begin[1])}
            found = True
            yield element
        self._torn = 0 if found else self._torn + 1
        if not found:
            raise unreadable("getUpdates")

    def _one(self, element: object, kinds: Collection[str]) -> Json | None:
        """The update, or only its id; None without an id that can be confirmed."""
        if not isinstance(element, dict):
            self._pass_over(UNKNOWN, None)
            return None
        update_id = whole_number(element.get("update_id"), 1, LARGEST_UPDATE_ID)
        known = [name for name in element if name in _KINDS]
        kind = next((name for name in known if name in kinds), (*known, UNKNOWN)[0])
        if update_id is None:
            self._pass_over(kind, None)
            return None
        bare = _bare(element)
        if kind in _KINDS and kind not in kinds:
            return bare
        if kind in kinds and self.refuses(kind, element.get(kind)):
            self._refused.add(update_id)
            return bare
        update = _read(element) if kind in kinds else None
        if update is not None:
            return update
        update = _read_reduced(element, kind) if kind in kinds else None
        if update is None:
            self._pass_over(kind, update_id)
            return bare
        if self._partly.allows(kind):
            _log.warning("an update could be read only in part", kind=kind, update=update_id)
        return update

    def _nameless(self, count: int, offset: int) -> list[Json]:
        """Placeholders for an answer without any id. Its updates are the oldest from ``offset`` on,
        and later ones get higher ids: so as many ids can be confirmed without losing another
        update."""
        if offset <= 0:
            raise unreadable("getUpdates")
        self.vain = True
        return [{"update_id": offset + each} for each in range(count)]

    def _say_left_out(self) -> None:
        """Log how many updates of each kind were not logged one by one. A poll takes seconds, so
        this comes soon after the end of the limit's window."""
        for kind, number in self._limit.left_out().items():
            _log.warning(
                "more updates could not be read and were passed over", kind=kind, number=number
            )
        for kind, number in self._partly.left_out().items():
            _log.warning("more updates could be read only in part", kind=kind, number=number)

    def _pass_over(self, kind: str, update_id: int | None) -> None:
        """Log that an update was skipped, without any of its content."""
        self.passed_over += 1
        if self._limit.allows(kind):
            _log.warning(
                "an update could not be read and is passed over",
                kind=kind,
                update=update_id,
                so_far=self.passed_over,
            )


def _refuses_none(kind: str, content: object) -> bool:
    return False


def _bare(update: Json) -> Json:
    return {"update_id": update["update_id"]}


def _read_reduced(element: Json, kind: str) -> Json | None:
    try:
        return _read(reduced(element, kind))
    except ValueError:
        return None


def _read(element: Json) -> Json | None:
    """The update without text that cannot be stored; None if the library or the handlers cannot
    read it."""
    try:
        update = whole(element)
        if not isinstance(update, dict):
            return None
        check(update)
        Update.de_json(update, None)
    except Exception:  # noqa: BLE001 - whatever an update makes the library raise, it is one update
        return None
    return update
