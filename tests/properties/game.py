"""The state machine without its rules: what one step does, and what is looked at after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from acts import Token
from agreement import Books, check_books, check_invariants, check_model
from chain import ORDER, PARTITIONS, WALLETS, Chain, Views, partition
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from model import LIMIT, TRANSFER
from people import HALTED, NORMAL, ZERO, Faults
from start import FIRST, MAKES, Start
from world import World

from stotoken.chain.abi import Call
from stotoken.errors import Reverted

#: What stands against so many units, and not against fewer.
LIMITS = {"UnitsNotInLots", "HoldingBelowMinimum", "HoldingAboveMaximum"}
SYSTEM_WAYS_OUT = ("resume(uint8,bytes32)", "halt(uint8,bytes32)")


def often(**weights: int) -> st.SearchStrategy[str]:
    """One of the names, each as often as it weighs; `_` stands for a space."""
    return st.sampled_from([name.replace("_", " ") for name, weight in weights.items() for _ in range(weight)])


wallets = often(alice=3, bob=3, treasury=3, alice2=2, carol=2, mallory=1)
receivers = often(bob=4, alice=4, carol=4, treasury=3, alice2=3, mallory=2, zero=1)
partitions = st.sampled_from((*PARTITIONS * 6, "unknown"))
#: An amount is told by what it means where it is used, so that it stays on the edge as the state changes.
amounts = often(some=6, one=2, free=3, all=2, half=2, free_and_one=1, all_and_one=1, none=1, huge=1)
#: Of rows, which are refused together.
row_amounts = often(one=4, some=4, half=1, none=1, all=1)
rows = st.lists(st.tuples(receivers, row_amounts), max_size=3)


@dataclass
class Table:
    """Where runs are played: the node's state is taken back to `mark` before each."""

    world: World
    starts: dict[str, Start]
    mark: str

    def clear(self) -> None:
        self.world.node.revert(self.mark)
        self.mark = self.world.node.snapshot()


class Game(RuleBasedStateMachine):
    table: ClassVar[Table]
    chain: Chain
    token: Token

    @initialize(make=st.sampled_from(tuple(MAKES)))
    def begin(self, make: str) -> None:
        self.table.clear()
        self.chain, self.token = self.table.starts[make].fresh(self.table.world)
        self.books = Books(self.chain)
        for name, rows in FIRST.items():
            for _, units in rows:
                self.books.note("issued", partition(name), units)
        self.system = self.chain.world.system.bind
        self.bind = self.chain.bind
        self.changed = True
        self.patience = 0

    @property
    def now(self) -> int:
        return self.token.now

    @property
    def stopped(self) -> bool:
        return self.token.system.level != NORMAL or self.token.policy.paused

    def units(self, amount: str, name: str, wallet: str) -> int:
        """What an amount is for a holding."""
        held, free = self.token.units(name, wallet), self.token.free(name, wallet)
        return {
            "some": max(1, free // 3),
            "one": 1,
            "half": max(1, held // 2),
            "free": free,
            "free and one": free + 1,
            "all": held,
            "all and one": held + 1,
            "none": 0,
            "huge": LIMIT,
        }[amount]

    def holder(self, name: str, wallet: str, amount: str) -> str:
        """That wallet if it holds anything, else the next that does; just that wallet for an amount nobody has."""
        at = WALLETS.index(wallet) if wallet in WALLETS else 0
        found = [other for other in WALLETS[at:] + WALLETS[:at] if self.token.units(name, other)]
        edge = wallet == ZERO or amount in ("none", "huge", "all and one")
        return wallet if edge or not found else found[0]

    # --- one step -----------------------------------------------------------------------------------------------------

    def act(self, by: str, call: Call, predict: Callable[[], Faults]) -> Reverted | None:
        """Do it on chain and in the model; both must say the same. The refusal, if there was one."""
        standstill = self.token.system.level == HALTED and call.signature not in SYSTEM_WAYS_OUT
        error, receipt = self.chain.act(by, call, self.now)
        faults = predict()
        name = call.signature.partition("(")[0]
        event(f"{name}: {type(error).__name__ if error else 'done'}")
        if error is None:
            assert faults == set(), f"{by}: {call.describe()} was done, but the model refuses it: {faults}"
            assert not standstill, f"I9: {call.describe()} was done while the system is halted"
            self.changed = True
        else:
            said = f"{by}: {call.describe()} was refused with {error!r}"
            assert type(error).__name__ in faults, f"{said}; expected {faults or 'nothing'}"
        if receipt is not None:
            self.books.read(receipt)
        return error

    def order(self, call: Call, predict: Callable[[], Faults]) -> Reverted | None:
        return self.act(ORDER, call, predict)

    def travel(self, until: int) -> None:
        """Let time pass up to an instant."""
        self.chain.now_is(until)
        self.token.tick(until)
        self.changed = True

    def moments(self) -> list[int]:
        """Instants ahead at which something changes by itself."""
        token, system = self.token, self.token.system
        found = [date.start for date in token.calendar] + [token.policy.maturity, token.policy.locked_until]
        found += [*token.partition_locks.values(), *(entry.until for entry in system.registered.values())]
        found += [request.deadline + system.stopped for request in token.requests.values()]
        found += token.book.moments(token.record_dates())
        for holding in token.holdings.values():
            found.append(holding.locked_until)
            for lot in holding.lots:
                found += [lot.cliff, (lot.cliff + lot.end) // 2, lot.end]
        return sorted({moment for moment in found if moment > self.now})

    # --- I10 ----------------------------------------------------------------------------------------------------------

    def foresee(self, name: str, by: str, sender: str, to: str, units: int) -> Views:
        """What the chain says beforehand about a transfer by `by` of units of `sender`."""
        views, who, whom = Views(self.chain), self.chain.of(sender), self.chain.of(to)
        views.ask(
            "canTransferByPartition(address,address,bytes32,uint256,bytes)", who, whom, partition(name), units, b""
        )
        if name == "default":
            views.ask("canTransfer(address,address,uint256)", who, whom, units)
            views.ask("canTransfer(address,uint256,bytes)", whom, units, b"", sender=who)
            caller = self.chain.of(by)
            views.ask("canTransferFrom(address,address,uint256,bytes)", who, whom, units, b"", sender=caller)
        views.answer()
        against = self.token.against(TRANSFER, name, sender, to, units)
        allowed = self.token.allowances.get((sender, by), 0) >= units
        for status, reason, *_ in views.all("canTransferByPartition(address,address,bytes32,uint256,bytes)"):
            assert (status == b"\x51") == (against == set()), f"I10, foreseen {reason!r}, expected {against}"
        for status, reason in views.all("canTransfer(address,uint256,bytes)"):
            assert (status == b"\x51") == (against == set()), f"I10, foreseen {reason!r}, expected {against}"
        for status, reason in views.all("canTransferFrom(address,address,uint256,bytes)"):
            assert (status == b"\x51") == (against == set() and allowed), f"I10, foreseen {reason!r}"
        held = self.token.units(name, sender)
        for may in views.all("canTransfer(address,address,uint256)"):
            # The balance is not asked here: beyond it, the whole of it must be able to move.
            against = self.token.against(TRANSFER, name, sender, to, min(units, held))
            against -= LIMITS if units > held else set()
            assert not may or against == set(), f"I10, expected {against}"
            assert may or against or units > held, "I10, expected that it may"
        return views

    def came_true(self, answers: list[Any], to: str, error: Reverted | None) -> None:
        """The status and reason foreseen are those of what happened; a refused wallet's tells which side it is."""
        for status, reason, *_ in answers:
            expected = error.status if error else 0x51
            if error and expected == 0x56 and "wallet" in error.fields:
                expected = 0x57 if error.values["wallet"] == self.chain.of(to) else 0x56
            assert status[0] == expected, f"I10: {status.hex()} {reason!r} foreseen, {error!r} came"
            assert not error or reason.rstrip(b"\0").decode() == error.reason, f"I10: {reason!r}, {error!r}"

    # --- after every step ---------------------------------------------------------------------------------------------

    @invariant()
    def everything_agrees(self) -> None:
        if not self.changed:
            return
        views = self.chain.views(len(self.token.calendar), WALLETS, self.token.requests_made)
        views.answer()
        check_invariants(self.chain, views)
        check_model(self.token, self.chain, views)
        check_books(self.token, self.chain, views)
        self.books.check(views)
        self.changed = False

    @invariant()
    def nothing_stands_still_for_long(self) -> None:
        """A stop that nobody ends would leave nothing to look at: after a few steps it is ended."""
        self.patience = self.patience + 1 if self.stopped else 0
        if self.patience <= 2:
            return
        if self.token.system.level != NORMAL:
            self.order(self.system.resume(NORMAL, bytes(32)), lambda: self.token.system.resume(NORMAL))
        if self.token.policy.paused:
            self.order(self.bind.unpause(), self.token.unpause)
        self.everything_agrees()
