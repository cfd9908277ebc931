"""Everything that can be done to a token and to the system: at least one act for every function, each possible now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stotoken.chain.abi import Call
from stotoken.client.act import Act
from stotoken.client.bindings.structs import Window
from stotoken.client.events import contract_at
from stotoken.client.token import Token
from stotoken.client.token_holder import HolderActs
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.witness import Person
from stotoken.errors import Reverted
from stotoken.governance.matrix import EVERY_TOKEN
from stotoken.governance.unrowed import CLOSED, state_changing
from stotoken.types import ZERO_ADDRESS, Basis, InvestorClass, keccak, partition_id

WHERE = partition_id(DEFAULT)
#: What also runs while the system is halted: ways out of it, vetoes, one's own role, an empty list of calls.
WAYS_OUT = {
    "Authority.grantRole", "Authority.revokeRole", "Authority.renounceRole", "Authority.multicall", "CoreSystem.halt",
    "CoreSystem.resume", "Orders.veto",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ready:
    """Something that somebody could do now. `function`: what it comes down to, inside an order too, with its
    contract."""

    person: Person
    call: Call
    function: str

    def could(self) -> bool:
        try:
            self.person.simulate(self.call)
        except Reverted:
            return False
        return True


def not_tried(ready: Sequence[Ready]) -> set[str]:
    """Functions of any contract that change something, may be called by somebody, and are not among the acts."""
    every = {name.partition("(")[0] for name in state_changing().keys() - CLOSED.keys()}
    return every - {act.function for act in ready} - WAYS_OUT - {"Orders.execute"}


def of_holders(s: Stage, fund: Token) -> list[Ready]:
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
    return [*_acts(s, s.alice, by_holder), *_acts(s, s.bob, by_other)]


def of_roles(s: Stage, fund: Token) -> list[Ready]:
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
        *_acts(s, s.agent, [bind.distribute(WHERE, [b], [1], s.incident("batch"))]),
        *_acts(s, s.issuer, by_issuer), *_acts(s, s.compliance, by_compliance), *_acts(s, s.custodian, [loss]),
    ]  # fmt: skip


def of_orders(s: Stage, fund: Token, bond: Token) -> list[Ready]:
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


def of_the_system(s: Stage) -> list[Ready]:
    bind = s.system.bind
    call = bind.freeze_wallet(s.dave.address)
    word = s.system.standing_of(s.dave.address)
    again = bind.register([s.dave.address], [word.word if word else 0])
    pause = s.matrix.row("token", "pause")
    acts = (
        s.system.create_token(s.terms()), s.system.unfreeze_wallet(s.dave.address),
        s.system.set_implementation(s.deployment.implementation),
        s.authority.set_row(EVERY_TOKEN, pause.selector, pause.struct),
    )  # fmt: skip
    target, data, end = str(acts[1].target), acts[1].call.data, s.now + 90 * DAY
    open_ = s.orders.by(s.registrar).propose(acts[1], s.incident("document"), end)
    return [
        *_acts(s, s.compliance, [call, again, s.orders.bind.approve(open_.id, open_.hash)]),
        *_acts(s, s.registrar, [s.orders.bind.propose(target, data, 1, s.incident("document"), end)]),
        *(_executable(s, act) for act in acts),
    ]


def _acts(s: Stage, person: Person, calls: Sequence[Call]) -> list[Ready]:
    return [Ready(person, call, _name(s, call)) for call in calls]


def _name(s: Stage, call: Call) -> str:
    return f"{contract_at(s.deployment, str(call.to))}.{call.signature.partition('(')[0]}"


def _executable(s: Stage, act: Act | Call) -> Ready:
    call = act.call if isinstance(act, Act) else act
    number = s.approved(act)
    row = s.row(call)
    return Ready(s.proposer_of(row), s.orders.bind.execute(number, str(call.to), call.data), _name(s, call))
