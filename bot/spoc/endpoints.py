"""All that may be asked of the site since 2023: a list of what is allowed, not of what is
forbidden (``docs/platform.md``, section *The site since 2023*).

Several of the site's own GETs change something: opening a paper starts its clock, a visit is
written, a code signs in. So nothing is sent that is not a member here.
"""

from enum import Enum


class Endpoint(Enum):
    """An endpoint; its value is the method and the path under the platform's address."""

    ME = ("GET", "/prod-api/system/user/getInfo")
    COURSES = ("GET", "/prod-api/spoc/courseInfoStudent/myCourseList")
    FOLDER = ("GET", "/prod-api/spoc/courseDesign/study/record")

    @property
    def method(self) -> str:
        return self.value[0]

    @property
    def path(self) -> str:
        return self.value[1]

    @property
    def short(self) -> str:
        """The last part of the path, for errors."""
        return self.path.rpartition("/")[2]
