"""What registrar, compliance, the emergency officer and orders may draw, and time."""

from __future__ import annotations

from chain import WALLETS, partition
from game import Game, amounts, often, partitions, receivers, wallets
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from model import LIMIT, Lot, Transfer
from people import HALTED, JAPAN, NORMAL, RESTRICTED, ZERO
from start import INVESTORS, investor_id
from world import DAY

from stotoken.client.bindings import structs
from stotoken.client.standing import Standing
from stotoken.types import InvestorClass

NOTE = b"\x01" * 32
NOBODY = "mallory"
kinds = st.sampled_from((1, 1, 2, 2, 3))
seldom = st.sampled_from((0, 0, 0, 1))
caps = st.sampled_from((3, 0, 1, 2, 50, 500))
#: Dates on the calendar, seconds from now; 0 is given as now, -1 is refused.
dates = st.sampled_from((0, 0, 10 * DAY, 40 * DAY, 1, -1))
validities = st.sampled_from((*[3650 * DAY] * 8, 20 * DAY, DAY, 0))
lock_ups = st.sampled_from((2, 2, DAY, 10 * DAY, 0, -1))
#: Start, cliff and end of a lot, seconds from now: at once, by and by, with a cliff and without; the last are refused.
lots = st.sampled_from((
    *[(0, 10 * DAY, 10 * DAY), (1, 1, 1), (0, 40 * DAY, 40 * DAY), (-5 * DAY, 10 * DAY, 40 * DAY)] * 2,
    *[(0, 0, 40 * DAY), (-365 * DAY, -30 * DAY, 10 * DAY), (-3, 0, 7), (DAY, 10 * DAY, 40 * DAY)] * 2,
    (0, 0, 0), (2, 1, DAY), (0, DAY + 1, DAY),
))  # fmt: skip
places = st.sampled_from(("", *["default", "class-a"] * 4, "unknown"))
classes = st.sampled_from((3, 3, 3, 15, 15, 1, 2, 8, 0, 64))


class OrderRules(Game):
    # --- who everybody is ---------------------------------------------------------------------------------------------

    @rule(
        wallet=receivers,
        classes=classes,
        span=validities,
        own=st.sampled_from((1, 1, 1, 0)),
        country=st.sampled_from((*[JAPAN] * 5, 840, 250, 0, 1000)),
    )
    def register(self, wallet: str, classes: int, span: int, own: int, country: int) -> None:
        """`own` 0: in the name of another investor, as mallory's wallet may be while nobody knows it."""
        owner = INVESTORS.get(wallet, wallet) if own and wallet != ZERO else ("treasury", "bob")[span == DAY]
        until = self.now + span
        word = Standing(investor_id(self.chain.world, owner), InvestorClass(classes), country, until).word
        call = self.system.register([self.chain.of(wallet)], [word])
        model, by = self.token.system, "compliance"
        self.act(by, call, lambda: model.register(by, wallet, owner, classes, until, country))

    @rule(wallet=wallets, freeze=st.sampled_from((True, False)), by=st.sampled_from(("compliance", "emergency")))
    def freeze_wallet(self, wallet: str, freeze: bool, by: str) -> None:
        address, model = self.chain.of(wallet), self.token.system
        if freeze:
            self.act(by, self.system.freeze_wallet(address), lambda: model.freeze_wallet(by, wallet))
        elif wallet in model.frozen:
            self.order(self.system.unfreeze_wallet(address), lambda: model.unfreeze_wallet(wallet))

    # --- stops and time -----------------------------------------------------------------------------------------------

    @rule(
        to=st.sampled_from((RESTRICTED, HALTED, NORMAL)), by=st.sampled_from(("emergency", "registrar", "compliance"))
    )
    def halt(self, to: int, by: str) -> None:
        self.act(by, self.system.halt(to, NOTE), lambda: self.token.system.halt(by, to))

    @precondition(lambda self: self.stopped)
    @rule(to=st.sampled_from((NORMAL, RESTRICTED, HALTED)))
    def resume(self, to: int) -> None:
        self.order(self.system.resume(to, NOTE), lambda: self.token.system.resume(to))

    @rule(by=st.sampled_from(("issuer", "emergency", "registrar")), on=st.sampled_from((True, False)))
    def pause(self, by: str, on: bool) -> None:
        if on:
            self.act(by, self.bind.pause(), lambda: self.token.pause(by))
        elif self.token.policy.paused:
            self.order(self.bind.unpause(), self.token.unpause)

    @rule()
    def rest(self) -> None:
        """Nothing happens: the simplest step there is, of which the simplest histories consist."""

    @rule(place=st.sampled_from((0, 0, 0, 1, 1, 2, 9)), off=st.sampled_from((0, -1, 1)))
    def wait_for_a_moment(self, place: int, off: int) -> None:
        """Until something changes by itself, or a second before or after."""
        moments = self.moments()
        until = moments[min(place, len(moments) - 1)] + off if moments else self.now
        self.travel(max(until, self.now))

    @rule(span=st.sampled_from((1, 2, DAY, 3 * DAY, 10 * DAY, 20 * DAY)))
    def wait(self, span: int) -> None:
        self.travel(self.now + span)

    # --- policy and restrictions --------------------------------------------------------------------------------------

    @rule(
        classes=classes,
        cap=st.sampled_from((3, 0, 1, 2, 50, 500)),
        approval=often(no=7, yes=1),
        whole=often(as_it_is=7, yes=1, no=1),
        fit=often(yes=4, no=1),
    )
    def set_policy(self, classes: int, cap: int, approval: str, whole: str, fit: str) -> None:
        """`fit`: counted if it was, so that only the floor of the category can stand against it."""
        if fit == "yes":
            cap = (cap or 3) if self.token.policy.cap else 0
        asked = (approval == "yes", self.token.policy.whole if whole == "as_it_is" else whole == "yes")
        call = self.bind.set_policy(classes, cap, *asked)
        self.order(call, lambda: self.token.set_policy(classes, cap, *asked))

    @rule(
        name=places,
        wallet=receivers,
        span=lock_ups,
    )
    def lock_up(self, name: str, wallet: str, span: int) -> None:
        """A span of 0 unlocks."""
        until = self.now + span if span else 0
        call = self.bind.set_lockup(partition(name), self.chain.of(wallet), until)
        self.order(call, lambda: self.token.lock_up(name, wallet, until))

    @rule(
        name=partitions,
        wallet=receivers,
        amount=amounts,
        spans=lots,
    )
    def lock_lot(self, name: str, wallet: str, amount: str, spans: tuple[int, int, int]) -> None:
        wallet = self.holder(name, wallet, amount)
        units = self.units(amount, name, wallet)
        start, cliff, end = (self.now + span for span in spans)
        call = self.bind.lock_lot(partition(name), self.chain.of(wallet), units, start, cliff, end)
        self.order(call, lambda: self.token.lock_lot(name, wallet, units, start, cliff, end))

    @precondition(lambda self: any(holding.lots for holding in self.token.holdings.values()))
    @rule(place=st.integers(0, 9), which=st.integers(0, 9))
    def release_lot(self, place: int, which: int) -> None:
        """The last place is of no lot."""
        held = [at for at, holding in self.token.holdings.items() if holding.lots]
        name, wallet = held[place % len(held)]
        where, address = partition(name), self.chain.of(wallet)
        found = self.bind.lots_of(where, address)
        number = which % (len(found) + 1)
        if number == len(found):
            call = self.bind.release_lot(where, address, number, structs.Lot(1, 0, 0, 0, self.now))
            self.order(call, lambda: {"LotUnknown", "SystemHalted"})
            return
        lot = found[number]
        mine = Lot(lot.end, lot.cliff, lot.start, self.token.worth(lot.units, lot.epoch))
        call = self.bind.release_lot(where, address, number, lot)
        self.order(call, lambda: self.token.release_lot(name, wallet, mine))

    @rule(wallet=often(treasury=3, mallory=6, bob=1, zero=1))
    def set_treasury(self, wallet: str) -> None:
        self.order(self.bind.set_treasury(self.chain.of(wallet)), lambda: self.token.set_treasury(wallet))

    @rule(
        name=partitions,
        wallet=receivers,
        amount=amounts,
        by=often(zero=2, compliance=2, registrar=1),
    )
    def freeze(self, name: str, wallet: str, amount: str, by: str) -> None:
        units, address = self.units(amount, name, wallet), self.chain.of(wallet)
        if name == "default":
            call = self.bind.set_frozen_tokens(address, units)
        else:
            call = self.bind.set_frozen_by_partition(partition(name), address, units)
        self.act("an order" if by == ZERO else by, call, lambda: self.token.freeze(by, name, wallet, units))

    # --- splits and record dates --------------------------------------------------------------------------------------

    @rule(ratio=st.sampled_from((2, 3, 2, 3, 10, 7919, 1, 0, -1, -2)), span=dates)
    def split(self, ratio: int, span: int) -> None:
        """A ratio of -1: the largest there is room for; -2: one more."""
        if ratio < 0:
            ratio = (LIMIT - 1) // (self.token.policy.authorised * self.token.ratio_ahead()) - ratio - 1
        start = self.now + span if span else 0
        self.order(self.bind.split(ratio, start), lambda: self.token.split(ratio, start))

    @rule(ratio=st.sampled_from((2, 3)))
    def split_now(self, ratio: int) -> None:
        self.split(ratio, 0)

    @rule(span=dates)
    def record_date(self, span: int) -> None:
        start = self.now + span if span else 0
        self.order(self.bind.schedule_record_date(start), lambda: self.token.record_date(start))

    @precondition(
        lambda self: self.token.calendar and (self.token.now % 4 == 0 or self.token.calendar[-1].start > self.now)
    )
    @rule()
    def cancel_a_date(self) -> None:
        self.order(self.bind.cancel_last_epoch(), self.token.cancel_date)

    # --- force, loss, reversal ----------------------------------------------------------------------------------------

    @rule(name=partitions, sender=receivers, to=receivers, amount=amounts, door=st.integers(0, 2))
    def force(self, name: str, sender: str, to: str, amount: str, door: int) -> None:
        sender = self.holder(name, sender, amount)
        units, who, whom = self.units(amount, name, sender), self.chain.of(sender), self.chain.of(to)
        doors = [self.bind.force_by_partition(partition(name), who, whom, units, b"", b"")]
        if name == "default":
            doors += [self.bind.forced_transfer(who, whom, units)]
            doors += [self.bind.controller_transfer(who, whom, units, b"", b"")]
        self.order(doors[door % len(doors)], lambda: self.token.force(name, sender, to, units))

    @rule(name=partitions, wallet=wallets, to=receivers, frozen=amounts, taken=amounts)
    def freeze_and_force(self, name: str, wallet: str, to: str, frozen: str, taken: str) -> None:
        wallet = self.holder(name, wallet, "some")
        self.freeze(name, wallet, frozen, ZERO)
        self.force(name, wallet, to, taken, 0)

    @rule(holder=receivers, amount=amounts)
    def controller_redeem(self, holder: str, amount: str) -> None:
        holder = self.holder("default", holder, amount)
        units = self.units(amount, "default", holder)
        call = self.bind.controller_redeem(self.chain.of(holder), units, b"", b"")
        self.order(call, lambda: self.token.force("default", holder, ZERO, units, redeem=True))

    @rule(
        kind=st.sampled_from((1, 1, 2, 2, 3)),
        name=partitions,
        wallet=receivers,
        amount=amounts,
        again=seldom,
    )
    def report_loss(self, kind: int, name: str, wallet: str, amount: str, again: int) -> None:
        number = max(1, len(self.token.losses) + 1 - again)
        redeemed = self.token.redeemed.get(name, 0)
        kind = 1 if kind == 2 and not redeemed and amount != "huge" else kind
        wallet = self.holder(name, wallet, amount) if kind == 1 else wallet
        units = (
            0 if kind == 1 and amount != "one" else {"some": redeemed // 2, "all": redeemed}.get(amount, redeemed + 1)
        )
        call = self.bind.report_loss(id_of(number), kind, partition(name), self.chain.of(wallet), units, NOTE)
        by = "custodian"
        self.act(by, call, lambda: self.token.report_loss(by, number, kind, name, wallet, units))

    @rule(name=partitions, wallet=wallets, to=receivers, reissue=st.sampled_from((True, True, False)))
    def report_and_end_a_loss(self, name: str, wallet: str, to: str, reissue: bool) -> None:
        self.report_loss(1, name, wallet, "some", 0)
        self.end_a_loss(len(self.token.losses) - 1, to, reissue, "yes")

    @rule(holder=wallets, ratio=st.sampled_from((1, 2, 3)), amount=often(all=2, some=1, one=1), to=receivers)
    def redeem_in_error_and_make_good(self, holder: str, ratio: int, amount: str, to: str) -> None:
        """The split between, if there is one, counts for what was redeemed too."""
        self.controller_redeem(holder, "half")
        if ratio > 1:
            self.split(ratio, 0)
        self.report_loss(2, "default", holder, amount, 0)
        self.end_a_loss(len(self.token.losses) - 1, to, True, "yes")

    @precondition(lambda self: self.token.losses)
    @rule(place=st.integers(0, 3), to=receivers, reissue=st.sampled_from((True, True, False)), home=often(yes=3, no=1))
    def end_a_loss(self, place: int, to: str, reissue: bool, home: str) -> None:
        """`home`: to another wallet of the same investor, if there is one."""
        number = 1 + place % (len(self.token.losses) + 1)
        if home == "yes" and number in self.token.losses:
            loser, model = self.token.losses[number].wallet, self.token.system
            same = [wallet for wallet in WALLETS if model.investor(wallet) == model.investor(loser)]
            to = same[(same.index(loser) + 1) % len(same)] if loser in same else to
        if reissue:
            call = self.bind.reissue(id_of(number), self.chain.of(to))
            self.order(call, lambda: self.token.reissue(number, to))
        else:
            self.order(self.bind.dismiss_loss(id_of(number)), lambda: self.token.dismiss_loss(number))

    @precondition(lambda self: self.token.transfers)
    @rule(
        place=st.integers(0, 20),
        amount=often(some=1, all=1, all_and_one=1, one=1, none=1),
        forge=seldom,
    )
    def reverse(self, place: int, amount: str, forge: int) -> None:
        """`forge`: with other units than it was first recorded with."""
        terms = self.token.transfers[-1 - place % len(self.token.transfers)]
        known, done = self.token.reversals.get(terms.origin, (None, 0))
        if forge and known:
            terms = Transfer(**(vars(terms) | {"units": terms.units + forge}))
        left = self.token.worth(terms.units, terms.epoch) - done
        units = {"some": max(1, left // 3), "all": left, "all and one": left + 1, "one": 1, "none": 0}[amount]
        who, whom = self.chain.of(terms.recipient), self.chain.of(terms.sender)
        call = self.bind.reverse(
            id_of(terms.origin), partition(terms.partition), who, whom, terms.units, terms.epoch, units
        )
        self.order(call, lambda: self.token.reverse(terms, units))

    # --- nobody alone -------------------------------------------------------------------------------------------------

    @rule(by=st.sampled_from((*WALLETS, "auditor", "sys_admin")), place=st.integers(0, 99))
    def try_alone_what_takes_an_order(self, by: str, place: int) -> None:
        bind, who, name = self.bind, self.chain.of("bob"), partition("default")
        calls = [
            bind.issue(who, 1, b""),
            bind.issue_by_partition(name, who, 1, b""),
            bind.batch_issue(name, [who], [1], b""),
            bind.allot(name, 1),
            bind.finalize_issuance(),
            bind.raise_authorised_units(LIMIT - 1),
            bind.set_policy(1, 0, False, False),
            bind.set_lockup(name, who, 0),
            bind.lock_lot(name, who, 1, *[self.now + 1] * 3),
            bind.release_lot(name, who, 0, structs.Lot(1, 0, 1, 1, 1)),
            bind.set_treasury(who),
            bind.set_limits(name, 1, 2, 1),
            bind.set_countries(name, [JAPAN], True),
            bind.set_window(name, who, structs.Window(0, 0, 0, 0)),
            bind.set_closed_period(0),
            bind.unpause(),
            bind.split(2, 0),
            bind.schedule_record_date(0),
            bind.cancel_last_epoch(),
            bind.forced_transfer(who, who, 1),
            bind.controller_transfer(who, who, 1, b"", b""),
            bind.force_by_partition(name, who, who, 1, b"", b""),
            bind.controller_redeem(who, 1, b"", b""),
            bind.redeem_matured(name, [who], b""),
            bind.dismiss_loss(id_of(1)),
            bind.reissue(id_of(1), who),
            bind.reverse(id_of(1), name, who, who, 1, 0, 1),
            self.system.resume(NORMAL, NOTE),
            self.system.unfreeze_wallet(who),
            bind.distribute(name, [who], [1], NOTE),
            bind.pause(),
            bind.approve_transfer_request(1),
            bind.reject_transfer_request(1),
            bind.report_loss(id_of(9), 1, name, who, 0, NOTE),
            bind.set_frozen_tokens(who, LIMIT),
            self.system.halt(HALTED, NOTE),
            self.system.register([who], [0]),
            self.system.freeze_wallet(who),
        ]
        self.act(by, calls[place % len(calls)], lambda: {"OrderRequired", "AccessRefused"})


def id_of(number: int) -> bytes:
    return number.to_bytes(32, "big")
