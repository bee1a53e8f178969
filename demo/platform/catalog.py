"""The demo's school."""

import hashlib
from dataclasses import replace

from demo.platform.builders import OTHER_STUDENT, STUDENT, with_ids
from demo.platform.catalog_java import java_course
from demo.platform.catalog_others import c_course, data_structures_course, new_course
from demo.platform.school import Course, Module, School, Topic


def demo_school() -> School:
    """Two students and four courses.

    The first course has everything that can go wrong, most of it in its second and third module;
    two courses are finished; one has no modules yet.
    """
    java, *others = with_ids(
        (java_course(), data_structures_course(), c_course(), new_course()), _id_of
    )
    return School((STUDENT, OTHER_STUDENT), (_with_doubles(java), *others))


def _id_of(level: str, number: int) -> str:
    """An id of the length and letters of the platform's own, always the same."""
    digest = hashlib.sha256(f"{level} {number}".encode()).hexdigest()
    return f"z25ahur{digest[:14]}"


def _with_doubles(course: Course) -> Course:
    """The course with a module, a topic and a cell standing twice in their lists."""
    first, second, third, *later = course.modules
    second = replace(second, topics=(*second.topics[:-1], _first_cell_again(second.topics[-1])))
    third = replace(third, topics=(*third.topics, third.topics[0]))
    doubled: tuple[Module, ...] = (first, second, third, *later, second)
    return replace(course, modules=doubled)


def _first_cell_again(topic: Topic) -> Topic:
    return replace(topic, cells=(*topic.cells, topic.cells[0]))
