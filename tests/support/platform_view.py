"""What a test does and sees at the stand-in of the platform."""

from dataclasses import replace
from typing import Self

from demo.platform import (
    STUDENT,
    Cell,
    Course,
    Endpoint,
    Fault,
    Module,
    PlatformServer,
    Request,
)


class PlatformView:
    """For whatever has a ``platform``."""

    platform: PlatformServer

    # what came to it, and what it shows

    def sent(
        self, endpoint: Endpoint, *, student: str | None = None, cell: str | None = None
    ) -> list[Request]:
        """The requests that came to an endpoint, of one student and about one cell or all."""
        return [
            request
            for request in self.platform.requests
            if request.endpoint is endpoint
            and student in (None, request.student)
            and cell in (None, request.form.get("cellId"))
        ]

    def asked(self, *endpoints: Endpoint) -> int:
        """How many requests came to these endpoints."""
        return sum(request.endpoint in endpoints for request in self.platform.requests)

    def percent(self, item: Course | Module, student: str = STUDENT.stu_id) -> float:
        """What the platform shows for a course or module, by its own words."""
        return self.platform._service._wire.mean_percent(
            item.leaves(), student, self.platform.now()
        )

    # what happens there

    def fault(self, endpoint: Endpoint | str, fault: Fault, *, times: int | None = 1) -> Self:
        """Let the next ``times`` requests of an endpoint meet a fault."""
        self.platform.faults.add(endpoint, fault, times=times)
        return self

    def finish(self, *cells: str, student: str = STUDENT.stu_id, ago: float = 0.0) -> None:
        """The student did cells in the browser, platform seconds ago."""
        for cell_id in cells:
            progress = self.platform.school.progress(student, cell_id)
            progress.raise_to(100.0, self.platform.now() - ago)

    def set_courses(self, *courses: Course) -> None:
        school = self.platform.school
        school.courses = courses
        school.__post_init__()

    def publish(self, course: int, module: Module) -> None:
        """The teacher adds a module, or puts another in the place of the one of the same id."""
        changed = list(self.platform.school.courses)
        modules = {each.id: each for each in (*changed[course].modules, module)}
        changed[course] = replace(changed[course], modules=tuple(modules.values()))
        self.set_courses(*changed)

    def add_cell(self, course: int, module: int, cell: Cell) -> None:
        """The teacher adds a cell to the first topic of a module."""
        old = self.platform.school.courses[course].modules[module]
        first, *rest = old.topics
        topics = (replace(first, cells=(*first.cells, cell)), *rest)
        self.publish(course, replace(old, topics=topics))
