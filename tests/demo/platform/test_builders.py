from demo.platform import (
    STUDENT,
    course,
    document,
    folder,
    locked,
    module,
    school_of,
    topic,
    video,
)


def test_cells_alone_make_a_whole_school_with_ids_in_order() -> None:
    school = school_of([video(30), folder([document(3), video(9, id="own")]), video(30)])
    (only,) = school.courses
    assert (only.id, only.course_open_id, only.open_class_id) == (
        "course-1",
        "course-1-open",
        "course-1-class",
    )
    assert [leaf.id for leaf in school.leaves()] == ["cell-1", "cell-3", "own", "cell-4"]
    assert school.students[0] is STUDENT
    place = school.place("own")
    assert place is not None
    assert (place.module.id, place.topic.id, place.cell.length) == ("module-1", "topic-1", 9)


def test_equal_cells_become_different_ones() -> None:
    assert len(school_of([video(30)] * 3).leaves()) == 3


def test_whole_trees_can_be_given() -> None:
    school = school_of(
        courses=[course([module([topic([video(1)]), topic(id="0")])]), course(name="空")]
    )
    assert [c.id for c in school.courses] == ["course-1", "course-2"]
    assert [t.id for t in school.courses[0].modules[0].topics] == ["topic-1", "0"]
    assert school_of(modules=[module(), module()]).courses[0].modules[1].id == "module-2"
    assert school_of(topics=[topic(), topic()]).courses[0].modules[0].topics[1].id == "topic-2"


def test_cells_can_be_found_by_name() -> None:
    school = school_of([locked(video(30, name="晚点开放"))])
    assert school.cell_named("晚点开放").locked


def test_what_starts_finished_or_begun_has_its_percent() -> None:
    school = school_of([video(30, finished=True), video(30, 15), document(4, pages_read=1)])
    percents = [school.progress(STUDENT.stu_id, leaf.id).percent for leaf in school.leaves()]
    assert percents == [100, 50, 25]
