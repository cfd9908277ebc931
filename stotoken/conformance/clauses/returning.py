"""A transfer is reversed whatever became of its parties, its units and the calendar meanwhile (6.1.1.10)."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.act import Act
from stotoken.client.results import Moved
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.errors import InputError
from stotoken.ledger.decoding import Contracts
from stotoken.ledger.follower import replay
from stotoken.types import Basis, Units, format_jst, partition_id


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
    later = s.now + 90 * DAY
    for en, ja, hold in (
        ("frozen", "凍結", lambda token: token.by(s.compliance).freeze(s.alice.address, 90)),
        ("locked in a lot", "ロットのロック", lambda token: s.order(token.lock_lot(s.alice.address, 90, later))),
        ("in a transfer request", "移転請求", lambda token: _request(s, token, later)),
    ):
        token, wrong = _wrong(s)
        hold(token)
        with s.check(
            f"Units of the recipient that are {en} go back all the same.",
            f"{ja}の対象である受領者の口数も、逆移転できる。",
            s.free(token, s.alice).goes(10, 0), s.units(token, s.alice).goes(100, 0),
        ) as check:  # fmt: skip
            check.refused(
                reverts.ERC7943InsufficientUnfrozenBalance, partial(token.by(s.alice).transfer, s.bob.address, 11)
            )
            s.order(_back(token, wrong))
    token, wrong = _wrong(s)
    s.order(token.set_lockup(later, DEFAULT, s.alice.address))
    with s.check(
        "A recipient's holding that is locked up goes back all the same.",
        "ロックアップ中の受領者の保有も、逆移転できる。",
        s.units(token, s.alice).goes(100, 0),
    ) as check:
        check.refused(reverts.HoldingLockedUp, partial(token.by(s.alice).transfer, s.bob.address, 1))
        s.order(_back(token, wrong))


def _request(s: Stage, token: Token, deadline: int) -> None:
    token.by(s.alice).request_transfer(s.bob.address, 90, deadline)


def _split_between(s: Stage) -> None:
    token, wrong = _wrong(s)
    s.order(_back(token, wrong, 40))
    with s.check(
        "A split between transfer and reversal counts, for what was returned before it too.",
        "移転と逆移転の間の分割は、分割前の返還分を含めて換算される。",
        s.figure("units returned", "返還済みの口数", lambda: token.reversed(wrong.origin)).goes(40, 80),
    ) as check:
        s.order(token.split(2))
        check.refused(InputError, lambda: _back(token, wrong, 121))
    with s.check(
        "What is left after a split goes back, counted in later units.",
        "分割後に残る口数は、分割後の口数で戻される。",
        s.units(token, s.alice).goes(120, 0), s.units(token, s.treasury).goes(880, 1_000),
    ):  # fmt: skip
        s.order(_back(token, wrong, 120))


def _parties_not_eligible(s: Stage) -> None:
    for who, en, ja in ((s.alice, "recipient", "受領者"), (s.treasury, "sender", "元の移転者")):
        token, wrong = _wrong(s)
        with s.check(
            f"A {en} whose wallet is frozen does not stop it.",
            f"{ja}のウォレットが凍結されていても、逆移転できる。",
            s.units(token, s.alice).goes(100, 60), s.units(token, s.treasury).goes(400, 440),
        ):  # fmt: skip
            s.system.by(s.compliance).freeze_wallet(who.address)
            s.order(_back(token, wrong, 40))
        s.order(s.system.unfreeze_wallet(who.address))
        with s.check(
            f"A {en} whose checks expired does not stop it.",
            f"{ja}の本人確認が失効していても、逆移転できる。",
            s.units(token, s.alice).goes(60, 0), s.units(token, s.treasury).goes(440, 500),
        ):  # fmt: skip
            s.register(who, until=s.now)
            s.order(_back(token, wrong, 60))
        s.register(who)


def _sender_lost(s: Stage) -> None:
    token, wrong = _wrong(s)
    purse = s.newcomer(Text("another treasury", "別の発行者口座"), of=s.treasury)
    token.by(s.custodian).report_lost_key(s.treasury.address, s.incident("evidence"))
    with s.check(
        "To a sender whose key is lost nothing goes back.",
        "鍵を失った元の移転者へは戻されない。",
        s.units(token, s.alice).stays(100),
    ) as check:
        check.refused(reverts.HoldingLost, lambda: s.order(_back(token, wrong)))
    with s.check(
        "An order takes the units to another account of the same sender instead.",
        "代わりに、命令により同じ者の別口座へ移される。",
        s.units(token, s.alice).goes(100, 0), s.units(token, purse).goes(0, 100),
    ):  # fmt: skip
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
        "A reversal after a record date does not rewrite the register of that date.",
        "基準日後の逆移転は、基準日の名簿を書き換えない。",
        at_date.stays(100), s.units(token, s.alice).goes(100, 0),
    ):  # fmt: skip
        s.order(_back(token, wrong))
    with s.check(
        "Nor the register of any past instant: there the units are still the recipient's.",
        "過去の任意の時点の名簿も書き換えず、そこでは口数は受領者のままである。",
    ) as check:
        book = replay(Contracts.of(s.deployment, token.address), s.connection)
        for instant, units in ((then, 100), (s.now, 0)):
            held = book.holding(partition_id(DEFAULT), s.alice.address, instant).units
            when = format_jst(instant)
            check.equal(f"units of A in the register of {when}", f"{when}の名簿における投資者Aの口数", held, units)
