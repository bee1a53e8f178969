"""The terms that every course list names; several are marked current at once."""

_ROWS = (
    ("mnuzajgsk51li44ptyz4ba", "/Date(1607937528000)/", "202101", "2021春", True, 1),
    ("9jzjamir8ybgz0j7oi77a", "/Date(1590587241000)/", "202002", "2020秋", True, 2),
    ("upepap2qvyviahtkhtodyw", "/Date(1573035530000)/", "202001", "2020春", False, 1),
    ("w0au2qcrti8mwbi19kjg", "/Date(1557861903000)/", "201902", "2019秋", False, 2),
    ("yhcalupaztideorljl2ow", "/Date(1545219120000)/", "201901", "2019春", False, 1),
    ("qfldaegomjpjnnstepn7pq", "/Date(1526413173000)/", "201802", "2018秋", False, 2),
    ("filiafgo5zhlpduxt0vgdg", "/Date(1513950281000)/", "201801", "2018春", False, 1),
    ("zjezaocnhapfyto2ua9wza", "/Date(1504214637000)/", "201702", "2017秋", False, 2),
)

TERM_LIST: tuple[dict[str, object], ...] = tuple(
    {
        "Id": term_id,
        "DateCreated": created,
        "CreatorId": None,
        "TermCode": code,
        "TermName": name,
        "IsCurTerm": is_current,
        "TermSeason": season,
        "IsSynchroUpdate": 0,
        "TableName": "Base_StudyTermInfo",
    }
    for term_id, created, code, name, is_current, season in _ROWS
)
"""Rows of `termList`."""
