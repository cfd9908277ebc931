"""A transfer is reversed whatever became of its parties, its units and the calendar meanwhile (6.1.1.10)."""

from __future__ import annotations

from stotoken import reverts
from stotoken.client.act import Act
from stotoken.client.results import Moved
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.errors import InputError
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.follower import replay
from stotoken.types import Basis, Units, partition_id


def whatever_became_of_it(s: Stage) -> None:
    _held_back(s)
    _split_between(s)
    _parties_not_eligible(s)
    _sender_lost(s)
    _past_registers(s)


def _wrong(s: Stage) -> tuple[Token, Moved]:
    """A token of which a hundred units went from the treasury to A in error."""
    token = s.new_token()
    s.issue(token, s.treasury, 500)
    return token, token.by(s.treasury).transfer(s.alice.address, 100)


def _back(token: Token, wrong: Moved, units: Units | None = None) -> Act:
    return token.reversal_of(wrong.tx_hash, wrong.log_index, units)


def _held_back(s: Stage) -> None:
    token, wrong = _wrong(s)
    token.by(s.alice).request_transfer(s.bob.address, 30, s.now + 9 * DAY)
    token.by(s.compliance).freeze(s.alice.address, 40)
    s.order(token.lock_lot(s.alice.address, 30, s.now + 90 * DAY))
    s.order(token.set_lockup(s.now + 90 * DAY, DEFAULT, s.alice.address))
    with s.check(
        "Units that are frozen, locked, locked up or requested go back all the same.",
        "凍結・ロック・ロックアップ・移転請求の対象である口数も、逆移転できる。",
        s.free(token, s.alice).stays(0), s.units(token, s.alice).goes(100, 0),
    ) as check:  # fmt: skip
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.alice).transfer(s.bob.address, 1))
        s.order(_back(token, wrong))


def _split_between(s: Stage) -> None:
    token, wrong = _wrong(s)
    with s.check(
        "A split between transfer and reversal counts, for what was returned before it too.",
        "移転と逆移転の間の分割は、分割前の返還分を含めて換算される。",
        s.units(token, s.alice).goes(100, 0), s.units(token, s.treasury).goes(400, 1_000),
    ) as check:  # fmt: skip
        s.order(_back(token, wrong, 40))
        s.order(token.split(2))
        check.equal("returned so far, in later units", "分割後の口数での返還済み", token.reversed(wrong.origin), 80)
        check.refused(InputError, lambda: _back(token, wrong, 121))
        s.order(_back(token, wrong, 120))


def _parties_not_eligible(s: Stage) -> None:
    token, wrong = _wrong(s)
    with s.check(
        "A recipient and a sender whose checks expired, or who are frozen, do not stop it.",
        "受領者や元の移転者の本人確認が失効し、またはウォレットが凍結されていても、逆移転できる。",
        s.units(token, s.alice).goes(100, 0), s.units(token, s.treasury).goes(400, 500),
    ):  # fmt: skip
        s.register(s.alice, s.treasury, until=s.now)
        s.system.by(s.compliance).freeze_wallet(s.alice.address)
        s.system.by(s.compliance).freeze_wallet(s.treasury.address)
        s.order(_back(token, wrong))
    for wallet in (s.alice, s.treasury):
        s.order(s.system.unfreeze_wallet(wallet.address))
    s.register(s.alice, s.treasury)


def _sender_lost(s: Stage) -> None:
    token, wrong = _wrong(s)
    purse = s.newcomer(Text("another treasury", "別の発行者口座"), of=s.treasury)
    with s.check(
        "To a sender whose key is lost nothing goes back; an order takes the units to another account of the same.",
        "鍵を失った元の移転者へは戻らず、命令により同じ者の別口座へ移される。",
        s.units(token, s.alice).goes(100, 0), s.units(token, purse).goes(0, 100),
    ) as check:  # fmt: skip
        token.by(s.custodian).report_lost_key(s.treasury.address, s.incident("evidence"))
        check.refused(reverts.HoldingLost, lambda: s.order(_back(token, wrong)))
        s.order(token.force_by_partition(DEFAULT, s.alice.address, purse.address, 100, Basis.ERRONEOUS_TRANSFER))


def _past_registers(s: Stage) -> None:
    token, wrong = _wrong(s)
    s.travel(DAY)
    s.order(token.schedule_record_date())
    at_date = s.figure("units of A at the record date", "基準日における投資者Aの口数",
                       lambda: token.balance_at(s.alice.address, 1))  # fmt: skip
    then = s.now
    s.travel(1)
    with s.check(
        "A reversal after a record date does not rewrite the register of that date, nor of any past instant.",
        "基準日後の逆移転は、基準日の名簿も過去の任意の時点の名簿も書き換えない。",
        at_date.stays(100), s.units(token, s.alice).goes(100, 0),
    ) as check:  # fmt: skip
        s.order(_back(token, wrong))
        book = replay(Contracts.of(s.deployment, token.address), s.connection)
        held = book.holding(partition_id(DEFAULT), s.alice.address, then).units
        check.equal("units of A in the register of then", "当時の名簿における投資者Aの口数", held, 100)
