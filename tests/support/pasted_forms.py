"""Every form in which a cookie is pasted, as a function of its value: what finds cookies must find
it in each, and what hides secrets must hide it in each."""

import json
from html import escape
from urllib.parse import quote

from tests.support.form_parts import OTHER, URL, Form, groups, wide
from tests.support.odd_forms import GLUED, ODD

EXPIRES = 1772395200
"""2026-03-01T20:00:00Z; what each form with an expiry names."""


def record(value: str, **more: object) -> dict[str, object]:
    """What Cookie-Editor exports of one cookie."""
    return {"domain": ".icve.com.cn", "path": "/", "name": "auth", "value": value, **more}


def export(value: str) -> list[dict[str, object]]:
    acw = {"domain": "zjy2.icve.com.cn", "name": "acw_tc", "value": OTHER, "expirationDate": 9e9}
    return [acw, record(value, expirationDate=EXPIRES)]


def har(value: str) -> str:
    def entry(url: str, value: str) -> dict[str, object]:
        cookies = [{"name": "auth", "value": value, "path": "/"}]
        headers = [{"name": "Cookie", "value": f"acw_tc=1; auth={value}"}]
        request = {"method": "GET", "url": url, "headers": headers, "cookies": cookies}
        response = {"status": 200, "headers": [], "cookies": cookies, "redirectURL": ""}
        return {
            "_initiator": {"url": "https://a.cn/x.js"},
            "request": request,
            "response": response,
        }

    entries = [entry("https://example.com/", OTHER), entry(URL, value)]
    return json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=2)


IN_WORDS: dict[str, Form] = {
    "alone": lambda a: a,
    "in lower case": lambda a: a,
    "in quotes": lambda a: f'"{a}"',
    "in typographic quotes": lambda a: f"“{a}”",
    "in corner brackets": lambda a: f"「{a}」",
    "in angle brackets": lambda a: f"<{a}>",
    "in a fence": lambda a: f"```\n{a}\n```",
    "in inline code": lambda a: f"复制的`{a}`谢谢",
    "in bold": lambda a: f"**{a}**",
    "in italics": lambda a: f"_{a}_",
    "as a link": lambda a: f"[{a}](https://example.com/)",
    "as a spoiler": lambda a: f"||{a}||",
    "after a name": lambda a: f"张三\n{a}",
    "after an account": lambda a: f"账号1：{a}",
    "after a circled number": lambda a: f"①{a}",
    "after a student number": lambda a: f"20210001 {a}",
    "after a student number on its own line": lambda a: f"20210001\n{a}",
    "after words": lambda a: f"这是我的：{a}",
    "after words that name a cookie": lambda a: f"我的cookie是{a}",
    "after words that name auth": lambda a: f"我的auth={a}",
    "after another word": lambda a: f"token={a}",
    "after an address in words": lambda a: f"打开https://www.baidu.com，auth={a}",
    "before thanks": lambda a: f"{a} 谢谢",
    "between letters": lambda a: f"xxx{a}yyy",
    "between emoji": lambda a: f"🍪{a}🙏",
    "before a telephone": lambda a: f"auth={a} 13800138000",
    "before a telephone in groups": lambda a: f"{a} 138 0013 8000",
    "before a student number": lambda a: f"auth={a}\n20210001 张三",
    "before an exclamation mark": lambda a: f"auth={a}！",
    "before a word": lambda a: f"auth={a}谢谢",
    "before a bracket": lambda a: f"auth={a}（刚复制的）",
    "before three dots": lambda a: f"auth={a}…",
    "before a typing error": lambda a: f"auth={a}g",
    "within a sentence": lambda a: f"你好，我的auth：{a}，麻烦了。",
    "auth=": lambda a: f"auth={a}",
    "auth=;": lambda a: f"auth={a};",
    "auth = in full-width": lambda a: f"ａｕｔｈ＝{a}；",
    "auth: with blanks": lambda a: f"auth : {a}",
    "AUTH on its own line": lambda a: f"AUTH\n{a}",
    "a note": lambda a: f"auth 的值是：{a}。",
    "English words": lambda a: f"My auth cookie is {a}, thanks",
    "in full-width digits": wide,
    "with zero-width characters": lambda a: "\u200b".join(a),
    "with a byte order mark": lambda a: f"\ufeff{a}\u200d",
}
BROKEN: dict[str, Form] = {
    **{f"in groups of {n}": groups(n, " ") for n in (4, 8, 16, 32)},
    **{f"in lines of {n}": groups(n, "\n") for n in (4, 16, 40, 64, 76, 80, 120)},
    "in two halves": lambda a: a[: len(a) // 2] + "\n" + a[len(a) // 2 :],
    "in groups, four a line": lambda a: "\n".join(
        groups(16, " ")(a[at : at + 64]) for at in range(0, len(a), 64)
    ),
    "named, in groups": lambda a: f"auth={groups(16, ' ')(a)}; acw_tc=1",
    "named, the first line shorter": lambda a: f"auth={a[:32]}\n{groups(40, chr(10))(a[32:])}",
    "with indentation": groups(40, "\n    "),
    "as a quote": lambda a: "> " + groups(76, "\n> ")(a),
    "with blanks at the ends of lines": groups(60, "   \r\n"),
    "with soft hyphens": groups(16, "\u00ad"),
    "with line continuations": groups(64, "\\\n"),
    "in strings that are added": lambda a: f'"{groups(50, chr(34) + " +" + chr(10) + chr(34))(a)}"',
    "in lines of HTML": groups(40, "<br>\n"),
    "with escaped line breaks": lambda a: json.dumps({"auth": groups(76, "\n")(a)}),
    "in groups before a telephone": lambda a: f"{groups(16, ' ')(a)} 13800138000",
    "in groups after a telephone": lambda a: f"13800138000\n{groups(16, ' ')(a)}",
    "in quoted groups of a log": lambda a: repr(f"x\n{groups(16, chr(10))(a)}\n"),
}
HEADERS: dict[str, Form] = {
    "cookie header": lambda a: f"Cookie: acw_tc=1f; auth={a}; xauth={OTHER}",
    "cookie header without its name": lambda a: f"xauth={OTHER}; auth={a}; token=x",
    "near names first": lambda a: f"my-auth={OTHER}; _auth={OTHER}; auth={a}",
    "raw request": lambda a: (
        f"POST /api/x HTTP/1.1\r\nHost: zjy2.icve.com.cn\r\nReferer: https://example.com/\r\n"
        f"Cookie: auth={a}\r\nAccept: */*\r\nDNT: 1\r\n"
    ),
    "raw request, HTTP/2": lambda a: f":authority: zjy2.icve.com.cn\n:path: /\ncookie: auth={a}",
    "set-cookie": lambda a: f"Set-Cookie: auth={a}; domain=.icve.com.cn; path=/; HttpOnly",
    "a percent-encoded header": lambda a: quote(f"Cookie: acw_tc=1; auth={a}; x=y"),
    "percent-encoded Chinese before it": lambda a: f"{quote('我')}{a}",
    "percent-encoded digits": lambda a: "".join(f"%{ord(digit):02X}" for digit in a),
    "percent-encoded twice": lambda a: quote(quote(f"auth={a}; x=y")),
    "escaped digits": lambda a: "".join(f"\\u{ord(digit):04x}" for digit in a),
    "HTML entities": lambda a: escape(f'<input name="auth" value="{a}">'),
    "a row of HTML": lambda a: f"<tr><td>auth</td><td><b>{a}</b></td></tr>",
    "document.cookie": lambda a: f'document.cookie = "auth={a}; path=/; domain=.icve.com.cn"',
}
COMMANDS: dict[str, Form] = {
    "curl for bash": lambda a: (
        f"curl '{URL}' \\\n  -H 'accept: */*' \\\n  -H 'cookie: acw_tc=1; auth={a}; x=y' \\\n"
        "  --data-raw '{\"a\": 1}' --compressed"
    ),
    "curl with -b": lambda a: f"curl '{URL}' \\\n  -b 'auth={a}; x=y' -X POST",
    "curl with $''": lambda a: f"curl $'{URL}' -H $'cookie: name=\\u0021x; auth={a}'",
    "curl with --cookie": lambda a: f'curl --cookie "auth={a}" {URL}',
    "curl with -bauth": lambda a: f"curl -bauth={a} {URL}",
    "curl through a proxy": lambda a: f"curl -x http://127.0.0.1:8888 '{URL}' -b 'auth={a}'",
    "curl with --proxy=": lambda a: f"curl --proxy=http://a.cn:1 '{URL}' -b 'auth={a}'",
    "curl with referers": lambda a: (
        f"curl -e https://example.com/ --referer 'https://example.com/' "
        f"-H 'Origin: https://example.com' '{URL}' -b auth={a}"
    ),
    "curl for cmd": lambda a: (
        f'curl.exe ^"{URL}^" ^\r\n  -H ^"accept: */*^" ^\r\n'
        f'  -b ^"acw_tc=^%^20; auth={a}; x=y^" ^\r\n  --compressed'
    ),
    "curl for cmd, older": lambda a: f'curl "{URL}" ^\n -H "Cookie: x=^\\^"1^\\^"; auth={a}"',
    "curl with joined options": lambda a: f"curl -sx http://127.0.0.1:8888 '{URL}' -b 'auth={a}'",
    "curl as a robot": lambda a: (
        f"curl -A 'Mozilla/5.0 (compatible; +http://example.com/bot)' -b 'auth={a}' '{URL}'"
    ),
    "curl with an address in its body": lambda a: (
        f"curl -d 'https://example.com' -b 'auth={a}' '{URL}'"
    ),
    "a script with two requests": lambda a: (
        f"s.get('https://example.com')\ncookies={{'auth':'{a}'}}\ns.get('{URL}', cookies=cookies)"
    ),
    "talk of a command": lambda a: f"iwr https://example.com 200 OK。auth={a}",
    "talk of wget": lambda a: f"wget 不会用 https://example.com 查了，auth={a}",
    "talk of fetch": lambda a: f'fetch("https://example.com") 不行，这是我的：\n{a}',
    "a domain that is null": lambda a: f'{{"name":"auth","value":"{a}","domain":null}}',
    "a domain that is None": lambda a: f"{{'name': 'auth', 'value': '{a}', 'domain': None}}",
    "a domain left empty": lambda a: f"auth：{a}\ndomain：\npath：/",
    "a domain that is talk": lambda a: f"auth={a}\ndomain：我不知道",
    "a domain that is a dash": lambda a: f"auth={a}\ndomain: -",
    "a domain that became a link": lambda a: f"auth={a}; domain=[icve.com.cn](http://icve.com.cn)",
    "with a name of its own": lambda a: f"zhangsan={a}; note=1",
    "with a person's name": lambda a: f'{{"name":"张三","value":"{a}"}}',
    "glued to its label": lambda a: f"cookie{a}",
    "a mail": lambda a: f"Cookie: acw_tc=3D1; auth=3D{a[:60]}=\n{a[60:]}",
    "two curls": lambda a: (
        f"curl 'https://example.com/' -b 'auth={OTHER}'\ncurl '{URL}' -b 'auth={a}'"
    ),
    "wget": lambda a: f"wget --header='Cookie: auth={a}' '{URL}'",
    "wget with a blank": lambda a: f'wget -q {URL} --header "Cookie: auth={a}"',
    "powershell session": lambda a: (
        "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n"
        f'$session.Cookies.Add((New-Object System.Net.Cookie("xauth", "{OTHER}", "/", "a.cn")))\n'
        f'$session.Cookies.Add((New-Object System.Net.Cookie("auth", "{a}", "/", '
        f'"zjy2.icve.com.cn")))\nInvoke-WebRequest -UseBasicParsing -Uri "{URL}" `\n-Method "POST"'
    ),
    "powershell headers": lambda a: (
        f'Invoke-WebRequest -Uri "{URL}" -Headers @{{\n"Referer"="https://example.com/"\n'
        f'"cookie"="auth={a}"\n}}'
    ),
    "powershell headers, apart": lambda a: f'irm -Headers @{{ Cookie = "auth={a}" }} "{URL}"',
    "fetch": lambda a: (
        f'fetch("{URL}", {{"headers": {{"cookie": "acw_tc=1; auth={a}"}}, '
        '"referrer": "https://example.com/"}});'
    ),
    "axios": lambda a: f"axios({{url: '{URL}', headers: {{Cookie: 'auth={a}'}}}})",
    "requests": lambda a: (
        f"cookies = {{'auth': '{a}'}}\nr = requests.get('{URL}', cookies=cookies)"
    ),
    "requests with a header": lambda a: f'requests.post("{URL}", headers={{"Cookie": "auth={a}"}})',
    "cookies.set": lambda a: f"s.cookies.set('auth', '{a}', domain='.icve.com.cn')",
    "repr of a cookie jar": lambda a: f"<RequestsCookieJar[<Cookie auth={a} for .icve.com.cn/>]>",
    "repr of a cookie": lambda a: (
        f"Cookie(version=0, name='auth', value='{a}', port=None, domain='.icve.com.cn', path='/')"
    ),
}
EXPORTS: dict[str, Form] = {
    "extension export": lambda a: json.dumps(export(a), indent=4),
    "one exported object": lambda a: json.dumps(record(a)),
    "repr of a list": lambda a: repr(export(a)),
    "keys without quotes": lambda a: f"[{{name: 'auth', value: '{a}'}}]",
    "the value first": lambda a: f"[{{value: '{a}', path: '/', name: 'auth'}}]",
    "one object a line": lambda a: "\n".join(json.dumps(each) for each in export(a)),
    "two arrays": lambda a: json.dumps([{"name": "x", "value": OTHER}]) + json.dumps(export(a)),
    "trailing commas": lambda a: f'[{{"name": "auth", "value": "{a}",}},]',
    "comments": lambda a: f'[ // mine\n{{"name": "auth", /* here */ "value": "{a}"}}]',
    "a tag in front": lambda a: f"[tag] {json.dumps(export(a))}",
    "words around": lambda a: f"这是 {json.dumps(export(a))} 谢谢",
    "cut off after it": lambda a: json.dumps(export(a))[:-1] + ", {",
    "cut off before it": lambda a: json.dumps(export(a)).partition("value")[2].partition("}")[2],
    "cut off within its object": lambda a: json.dumps(record(a)).partition('"name"')[2],
    "in a string of JSON": lambda a: json.dumps({"x": json.dumps(export(a))}),
    "object of cookies": lambda a: json.dumps({"url": URL, "cookies": [record(a)]}),
    "storage state": lambda a: json.dumps(
        {"cookies": [record(a, expires=EXPIRES, partitionKey={"x": 1})], "origins": []}
    ),
    "a nested object before the value": lambda a: json.dumps(
        {"name": "auth", "partitionKey": {"a": {}}, "value": a, "domain": "zjy2.icve.com.cn"}
    ),
    "Cookie Quick Manager": lambda a: json.dumps(
        [{"Host raw": "https://.icve.com.cn/", "Name raw": "auth", "Content raw": a}]
    ),
    "auth as a key": lambda a: json.dumps({"auth": a}),
    "a request's cookies": lambda a: json.dumps({"Request Cookies": {"auth": a}}),
    "auth with its fields": lambda a: json.dumps({"Response": {"auth": {"value": a, "path": "/"}}}),
    "a header in JSON": lambda a: json.dumps({"headers": {"Cookie": f"a=b; auth={a}"}}),
    "a header of a list": lambda a: json.dumps([{"name": "cookie", "value": f"a=b; auth={a}"}]),
    "JSON in a fence": lambda a: f"```json\n{json.dumps(record(a))}\n```",
    "JSON in typographic quotes": lambda a: f"{{“auth”: “{a}”}}",
    "HAR": har,
    "YAML": lambda a: f"name: auth\nvalue: {a}\ndomain: .icve.com.cn",
    "a row of the developer tools": lambda a: (
        f"auth\t{a}\tzjy2.icve.com.cn\t/\t2026-03-01T20:00:00Z\t100"
    ),
    "a cookie of Firefox": lambda a: f'auth:"{a}"\nCreated:"Sun"\nDomain:"zjy2.icve.com.cn"',
    "cookies.txt": lambda a: (
        f"# Netscape HTTP Cookie File\n.baidu.com\tTRUE\t/\tFALSE\t0\tauth\t{OTHER}\n"
        f"zjy2.icve.com.cn\tFALSE\t/\tFALSE\t0\tauth\t{a}\n"
    ),
    "cookies.txt, HttpOnly": lambda a: f"#HttpOnly_.icve.com.cn\tTRUE\t/\tFALSE\t0\tauth\t{a}",
    "cookies.txt with spaces": lambda a: f"zjy2.icve.com.cn  FALSE / FALSE 0 auth {a}",
}
FORMS = IN_WORDS | BROKEN | HEADERS | COMMANDS | EXPORTS | ODD
ALL_FORMS = FORMS | GLUED
"""Also those in which another value is possible."""
