"""The answer of `viewDirectory` for a cell that was opened."""

import json
from random import Random

from demo.platform.school import Cell, Method, Place
from demo.platform.wire import FILES, LEAF_TYPE, Json, file_name


def opened_cell(
    place: Place,
    *,
    token: str,
    log_id: str,
    percent: float,
    position: float,
    pages_read: int,
    rng: Random,
) -> Json:
    """All fields of the answer; `percent` is 0-100, `position` seconds.

    A document's `audioVideoLong` repeats its `pageCount`, as the real server's does: only the
    category tells what is to be done.
    """
    cell = place.cell
    is_media = cell.method is Method.MEDIA
    length: float = cell.length if is_media else cell.page_count
    return {
        "code": 1,
        "dtype": 0,
        "courseOpenId": place.course.course_open_id,
        "courseName": place.course.name,
        "openClassId": place.course.open_class_id,
        "moduleId": place.module.id,
        "topicId": place.topic.id,
        "cellId": cell.id,
        "cellName": cell.name,
        "cellType": LEAF_TYPE,
        "categoryName": cell.view_category or cell.category,
        "cellContent": file_name(cell),
        "pageCount": cell.page_count,
        "audioVideoLong": _number(length, rng),
        "isAllowDownLoad": False,
        "externalLinkUrl": "https://example.com/" if cell.category == "链接" else "",
        "downLoadUrl": f"{FILES}/{file_name(cell)}" if cell.extension else "",
        "cellLogId": log_id,
        "userType": 1,
        "resUrl": _res_url(cell),
        "isDownLoad": False,
        "rarList": [],
        "flag": None,
        "stuCellViewTime": 200,
        "stuCellPicCount": pages_read,
        "stuStudyNewlyTime": _number(position if is_media else 0, rng),
        "stuStudyNewlyPicCount": pages_read,
        "cellPercent": _number(percent, rng),
        "guIdToken": token,
        "isNeedUpdate": 0,
        "position": 0,
        "cellPositions": [],
        "cellQuestionList": "",
    }


def _number(value: float, rng: Random) -> float:
    """A whole number comes as 30 or as 30.0."""
    return int(value) if float(value).is_integer() and rng.random() < 0.5 else float(value)


def _res_url(cell: Cell) -> str:
    """JSON as a string; the only place that always knows a document's true number of pages."""
    if not cell.extension:
        return ""
    args: Json = {"page_count": cell.pages} if cell.pages else {"duration": cell.length}
    address = f"{FILES}/{file_name(cell)}"
    described = {
        "extension": cell.extension,
        "category": "office" if cell.method is Method.PAGES else cell.category,
        "urls": {
            "status": f"https://upload.icve.com.cn/{file_name(cell)}/status",
            "preview": address,
            "download": f"{address}?response-content-disposition=attachment",
            "preview_oss_ori": address,
            "oss_ori_internal_url": address,
            "preview_oss_gen": address,
            "oss_gen_internal_url": address,
            "owa_url": f"https://ppt2.icve.com.cn/op/view.aspx?src={address}",
        },
        "args": args,
        "h5PreviewUrl": "",
        "isH5": 0,
        "status": 2,
    }
    return json.dumps(described, ensure_ascii=False)
