"""The Dockerfile's own steps without a container engine: the wheel and the locked packages in fresh
environments, and the bot from them on a machine that cannot be written to."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from demo.platform import STUDENT, document
from demo.stage import Process
from tests.docs.dockerfile import copied, final_stage, steps
from tests.docs.pages import ROOT
from tests.support.app_harness import one_course
from tests.support.shown import from_bot, saying, with_button
from tests.support.watched_stage import WatchedStage

pytestmark = [
    pytest.mark.process,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="mount namespaces are Linux's"),
]
PATIENCE = 60.0
BUILD = "/tmp/build"  # noqa: S108 - a path within the image
READ_ONLY = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$TMPDIR"
mount --bind "$DATA_DIR" "$DATA_DIR"
for place in $(awk '{print $5}' /proc/self/mountinfo); do
  case "$place" in
    "$DATA_DIR"|"$TMPDIR"|/proc*|/sys*|/dev*) ;;
    *) mount -o remount,bind,ro "$place" 2>/dev/null || true ;;
  esac
done
if touch "$PROBE" 2>/dev/null; then echo "this machine can be written to" >&2; exit 99; fi
cd "$DATA_DIR"
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""
"""What `read_only`, `tmpfs` and `cap_drop` of compose do."""


def namespace() -> list[str]:
    """The command before the one that runs with mounts of its own; skips where that is refused."""
    command = ["unshare", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--mount"]
    tried = subprocess.run([*command, "mount", "--make-rprivate", "/"], capture_output=True)
    if tried.returncode != 0:
        pytest.skip("this machine gives no mount namespaces")
    return command


def run(command: str, folder: Path, binaries: Path) -> None:
    """Run a step of the Dockerfile: no home folder, and nothing of this environment."""
    path = f"{binaries}:{os.environ['PATH']}"
    configured = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    done = subprocess.run(
        ["sh", "-ec", command],
        cwd=folder,
        env={"PATH": path, "TMPDIR": str(folder), **configured},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


class Image:
    """What the Dockerfile makes, in folders below ``place``."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.builder, self.final = place / "builder", place / "final"
        self.build = place / "build"

    def make(self) -> None:
        source = self.place / "src"
        for name in copied():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                without = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, target, ignore=without)
            else:
                shutil.copy(ROOT / name, target)
        for environment in (self.builder, self.final):
            venv.create(environment, with_pip=True)
        self.build.mkdir()
        wheels = self.build / "wheels"
        last = len(steps()) - len(final_stage())
        for at, (word, rest) in enumerate(steps()):
            if word != "RUN" or "pip" not in rest:
                continue
            in_builder = at < last
            command = re.sub(r"/wheels(?=[ /]|$)", str(wheels), rest) if in_builder else rest
            command = command.replace(BUILD, str(self.build))
            if not in_builder:
                shutil.copy(source / "requirements.lock", self.build)
            run(command, source, (self.builder if in_builder else self.final) / "bin")

    @property
    def python(self) -> Path:
        return self.final / "bin" / "python"

    def says(self, *command: str | Path) -> str:
        """What a command of the image prints; nothing of this environment is there."""
        ran = subprocess.run(command, capture_output=True, text=True, env={}, cwd=self.place)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    with tempfile.TemporaryDirectory(prefix="zjy-image-") as folder:
        made = Image(Path(folder))
        made.make()
        yield made


class ImageStage(WatchedStage):
    """A stage whose bot is the one of the image."""

    image: Image

    async def start_process(self) -> Process:
        self.data_dir.mkdir(exist_ok=True)
        temporary = self._folder / "tmp"
        temporary.mkdir(exist_ok=True)
        words = dict(final_stage())
        of_image = dict(each.split("=", 1) for each in words["ENV"].split())
        of_stage = {
            name: value
            for name, value in self._environment().items()
            if name.endswith(("_URL", "_TOKEN", "_USERS", "_SPEED"))
        }
        environment = {
            **of_image,
            **of_stage,
            "PATH": f"{self.image.final}/bin:{os.environ['PATH']}",
            "DATA_DIR": str(self.data_dir),
            "TMPDIR": str(temporary),
            "PROBE": str(self.image.place / "probe"),
        }
        bot = [str(self.image.python), "-m", "bot", "run"]
        with self.log.open("ab") as log:
            self._process = process = await asyncio.create_subprocess_exec(
                *(*namespace(), "sh", "-c", READ_ONLY, "sh", *bot), env=environment, stderr=log
            )
        self.pid = process.pid
        return process


ZONES_AND_FONT = """
import zoneinfo
zoneinfo.reset_tzpath(())
print(zoneinfo.ZoneInfo("Asia/Urumqi"))
from bot.chat.cards.drawing import Drawing
from pylopdf_fonts_zh_cn import sans_path
from pathlib import Path
print(Path(sans_path()).stat().st_size > 1_000_000)
"""


def test_the_image_holds_only_what_the_lock_names_with_version_zones_and_typeface(
    image: Image,
) -> None:
    listed = image.says(image.python, "-m", "pip", "list", "--format=freeze").lower()
    names = {line.split("==")[0].replace("_", "-") for line in listed.split()}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {
        re.split(r"[\[=]", line)[0] for line in re.findall(r"^[a-z0-9].*==.*", lock, re.MULTILINE)
    }
    assert names - pinned <= {"pip", "setuptools", "wheel", "zjy-study-bot"}
    version = image.says(image.final / "bin" / "zjy-study-bot", "--version")
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", version)
    assert image.says(image.python, "-c", ZONES_AND_FONT).split() == ["Asia/Urumqi", "True"]


async def test_the_bot_of_the_image_works_where_only_its_folder_can_be_written(
    image: Image,
) -> None:
    ImageStage.image = image
    async with ImageStage(one_course([document(2)])) as stage:
        person = stage.telegram.person(1001)
        person.send(stage.platform.cookie_for(STUDENT.stu_id))
        await stage.telegram.wait_for(lambda: saying(person.chat, STUDENT.name), PATIENCE)
        person.send("/progress")
        await stage.telegram.wait_for(
            lambda: any(each.photo for each in from_bot(person.chat)), PATIENCE
        )
        person.send("/courses")
        for label in ("测试科目", "测试模块", "下一步", "开始"):
            await stage.telegram.wait_for(partial(with_button, person.chat, label), PATIENCE)
            person.press(label)
        await stage.telegram.wait_for(lambda: saying(person.chat, "完成 1"), PATIENCE)
        assert await stage.stop_bot() == 0
        assert '"level": "error"' not in stage.logged()
        modes = {path: path.stat().st_mode & 0o777 for path in stage.data_dir.rglob("*")}
        assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
        assert {mode for path, mode in modes.items() if path.is_dir()} <= {0o700}
