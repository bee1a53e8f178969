"""The demo school's smaller courses: two that are finished, and one that is still empty."""

from demo.platform.builders import document, link, module, picture, topic, video
from demo.platform.school import Course, Module


def data_structures_course() -> Course:
    """数据结构, at 100."""
    return Course(
        "7rznansrfhcg4kunkw",
        "oosoavmrha5farnarf7b1g",
        "gudad2sfjvedmk9jqmkzq",
        "数据结构",
        tuple(_finished_module(name) for name in ("第1章 绪论", "第2章 线性表", "第3章 栈和队列")),
        teacher="成亚玲",
    )


def c_course() -> Course:
    """C语言程序设计, at 100 and marked."""
    return Course(
        "jguzaw6sky1ob8xgc16lqg",
        "xpxan6qubliezyut5xn7q",
        "lrnvawis4qlbpdcywr7qqq",
        "C语言程序设计",
        tuple(_finished_module(name) for name in ("项目一 认识C语言", "项目二 数据类型与运算符")),
        teacher="李健",
        term="2020秋",
        check_status=1,
        total_score=78.87,
    )


def new_course() -> Course:
    """新开课程, which has no modules yet."""
    return Course(
        "n4kqaxisb7pd2vmrw0yzeg", "k9vdaxisr5hgqj1tmwu6ca", "w2mtaxis8znlce4pfy7bqg", "新开课程"
    )


def _finished_module(name: str) -> Module:
    cells = (
        video(64, name=f"{name} 讲解", finished=True),
        document(4, name=f"{name} 课件", finished=True),
        picture(name=f"{name} 思维导图", finished=True),
        link(name=f"{name} 拓展阅读", finished=True),
    )
    return module([topic(cells, name="学习内容")], name=name)
