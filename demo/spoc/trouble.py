"""What the site of today answers in place of what was asked for."""

import json

from demo.platform.faults import Fault

_NOT_LOGGED_IN = {"msg": "请求访问：认证失败，无法访问系统资源", "code": 401}
_BROWSER_CHECK = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>安全验证</title></head>
<body><noscript>请开启JavaScript并刷新该页面</noscript>
<script>document.cookie = "acw_sc__v2=" + "0"; location.reload();</script></body></html>
"""

EXPIRED_BODY = Fault.json(_NOT_LOGGED_IN)
EXPIRED_TEXT = Fault.json(_NOT_LOGGED_IN | {"code": "401"})
EXPIRED_HTTP = Fault.raw_body(json.dumps(_NOT_LOGGED_IN, ensure_ascii=False), status=401)
EXPIRED_EMPTY = Fault.raw_body("", status=401)
EXPIRED_FORMS = (EXPIRED_BODY, EXPIRED_TEXT, EXPIRED_HTTP, EXPIRED_EMPTY)
"""Every way in which the site says that a token is over, or none."""

ANTI_BOT = Fault.raw_body(_BROWSER_CHECK)
"""A page for browsers, with HTTP 200, where JSON is due."""
FORBIDDEN_BODY = Fault.json({"msg": "没有权限，请联系管理员授权", "code": 403})
FORBIDDEN_HTTP = Fault.raw_body('{"msg": "没有权限", "code": 403}', status=403)
OTHER_CODE = Fault.json({"msg": "系统繁忙，请稍后再试", "code": 500})
ELSEWHERE = Fault.raw_body("", status=302, headers={"Location": "https://login.invalid/sso"})
"""A redirect to another host."""
