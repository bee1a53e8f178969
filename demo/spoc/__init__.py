"""A stand-in of the site of today, at the old API's address: it is only read, and whatever is sent
beside the three reads is recorded. See docs/platform.md, section *The site since 2023*."""

from demo.spoc.builders import folder, guid, lesson, spoc_course, spoc_school
from demo.spoc.catalog import READER, demo_spoc_school
from demo.spoc.reads import METHOD, PREFIX, Read
from demo.spoc.school import ROOT, Node, Pupil, SpocCourse, SpocSchool
from demo.spoc.site import Asked, SpocSite
from demo.spoc.tokens import DAY, RENEWED_WITHIN, WEEK
from demo.spoc.trouble import (
    ANTI_BOT,
    ELSEWHERE,
    EXPIRED_BODY,
    EXPIRED_EMPTY,
    EXPIRED_FORMS,
    EXPIRED_HTTP,
    EXPIRED_TEXT,
    FORBIDDEN_BODY,
    FORBIDDEN_HTTP,
    OTHER_CODE,
)
from demo.spoc.wire import BEIJING, Dialect, Envelope, Form

__all__ = [
    "ANTI_BOT",
    "BEIJING",
    "DAY",
    "ELSEWHERE",
    "EXPIRED_BODY",
    "EXPIRED_EMPTY",
    "EXPIRED_FORMS",
    "EXPIRED_HTTP",
    "EXPIRED_TEXT",
    "FORBIDDEN_BODY",
    "FORBIDDEN_HTTP",
    "METHOD",
    "OTHER_CODE",
    "PREFIX",
    "READER",
    "RENEWED_WITHIN",
    "ROOT",
    "WEEK",
    "Asked",
    "Dialect",
    "Envelope",
    "Form",
    "Node",
    "Pupil",
    "Read",
    "SpocCourse",
    "SpocSchool",
    "SpocSite",
    "demo_spoc_school",
    "folder",
    "guid",
    "lesson",
    "spoc_course",
    "spoc_school",
]
