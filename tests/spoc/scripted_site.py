"""The site inside the process: httpx's transport that answers by script and records requests."""

import base64
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field

import httpx

from bot.spoc.endpoints import Endpoint
from bot.zjy.models import CourseRef

COURSE = CourseRef("c-1 ci-1", "k-1")
Step = httpx.Response | Exception | dict[str, object] | list[object]
PATHS = {endpoint.path: endpoint for endpoint in Endpoint}


def jwt(letter: str = "a", **claims: object) -> str:
    """A token of the right shape; tests tell them apart by a letter."""
    parts = ({"alg": "HS512"}, {"login_user_key": letter * 36, **claims})
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )
    signature = base64.urlsafe_b64encode(hashlib.sha512(letter.encode()).digest()).decode()
    return f"{head}.{body}.{signature.rstrip('=')}"


def node(name: str, kind: str = "video", **more: object) -> dict[str, object]:
    """An entry of the tree, as the site sends it."""
    url = {} if kind in ("父节点", "子节点", "文件夹") else {"fileUrl": f"https://x/{name}"}
    return {"id": f"id-{name}", "name": name, "fileType": kind, "speed": 0, **url, **more}


@dataclass
class Seen:
    """One request as it was sent; ``at`` is in loop seconds."""

    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: bytes


@dataclass
class ScriptedSite(httpx.AsyncBaseTransport):
    """Answers by ``script`` (each step once, in order); then well: ``folders`` by their id."""

    courses: list[object] = field(default_factory=list)
    folders: dict[str, Step] = field(default_factory=dict)
    script: dict[Endpoint, list[Step]] = field(default_factory=lambda: defaultdict(list))
    seen: list[Seen] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        self.seen.append(Seen(request.method, request.url, request.headers, content))
        endpoint = PATHS[request.url.path]
        steps = self.script[endpoint]
        step = steps.pop(0) if steps else self._good(endpoint, request)
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx.Response) else httpx.Response(200, json=step)

    def _good(self, endpoint: Endpoint, request: httpx.Request) -> Step:
        match endpoint:
            case Endpoint.ME:
                user = {"userId": "u-1", "userName": "20240001", "nickName": "张三"}
                return {"code": 200, "msg": "操作成功", "user": user}
            case Endpoint.COURSES:
                return {"code": 200, "rows": self.courses, "total": len(self.courses)}
            case Endpoint.FOLDER:
                return self.folders.get(request.url.params["parentId"], [])

    def asked(self) -> list[tuple[str, str, dict[str, str]]]:
        """The method, the path and the query of each request."""
        return [(each.method, each.url.path, dict(each.url.params)) for each in self.seen]

    def read_folders(self) -> list[tuple[str, str]]:
        """The folder and the level of each request for one."""
        return [
            (query["parentId"], query["level"]) for _, _, query in self.asked() if "level" in query
        ]


def row(number: int = 1, **more: object) -> dict[str, object]:
    """A course of the list, as the site sends it."""
    return {
        "courseId": f"c-{number}",
        "courseInfoId": f"ci-{number}",
        "classId": f"k-{number}",
        "courseName": f"课程{number}",
        "studySpeed": 40,
        "presidingTeacher": "王老师",
        "termName": "2024秋",
        "termCode": "20241",
        **more,
    }
