"""Answers that make no sense, as bodies: JSON that is no object, or that says nothing readable."""

from demo.platform import Endpoint

NO_OBJECT = ("[]", "[1, 2]", '"系统繁忙"', "7", "0.5", "true", "false", '[{"code": 1}]')
NO_CODE = (
    "{}",
    '{"msg": "系统繁忙，请稍后再试"}',
    '{"code": null}',
    '{"code": "", "msg": "busy"}',
    '{"code": "好"}',
    '{"code": true}',
    '{"code": [1]}',
    '{"code": {"code": 1}}',
    '{"code": 1.5}',
)
NOTHING_BROUGHT = ('{"code": 1}', '{"code": 1, "msg": "操作成功！"}')
"""Code 1 without what the endpoint must bring. A report and a switch need bring nothing."""
UNKNOWN = (
    '{"code": 0, "msg": "系统繁忙，请稍后再试"}',
    '{"code": 4711, "msg": "数据校验失败"}',
    '{"code": "-7"}',
    '{"code": -3, "msg": "Object reference not set to an instance of an object."}',
)
"""Readable codes that are not described."""
ODD_BODIES = (*NO_OBJECT, *NO_CODE, *NOTHING_BROUGHT)


def is_success(endpoint: Endpoint, body: str) -> bool:
    """Whether the body is all that the endpoint promises."""
    return endpoint in (Endpoint.REPORT, Endpoint.SWITCH) and body in NOTHING_BROUGHT
