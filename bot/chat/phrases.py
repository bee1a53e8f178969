"""The phrases that people type instead of a command, in each language, by what they stand for."""

from collections.abc import Mapping, Sequence
from enum import Enum


class Courtesy(Enum):
    """Phrases that ask for nothing."""

    HELLO = "hello"
    THANKS = "thanks"
    ALL_RIGHT = "all right"
    GOODBYE = "goodbye"


class Question(Enum):
    """Questions that a text answers."""

    WHO = "who"
    SAFE = "safe"
    FREE = "free"
    WORK_OF_ONES_OWN = "work of one's own"


Meaning = str | Courtesy | Question
"""The name of a command, a courtesy or a question."""


def _chinese(phrases: str) -> Sequence[str]:
    return phrases.split("、")


def _english(phrases: str) -> Sequence[str]:
    return phrases.split(", ")


PHRASES: Mapping[Meaning, Mapping[str, Sequence[str]]] = {
    "start": {
        "zh": _chinese(
            "开始、开始学习、开始学、首页、主页、菜单、主菜单、回到首页、返回、下一步、全部学完、"
            "学剩下的、把剩下的学完、一键学完、一键刷完、重新开始"
        ),
        "en": _english("start, begin, home, menu, main menu, back, next, study the rest"),
    },
    "courses": {
        "zh": _chinese(
            "课程、我的课程、选课、看课程、看看课程、课程列表、我的课、我的课呢、课程呢、"
            "有哪些课、有哪些课程、我有哪些课、换课、学习、我要学习、学吧、帮我学、帮我学习、"
            "刷课、帮我刷课、我要刷课"
        ),
        "en": _english(
            "course, courses, my courses, show courses, show my courses, where are my courses, "
            "which courses, study, study for me, choose a course"
        ),
    },
    "jobs": {
        "zh": _chinese(
            "任务、我的任务、看任务、任务列表、状态、什么情况、现在什么情况、怎么样了、学完了吗、"
            "学完没、学完了没、好了吗、好了没、完成了吗、完成没、学得怎么样、还要多久、还有多久、"
            "要多久、多久能学完、什么时候学完、什么时候能学完、还剩多少、剩多少、还剩什么、"
            "剩下什么、学到哪了、学到哪里了、学到哪儿了、为什么失败、为什么失败了、为什么没学成、"
            "失败原因、怎么失败了、哪里错了、失败了、重试、再试一次、再试试、再来一次、重新来、"
            "出错了、卡住了、不动了、怎么不动、怎么不动了、没反应、怎么没反应"
        ),
        "en": _english(
            "job, jobs, my jobs, tasks, show jobs, status, what's left, what is left, how long, "
            "how much longer, how long does it take, is it done, are you done, are you done yet, "
            "is it finished, how is it going, why did it fail, what went wrong, it failed, "
            "retry, try again, it is stuck, stuck"
        ),
    },
    "pause": {
        "zh": _chinese(
            "暂停、暂停任务、先暂停、暂停下、停、停下、停一停、先停、先停下、先别学、停止一下"
        ),
        "en": _english("pause, pause it, pause the job"),
    },
    "resume": {
        "zh": _chinese("继续、继续学、继续学习、继续任务、接着学、接着学习、恢复、恢复任务"),
        "en": _english("resume, resume it, continue, go on, carry on, resume the job"),
    },
    "cancel": {
        "zh": _chinese(
            "取消、取消任务、停止、停止任务、停止学习、结束任务、结束、别学了、不学了、不要学了、"
            "不想学了、不用学了、关掉、撤销"
        ),
        "en": _english("cancel, cancel it, stop, stop it, stop studying, cancel the job, abort"),
    },
    "digest": {
        "zh": _chinese(
            "汇报、每日汇报、每天汇报、日报、开启汇报、打开汇报、关闭汇报、取消汇报、定时汇报、"
            "汇报时间、提醒、提醒我、每天提醒我、静音、太吵了、不要发了、别发了、别发消息了、"
            "有新课吗、新课"
        ),
        "en": _english(
            "digest, daily digest, report, daily report, remind me, reminders, mute, "
            "too many messages, new lessons"
        ),
    },
    "progress": {
        "zh": _chinese("进度、我的进度、看进度、查进度、学习进度、进度怎么样、进度条"),
        "en": _english("progress, my progress, show progress, show my progress"),
    },
    "login": {
        "zh": _chinese(
            "登录、登陆、登入、怎么登录、怎么登陆、如何登录、如何登陆、重新登录、重新登陆、"
            "登录不了、登不上、登不上去、登不进去、登录失败、登录失败怎么办、cookie、"
            "cookie是什么、什么是cookie、cookie怎么弄、cookie在哪、cookie在哪里、cookie怎么复制、"
            "cookie怎么获取、怎么获取cookie、怎么拿cookie、怎么复制cookie、cookie过期了、过期了、"
            "手机能弄吗、手机可以吗、手机怎么登录、手机怎么弄、没有电脑怎么办、没有电脑、没电脑、"
            "没电脑怎么办、用密码登录、密码登录、账号密码登录、可以用密码登录吗、能用密码登录吗、"
            "账号密码可以吗"
        ),
        "en": _english(
            "log in, sign in, how to log in, how do I log in, log in again, "
            "what is a cookie, what's a cookie, where is the cookie, where do I find the cookie, "
            "how do I get the cookie, can I use my phone, can I use a password"
        ),
    },
    "accounts": {
        "zh": _chinese("账号、账户、我的账号、切换账号、换账号、换个账号、换个号、添加账号"),
        "en": _english("account, accounts, my accounts, switch account, add an account"),
    },
    "settings": {
        "zh": _chinese(
            "设置、设定、倍速、速度、调速度、改速度、怎么改速度、设置倍速、调倍速、加速、快一点、"
            "快点、能快点吗、太慢了、慢一点、语言、换语言、切换语言、英文、切换英文、中文、"
            "切换中文、时区、通知"
        ),
        "en": _english(
            "settings, setting, options, speed, faster, slower, too slow, language, "
            "change language, english, chinese, time zone, notifications"
        ),
    },
    "logout": {
        "zh": _chinese("退出登录、退出登陆、登出、退出账号、退出、删除账号、移除账号、注销"),
        "en": _english("log out, sign out, log me out, remove my account"),
    },
    "erase": {
        "zh": _chinese(
            "删除全部、全部删除、删除所有、清除全部、清空、清空数据、删除数据、删除我的数据"
        ),
        "en": _english("erase, erase everything, delete everything, delete all, delete my data"),
    },
    "help": {
        "zh": _chinese(
            "帮助、怎么用、怎么使用、怎么操作、怎么弄、如何使用、使用说明、说明、教程、教我、"
            "救命、我不会、我不会弄、不会弄、不会用、看不懂、不懂、第一步干什么、有什么功能、"
            "功能、命令、人工、客服、联系管理员、投诉"
        ),
        "en": _english(
            "help, help me, how to use, how do I use this, how does it work, manual, "
            "what can I say, I don't understand, commands"
        ),
    },
    Courtesy.HELLO: {
        "zh": _chinese(
            "你好、您好、你好呀、老师好、老师您好、嗨、哈喽、哈罗、在吗、在不在、有人吗、早、"
            "早安、早上好、上午好、中午好、下午好、晚上好"
        ),
        "en": _english(
            "hi, hello, hey, hi there, hello there, hello bot, good morning, good afternoon, "
            "good evening, are you there, anyone there"
        ),
    },
    Courtesy.THANKS: {
        "zh": _chinese(
            "谢谢、谢谢你、谢谢您、谢了、谢、多谢、感谢、太感谢了、辛苦了、辛苦、好的谢谢、"
            "太好了、真棒、厉害、牛、爱了"
        ),
        "en": _english(
            "thanks, thank you, thank you so much, thx, ty, many thanks, thanks a lot, cool, "
            "nice, great, awesome"
        ),
    },
    Courtesy.ALL_RIGHT: {
        "zh": _chinese(
            "好、好的、好滴、好吧、行、可以、可以了、嗯、嗯嗯、哦、收到、知道了、明白、明白了、"
            "懂了、是、是的、对、不、不用、不用了、算了、不要了、没事、没事了、哈哈、哈哈哈、"
            "等等、等一下、等一等、等会儿、等我一下、稍等、我登录了、我知道了"
        ),
        "en": _english(
            "ok, okay, all right, alright, got it, I see, sure, yes, yep, no, nope, never mind, "
            "no thanks, haha, lol, wait, hold on, one moment"
        ),
    },
    Courtesy.GOODBYE: {
        "zh": _chinese("再见、拜拜、拜、晚安、明天见、下次见"),
        "en": _english("bye, goodbye, bye bye, good night, see you"),
    },
    Question.WHO: {
        "zh": _chinese(
            "你是谁、你是什么、这是什么、这是干嘛的、这个怎么样、你能干嘛、你能干什么、"
            "你能做什么、你会什么、你会干嘛、你是机器人吗、自我介绍"
        ),
        "en": _english(
            "who are you, what are you, what is this, what can you do, what do you do, "
            "are you a bot, are you a robot"
        ),
    },
    Question.SAFE: {
        "zh": _chinese(
            "安全吗、安不安全、会不会泄露、会泄露吗、会被封号吗、会封号吗、会被发现吗、会被查吗、"
            "会不会被发现、会不会封号、会被老师发现吗、隐私、有风险吗"
        ),
        "en": _english(
            "is it safe, is this safe, will I be banned, will they find out, privacy, "
            "is it allowed, is my cookie safe"
        ),
    },
    Question.FREE: {
        "zh": _chinese("要钱吗、免费吗、收费吗、多少钱、要不要钱、怎么收费、付费吗"),
        "en": _english("is it free, is this free, how much, how much is it, does it cost money"),
    },
    Question.WORK_OF_ONES_OWN: {
        "zh": _chinese(
            "作业、有作业吗、考试、测验、讨论、做作业、帮我做作业、帮我考试、帮我答题、答题、"
            "作业怎么办、考试怎么办、能做作业吗、会做作业吗、可以考试吗"
        ),
        "en": _english(
            "homework, tests, exam, exams, quiz, do my homework, can you do homework, "
            "take the test for me"
        ),
    },
}
