"""What a conformance run leaves behind: for each clause its checks, for each check what was done and seen on chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

#: Of `Report.to_dict`.
FORMAT = 1
LANGUAGES = ("en", "ja")

#: What a figure may be.
Value = int | str | bool


class Text(NamedTuple):
    """One thing said in both languages."""

    en: str
    ja: str

    def say(self, lang: str) -> str:
        return self.ja if lang == "ja" else self.en

    def to_dict(self) -> dict[str, str]:
        return {"en": self.en, "ja": self.ja}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A mined transaction. `carries`: the function that the execution of an order called."""

    tx_hash: str
    block: int
    timestamp: int
    gas_used: int
    by: Text
    contract: str
    function: str
    carries: str = ""
    #: Name of the error with which the chain refused it; empty when it took effect.
    refused: str = ""

    @property
    def shown(self) -> str:
        return f"{self.function} → {self.carries.partition('.')[2]}" if self.carries else self.function or "—"

    def to_dict(self) -> dict[str, object]:
        return {
            "tx_hash": self.tx_hash,
            "block": self.block,
            "timestamp": self.timestamp,
            "gas_used": self.gas_used,
            "by": self.by.to_dict(),
            "contract": self.contract,
            "function": self.function,
            "carries": self.carries or None,
            "refused": self.refused or None,
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure read from the chain after the acts of a check; `before` is None when it was not read before them."""

    label: Text
    before: Value | None
    after: Value

    def say(self, lang: str) -> str:
        change = f"{number(self.before)} → " if self.before is not None and self.changed else ""
        return f"{self.label.say(lang)} {change}{number(self.after)}"

    @property
    def changed(self) -> bool:
        return self.before is not None and self.before != self.after

    def to_dict(self) -> dict[str, object]:
        return {"label": self.label.to_dict(), "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that was refused, as it had to be. `tx_hash` is None when the client refused and nothing was sent."""

    error: str
    text: Text
    tx_hash: str | None

    def to_dict(self) -> dict[str, object]:
        return {"error": self.error, "message": self.text.to_dict(), "tx_hash": self.tx_hash}


@dataclass(slots=True)
class Check:
    """One sentence about the system, and what bears it out. It holds unless there are faults."""

    clause: str
    text: Text
    transactions: tuple[Transaction, ...] = ()
    views: frozenset[str] = frozenset()
    figures: list[Figure] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    #: Why it does not hold.
    faults: list[str] = field(default_factory=list)
    #: Made in the story, on a chain of its own.
    story: bool = False

    @property
    def passed(self) -> bool:
        return not self.faults

    def to_dict(self) -> dict[str, object]:
        return {
            "sentence": self.text.to_dict(),
            "story": self.story,
            "passed": self.passed,
            "faults": list(self.faults),
            "transactions": [transaction.to_dict() for transaction in self.transactions],
            "figures": [figure.to_dict() for figure in self.figures],
            "refusals": [refusal.to_dict() for refusal in self.refusals],
        }


@dataclass(frozen=True, slots=True)
class ClauseReport:
    """What came of one clause. `error`: the sentence with which its scenario ended early."""

    clause: str
    title: Text
    checks: tuple[Check, ...]
    error: str = ""

    @property
    def passed(self) -> bool:
        return not self.error and bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def transactions(self) -> tuple[Transaction, ...]:
        return tuple(transaction for check in self.checks for transaction in check.transactions)

    @property
    def refused(self) -> int:
        """Acts that were refused, by the chain or by the client."""
        return sum(len(check.refusals) for check in self.checks)

    @property
    def functions(self) -> tuple[str, ...]:
        """`Contract.function` of what took effect, in order of first use; what orders carried is among it."""
        return _functions(sent for sent in self.transactions if not sent.refused)

    @property
    def refused_functions(self) -> tuple[str, ...]:
        """The same of what was sent and refused, and never took effect."""
        refused = _functions(sent for sent in self.transactions if sent.refused)
        return tuple(name for name in refused if name not in self.functions)

    @property
    def views(self) -> tuple[str, ...]:
        """`Contract.function` of every question asked, sorted."""
        return tuple(sorted(set().union(*(check.views for check in self.checks))))

    def to_dict(self) -> dict[str, object]:
        return {
            "clause": self.clause,
            "title": self.title.to_dict(),
            "passed": self.passed,
            "error": self.error or None,
            "functions": list(self.functions),
            "refused_functions": list(self.refused_functions),
            "views": list(self.views),
            "checks": [check.to_dict() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All clauses of a run. `setting`: on what it ran, by name."""

    clauses: tuple[ClauseReport, ...]
    setting: Mapping[str, Any]

    @property
    def passed(self) -> bool:
        return bool(self.clauses) and all(clause.passed for clause in self.clauses)

    @property
    def exit_code(self) -> int:
        """Of a command that ran it: not 0 when a clause failed."""
        return 0 if self.passed else 1

    def clause(self, name: str) -> ClauseReport:
        return next(found for found in self.clauses if found.clause == name)

    def with_story(self, checks: Iterable[Check]) -> Report:
        """The same report with the checks of a story put before those of their clauses."""
        extra: dict[str, list[Check]] = {}
        for check in checks:
            extra.setdefault(check.clause, []).append(replace(check, story=True))
        clauses = (
            ClauseReport(c.clause, c.title, (*extra.get(c.clause, ()), *c.checks), c.error) for c in self.clauses
        )
        return Report(tuple(clauses), self.setting)

    def to_dict(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "passed": self.passed,
            "setting": dict(self.setting),
            "clauses": [clause.to_dict() for clause in self.clauses],
        }

    def table(self, lang: str = "en") -> str:
        """For a terminal of 100 columns."""
        from stotoken.conformance.table import table

        return table(self, lang)

    def html(self, lang: str = "en") -> str:
        """One page that needs nothing else; both languages are in it, `lang` is shown first."""
        from stotoken.conformance.page import page

        return page(self, lang)


def _functions(sent: Iterable[Transaction]) -> tuple[str, ...]:
    pairs = ((f"{each.contract}.{each.function}", each.carries) for each in sent)
    return tuple(dict.fromkeys(name for pair in pairs for name in pair if name))


def number(value: Value) -> str:
    """A figure as people write it."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
