"""Which tests run in one process: those that share what takes seconds to make."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

TOGETHER = {
    "an image": ("tests/e2e/test_image.py",),
    "a browser": ("tests/demo/phone/",),
    "another browser": (
        "tests/e2e/test_demo_page.py",
        "tests/e2e/test_first_ten_minutes.py",
        "tests/e2e/test_taps.py",
    ),
}
"""What a process makes once, and the beginnings of the paths of its tests."""


class TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a process that has little left to do one more test, or all tests of a line above."""

    def _split_scope(self, nodeid: str) -> str:
        return next(
            (scope for scope, paths in TOGETHER.items() if nodeid.startswith(paths)), nodeid
        )
