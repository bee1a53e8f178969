"""The demo school's big course, java面向对象程序设计: 20 modules with every trap somewhere."""

from demo.platform.builders import (
    archive,
    audio,
    discussion,
    document,
    folder,
    homework,
    link,
    locked,
    module,
    picture,
    quiz,
    topic,
    unsupported,
    video,
)
from demo.platform.school import Course, Module

LATER_MODULES = (
    ("z25ahur7pbgm3ct2u1f8w", "模块三  走进java世界之流程控制"),
    ("z25ahur151jcqpjvttxpa", "模块四  探知java之面向对象基础"),
    ("z25ahurd4dolopytw7cng", "模块五  使用java数组和方法"),
    ("z25ahurekhe6kaj7z6aq", "模块六 探知java之面向对象高级"),
    ("z25ahurtyvpfcdojguva", "模块七  探究java之异常处理"),
    ("z25ahuri5pdxncltsega", "模块八  解读java之常用API"),
    ("ap65ahurb7ffxycu3oezfg", "模块九 进阶java高级之文件操作"),
    ("ap65ahurcozfctrfmbhq", "模块十  进阶java高级之数据库编程"),
    ("ap65ahurplbfxz5rripg", "模块十一  进阶java高级之网络编程"),
    ("vv74amqrkkfgxebxsv90w", "单元1 搭建Java开发环境"),
    ("vv74amqrql5iy0aqkmcqg", "单元2 Java语言基础"),
    ("vv74amqrtafd5tobu1h9gw", "单元3 面向对象程序设计"),
    ("vv74amqry4bedk9mmaruw", "单元4 继承与多态"),
    ("vv74amqruypmmk8qgundya", "单元5 集合容器"),
    ("vv74amqrdpdhohe9w18cma", "单元6 图形用户界面设计"),
    ("vv74amqre6paohw6lv40cq", "单元7 JDBC"),
)
FINISHED_MODULE = "单元1 搭建Java开发环境"

LONG_NAME = (
    "【必看】Java 虚拟机、运行环境与开发工具包之间的关系，以及在 Windows、macOS 与 Linux 三种"
    "操作系统上安装、配置环境变量并验证安装结果的完整操作过程（含常见错误与解决办法）第一讲"
)


def java_course() -> Course:
    """The course as a whole; its last module has no cells."""
    modules = (
        _introduction(),
        _installation(),
        _syntax(),
        *(_plain(id_, name, number) for number, (id_, name) in enumerate(LATER_MODULES, start=1)),
        module(id="vv74amqryavmddbtjpftq", name="单元8 输入输出流与多线程"),
    )
    return Course(
        "r2beartfo5eapb12qujq",
        "qra4ahurp4hhmnxeb88lza",
        "6dwyaaqt0yzlqlr6xhruxq",
        "java面向对象程序设计",
        modules,
        code="10",
    )


def _introduction() -> Module:
    """课程导学: a calm first run. Nine leaves, of which only the test is left to the student."""
    about = (
        document(2, id="z25ahursjdgphgqiku97w", name="课程介绍", pages_read=1),
        video(30, id="z25ahur6fcktlnbxekya", name="《JAVA面向对象程序设计》课程介绍"),
    )
    design = (
        video(24.016, name="考核方式说明"),
        document(4, name="课程整体设计", view_category="pdf文档"),
    )
    return module(
        [
            topic(about, id="z25ahurz6noxcwpudd8w", name="课程介绍"),
            topic([picture(name="课程知识结构图")], id="z25ahurjbrgzkgmyg2dg", name="课程前导"),
            topic(
                [document(3, name="授课日历计划", view_category="ppt文档")],
                id="z25ahurpkhfd0kcx1p2q",
                name="授课日历计划",
            ),
            topic([link(name="课程标准在线浏览")], id="z25ahur6rlwuqnbhhhta", name="课程标准"),
            topic(
                [folder(design, name="整体设计")],
                id="z25ahurviph73nioiunga",
                name="课程整体设计与考核要求",
            ),
            topic(
                [video(45.5, name="岗位技能和学习方法"), quiz(name="课前小测验")],
                id="z25ahuryxobrfowmamq",
                name="岗位技能和学习方法",
            ),
        ],
        id="z25ahurhbjekd5kwqqlaa",
        name="课程导学",
    )


def _installation() -> Module:
    """模块一: folders in folders, odd names, lengths and positions."""
    chapter_of_films = (
        video(83.453061, name="Java 的历史 ☕🚀"),
        video(2, name="片头"),
        video(0, name="直播回放（时长未知）"),
        video(60, 25.5, name="上次看到一半的视频"),
        video(40, 55, name="位置超出片尾的视频"),
        audio(33.25, name="课文朗读 <b>&\"'Java'"),
    )
    chapter_of_pages = (
        document(5, 0, name="环境变量配置（页数为 0）"),
        document(6, 2, name="Eclipse 使用手册（页数偏小）", view_category="ppt文档"),
        document(1, name="单页说明", view_category="pdf文档"),
    )
    installing = (video(26.5, name="JDK 下载与安装"), document(3, name=LONG_NAME))
    inner = folder(
        [video(22, name="第三层视频"), document(2, name="第三层文档", finished=True)],
        name="拓展 · 进一步",
    )
    nested = folder(
        [
            video(21.3, name="已学完的子视频", finished=True),
            video(35, name="未学完的子视频"),
            inner,
        ],
        name="拓展资源",
    )
    return module(
        [
            topic(chapter_of_films, name="1.1 初识 Java"),
            topic(chapter_of_pages, name="1.2 环境搭建"),
            topic((), id="0", name="1.3 待建章节"),
            topic((), name="1.4 空章节"),
            topic([nested], name="1.5 拓展"),
            topic(installing, name='1.6 <安装> & "验证"'),
        ],
        id="z25ahurpibmoxbwebrtg",
        name="模块一    初识java及环境搭建",
    )


def _syntax() -> Module:
    """模块二: every other kind of cell, what is left to the student, and what is locked."""
    small = (
        picture(name="数据类型图"),
        archive(name="示例源码.zip"),
        link(name="Java 官方文档"),
        link(needs_report=True, name="在线编程练习"),
        link(category="swf", name="变量动画"),
        link(needs_report=True, category="其他", name="安装包"),
        link(category="图文", name="阅读：命名规范"),
        link(needs_report=True, category="其它", name="附件"),
    )
    by_hand = (
        quiz(name="2.2 单元测验"),
        homework(name="2.2 课后作业"),
        discussion(name="2.2 讨论：为什么学 Java？"),
        unsupported("虚拟仿真", name="JVM 内存虚拟仿真"),
        locked(video(50, name="尚未开放的视频")),
    )
    return module(
        [
            topic(small, name="2.1 数据类型"),
            topic(by_hand, name="2.2 练习与测验"),
            topic(
                [video(90, name="2.3 运算符"), document(12, 10, name="2.3 运算符课件")],
                name="2.3 运算符",
            ),
        ],
        id="z25ahurx61bazyxpbexrg",
        name="模块二  走进java世界之语法基础",
    )


def _plain(module_id: str, name: str, number: int) -> Module:
    """An ordinary module of a few cells."""
    finished = name == FINISHED_MODULE
    lessons = (
        video(round(20 + 3.7 * number, 1), name=f"{name} 视频讲解", finished=finished),
        document(2 + number % 5, name=f"{name} 课件", finished=finished),
    )
    practice = (
        picture(name=f"{name} 思维导图", finished=finished),
        video(31 + number, name=f"{name} 操作演示", finished=finished),
    )
    return module(
        [topic(lessons, name="学习内容"), topic(practice, name="实践操作")],
        id=module_id,
        name=name,
    )
