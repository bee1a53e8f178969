"""Reads the project's YAML files, whose shape the tests then look at."""

from typing import Any

import yaml  # type: ignore[import-untyped]

from tests.docs.pages import ROOT


def read_yaml(name: str) -> dict[str, Any]:
    """The mapping that the file holds.

    Raises ``yaml.YAMLError``, also where a mapping has a key twice.
    """
    found = yaml.load((ROOT / name).read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506
    assert isinstance(found, dict), name
    return found


class _Strict(yaml.SafeLoader):  # type: ignore[misc]
    """A mapping's second key of the same name would win without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise yaml.constructor.ConstructorError(None, None, "a key twice", node.start_mark)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found
