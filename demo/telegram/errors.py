"""What the Bot API answers when it refuses."""

from typing import Any


class ApiError(Exception):
    """A refusal with the API's own ``error_code``, ``description`` and ``parameters``."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def body(self) -> dict[str, Any]:
        """The JSON answer, as documented under "Making requests"."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str) -> ApiError:
    """A 400; ``text`` follows ``Bad Request: ``, in lower case unless it is a name in capitals."""
    capitals = text[1:2] == "_" or text[1:2].isupper()
    return ApiError(400, f"Bad Request: {text if capitals else text[:1].lower() + text[1:]}")


def forbidden(text: str) -> ApiError:
    """A 403; ``text`` follows ``Forbidden: ``."""
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """A 409; ``text`` follows ``Conflict: ``."""
    return ApiError(409, f"Conflict: {text}")


def not_found() -> ApiError:
    """A 404, which stands for an unknown method and for a malformed token alike."""
    return ApiError(404, "Not Found")


def unauthorized() -> ApiError:
    """A 401: the token is well formed, but unknown."""
    return ApiError(401, "Unauthorized")


def too_many_requests(seconds: int) -> ApiError:
    """A 429 that asks to wait for ``seconds``."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
