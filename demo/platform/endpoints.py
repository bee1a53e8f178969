"""The eight calls of the platform's API and where they live."""

from enum import StrEnum


class Endpoint(StrEnum):
    """One call of the API; the value is its path."""

    ME = "/api/student/Studio/index"
    COURSES = "/api/student/learning/getLearnningCourseList"
    MODULES = "/api/study/process/getProcessList"
    TOPICS = "/api/study/process/getTopicByModuleId"
    CELLS = "/api/study/process/getCellByTopicId"
    VIEW = "/api/common/Directory/viewDirectory"
    SWITCH = "/api/common/Directory/changeStuStudyProcessCellData"
    REPORT = "/api/common/Directory/stuProcessCellLog"


TREE_READS = frozenset({Endpoint.COURSES, Endpoint.MODULES, Endpoint.TOPICS, Endpoint.CELLS})
"""The calls that must not follow each other without a pause."""

STUDY_CALLS = frozenset({Endpoint.VIEW, Endpoint.REPORT})
"""The calls that a bar refuses."""
