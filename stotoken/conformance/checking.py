"""How a scenario states what must hold: figures before and after, refusals, equalities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from stotoken.chain.abi import Call
from stotoken.conformance.evidence import Check, Figure, Refusal, Text, Value, number
from stotoken.conformance.witness import Journal, Person
from stotoken.errors import StotokenError


class _Anything:
    """No value is wanted in particular."""


_ANYTHING = _Anything()


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that can be read from the chain at any time."""

    label: Text
    read: Callable[[], Value]

    def goes(self, before: Value, after: Value) -> Expectation:
        return Expectation(self, before, after)

    def becomes(self, after: Value) -> Expectation:
        return Expectation(self, _ANYTHING, after)

    def stays(self, value: Value | None = None) -> Expectation:
        """The same after as before; that value, when one is given."""
        return Expectation(self, _ANYTHING if value is None else value, _ANYTHING if value is None else value, True)


@dataclass(frozen=True, slots=True)
class Expectation:
    reading: Reading
    before: Value | _Anything
    after: Value | _Anything
    same: bool = False

    def faults(self, before: Value, after: Value) -> list[str]:
        label = self.reading.label.en
        found = []
        if not isinstance(self.before, _Anything) and before != self.before:
            found.append(f"{label} was {number(before)} before, not {number(self.before)}.")
        if not isinstance(self.after, _Anything) and after != self.after:
            found.append(f"{label} is {number(after)}, not {number(self.after)}.")
        if self.same and before != after:
            found.append(f"{label} changed from {number(before)} to {number(after)}.")
        return found


class Checking:
    """A check while it is made: `with stage.check("…", "…", expectations) as check:`."""

    def __init__(
        self, check: Check, journal: Journal, expected: tuple[Expectation, ...], done: Callable[[Check], None]
    ) -> None:
        self._check, self._journal, self._expected, self._done = check, journal, expected, done
        self._before: list[Value] = []
        self._sent = self._asked = 0

    def __enter__(self) -> Self:
        self._sent, self._asked = len(self._journal.transactions), len(self._journal.views)
        self._before = [expectation.reading.read() for expectation in self._expected]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if isinstance(error, Exception):
            self._check.faults.append(sentence_of(error))
        elif error is None:
            self._compare()
        self._check.transactions = tuple(self._journal.transactions[self._sent :])
        self._check.views = frozenset(self._journal.views[self._asked :])
        self._done(self._check)

    def refused(self, error: type[StotokenError], *acts: Callable[[], object]) -> None:
        """Each of the acts must be refused with that error."""
        for act in acts:
            try:
                act()
            except error as refusal:
                text = Text(refusal.message("en"), refusal.message("ja"))
                tx_hash = getattr(refusal, "tx_hash", None)
                self._check.refusals.append(Refusal(type(refusal).__name__, text, tx_hash))
            except StotokenError as other:
                self.fault(f"Refused with {type(other).__name__} instead of {error.__name__}: {other}")
            else:
                self.fault(f"Was not refused, as it must be with {error.__name__}.")

    def refused_from(self, error: type[StotokenError], call: Call, *people: Person) -> None:
        """The call must be refused with that error from each of the people."""
        self.refused(error, *(partial(person.send, call) for person in people))

    def equal(self, en: str, ja: str, found: Value, wanted: Value) -> None:
        """A figure that must have that value now."""
        self.tell(en, ja, found)
        if found != wanted:
            self.fault(f"{en} is {number(found)}, not {number(wanted)}.")

    @property
    def said(self) -> Text:
        """With what the last act was refused."""
        return self._check.refusals[-1].text if self._check.refusals else Text("", "")

    def tell(self, en: str, ja: str, found: Value) -> None:
        """A figure worth knowing."""
        self._check.figures.append(Figure(Text(en, ja), None, found))

    def fault(self, why: str) -> None:
        self._check.faults.append(why)

    def _compare(self) -> None:
        for expectation, before in zip(self._expected, self._before, strict=True):
            after = expectation.reading.read()
            self._check.figures.append(Figure(expectation.reading.label, before, after))
            self._check.faults += expectation.faults(before, after)


def sentence_of(error: BaseException) -> str:
    """What went wrong, in one sentence."""
    return str(error) if isinstance(error, StotokenError) else f"{type(error).__name__}: {error}"
