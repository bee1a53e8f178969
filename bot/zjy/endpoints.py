"""The eight endpoints of the platform's API (``docs/platform.md``, section *Endpoints*)."""

from enum import StrEnum


class Endpoint(StrEnum):
    """An endpoint; its value is the path under the platform's address."""

    ME = "/api/student/Studio/index"
    COURSES = "/api/student/learning/getLearnningCourseList"
    MODULES = "/api/study/process/getProcessList"
    TOPICS = "/api/study/process/getTopicByModuleId"
    CELLS = "/api/study/process/getCellByTopicId"
    VIEW = "/api/common/Directory/viewDirectory"
    SWITCH = "/api/common/Directory/changeStuStudyProcessCellData"
    REPORT = "/api/common/Directory/stuProcessCellLog"

    @property
    def short(self) -> str:
        """The last part of the path, for errors."""
        return self.value.rpartition("/")[2]

    @property
    def changes_state(self) -> bool:
        """Whether a request without an answer may have changed something on the platform."""
        return self in (Endpoint.VIEW, Endpoint.SWITCH, Endpoint.REPORT)
