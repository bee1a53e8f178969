"""A stage whose bot's process is looked at from outside: its log, its memory."""

from pathlib import Path

from demo.stage import Process, Stage


class WatchedStage(Stage):
    """A stage whose bot writes everything that it logs into a file, over all its starts."""

    async def start_process(self) -> Process:
        with self.log.open("ab") as log:
            self._process = process = await self.launch(
                "run", env=self._environment(), cwd=self._folder, stderr=log
            )
        self.pid = process.pid
        return process

    @property
    def log(self) -> Path:
        return self._folder / "log"

    def logged(self) -> str:
        """All that was logged so far."""
        return self.log.read_text(encoding="utf-8")

    def megabytes(self) -> int:
        """The most memory that the bot's process has had."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) // 1024
