"""The courses that the demo's students have on the site of today."""

from demo.platform.builders import OTHER_STUDENT, STUDENT
from demo.spoc.builders import folder, guid, lesson, spoc_course
from demo.spoc.school import Node, Pupil, SpocCourse, SpocSchool

READER = guid("pupil", STUDENT.user_name)
"""The `userId` of the student whose token the demo gives."""


def demo_spoc_school() -> SpocSchool:
    """The two students of the demo, one with three courses and one with a single one."""
    courses = (_nursing(), _english(), _finished())
    ids = tuple(course.course_id for course in courses)
    return SpocSchool(
        (
            Pupil(READER, STUDENT.name, STUDENT.user_name, ids),
            Pupil(
                guid("pupil", OTHER_STUDENT.user_name),
                OTHER_STUDENT.name,
                OTHER_STUDENT.user_name,
                ids[1:2],
            ),
        ),
        courses,
    )


def _nursing() -> SpocCourse:
    """Folders of every sort, and every kind of lesson."""
    first = folder(
        [
            lesson("护士素质 讲解", "video", speed=100),
            lesson("护士素质 课件", "pptx", speed=100),
            lesson("护士素质 自测", "测验"),
        ],
        name="任务一 护士素质",
        file_type="任务",
    )
    second = folder(
        [
            lesson("铺床法 演示", "video", speed=62.5),
            lesson("铺床法 要点", "pdf"),
            folder(
                [lesson("操作流程图", "图片"), lesson("评分标准", "xls")],
                name="参考资料",
                file_type="文件夹",
            ),
            lesson("你见过哪些铺床法？", "讨论"),
        ],
        name="任务二 铺床法",
        file_type="任务",
    )
    third = folder(
        [
            lesson("生命体征 讲解", "audio"),
            lesson("生命体征 拓展", "链接"),
            lesson("课后作业", "作业"),
        ],
        name="2.1 生命体征",
        file_type="子节点",
    )
    return spoc_course(
        [
            folder([first, second], name="项目一 医院环境", file_type="项目"),
            folder([third], name="第二章 生命体征的评估", file_type="父节点"),
            folder(name="第三章（待更新）", file_type="章"),
        ],
        name="基础护理学",
    )


def _english() -> SpocCourse:
    units = (_unit(f"Unit {number}", done=number < 3) for number in range(1, 5))
    return spoc_course(units, name="实用英语", created="2026-08-25 09:30:00", is_criteria=False)


def _finished() -> SpocCourse:
    units = (_unit(f"模块{number} 办公软件", done=True) for number in range(1, 3))
    return spoc_course(units, name="信息技术", term="2026春", created="2026-02-20 10:00:00")


def _unit(name: str, *, done: bool) -> Node:
    percent = 100.0 if done else 0.0
    lessons = (
        lesson(f"{name} 微课", "video", speed=percent),
        lesson(f"{name} 讲义", "doc", speed=percent),
        lesson(f"{name} 图文", "图文", speed=percent),
    )
    return folder(lessons, name=name, file_type="单元")
