"""What holders, their spenders and operators, and those who issue to them may draw."""

from __future__ import annotations

from typing import Any

from chain import partition
from game import Game, amounts, often, partitions, receivers, rows, wallets
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from model import MOST_ALLOWED, REDEEM, TRANSFER, UNLIMITED
from people import ZERO
from world import DAY

from stotoken.chain.abi import Call

PROOF = b"\x07" * 32
mostly = often(yes=3, no=1)
extremes = st.sampled_from((*[None] * 6, UNLIMITED, MOST_ALLOWED, MOST_ALLOWED + 1))
deadlines = st.sampled_from((40 * DAY, 10 * DAY, 10 * DAY, 2, 1, 0))


class HolderRules(Game):
    # --- transfers, at every door -------------------------------------------------------------------------------------

    @rule(by=wallets, to=receivers, amount=amounts, door=often(transfer=2, transferWithData=1))
    def transfer(self, by: str, to: str, amount: str, door: str) -> None:
        by = self.holder("default", by, amount)
        units, whom = self.units(amount, "default", by), self.chain.of(to)
        data = door == "transferWithData"
        call = self.bind.transfer_with_data(whom, units, b"data") if data else self.bind.transfer(whom, units)
        self.transfer_by(call, "default", by, to, units)

    @rule(name=partitions, by=wallets, to=receivers, amount=amounts, data=st.sampled_from((b"", b"data")))
    def transfer_by_partition(self, name: str, by: str, to: str, amount: str, data: bytes) -> None:
        by = self.holder(name, by, amount)
        units = self.units(amount, name, by)
        call = self.bind.transfer_by_partition(partition(name), self.chain.of(to), units, data)
        self.transfer_by(call, name, by, to, units)

    def transfer_by(self, call: Call, name: str, by: str, to: str, units: int) -> None:
        """What the chain foresees of it, and what becomes of it."""
        foreseen = self.foresee(name, by, by, to, units)
        error = self.act(by, call, lambda: self.token.transfer(name, by, to, units))
        self.came_true(foreseen.all("canTransferByPartition(address,address,bytes32,uint256,bytes)"), to, error)
        self.came_true(foreseen.all("canTransfer(address,uint256,bytes)"), to, error)

    @rule(name=partitions, by=wallets, rows=rows, short=st.sampled_from((*[False] * 9, True)))
    def batch_transfer(self, name: str, by: str, rows: list[tuple[str, str]], short: bool) -> None:
        by = self.holder(name, by, "some")
        drawn = [(to, self.units(amount, name, by)) for to, amount in rows]
        call = self.bind.batch_transfer(partition(name), *self.columns(drawn, short))
        self.act(by, call, lambda: {"ListsDiffer"} if short else self.token.batch_transfer(name, by, drawn))

    def columns(self, rows: list[tuple[str, int]], short: bool = False) -> tuple[list[str], list[int]]:
        return [self.chain.of(to) for to, _ in rows], [units for _, units in rows][1 if short else 0 :]

    @rule(place=st.integers(0, 19), to=receivers, amount=amounts, door=st.integers(0, 2), first=often(yes=2, no=1))
    def spend_an_allowance(self, place: int, to: str, amount: str, door: int, first: str) -> None:
        """`first`: what is needed is allowed first."""
        pairs = [*self.token.allowances, ("bob", "alice")]
        holder, by = pairs[place % len(pairs)]
        if first == "yes":
            self.approve(holder, by, amount, None)
        units, who, whom = self.units(amount, "default", holder), self.chain.of(holder), self.chain.of(to)
        if door == 2:
            call = self.bind.redeem_from(who, units, b"")
            self.act(by, call, lambda: self.token.as_spender(REDEEM, by, holder, ZERO, units))
            return
        doors = (self.bind.transfer_from(who, whom, units), self.bind.transfer_from_with_data(who, whom, units, b"d"))
        foreseen = self.foresee("default", by, holder, to, units)
        error = self.act(by, doors[door], lambda: self.token.as_spender(TRANSFER, by, holder, to, units))
        self.came_true(foreseen.all("canTransferFrom(address,address,uint256,bytes)"), to, error)

    @rule(place=st.integers(0, 19), name=partitions, to=receivers, amount=amounts, redeem=st.booleans(), by=wallets)
    def operate(self, place: int, name: str, to: str, amount: str, redeem: bool, by: str) -> None:
        if place > 9:
            self.operator(self.holder(name, by, amount), by, "default" if place > 14 else "", 1)
        trusted = [*sorted(self.token.operators), ("bob", "bob", "")]
        holder, by, only = trusted[place % len(trusted)]
        name = only if only and place % 4 else name
        units, who, where = self.units(amount, name, holder), self.chain.of(holder), partition(name)
        if redeem:
            call, kind, to = self.bind.operator_redeem_by_partition(where, who, units, b""), REDEEM, ZERO
        else:
            kind = TRANSFER
            call = self.bind.operator_transfer_by_partition(where, who, self.chain.of(to), units, b"", b"")
        self.act(by, call, lambda: self.token.as_operator(kind, name, by, holder, to, units))

    @rule(
        by=wallets,
        spender=receivers,
        amount=amounts,
        extreme=extremes,
    )
    def approve(self, by: str, spender: str, amount: str, extreme: int | None) -> None:
        units = self.units(amount, "default", by) if extreme is None else extreme
        self.act(by, self.bind.approve(self.chain.of(spender), units), lambda: self.token.approve(by, spender, units))

    @rule(
        holder=wallets,
        spender=wallets,
        amount=amounts,
        signer=wallets,
        honest=often(yes=3, no=1),
        span=st.sampled_from((1, 0, 1, -1)),
    )
    def permit(self, holder: str, spender: str, amount: str, signer: str, honest: str, span: int) -> None:
        units, deadline = self.units(amount, "default", holder), self.now + span
        signer = holder if honest == "yes" else signer
        signature = self.sign_permit(signer, holder, spender, units, deadline)
        r, s, v = signature[:32], signature[32:64], signature[64]
        call = self.bind.permit(self.chain.of(holder), self.chain.of(spender), units, deadline, v, r, s)
        by = "mallory"
        self.act(by, call, lambda: self.token.permit(holder, spender, units, signed_by=signer, deadline=deadline))

    def sign_permit(self, signer: str, holder: str, spender: str, units: int, deadline: int) -> bytes:
        fields = ("owner address", "spender address", "value uint256", "nonce uint256", "deadline uint256")
        domain = ("name string", "version string", "chainId uint256", "verifyingContract address")

        def typed(names: tuple[str, ...]) -> list[dict[str, str]]:
            return [{"name": name.split()[0], "type": name.split()[1]} for name in names]

        owner = self.chain.of(holder)
        message: dict[str, Any] = {
            "types": {"Permit": typed(fields), "EIP712Domain": typed(domain)},
            "primaryType": "Permit",
            "domain": {
                "name": "stotoken",
                "version": "1",
                "chainId": self.chain.world.node.chain_id,
                "verifyingContract": self.chain.address,
            },
            "message": {
                "owner": owner,
                "spender": self.chain.of(spender),
                "value": units,
                "nonce": self.bind.nonces(owner),
                "deadline": deadline,
            },
        }
        return self.chain.person(signer).signer.sign_typed_data(message)

    @rule(by=wallets, operator=wallets, name=st.sampled_from(("", "default", "class-a")), on=st.sampled_from((1, 1, 0)))
    def operator(self, by: str, operator: str, name: str, on: int) -> None:
        bind, who = self.bind, self.chain.of(operator)
        if name:
            act = bind.authorize_operator_by_partition if on else bind.revoke_operator_by_partition
            call = act(partition(name), who)
        else:
            call = bind.authorize_operator(who) if on else bind.revoke_operator(who)
        self.act(by, call, lambda: self.token.operator(by, operator, name, bool(on)))

    # --- requests -----------------------------------------------------------------------------------------------------

    @rule(
        name=partitions,
        by=wallets,
        to=receivers,
        amount=amounts,
        span=deadlines,
    )
    def request(self, name: str, by: str, to: str, amount: str, span: int) -> None:
        by = self.holder(name, by, amount)
        units, deadline = self.units(amount, name, by), self.now + span
        call = self.bind.request_transfer(partition(name), self.chain.of(to), units, deadline)
        self.act(by, call, lambda: self.token.request(name, by, to, units, deadline))

    @rule(name=partitions, by=wallets, to=receivers, amount=amounts, how=often(approve=3, cancel=1, reject=1))
    def request_and_end(self, name: str, by: str, to: str, amount: str, how: str) -> None:
        self.request(name, by, to, amount, 10 * DAY)
        self.end_a_request(len(self.token.requests) - 1, how, by)

    @precondition(lambda self: self.token.requests_made)
    @rule(place=st.integers(0, 5), how=often(approve=3, cancel=1, reject=1), by=wallets)
    def end_a_request(self, place: int, how: str, by: str) -> None:
        numbers = [*self.token.requests] or [self.token.requests_made + place % 2]
        number = numbers[place % len(numbers)]
        if how == "cancel":
            holder = self.token.requests[number].holder if number in self.token.requests else by
            who = holder if place % 2 else by
            self.act(who, self.bind.cancel_transfer_request(number), lambda: self.token.cancel_request(who, number))
        elif how == "reject":
            call = self.bind.reject_transfer_request(number)
            self.act("issuer", call, lambda: self.token.reject_request("issuer", number))
        else:
            call = self.bind.approve_transfer_request(number)
            self.act("registrar", call, lambda: self.token.approve_request("registrar", number))

    # --- issue, distribute, redeem ------------------------------------------------------------------------------------

    @rule(name=partitions, rows=rows, door=st.integers(0, 1), fill=st.sampled_from((*[None] * 8, 0, 1)))
    def issue(self, name: str, rows: list[tuple[str, str]], door: int, fill: int | None) -> None:
        """`fill`: the first row takes all that is authorised, or one more."""
        drawn = [(to, self.units(amount, name, "treasury")) for to, amount in rows]
        if fill is not None and drawn:
            drawn[0] = (drawn[0][0], self.token.policy.authorised - self.token.supply() + fill)
        to, units = self.columns(drawn)
        if len(drawn) != 1:
            call = self.bind.batch_issue(partition(name), to, units, b"")
        elif name == "default" and door:
            call = self.bind.issue(to[0], units[0], b"")
        else:
            call = self.bind.issue_by_partition(partition(name), to[0], units[0], b"")
        self.order(call, lambda: self.token.issue(name, drawn))

    @rule(name=partitions, amount=amounts)
    def allot(self, name: str, amount: str) -> None:
        units = self.units(amount, name, "treasury")
        self.order(self.bind.allot(partition(name), units), lambda: self.token.allot(name, units))

    @rule(name=partitions, rows=rows, first=st.booleans())
    def distribute(self, name: str, rows: list[tuple[str, str]], first: bool) -> None:
        """`first`: what is needed is allotted first."""
        drawn = [(to, self.units(amount, name, "treasury")) for to, amount in rows]
        if first:
            total = sum(units for _, units in drawn)
            self.order(self.bind.allot(partition(name), total), lambda: self.token.allot(name, total))
        call = self.bind.distribute(partition(name), *self.columns(drawn), PROOF)
        self.act("agent", call, lambda: self.token.distribute("agent", name, drawn))

    @rule(by=st.sampled_from((*[0] * 7, 1)), amount=amounts)
    def authorise_more_or_close(self, by: int, amount: str) -> None:
        if by:
            self.order(self.bind.finalize_issuance(), self.token.finalize)
            return
        units = self.token.policy.authorised + self.units(amount, "default", "treasury")
        self.order(self.bind.raise_authorised_units(units), lambda: self.token.raise_authorised(units))

    @rule(name=partitions, by=wallets, amount=amounts, door=st.booleans())
    def redeem(self, name: str, by: str, amount: str, door: bool) -> None:
        by = self.holder(name, by, amount)
        units = self.units(amount, name, by)
        short = name == "default" and door
        call = self.bind.redeem(units, b"") if short else self.bind.redeem_by_partition(partition(name), units, b"")
        self.act(by, call, lambda: self.token.redeem(name, by, units))

    @rule(name=partitions, some=st.lists(receivers, min_size=1, max_size=3, unique=True))
    def redeem_matured(self, name: str, some: list[str]) -> None:
        call = self.bind.redeem_matured(partition(name), [self.chain.of(wallet) for wallet in some], b"")
        self.order(call, lambda: self.token.redeem_matured(name, some))
