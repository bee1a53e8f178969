"""A stand-in of the 职教云 platform: it answers as the platform does, with every trap, and counts
what breaks the platform's rules. See docs/platform.md for the facts behind it."""

from demo.platform.builders import (
    OTHER_STUDENT,
    STUDENT,
    archive,
    audio,
    course,
    discussion,
    document,
    folder,
    gone,
    homework,
    link,
    locked,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from demo.platform.catalog import demo_school
from demo.platform.endpoints import Endpoint
from demo.platform.faults import EXPIRED_FORMS, Fault, FaultKind, Faults
from demo.platform.requests import Phase, Request
from demo.platform.school import Cell, Course, Method, Module, School, Student, Topic
from demo.platform.server import PlatformServer
from demo.platform.violations import Violation, ViolationKind

__all__ = [
    "EXPIRED_FORMS",
    "OTHER_STUDENT",
    "STUDENT",
    "Cell",
    "Course",
    "Endpoint",
    "Fault",
    "FaultKind",
    "Faults",
    "Method",
    "Module",
    "Phase",
    "PlatformServer",
    "Request",
    "School",
    "Student",
    "Topic",
    "Violation",
    "ViolationKind",
    "archive",
    "audio",
    "course",
    "demo_school",
    "discussion",
    "document",
    "folder",
    "gone",
    "homework",
    "link",
    "locked",
    "module",
    "picture",
    "quiz",
    "school_of",
    "topic",
    "unsupported",
    "video",
]
