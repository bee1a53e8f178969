import json
from collections import Counter

from demo.platform import Cell, Endpoint, Method, demo_school
from demo.platform.school import Module
from tests.demo.platform.conftest import Enrol

BY_HAND = {"测验", "作业", "讨论"}
MODULE_NAMES = [
    "课程导学",
    "模块一    初识java及环境搭建",
    "模块二  走进java世界之语法基础",
    "模块三  走进java世界之流程控制",
    "模块四  探知java之面向对象基础",
    "模块五  使用java数组和方法",
    "模块六 探知java之面向对象高级",
    "模块七  探究java之异常处理",
    "模块八  解读java之常用API",
    "模块九 进阶java高级之文件操作",
    "模块十  进阶java高级之数据库编程",
    "模块十一  进阶java高级之网络编程",
    "单元1 搭建Java开发环境",
    "单元2 Java语言基础",
    "单元3 面向对象程序设计",
    "单元4 继承与多态",
    "单元5 集合容器",
    "单元6 图形用户界面设计",
    "单元7 JDBC",
    "单元8 输入输出流与多线程",
]


def introduction() -> Module:
    return demo_school().courses[0].modules[0]


def java_leaves() -> list[Cell]:
    return demo_school().courses[0].leaves()


def depth(cell: Cell) -> int:
    return 1 + max((depth(child) for child in cell.children), default=0)


def test_the_school_is_the_same_each_time() -> None:
    assert demo_school() == demo_school()


def test_its_courses_and_modules_are_those_of_the_published_answers() -> None:
    courses = demo_school().courses
    assert [course.name for course in courses] == [
        "java面向对象程序设计",
        "数据结构",
        "C语言程序设计",
        "新开课程",
    ]
    assert courses[0].course_open_id == "qra4ahurp4hhmnxeb88lza"
    names = [module.name for module in courses[0].modules]
    assert names[:20] == MODULE_NAMES
    assert courses[3].modules == ()


def test_the_first_module_is_a_calm_run_with_one_cell_left_to_the_student() -> None:
    leaves = introduction().leaves()
    assert Counter(leaf.category for leaf in leaves) == {
        "文档": 3,
        "视频": 3,
        "图片": 1,
        "链接": 1,
        "测验": 1,
    }
    assert not any(leaf.locked or leaf.finished for leaf in leaves)
    assert all(20 <= leaf.length <= 60 for leaf in leaves if leaf.category == "视频")
    assert all(leaf.page_count == leaf.pages for leaf in leaves if leaf.method is Method.PAGES)
    cells = [cell for topic in introduction().topics for cell in topic.cells]
    assert sorted(len(cell.children) for cell in cells if cell.is_folder) == [2]


def test_every_trap_stands_somewhere() -> None:
    school = demo_school()
    java = school.courses[0]
    leaves = java.leaves()
    media = [leaf for leaf in leaves if leaf.method is Method.MEDIA]
    papers = [leaf for leaf in leaves if leaf.method is Method.PAGES]
    topics = [topic for module in java.modules for topic in module.topics]
    assert {leaf.category for leaf in leaves} >= BY_HAND | {
        "视频", "音频", "文档", "图片", "压缩包", "链接", "swf", "其他", "其它", "图文", "虚拟仿真",
    }  # fmt: skip
    assert {leaf.view_category for leaf in papers} == {"office文档", "pdf文档", "ppt文档"}
    assert {0.0, 2.0, 83.453061} <= {leaf.length for leaf in media}
    assert any(0 < leaf.position < leaf.length for leaf in media)
    assert any(leaf.position > leaf.length for leaf in media)
    assert {0} < {leaf.page_count for leaf in papers if leaf.page_count < leaf.pages}
    assert any(leaf.pages == 1 for leaf in papers)
    links = [leaf.method for leaf in leaves if leaf.category == "链接"]
    assert {Method.VIEW, Method.ONE_REPORT} == set(links)
    assert any(leaf.locked for leaf in leaves)
    assert any(topic.id == "0" for topic in topics)
    assert any(topic.id != "0" and not topic.cells for topic in topics)
    assert any(not module.topics for module in java.modules)
    assert max(depth(cell) for topic in topics for cell in topic.cells) == 3
    names = " ".join(leaf.name for leaf in leaves)
    assert all(part in names for part in ('<b>&"', "☕", "课"))
    assert max(len(leaf.name) for leaf in leaves) > 80


def test_a_module_a_topic_and_a_cell_stand_twice() -> None:
    java = demo_school().courses[0]
    topics = [topic.id for module in java.modules[:20] for topic in module.topics]
    cells = [cell.id for m in java.modules[:2] for topic in m.topics for cell in topic.cells]
    for ids in ([module.id for module in java.modules], topics, cells):
        assert max(Counter(ids).values()) == 2


def test_different_cells_have_different_ids() -> None:
    school = demo_school()
    known = Counter(leaf.id for course in school.courses for leaf in course.leaves())
    assert set(known.values()) == {1}
    assert len(known) == len(school.leaves())


def test_films_are_short_enough_to_watch() -> None:
    assert max(leaf.length for leaf in java_leaves()) <= 90


async def test_two_courses_and_one_module_are_finished_and_the_first_is_not(enrol: Enrol) -> None:
    school = demo_school()
    client = await enrol(school)
    rows = (await client.ask(Endpoint.COURSES))["courseList"]
    assert [row["process"] == 100 for row in rows] == [False, True, True, False]
    client.clock.advance(1)
    course = school.courses[0]
    answer = await client.ask(
        Endpoint.MODULES, courseOpenId=course.course_open_id, openClassId=course.open_class_id
    )
    finished = [row["name"] for row in answer["progress"]["moduleList"] if row["percent"] == 100]
    assert finished == ["单元1 搭建Java开发环境"]


async def test_a_careful_student_completes_everything_that_can_be_completed(enrol: Enrol) -> None:
    """The school can be studied to its end at a player's pace, without breaking a rule."""
    client = await enrol(demo_school())
    left = [leaf for leaf in client.school.leaves() if client.shown(leaf.id) < 100]
    for leaf in left:
        if leaf.locked or leaf.method in (Method.BY_HAND, Method.NEVER):
            continue
        opened = await client.view(leaf.id)
        if leaf.method is Method.MEDIA:
            position, length = opened["stuStudyNewlyTime"], opened["audioVideoLong"]
            while client.shown(leaf.id) < 100:
                position = min(position + 10, length)
                client.clock.advance(10)
                await client.report(leaf.id, position)
        elif leaf.method is Method.PAGES:
            client.clock.advance(10)
            pages = json.loads(opened["resUrl"])["args"]["page_count"]
            await client.report(leaf.id, page=pages)
        elif opened["cellPercent"] < 100:
            await client.report(leaf.id, page=1)
    undone = {leaf.name for leaf in left if client.shown(leaf.id) < 100}
    assert undone == {
        "课前小测验",
        "2.2 单元测验",
        "2.2 课后作业",
        "2.2 讨论：为什么学 Java？",
        "JVM 内存虚拟仿真",
        "尚未开放的视频",
    }
    assert client.kinds() == []
