"""A report on a terminal of 100 columns, in either language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stotoken.conformance.evidence import Check, ClauseReport, Report, Text, Transaction
from stotoken.terminal import WIDTH, width, wrapped

_INDENT = 10
_COLUMNS = (
    (Text("Clause", "条項"), 10, False), (Text("Function", "機能"), 34, False), (Text("Checks", "検証"), 9, True),
    (Text("Transactions", "取引"), 15, True), (Text("Refused", "拒否"), 10, True), (Text("Verdict", "判定"), 20, True),
)  # fmt: skip
_PASSED, _FAILED = Text("passed", "適合"), Text("FAILED", "不適合")
_MORE = Text("and {} more", "ほか{}件")
#: Lines that the functions of one clause may take.
_FUNCTION_LINES = 2


def table(report: Report, lang: str) -> str:
    rule = "─" * WIDTH
    lines = [rule, _row([heading.say(lang) for heading, _, _ in _COLUMNS]), rule]
    for clause in report.clauses:
        lines += _clause(clause, lang)
    return "\n".join([*lines, rule, _sum(report, lang)])


def shortened(tx_hash: str) -> str:
    return f"{tx_hash[:10]}…{tx_hash[-6:]}"


def functions_of(clause: ClauseReport) -> list[str]:
    """Names of what was exercised: sent and taken effect, or, where nothing was, asked."""
    return bare(clause.functions) or [view.partition(".")[2] for view in clause.views]


def bare(functions: Iterable[str]) -> list[str]:
    """Without their contracts, and without the queue of orders, which serves every clause."""
    names = (function.partition(".") for function in functions)
    return list(dict.fromkeys(name for contract, _, name in names if contract != "Orders" and name))


def example(clause: ClauseReport) -> tuple[Check, Transaction] | None:
    """A check of the clause that changed a figure, and the transaction that did."""
    for check in clause.checks:
        done = [sent for sent in check.transactions if not sent.refused and sent.function not in ("propose", "approve")]
        if done and any(figure.changed for figure in check.figures):
            return check, done[-1]
    return None


def _clause(clause: ClauseReport, lang: str) -> Iterator[str]:
    passed = sum(check.passed for check in clause.checks)
    verdict = (_PASSED if clause.passed else _FAILED).say(lang)
    counted = (f"{passed}/{len(clause.checks)}", str(len(clause.transactions)), str(clause.refused))
    yield _row([clause.clause, clause.title.say(lang), *counted, verdict])
    functions = functions_of(clause)
    lines = list(wrapped(functions, WIDTH - _INDENT))
    if len(lines) > _FUNCTION_LINES:
        lines = list(wrapped(functions, WIDTH - _INDENT - 14))[:_FUNCTION_LINES]
        left = len(functions) - sum(len(line.split()) for line in lines)
        lines[-1] += f" {_MORE.say(lang).format(left)}"
    yield from (" " * _INDENT + line for line in lines)
    if found := example(clause):
        yield from _evidence(*found, lang)
    for fault in _faults(clause, lang):
        yield from (" " * _INDENT + line for line in wrapped(fault.split(), WIDTH - _INDENT))


def _evidence(check: Check, sent: Transaction, lang: str) -> Iterator[str]:
    where = Text(f"block {sent.block} {shortened(sent.tx_hash)}", f"ブロック{sent.block} {shortened(sent.tx_hash)}")
    shown = [figure.say(lang) for figure in check.figures if figure.changed]
    room = WIDTH - _INDENT - width(where.say(lang)) - 3
    while len(shown) > 1 and width(" · ".join(shown)) > room:
        shown.pop()
    yield f"{' ' * _INDENT}{' · '.join([*shown, where.say(lang)])}"


def _faults(clause: ClauseReport, lang: str) -> Iterator[str]:
    for check in clause.checks:
        if not check.passed:
            yield f"✗ {check.text.say(lang)} {' '.join(check.faults)}"
    if clause.error and not any(clause.error in check.faults for check in clause.checks):
        yield f"✗ {clause.error}"


def _sum(report: Report, lang: str) -> str:
    passed = sum(clause.passed for clause in report.clauses)
    checks = sum(len(clause.checks) for clause in report.clauses)
    sent = sum(len(clause.transactions) for clause in report.clauses)
    refused = sum(clause.refused for clause in report.clauses)
    return Text(
        f"{passed} of {len(report.clauses)} clauses passed: {checks} checks, {sent:,} transactions, "
        f"{refused} acts refused as they must be.",
        f"{len(report.clauses)}条項中{passed}条項が適合: 検証{checks}件、取引{sent:,}件、"
        f"拒否されるべくして拒否された操作{refused}件。",
    ).say(lang)


def _row(cells: list[str]) -> str:
    shown = ""
    for cell, (_, columns, right) in zip(cells, _COLUMNS, strict=True):
        gap = " " * max(0, columns - width(cell))
        shown += gap + cell if right else cell + gap
    return shown.rstrip()
