"""Small faults put into the contracts, one at a time: where each is, what it is called, and the source that has it.

They are found in the syntax tree that solc gives, so that nothing is changed in a comment, a name or an assembly block.
A fault is named by its function, its kind and what it makes of what, without lines, which move.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Node = dict[str, Any]

#: Of each function one fault of these kinds is tried, of each file or folder one of the others.
EACH_FUNCTION = ("role", "check", "boundary")
EACH_FILE = ("clause",)
EACH_FOLDER = ("answer", "branch", "write", "call", "event", "arithmetic", "equality", "constant")

#: No more than so many in all, those of the lowest digests, so that a run on two cores ends within ninety minutes.
MOST = 165

BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
EQUALITY = {"==": "!=", "!=": "=="}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "<<": ">>", ">>": "<<", "&": "|", "|": "&"}
COMPOUND = {"+=": "-=", "-=": "+=", "*=": "/=", "|=": "&=", "&=": "|="}
CHECKS = ("assert", "require", "_require", "check", "_check")
#: A loop that does not step on, or goes one too far, only ends for want of gas.
NOT_WALKED = {"ForStatement": ("condition", "loopExpression")}
LEAVES = ("Return", "RevertStatement", "Continue", "Break")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One file with one fault."""

    file: str
    place: str
    kind: str
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        return f"{self.place} {self.kind}: `{self.before}` → `{self.after or 'nothing'}`"

    @property
    def group(self) -> str:
        """Of which one is tried."""
        function, folder = self.place.split(" ")[0], self.file.rpartition("/")[0]
        return function if self.kind in EACH_FUNCTION else self.file if self.kind in EACH_FILE else folder

    @property
    def rank(self) -> bytes:
        return hashlib.sha256(self.name.encode()).digest()

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.file}\n{self.source}".encode()).hexdigest()


def mutants(trees: dict[str, Node], sources: dict[str, str], every: bool = False) -> list[Mutant]:
    """Those that are tried, the same ones each time from the same sources: of several that could be, those whose names
    have the lowest digests."""
    found = [mutant for file in sorted(trees) for mutant in _File(file, sources[file]).all(trees[file])]
    lowest: dict[tuple[str, str], Mutant] = {}
    for mutant in found:
        group = (mutant.kind, mutant.group)
        lowest[group] = min(lowest.get(group, mutant), mutant, key=lambda each: each.rank)
    tried = set(sorted(lowest.values(), key=lambda each: each.rank)[:MOST])
    return found if every else [mutant for mutant in found if mutant in tried]


class _File:
    """The faults of one source. Places in a syntax tree are counted in bytes."""

    def __init__(self, file: str, source: str) -> None:
        self.file, self.source = file, source.encode()
        self.names: Counter[str] = Counter()
        #: Nodes that are done with: links of a chain, choices without a boundary.
        self.passed: set[int] = set()
        self.place = ""

    def all(self, tree: Node) -> Iterator[Mutant]:
        for unit in tree["nodes"]:
            if unit["nodeType"] != "ContractDefinition" or unit["contractKind"] == "interface":
                continue
            for member in unit["nodes"]:
                self.place = f"{unit['name']}.{member.get('name') or member.get('kind')}"
                if member["nodeType"] in ("FunctionDefinition", "ModifierDefinition"):
                    for invocation in member.get("modifiers", []):
                        if invocation.get("kind") == "modifierInvocation":
                            yield from self._put("role", invocation, "")
                    yield from self._walk(member.get("body"))
                elif member["nodeType"] == "VariableDeclaration" and member.get("constant"):
                    yield from self._walk(member["value"])

    def _walk(self, node: Any) -> Iterator[Mutant]:
        """The faults of a node, then those of what is in it."""
        if isinstance(node, list):
            for each in node:
                yield from self._walk(each)
        if not isinstance(node, dict):
            return
        kind = node.get("nodeType", "")
        finder = getattr(self, "_in" + re.sub(r"([A-Z])", lambda letter: f"_{letter[1].lower()}", kind), None)
        if finder:
            yield from finder(node)
        for key, value in node.items():
            if key not in NOT_WALKED.get(kind, ()):
                yield from self._walk(value)

    def _in_if_statement(self, node: Node) -> Iterator[Mutant]:
        guard = node.get("falseBody") is None and _leaves(node["trueBody"])
        yield from self._put("check" if guard else "branch", node["condition"], "false")
        if not guard:
            yield from self._put("branch", node["condition"], "true")

    def _in_return(self, node: Node) -> Iterator[Mutant]:
        value = node.get("expression")
        if value and value["typeDescriptions"]["typeString"] == "bool" and value["nodeType"] != "Literal":
            yield from self._put("answer", value, "true")
            yield from self._put("answer", value, "false")

    def _in_conditional(self, node: Node) -> Iterator[Mutant]:
        condition, choice = node["condition"], (node["trueExpression"], node["falseExpression"])
        if condition["nodeType"] == "BinaryOperation":
            compared = (condition["leftExpression"], condition["rightExpression"])
            # The smaller or the larger of two: where they are equal, either is the answer.
            if {self._text(each) for each in compared} == {self._text(each) for each in choice}:
                self.passed.add(condition["id"])
        yield from self._put("branch", node["condition"], "false")
        yield from self._put("branch", node["condition"], "true")

    def _in_while_statement(self, node: Node) -> Iterator[Mutant]:
        yield from self._put("branch", node["condition"], "false")

    def _in_emit_statement(self, node: Node) -> Iterator[Mutant]:
        yield self._without("event", node)

    def _in_expression_statement(self, node: Node) -> Iterator[Mutant]:
        expression = node["expression"]
        if expression["nodeType"] == "FunctionCall":
            called = expression["expression"]
            name = called.get("memberName") or called.get("name") or ""
            yield self._without("check" if name.startswith(CHECKS) else "call", node)
        else:
            yield self._without("write", node)

    def _in_binary_operation(self, node: Node) -> Iterator[Mutant]:
        operator = node["operator"]
        if node["id"] in self.passed:
            return
        if operator in ("&&", "||"):
            yield from self._clauses(node)
        for kind, table in (("boundary", BOUNDARY), ("equality", EQUALITY), ("arithmetic", ARITHMETIC)):
            if operator in table:
                yield from self._operator(kind, node, node["leftExpression"], table[operator])

    def _in_assignment(self, node: Node) -> Iterator[Mutant]:
        if node["operator"] in COMPOUND:
            yield from self._operator("arithmetic", node, node["leftHandSide"], COMPOUND[node["operator"]])

    def _in_literal(self, node: Node) -> Iterator[Mutant]:
        if node["kind"] == "bool":
            yield from self._put("constant", node, "false" if node["value"] == "true" else "true")
        elif node["kind"] == "number" and not node.get("subdenomination") and node["value"].isdigit():
            yield from self._put("constant", node, str(int(node["value"]) + 1))

    def _clauses(self, node: Node) -> Iterator[Mutant]:
        """The chain without each of its links."""
        links = list(self._links(node, node["operator"]))
        first, second = links[:2]
        yield from self._cut("clause", first, _start(first), _start(second))
        for before, link in pairwise(links):
            yield from self._cut("clause", link, _end(before), _end(link))

    def _links(self, node: Node, operator: str) -> Iterator[Node]:
        if node["nodeType"] == "BinaryOperation" and node["operator"] == operator:
            self.passed.add(node["id"])
            yield from self._links(node["leftExpression"], operator)
            yield from self._links(node["rightExpression"], operator)
        else:
            yield node

    def _operator(self, kind: str, node: Node, left: Node, operator: str) -> Iterator[Mutant]:
        """The node with another operator behind its left side."""
        before = self._text(node)
        end = _end(left) - _start(node)
        tail = before.encode()[end:].decode()
        after = before.encode()[:end].decode() + tail.replace(node["operator"], operator, 1)
        yield from self._put(kind, node, after)

    def _put(self, kind: str, node: Node, after: str) -> Iterator[Mutant]:
        yield self._mutant(kind, self._text(node), after, _start(node), _end(node))

    def _cut(self, kind: str, node: Node, start: int, end: int) -> Iterator[Mutant]:
        yield self._mutant(kind, self._text(node), "", start, end)

    def _without(self, kind: str, node: Node) -> Mutant:
        """A statement left out, with its semicolon, which solc does not count to it."""
        return self._mutant(kind, self._text(node), "{}", _start(node), self.source.index(b";", _end(node)) + 1)

    def _mutant(self, kind: str, before: str, after: str, start: int, end: int) -> Mutant:
        changed = self.source[:start] + after.encode() + self.source[end:]
        place = self.place
        name = f"{place}{kind}{before}{after}"
        self.names[name] += 1
        if self.names[name] > 1:
            place += f" ({self.names[name]})"
        return Mutant(self.file, place, kind, _line(before), _line(after), changed.decode())

    def _text(self, node: Node) -> str:
        return self.source[_start(node) : _end(node)].decode()


def _start(node: Node) -> int:
    return int(node["src"].split(":")[0])


def _end(node: Node) -> int:
    start, length, _ = node["src"].split(":")
    return int(start) + int(length)


def _leaves(body: Node) -> bool:
    """Whether it is nothing but a way out."""
    statements = body["statements"] if body["nodeType"] == "Block" else [body]
    return bool(statements) and statements[-1]["nodeType"] in LEAVES and len(statements) == 1


def _line(text: str) -> str:
    return " ".join(text.split())
