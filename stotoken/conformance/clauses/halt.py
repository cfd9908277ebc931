"""6.1.1.11 halt: one transaction stops everything of every token, two people let it run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.act import Act
from stotoken.client.bindings.structs import Window
from stotoken.client.events import abi_of
from stotoken.client.token import Token
from stotoken.client.token_holder import HolderActs
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.witness import Person
from stotoken.errors import Reverted
from stotoken.types import (
    ZERO_ADDRESS,
    Basis,
    HaltLevel,
    Instrument,
    InvestorClass,
    LegalCategory,
    keccak,
    partition_id,
)

WHERE = partition_id(DEFAULT)


@dataclass(frozen=True, slots=True)
class Ready:
    """Something that somebody could do now. `function`: what it comes down to, inside an order too."""

    person: Person
    call: Call
    function: str

    def could(self) -> bool:
        try:
            self.person.simulate(self.call)
        except Reverted:
            return False
        return True


@scenario("6.1.1.11", "Halt", "停止機能")
def halt(s: Stage) -> None:
    fund = s.new_token(
        instrument=Instrument.FUND_UNIT, category=LegalCategory.FUND_PARA2, holder_cap=499, puttable=True
    )
    bond = s.new_token(instrument=Instrument.BOND, maturity=s.now + DAY)
    share = s.new_token()
    for token in (fund, bond, share):
        s.order(token.batch_issue(DEFAULT, [(h.address, 1_000) for h in (s.alice, s.bob, s.carol, s.treasury)]))
    s.travel(DAY)
    ready = [*_of_holders(s, fund), *_of_roles(s, fund), *_of_orders(s, fund, bond), *_of_the_system(s)]
    deadlines = s.now + DAY
    waiting = share.by(s.alice).request_transfer(s.bob.address, 7, deadlines).id
    figures = [s.supply(token) for token in (fund, bond, share)]
    figures += [s.units(token, holder) for token in (fund, share) for holder in (s.alice, s.bob)]
    possible = s.figure("acts possible", "可能な操作", lambda: sum(act.could() for act in ready))
    level = s.figure("halt level", "停止レベル", lambda: s.system.level().name)
    every = {function.name for function in abi_of("SecurityToken").functions.values() if not function.is_view}
    with s.check(
        "One transaction of one person stops every token: acts of every kind that were possible the moment before.",
        "一人の一取引で全トークンが停止し、直前まで可能だったあらゆる種類の操作が不可能となる。",
        level.goes("NORMAL", "HALTED"), possible.goes(len(ready), 0), *(figure.stays() for figure in figures),
    ) as check:  # fmt: skip
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("incident 1"))
        check.refused(reverts.SystemHalted, *(lambda act=act: act.person.send(act.call) for act in ready))
        left = every - {act.function for act in ready} - {"initialize"}
        check.equal("functions of a token not tried", "試していないトークンの機能", " ".join(sorted(left)), "")
    _who_resumes(s)
    with s.check(
        "After two people resumed, everything is as it was and runs on, with the deadlines moved on by the halt.",
        "二者による再開後は全てが元の状態で続き、期限は停止期間だけ延びる。",
        level.goes("HALTED", "NORMAL"), possible.goes(0, len(ready)), *(figure.stays() for figure in figures[:-2]),
        s.units(share, s.bob).goes(1_000, 1_007),
    ):  # fmt: skip
        s.travel(30 * DAY)
        s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 1")))
        share.by(s.issuer).approve_transfer_request(waiting)
    _restricted(s, share)
    _one_token(s, fund, share)


def _who_resumes(s: Stage) -> None:
    act = s.system.resume(HaltLevel.NORMAL, s.incident("incident 1"))
    level = s.figure("halt level", "停止レベル", lambda: s.system.level().name)
    with s.check(
        "Whoever halted cannot resume, nobody resumes alone, nobody but the appointed halts.",
        "停止した者は再開できず、単独の再開も、権限のない者による停止もできない。",
        level.stays("HALTED"),
    ) as check:
        check.refused_from(reverts.AccessRefused, act.call, s.emergency, s.sys_admin, s.compliance, s.mallory)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, proposer=s.emergency))
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, approver=s.sys_admin))
        stop = s.system.by(s.mallory)
        check.refused(reverts.AccessRefused, lambda: stop.halt(HaltLevel.HALTED, s.incident("incident 2")))
        again = s.system.by(s.emergency)
        check.refused(reverts.HaltLevelWrong, lambda: again.halt(HaltLevel.RESTRICTED, s.incident("incident 2")))


def _restricted(s: Stage, share: Token) -> None:
    with s.check(
        "The restricted level stops holders and issuers, also of a token created after it; rescue by order runs.",
        "制限停止では、その後に作成したトークンを含め保有者と発行者の操作が止まり、命令による救済は可能である。",
        s.units(share, s.bob).goes(1_007, 1_012),
    ) as check:
        s.system.by(s.registrar).halt(HaltLevel.RESTRICTED, s.incident("incident 3"))
        young = s.new_token()
        check.refused(
            reverts.SystemHalted,
            lambda: share.by(s.alice).transfer(s.bob.address, 1),
            lambda: s.issue(young, s.alice, 1),
            lambda: s.issue(share, s.alice, 1),
        )
        s.order(share.forced_transfer(s.alice.address, s.bob.address, 5, Basis.JUDGMENT))
        s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 3")))


def _one_token(s: Stage, fund: Token, share: Token) -> None:
    with s.check(
        "One token can be paused alone, by one person; the others run, two people let it run again.",
        "一つのトークンだけを一者で停止でき、他は動作を続け、再開は二者による。",
        s.units(share, s.carol).goes(1_000, 1_003),
    ) as check:
        fund.by(s.issuer).pause()
        check.refused(reverts.TokenPaused, lambda: fund.by(s.alice).transfer(s.bob.address, 1))
        check.refused(reverts.OrderRequired, lambda: s.issuer.send(fund.bind.unpause()))
        share.by(s.alice).transfer(s.carol.address, 3)
        s.order(fund.unpause())
        fund.by(s.alice).transfer(s.bob.address, 1)


# --- everything that can be done --------------------------------------------------------------------------------------


def _acts(person: Person, calls: Sequence[Call]) -> list[Ready]:
    return [Ready(person, call, call.signature.partition("(")[0]) for call in calls]


def _of_holders(s: Stage, fund: Token) -> list[Ready]:
    bind, a, b = fund.bind, s.alice.address, s.bob.address
    fund.by(s.alice).approve(b, 100)
    fund.by(s.alice).authorize_operator(b)
    mine = fund.by(s.alice).request_transfer(b, 1, s.now + 90 * DAY).id
    signed = HolderActs(s.deployment, s.carol, fund.address).sign_permit(b, 5, s.now + 90 * DAY)
    by_holder = (
        bind.transfer(b, 1), bind.transfer_with_data(b, 1, b"data"), bind.transfer_by_partition(WHERE, b, 1, b""),
        bind.batch_transfer(WHERE, [b], [1]), bind.redeem(1, b""), bind.redeem_by_partition(WHERE, 1, b""),
        bind.approve(b, 1), bind.authorize_operator(b), bind.revoke_operator(b),
        bind.authorize_operator_by_partition(WHERE, b), bind.revoke_operator_by_partition(WHERE, b),
        bind.request_transfer(WHERE, b, 1, s.now + 90 * DAY), bind.cancel_transfer_request(mine),
    )  # fmt: skip
    by_other = (
        bind.transfer_from(a, b, 1), bind.transfer_from_with_data(a, b, 1, b"data"),
        bind.operator_transfer_by_partition(WHERE, a, b, 1, b"", b""), bind.redeem_from(a, 1, b""),
        bind.operator_redeem_by_partition(WHERE, a, 1, b""),
        bind.permit(signed.owner, b, 5, signed.deadline, signed.v, signed.r, signed.s),
    )  # fmt: skip
    return [*_acts(s.alice, by_holder), *_acts(s.bob, by_other)]


def _of_roles(s: Stage, fund: Token) -> list[Ready]:
    bind, b = fund.bind, s.bob.address
    s.order(fund.allot(100))
    request = fund.by(s.alice).request_transfer(b, 1, s.now + 90 * DAY).id
    fund.by(s.issuer).set_document("notice", "https://example.com/notice", keccak(b"notice"))
    by_issuer = (
        bind.approve_transfer_request(request), bind.reject_transfer_request(request), bind.pause(),
        bind.set_document(partition_id("report"), "https://example.com/report", keccak(b"report")),
        bind.remove_document(partition_id("notice")),
    )  # fmt: skip
    by_compliance = (bind.set_frozen_tokens(b, 1), bind.set_frozen_by_partition(WHERE, b, 1))
    loss = bind.report_loss(s.incident("loss 1"), 1, WHERE, b, 0, s.incident("evidence"))
    return [
        *_acts(s.agent, [bind.distribute(WHERE, [b], [1], s.incident("batch"))]),
        *_acts(s.issuer, by_issuer), *_acts(s.compliance, by_compliance), *_acts(s.custodian, [loss]),
    ]  # fmt: skip


def _of_orders(s: Stage, fund: Token, bond: Token) -> list[Ready]:
    """Each approved, so that nothing but its execution is left."""
    bind, a, b, carol = fund.bind, s.alice.address, s.bob.address, s.carol.address
    wrong = fund.by(s.treasury).transfer(a, 10)
    heir = s.newcomer(Text("C's second wallet", "投資者Cの第二ウォレット"), of=s.carol)
    loss = fund.by(s.registrar).report_lost_key(carol, s.incident("evidence"))
    purse = s.newcomer(Text("another treasury", "別の発行者口座"), of=s.treasury)
    s.order(fund.schedule_record_date(s.now + 90 * DAY))
    s.order(fund.lock_lot(a, 1, s.now + 90 * DAY))
    acts: tuple[Act | Call, ...] = (
        fund.issue(a, 1), bind.issue(a, 1, b""), fund.batch_issue(DEFAULT, [(a, 1)]), fund.finalize_issuance(),
        fund.raise_authorised_units(2_000_000), fund.allot(1), fund.set_policy(InvestorClass.KYC, 400, False),
        fund.set_lockup(s.now + 90 * DAY), fund.lock_lot(a, 1, s.now + 90 * DAY), fund.unpause(),
        fund.split(2, s.now + 90 * DAY), fund.schedule_record_date(s.now + 91 * DAY), fund.cancel_last_epoch(),
        bind.controller_redeem(a, 1, b"", b""), fund.controller_redeem(a, 1), bond.redeem_matured(DEFAULT, [a]),
        fund.controller_transfer(a, b, 1, Basis.JUDGMENT), fund.forced_transfer(a, b, 1, Basis.JUDGMENT),
        fund.force_by_partition(DEFAULT, a, b, 1, Basis.JUDGMENT), fund.dismiss_loss(loss.id),
        fund.reissue(loss.id, heir.address), fund.reversal_of(wrong.tx_hash, wrong.log_index),
        fund.release_lot(a, 0), fund.set_treasury(purse.address), bind.set_limits(WHERE, 1, 9_000, 1),
        bind.set_countries(WHERE, [392], True), bind.set_window(WHERE, a, Window(0, 0, 0, 0)),
        bind.set_closed_period(DAY), bind.set_sanctions_oracle(ZERO_ADDRESS), bind.set_rules([]),
    )  # fmt: skip
    return [_executable(s, act) for act in acts]


def _of_the_system(s: Stage) -> list[Ready]:
    bind = s.system.bind
    call = bind.freeze_wallet(s.dave.address)
    word = s.system.standing_of(s.dave.address)
    again = bind.register([s.dave.address], [word.word if word else 0])
    acts = (s.system.create_token(s.terms()), s.system.unfreeze_wallet(s.dave.address))
    propose = s.orders.bind.propose(str(acts[1].target), acts[1].call.data, 1, s.incident("document"), s.now + 90 * DAY)
    return [
        *_acts(s.compliance, [call, again]),
        *_acts(s.registrar, [propose]),
        *(_executable(s, act) for act in acts),
    ]


def _executable(s: Stage, act: Act | Call) -> Ready:
    call = act.call if isinstance(act, Act) else act
    number = s.approved(act)
    row = s.row(call)
    function = call.signature.partition("(")[0]
    return Ready(s.proposer_of(row), s.orders.bind.execute(number, str(call.to), call.data), function)
