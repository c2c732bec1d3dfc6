"""Reads one YAML document strictly: no repeated key, no guessed booleans or dates, and every complaint has a line."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

import yaml
from pydantic import ValidationError

from rules.content.shape import Shape, Translate

S_co = TypeVar("S_co", bound=Shape, covariant=True)
Loc = tuple[str | int, ...]
Data = str | int | float | bool | list["Data"] | dict[str, "Data"] | None


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the content: where it stands and what to repair."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.message}"


class PackRefused(Exception):
    """The content is not fit to be used; every fault found is listed."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class _CoreLoader(yaml.CSafeLoader):
    """YAML 1.2's core schema: `no`, `on` and 2026-01-01 stay the words they are."""


_CoreLoader.yaml_implicit_resolvers = {}


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]+)", "-+0123456789"),
    ("null", r"~|null|", ["~", "n", ""]),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


class Document(Generic[S_co]):
    """A parsed file: its content, or the faults that kept it from being read, and the line of every key.

    `translate` turns every text of the content into another language; `data` stays as it was written.
    """

    def __init__(self, path: Path, name: str, shape: type[S_co], translate: Translate | None = None) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.data: Data = None
        self._lines: Mapping[Loc, int] = {(): 1}
        self._content: S_co | None = None
        try:
            parsed = _parse(path.read_text(encoding="utf-8"), name)
        except FileNotFoundError:
            self.faults.append(Fault(name, 1, "", "is missing"))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.faults.append(Fault(name, line, "", f"is not YAML: {error.problem}"))
        except (UnicodeDecodeError, yaml.reader.ReaderError):
            self.faults.append(Fault(name, 1, "", "is not YAML: it holds bytes that are no text"))
        else:
            self.data, self._lines = parsed.data, parsed.lines
            self.faults += parsed.faults
            if not self.faults:
                self._content = self._validated(shape, translate)

    @property
    def content(self) -> S_co:
        """What the file says; only for a file without faults."""
        if self._content is None:
            raise PackRefused(self.faults)
        return self._content

    def line(self, loc: Loc) -> int:
        """The line of the key at `loc`, or the nearest one known."""
        return _line(self._lines, loc)

    def fault(self, loc: Loc, message: str) -> Fault:
        """A complaint about the key at `loc`."""
        return _fault(self.name, self.line(loc), loc, message)

    def _validated(self, shape: type[S_co], translate: Translate | None) -> S_co | None:
        try:
            return shape.model_validate_json(json.dumps(self.data), context=translate)
        except ValidationError as error:
            self.faults.extend(self.fault(self._own(tuple(e["loc"])), e["msg"]) for e in error.errors())
            return None

    def _own(self, loc: Loc) -> Loc:
        """`loc` without the parts that are the validator's and not the author's."""
        own: Loc = ()
        for part in loc:
            if (*own, part) in self._lines:
                own = (*own, part)
        return own if not loc or own[-1:] == loc[-1:] else (*own, loc[-1])


class _Parsed:
    """What a text says, the line of every key, and what is wrong with it as it stands."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.lines: dict[Loc, int] = {(): 1}
        self._open: list[yaml.Node] = []
        node = yaml.compose(text, Loader=_CoreLoader)
        self.data = self._plain(node, ()) if node is not None else None

    def _fault(self, loc: Loc, message: str) -> Fault:
        return _fault(self.name, _line(self.lines, loc), loc, message)

    def _plain(self, node: yaml.Node, loc: Loc) -> Data:
        if node in self._open:
            self.faults.append(self._fault(loc, "is an alias inside what it stands for; write it out"))
            return None
        self.lines.setdefault(loc, node.start_mark.line + 1)
        self._open.append(node)
        plain = self._unfolded(node, loc)
        self._open.pop()
        return plain

    def _unfolded(self, node: yaml.Node, loc: Loc) -> Data:
        match node:
            case yaml.MappingNode():
                return self._mapping(node, loc)
            case yaml.SequenceNode():
                return [self._plain(child, (*loc, index)) for index, child in enumerate(node.value)]
            case yaml.ScalarNode(tag="tag:yaml.org,2002:int"):
                return int(node.value)
            case yaml.ScalarNode(tag="tag:yaml.org,2002:float"):
                return float(node.value)
            case yaml.ScalarNode(tag="tag:yaml.org,2002:bool"):
                return bool(node.value == "true")
            case yaml.ScalarNode(tag="tag:yaml.org,2002:null"):
                return None
            case _:
                return str(node.value)

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> Data:
        mapping: dict[str, Data] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(self._fault(loc, "a key must be a single word"))
                continue
            key = str(key_node.value)
            self.lines[(*loc, key)] = key_node.start_mark.line + 1
            if key in mapping:
                self.faults.append(self._fault((*loc, key), "stands twice in the same mapping"))
            mapping[key] = self._plain(value_node, (*loc, key))
        return mapping


def _line(lines: Mapping[Loc, int], loc: Loc) -> int:
    while loc not in lines:
        loc = loc[:-1]
    return lines[loc]


def _fault(name: str, line: int, loc: Loc, message: str) -> Fault:
    return Fault(name, line, ".".join(str(part) for part in loc), message)


# Every language of a pack is read from the same files.
_parse = lru_cache(maxsize=64)(_Parsed)
