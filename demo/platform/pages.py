"""The HTML that stands where JSON was asked for."""

LOGIN_PATH = "/login"

LOGIN_PAGE = """<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>用户登录 - 职教云</title></head>
<body><form action="/api/common/login/login" method="post">
<input name="userName" placeholder="用户名"><input name="userPwd" type="password">
<button type="submit">登录</button></form></body></html>
"""

FIREWALL_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>405</title></head>
<body><h1>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</h1>
<p>Your request has been blocked as it may cause potential threats.</p></body></html>
"""

_REASONS = {
    404: "Not Found",
    405: "Not Allowed",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}


def nginx_page(status: int) -> str:
    """The page that nginx shows for that status."""
    title = f"{status} {_REASONS[status]}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
