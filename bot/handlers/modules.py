"""The contents of a module: its topics and cells, read when a person opens it."""

from collections.abc import Sequence

from bot.chat.callbacks import Action, Callback
from bot.chat.views import courses as course_views
from bot.chat.views import modules as views
from bot.courses.plan import OpenDraft
from bot.handlers.context import Context
from bot.handlers.services import Services
from bot.outbox.screen import Screen
from storage.cells import Cell
from storage.courses import Module
from storage.enums import DraftState

REMEMBERED = 200
"""The most opened modules that are cached for paging; the oldest are dropped."""


class ModuleHandlers:
    def __init__(self, services: Services) -> None:
        self._drafts = services.drafts
        self._cells: dict[tuple[int, int], Sequence[Cell]] = {}

    async def open(self, ctx: Context) -> None:
        """Show a module of a draft's course, as it is now."""
        self._cells.pop((ctx.chat_id, ctx.data.id(1)), None)
        await self.turn(ctx)

    async def tick(self, ctx: Context) -> None:
        await self._drafts.tick(ctx.chat_id, ctx.data.id(0), ctx.data.id(1))
        await self.turn(ctx)

    async def untick(self, ctx: Context) -> None:
        await self._drafts.untick(ctx.chat_id, ctx.data.id(0), ctx.data.id(1))
        await self.turn(ctx)

    async def turn(self, ctx: Context) -> None:
        """Show another page of the module; read it again if it is no longer cached."""
        opened = await self._drafts.get(ctx.chat_id, ctx.data.id(0))
        module = (
            next((m for m in opened.modules if m.id == ctx.data.id(1)), None) if opened else None
        )
        account = await ctx.account_of(opened.draft.account_id if opened else None)
        if opened is None or module is None or account is None:
            await ctx.outdated()
            return
        course = opened.course
        cells = self._cells.get((ctx.chat_id, module.id))
        if cells is not None:
            await ctx.show(_contents(ctx, opened, module, cells))
            return

        async def read(_: int) -> Screen:
            cells = await self._drafts.contents(account, course, module)
            self._remember((ctx.chat_id, module.id), cells)
            return _contents(ctx, opened, module, cells)

        again = Callback(Action.MODULE_PAGE, (opened.draft.id, module.id), ctx.data.page)
        await ctx.show_later(account, course_views.loading(ctx.tr), read, again)

    def _remember(self, key: tuple[int, int], cells: Sequence[Cell]) -> None:
        self._cells.pop(key, None)
        self._cells[key] = cells
        while len(self._cells) > REMEMBERED:
            del self._cells[next(iter(self._cells))]


def _contents(ctx: Context, opened: OpenDraft, module: Module, cells: Sequence[Cell]) -> Screen:
    is_open = opened.draft.state is DraftState.CHOOSING and opened.can_study
    return views.contents(
        ctx.tr,
        module,
        cells,
        opened.draft.id,
        ctx.data.page,
        list_page=course_views.page_of_module(opened.modules, module.id),
        ticked=module.id in opened.ticked if is_open else None,
    )
