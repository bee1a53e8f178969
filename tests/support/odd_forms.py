"""Forms in which other things stand right beside the value, or encodings and margins are within it.

What has no doubt is in :data:`ODD`; in :data:`GLUED` more than one value is possible.
"""

import json
import quopri
from urllib.parse import quote

from tests.support.form_parts import URL, Form, groups, lines, numbered, wide


def behind(text: str) -> Form:
    return lambda value: text + value


def before(text: str) -> Form:
    return lambda value: value + text


def in_numbered_lines(width: int, margin: str) -> Form:
    return lambda value: numbered(value, width, margin)


def in_lines_behind(width: int, margin: str) -> Form:
    return lambda value: "\n".join(margin + each for each in lines(value, width))


GLUED: dict[str, Form] = {
    **{
        f"glued behind {text}": behind(text)
        for text in (
            *("账号20210001", "code", "cookie1", "value20210001", "zjy2", "的1", "1", "20210001"),
            *("13800138000", "add", "deadbeef", "id", "学号2021000112345678", "auth1", "第3"),
            *("340101200001011234", "A20210001", "_e", "feedback"),
        )
    },
    **{
        f"glued before {text}": before(text)
        for text in ("20210001", "code", "1", "13800138000", "end", "bye", "d_x", "1班", "e。")
    },
    "named, glued before a number": lambda a: f"auth={a}20210001",
    "named, glued before a word": lambda a: f'"auth":"{a}code"',
    "glued between two numbers": lambda a: f"20210001{a}13800138000",
    "glued between two words": lambda a: f"code{a}end",
    "glued between two accounts": lambda a: f"20210001{a}20210002",
    "pasted twice": lambda a: a + a,
    "two values without a blank": lambda a: "C3" * 120 + a,
    "glued in lower case": lambda a: f"code{a.lower()}",
    "broken, glued behind a number": lambda a: f"20210001{groups(80, chr(10))(a)}",
    "broken, glued before a number": lambda a: f"auth={groups(100, chr(10))(a)}20210001",
    "an equals sign of a mail": lambda a: f"auth=3D{a}",
    "an entity without its end": lambda a: f"auth&#61{a}",
    "an octal escape": lambda a: f"auth\\075{a}",
    "three students": lambda a: (
        f"张三20210001{'C3' * 120}\n李四20210002{'D4' * 120}\n王五20210003{a}"
    ),
}
ENCODED: dict[str, Form] = {
    "a mail of Chinese words": lambda a: quopri.encodestring(f"我的 auth={a}".encode()).decode(),
    "a mail with its line ends": lambda a: (
        quopri.encodestring(f"Cookie: acw=1; auth={a}".encode()).decode().replace("\n", "\r\n")
    ),
    "a mail broken within its sign": lambda a: f"x=3Dy; auth=\n=3D{a[:70]}=\n{a[70:]}",
    "a mail with blanks at its ends": lambda a: f"auth=3D{a[:60]}= \n{a[60:]}",
    "an entity as equals": lambda a: f"auth&#61;{a}",
    "a named entity as equals": lambda a: f"auth&equals;{a}",
    "entities as quotes": lambda a: f"&quot;auth&quot;:&quot;{a}&quot;",
    "entities of entities": lambda a: f"&amp;quot;auth&amp;quot;:&amp;quot;{a}&amp;quot;",
    "entities as apostrophes": lambda a: f"&#39;auth&#39;: &#39;{a}&#39;",
    "entities as digits": lambda a: "".join(f"&#{ord(digit)};" for digit in a),
    "entities within": groups(40, "&ZeroWidthSpace;"),
    "soft hyphens as entities": groups(40, "&shy;"),
    "breaks of words in HTML": groups(40, "<wbr>"),
    "percent as equals": lambda a: f"auth%3D{a}",
    "percent in lower case": lambda a: f"auth%3d{a}",
    "percent three times": lambda a: f"auth%25253D{a}",
    "percent and quotes": lambda a: f"%22auth%22%3A%22{a}%22",
    "a link that shares a text": lambda a: f"https://t.me/share/url?url={quote('auth=' + a)}",
    "escaped quotes": lambda a: f'\\"auth\\":\\"{a}\\"',
    "escaped quotes, escaped": lambda a: json.dumps(json.dumps(json.dumps({"auth": a}))),
    "an escaped letter": lambda a: f'{{"\\u0061uth":"{a}"}}',
    "an escaped equals sign": lambda a: f"auth\\u003d{a}",
    "a short escape": lambda a: f"auth\\x3d{a}",
    "a full-width colon": lambda a: f"ａｕｔｈ：{wide(a)}",
    "a small colon": lambda a: f"auth﹕{a}",
    "letters of mathematics": lambda a: "".join(
        chr(0x1D7F6 - 48 + ord(each)) if each.isdigit() else chr(0x1D670 - 65 + ord(each))
        for each in a.upper()
    ),
    "joiners within": groups(10, "\u200c"),
    "word joiners within": groups(10, "\u2060"),
    "marks of direction": lambda a: f"\u202aauth=\u202c\u202d{a[:100]}\u202c\u2066{a[100:]}\u2069",
    "a name with zero-width characters": lambda a: f"a\u200but\u200bh={a}",
    "variation selectors": lambda a: "\ufe0f".join(a),
    "an escape of PowerShell": lambda a: f'"`"auth`"=`"{a}`""',
    "carets everywhere": lambda a: "^".join(a),
    "a page's element": lambda a: f"<auth>{a}</auth>",
    "a table of Markdown": lambda a: f"| auth | {a} | .icve.com.cn |",
    "CSV": lambda a: f'"name","value","domain"\n"auth","{a}",".icve.com.cn"',
    "a command's options": lambda a: f"-H 'Cookie: auth={a}' --compressed",
    "a value and an option": lambda a: f"auth={a} --compressed",
    "an option glued to it": lambda a: f"auth={a}--compressed",
    "options in another order": lambda a: (
        f"curl -X POST -b 'a=1; auth={a}' --data-raw 'x=1' --compressed '{URL}'"
    ),
    "an address as an option": lambda a: f"curl -b 'auth={a}' --compressed --url {URL}",
}
WIDTHS = (40, 60, 64, 80, 100)
BROKEN_WITH_MARGINS: dict[str, Form] = {
    **{
        f"numbered {margin.format(1)!r}, {width} a line": in_numbered_lines(width, margin)
        for margin in (
            "{} ",
            "{}. ",
            "{}\t",
            "{}:",
            " {:3d} | ",
            "{}) ",
            "{}、",
            "[{}] ",
            "{:03d} ",
        )
        for width in WIDTHS
    },
    **{
        f"behind {margin!r}, {width} a line": in_lines_behind(width, margin)
        for margin in ("> ", ">> ", "> > ", "| ", "│ ", "# ", "// ", " * ", "• ", "- ", "+")
        for width in WIDTHS
    },
    "numbered from 9": lambda a: (
        numbered("0" * 640 + a, 80, "{} ").partition("8 ")[2].partition("\n")[2]
    ),
    "numbered with its name": lambda a: numbered(f"auth={a}", 60, "{} "),
    "numbered below its name": lambda a: f"auth=\n{numbered(a, 60, '{} ')}",
    "its name numbered too": lambda a: (
        "1 auth=\n"
        + "\n".join(f"{number} {line}" for number, line in enumerate(lines(a, 60), start=2))
    ),
    "in circled numbers": lambda a: "\n".join(
        chr(0x2460 + number) + each for number, each in enumerate(lines(a, 80))
    ),
    "numbered in Chinese": lambda a: "\n".join(
        f"{number}、{each}" for number, each in zip("一二三", lines(a, 80), strict=True)
    ),
    "lines by their names": lambda a: numbered(a, 80, "第{}行："),
    "parts of three": lambda a: numbered(a, 80, "({}/3) "),
    "parts of three behind": lambda a: "\n".join(f"{each} (1/3)" for each in lines(a, 80)),
    "parts in English": lambda a: numbered(a, 80, "part {}: "),
    "behind the branches of a tree": in_lines_behind(60, "├ "),
    "behind a block": in_lines_behind(80, "▌"),
    "with signs of a broken line": groups(60, "↵\n"),
    "strings that PHP adds": lambda a: "'" + groups(80, "' .\n  '")(a) + "'",
    "in a terminal's colours": groups(80, "\x1b[0m"),
    "bars on both sides": lambda a: "\n".join(f"| {each} |" for each in lines(f"auth={a}", 60)),
    "continued by a shell": lambda a: f"curl {URL} \\\n -b 'auth={a[:100]}\\\n{a[100:]}'",
    "continued by cmd": lambda a: f'curl ^"{URL}^" ^\r\n -b ^"auth={a[:100]}^\r\n{a[100:]}^"',
    "continued by PowerShell": lambda a: f"auth={a[:100]}`\n{a[100:]}",
    "continued behind a blank": lambda a: f"auth={a[:100]} \\\n  {a[100:]}",
}
ODD = ENCODED | BROKEN_WITH_MARGINS
