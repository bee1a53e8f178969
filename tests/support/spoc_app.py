"""The whole bot beside the site since 2023, with its own person in front."""

from pathlib import Path
from typing import Any

from demo.platform import school_of
from demo.spoc import SpocSchool, SpocSite, folder, lesson, spoc_course, spoc_school
from tests.support.app_harness import SPEED, AppHarness


def small_school() -> SpocSchool:
    """One student with a course of two modules: one is finished, one has lessons to do."""
    done = folder([lesson("开课", speed=100)], name="准备")
    first = folder(
        [
            lesson("视频一", speed=40),
            folder(
                [lesson("讲义", "pdf"), lesson("作业一", "作业")],
                name="第一节",
                file_type="子节点",
            ),
        ],
        name="单元一",
    )
    return spoc_school([spoc_course([done, first], name="网络基础")])


class SpocApp(AppHarness):
    """``site`` is the site since 2023, which stands beside an API of 2021 without courses."""

    def __init__(self, folder: Path, school: SpocSchool | None = None, **more: Any) -> None:  # noqa: ANN401
        speed = more.pop("speed", SPEED)
        self.site = SpocSite(school or small_school(), speed=speed)
        super().__init__(folder, school_of([]), speed=speed, beside=[self.site], **more)

    @property
    def pupil(self) -> str:
        """The id of the site's first student."""
        return self.site.school.pupils[0].user_id

    async def log_in_here(self) -> str:
        """Paste a fresh token and wait for the greeting; returns the token."""
        token = self.site.token_for(self.pupil)
        self.person.send(f"Token={token}")
        await self.see("登录成功")
        return token
