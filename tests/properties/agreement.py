"""What must hold after every step: the invariants I1 to I8 on the chain's own answers, and the model's agreement."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple
from typing import Any

from acts import Token
from book import Limits
from chain import PARTITIONS, WALLETS, Chain, Views, partition
from people import NORMAL

from stotoken.client.events import happened
from stotoken.types import ZERO_ADDRESS, Receipt


class Books:
    """Invariant I4: what the events say was issued, redeemed and reinstated, each counted in its own epoch."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._entries: dict[str, list[tuple[bytes, int, int]]] = defaultdict(list)

    def read(self, receipt: Receipt) -> None:
        """Call it before the chain's epoch can change again."""
        events = happened(self._chain.world.deployment, receipt)
        reissued = any(event.name == "Reissued" for event in events)
        made = {"IssuedByPartition": "reinstated" if reissued else "issued", "RedeemedByPartition": "redeemed"}
        for event in events:
            if event.name in made:
                self.note(made[event.name], event.values["partition"], event.values["value"])

    def note(self, entry: str, name: bytes, units: int) -> None:
        self._entries[entry].append((name, units, self._chain.bind.current_epoch()))

    def check(self, views: Views) -> None:
        for name in map(partition, PARTITIONS):
            issued, redeemed, reinstated = (
                sum(units * views.ratio(epoch) for where, units, epoch in self._entries[entry] if where == name)
                for entry in ("issued", "redeemed", "reinstated")
            )
            assert views.get("totalSupplyByPartition(bytes32)", name) == issued - redeemed + reinstated, "I4"
            assert reinstated <= redeemed, "I7"


def check_invariants(chain: Chain, views: Views) -> None:
    """I1, I2, I3 by the chain's answers alone."""
    wallets, names = [chain.of(wallet) for wallet in WALLETS], [partition(name) for name in PARTITIONS]
    supply = views.get("totalSupply()")
    assert supply == sum(views.get("balanceOf(address)", wallet) for wallet in wallets), "I1"
    assert supply == sum(views.get("totalSupplyByPartition(bytes32)", name) for name in names), "I1"
    assert supply <= views.get("authorisedUnits()"), "I7"
    for wallet in wallets:
        held = {name: views.get("balanceOfByPartition(bytes32,address)", name, wallet) for name in names}
        assert views.get("balanceOf(address)", wallet) == sum(held.values()), "I2"
        assert views.get("partitionsOf(address)", wallet) == tuple(name for name in names if held[name]), "I2"
        for name in names:
            units, free, frozen, lots, _, _ = views.get("holdingOf(bytes32,address)", name, wallet)
            asked = _requested(views, name, wallet)
            assert units == held[name], "I2"
            assert free == max(0, units - frozen - lots - asked), "I3"


def _requested(views: Views, name: bytes, wallet: str) -> int:
    """Units in open requests, each in units of its epoch: brought to today by the chain's own calendar."""
    requests = views.all("transferRequestOf(uint256)")
    return sum(
        units * views.ratio(epoch)
        for holder, units, _, _, epoch, where in requests
        if (holder, where) == (wallet, name)
    )


def check_model(token: Token, chain: Chain, views: Views) -> None:
    """The chain answers as the model does: what everybody has, what is issued, what may be, and every record date."""
    asked = views.get
    today = {
        "totalSupply()": token.supply(),
        "authorisedUnits()": token.policy.authorised,
        "holderCount()": token.holders(),
        "currentEpoch()": token.epoch,
        "paused()": token.policy.paused,
        "isIssuable()": not token.policy.closed,
    }
    assert {name: asked(name) for name in today} == today
    for name in PARTITIONS:
        where = partition(name)
        assert asked("totalSupplyByPartition(bytes32)", where) == token.supply(name), name
        assert asked("allotted(bytes32)", where) == token.allotted.get(name, 0), name
        for wallet in WALLETS:
            _check_holding(token, asked("holdingOf(bytes32,address)", where, chain.of(wallet)), name, wallet)
            _check_lots(token, views, name, wallet, (where, chain.of(wallet)))
            _check_record_dates(token, chain, views, name, wallet)
    for scope in ("", *PARTITIONS):
        limits = token.book.limits.get(scope, Limits())
        minimum, maximum, epoch, lot = asked("limitsOf(bytes32)", partition(scope))
        answer = tuple(units * views.ratio(epoch) for units in (minimum, maximum, lot))
        assert answer == (limits.minimum, limits.maximum, limits.lot), f"I5: limits of {scope or 'the token'}"
    for wallet in WALLETS:
        _check_wallet(token, views, wallet, chain.of(wallet))


def _check_holding(token: Token, answer: Any, name: str, wallet: str) -> None:
    holding = token.holding(name, wallet)
    expected = (
        holding.units,
        token.free(name, wallet),
        holding.frozen,
        token.locked_lots(name, wallet),
        holding.locked_until,
        holding.lost,
    )
    assert answer == expected, f"{wallet} in {name}: units, free, frozen, in lots, locked until, lost"


def _check_lots(token: Token, views: Views, name: str, wallet: str, place: tuple[bytes, str]) -> None:
    found = [
        (end, cliff, start, units * views.ratio(epoch))
        for units, epoch, start, cliff, end in views.get("lotsOf(bytes32,address)", *place)
        if end > token.now
    ]
    assert sorted(found) == [astuple(lot) for lot in token.lots_left(name, wallet)], f"lots of {wallet} in {name}"


def _check_record_dates(token: Token, chain: Chain, views: Views, name: str, wallet: str) -> None:
    """I8: a record date answers as when it passed, whatever came after; nothing else answers at all."""
    where, address = partition(name), chain.of(wallet)
    for epoch in range(len(token.calendar) + 2):
        units = views.get("balanceOfAt(bytes32,address,uint16)", where, address, epoch)
        supply = views.get("totalSupplyAt(bytes32,uint16)", where, epoch)
        kept = token.calendar[epoch - 1].register if 1 <= epoch <= len(token.calendar) else None
        if kept is None:
            assert {units, supply} == {"RecordDateUnknown"}, f"I8, epoch {epoch}"
        else:
            total = sum(held for (where_held, _), held in kept.items() if where_held == name)
            assert (units, supply) == (kept.get((name, wallet), 0), total), f"I8, epoch {epoch}, {wallet} in {name}"


def _check_wallet(token: Token, views: Views, wallet: str, address: str) -> None:
    registered = token.system.registered.get(wallet)
    may_send = not token.system.invalid(wallet) and wallet not in token.system.frozen
    admitted = wallet == token.policy.treasury or bool(registered and registered.classes & token.policy.classes)
    assert views.get("canSend(address)", address) == may_send, wallet
    assert views.get("canReceive(address)", address) == (may_send and admitted), wallet
    assert views.get("getFrozenTokens(address)", address) == token.holding("default", wallet).frozen, wallet


def check_books(token: Token, chain: Chain, views: Views) -> None:
    """I5 and I6 for what hangs on no holding: allowances, requests, losses, reversals; and the system's clock."""
    system = chain.world.system.bind
    assert (system.level(), system.running_time()) == (token.system.level, token.system.running)
    assert token.system.level != NORMAL or token.system.running == token.now - token.system.stopped
    for (holder, spender), units in token.allowances.items():
        assert chain.bind.allowance(chain.of(holder), chain.of(spender)) == units, f"allowance of {holder}"
    for number in range(1, token.requests_made + 2):
        expected = token.requests.get(number)
        holder, units, to, deadline, epoch, _ = views.get("transferRequestOf(uint256)", number)
        if expected is None:
            assert holder == ZERO_ADDRESS, f"request {number}"
            continue
        answer = (holder, units * views.ratio(epoch), to, deadline)
        assert answer == (chain.of(expected.holder), expected.units, chain.of(expected.to), expected.deadline)
    for number, loss in token.losses.items():
        found = chain.bind.loss_of(number.to_bytes(32, "big"))
        status = {"reported": 1, "made good": 2, "dismissed": 3}[loss.status]
        assert (found.units * views.ratio(found.epoch), found.status) == (loss.units, status), f"loss {number}"
    for origin, (terms, done) in token.reversals.items():
        assert chain.bind.reversed(origin.to_bytes(32, "big")) == done, f"reversal of {terms}"
        assert done <= token.worth(terms.units, terms.epoch), "I6"
