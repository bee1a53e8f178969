"""Updates taken one by one: what cannot be read is passed over, and the rest is handled."""

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Any

from telegram import Update

from bot.chat.sound_update import check
from bot.chat.telegram_answers import DECODER, parsed, unreadable, whole_number
from bot.chat.whole_text import whole
from bot.log_limit import LogLimit
from bot.logs import get_log

Json = dict[str, Any]

UNKNOWN = "unknown"
LARGEST_ID = 2**31 - 1
REMEMBERED = 1000
"""So many ids are known again when Telegram repeats them."""
TORN_POLLS = 3
"""An update that is no JSON is asked for so often before it is passed over: the way may have torn
its answer, and then the next one is whole."""

_KINDS = frozenset(Update.ALL_TYPES)
_BEGINS = re.compile(r'\{\s*"update_id"\s*:\s*(\d{1,10})\b')
"""Within a text of JSON the quotes are escaped: this is never a person's."""

_log = get_log(__name__)


class UpdateReader:
    """``vain`` tells whether the last poll brought nothing to handle, ``passed_over`` how many
    updates could not be read."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.passed_over = 0
        self.vain = False
        self._limit = LogLimit(monotonic)
        self._torn = 0
        self._seen: deque[int] = deque(maxlen=REMEMBERED)

    def read(self, body: bytes, offset: int, kinds: Collection[str]) -> list[Json]:
        """The updates of an answer to ``getUpdates``, in order, each of which the library reads.

        One that cannot be read, or of a kind that is not among ``kinds``, has its id alone, which
        confirms it. ``offset`` is what was asked for. Raises NetworkError if nothing is found that
        could be confirmed.
        """
        elements = list(self._elements(body.decode("utf-8", "replace")))
        readable: dict[int, Json] = {}
        for element in elements:
            update = self._one(element, kinds)
            if update is not None and len(readable.get(update["update_id"], {})) <= 1:
                readable[update["update_id"]] = update
        if not readable and elements:
            return self._nameless(len(elements), offset)
        updates = [readable[update_id] for update_id in sorted(readable)]
        repeated = readable.keys() & set(self._seen)
        self.vain = all(len(update) == 1 or update["update_id"] in repeated for update in updates)
        self._seen.extend(readable.keys() - repeated)
        if updates and updates[-1]["update_id"] < offset and len(repeated) == len(updates):
            # Ids below the offset that are new are Telegram's: it numbers anew after a quiet week.
            updates.append({"update_id": offset - 1})
        return updates

    def _elements(self, text: str) -> Iterator[object]:
        """Every element of the result, and of a torn one each that is found."""
        answer = parsed(text)
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
        """The update, or one of its id alone; None without an id that can be confirmed."""
        if not isinstance(element, dict):
            self._pass_over(UNKNOWN, None)
            return None
        update_id = whole_number(element.get("update_id"), 1, LARGEST_ID)
        kind = next((name for name in element if name in _KINDS), UNKNOWN)
        if update_id is None:
            self._pass_over(kind, None)
            return None
        bare: Json = {"update_id": update_id}
        if kind in _KINDS and kind not in kinds:
            return bare
        update = _read(element) if kind in kinds else None
        if update is None:
            self._pass_over(kind, update_id)
        return update or bare

    def _nameless(self, count: int, offset: int) -> list[Json]:
        """Nothing that came has an id. They are the oldest from ``offset`` on, and later ones get
        higher ids: so many ids can be confirmed, and no other update is lost by it."""
        if offset <= 0:
            raise unreadable("getUpdates")
        self.vain = True
        return [{"update_id": offset + each} for each in range(count)]

    def _pass_over(self, kind: str, update_id: int | None) -> None:
        """Log that an update was not read: no word of what stood in it."""
        self.passed_over += 1
        if self._limit.allows("update"):
            _log.warning(
                "an update could not be read and is passed over",
                kind=kind,
                update=update_id,
                so_far=self.passed_over,
            )


def _read(element: Json) -> Json | None:
    """The update without what cannot be stored; None if the library or the handlers cannot take
    it."""
    try:
        update = whole(element)
        if not isinstance(update, dict):
            return None
        check(update)
        Update.de_json(update, None)
    except Exception:  # noqa: BLE001 - whatever an update makes the library raise, it is one update
        return None
    return update
