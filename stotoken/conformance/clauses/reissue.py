"""6.1.1.9 reissue: what was lost from the records comes back, to the same investor, in the same number, once."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.clauses.restoring import whatever_became_of_it
from stotoken.conformance.clauses.unredeem import redeemed_in_error
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.witness import Person
from stotoken.types import Bytes32, Units, format_jst, partition_id

KEY_LOST = 1


@scenario("6.1.1.9", "Reissue what was lost", "再配布機能")
def reissue(s: Stage) -> None:
    token = s.new_token(partitions=("class-a",))
    s.issue(token, s.alice, 100)
    s.issue(token, s.alice, 50, "class-a")
    token.by(s.compliance).freeze(s.alice.address, 10)
    end = s.now + 90 * DAY
    s.order(token.lock_lot(s.alice.address, 20, end))
    second = s.newcomer(Text("A's new wallet", "投資者Aの新ウォレット"), of=s.alice)
    loss = s.incident("loss")
    _without_a_loss(s, token, loss, second)
    _reported(s, token, loss)
    _of_one_class(s, token, loss)
    _to_nobody_else(s, token, loss)
    _by_nobody_alone(s, token, loss, second)
    _made_good(s, token, loss, second)
    _as_it_was_held(s, token, second, end)
    _once(s, token, loss, second)
    _found_again(s, token, second)
    whatever_became_of_it(s)
    redeemed_in_error(s)


def _report(s: Stage, token: Token, name: Bytes32, wallet: Person, units: Units = 0) -> None:
    """A report of the registrar's sent past the client."""
    where, evidence = partition_id(DEFAULT), s.incident("evidence")
    s.registrar.send(token.bind.report_loss(name, KEY_LOST, where, wallet.address, units, evidence))


def _without_a_loss(s: Stage, token: Token, loss: Bytes32, second: Person) -> None:
    with s.check(
        "Nothing is reissued without a recorded loss.",
        "消失の届出のない再配布はできない。",
        s.units(token, second).stays(0),
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, second.address)))
    with s.check(
        "Not everybody records a loss: neither a stranger, nor the holder, nor the issuer.",
        "消失の届出は定められた者だけが行え、第三者・保有者本人・発行者はできない。",
    ) as check:
        where, evidence = partition_id(DEFAULT), s.incident("evidence")
        call = token.bind.report_loss(loss, KEY_LOST, where, s.alice.address, 0, evidence)
        check.refused_from(reverts.AccessRefused, call, s.mallory, s.alice, s.issuer)
    with s.check(
        "A lost key loses the whole holding: no other number of units is recorded, neither fewer nor more.",
        "鍵の喪失は保有全体の消失であり、それより少ない口数でも多い口数でも届け出ることはできない。",
    ) as check:
        for units in (99, 101):
            check.refused(reverts.LossImplausible, partial(_report, s, token, loss, s.alice, units))
    with s.check(
        "Where nothing is held nothing is lost.",
        "保有のないウォレットについて、消失を届け出ることはできない。",
    ) as check:
        check.refused(reverts.LossImplausible, lambda: _report(s, token, loss, second))


def _reported(s: Stage, token: Token, loss: Bytes32) -> None:
    with s.check(
        "A reported holding stands still at once: whoever found the key transfers nothing before it is reissued.",
        "届け出た保有は直ちに停止し、再配布前に鍵を得た者も移転できない。",
        s.units(token, s.alice).stays(100),
    ) as check:
        token.by(s.custodian).report_lost_key(s.alice.address, s.incident("evidence"), id=loss)
        check.refused(reverts.HoldingLost, lambda: token.by(s.alice).transfer(s.bob.address, 1))
    with s.check(
        "Nor does he request a transfer.",
        "その者は移転請求もできない。",
    ) as check:
        check.refused(reverts.HoldingLost, lambda: token.by(s.alice).request_transfer(s.bob.address, 1, s.now + DAY))
    with s.check(
        "A loss is reported once: not again under its number, nor under another.",
        "消失は重ねて届け出ることができず、別の番号でも同様である。",
    ) as check:
        check.refused(reverts.LossRecorded, lambda: _report(s, token, loss, s.alice))
        check.refused(reverts.LossImplausible, lambda: _report(s, token, s.incident("other"), s.alice))


def _of_one_class(s: Stage, token: Token, loss: Bytes32) -> None:
    with s.check(
        "A loss is of one class of units: the other class still moves.",
        "消失は種類ごとに記録され、他の種類は移転できる。",
        s.units(token, s.alice, "class-a").goes(50, 49),
    ):
        token.by(s.alice).transfer_by_partition("class-a", s.bob.address, 1)
    with s.check(
        "What is recorded as lost is what was held in that class then.",
        "消失として記録されるのは、その種類のその時点の保有数である。",
    ) as check:
        recorded = token.loss(loss)
        check.equal("units recorded as lost", "届出の口数", recorded.units if recorded else 0, 100)


def _to_nobody_else(s: Stage, token: Token, loss: Bytes32) -> None:
    for wrong, en, ja in (
        (s.bob, "another investor", "他の投資者のウォレット"),
        (s.mallory, "a wallet that nobody registered", "未登録のウォレット"),
    ):
        with s.check(
            f"It is not made good to {en}.",
            f"{ja}への再配布はできない。",
            s.units(token, wrong).stays(0), s.units(token, s.alice).stays(100),
        ) as check:  # fmt: skip
            check.refused(reverts.InvestorDiffers, partial(s.order, token.reissue(loss, wrong.address)))


def _by_nobody_alone(s: Stage, token: Token, loss: Bytes32, second: Person) -> None:
    act = token.reissue(loss, second.address)
    with s.check(
        "Nobody reissues alone.",
        "単独での再配布はできない。",
        s.units(token, second).stays(0),
    ) as check:
        check.refused_from(reverts.OrderRequired, act.call, s.registrar, s.compliance, s.alice)
    with s.check(
        "Nobody approves a reissue that he proposed.",
        "自ら提案した再配布を承認することはできない。",
        s.units(token, second).stays(0),
    ) as check:
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, approver=s.registrar))


def _made_good(s: Stage, token: Token, loss: Bytes32, second: Person) -> None:
    with s.check(
        "The same number of the same class goes to another wallet of the same investor, in one transaction.",
        "同一投資者の別のウォレットへ、同じ種類の同じ口数が一取引で再配布される。",
        s.units(token, s.alice).goes(100, 0), s.units(token, second).goes(0, 100),
        s.units(token, s.alice, "class-a").stays(49), s.units(token, second, "class-a").stays(0),
        s.supply(token).stays(150),
    ) as check:  # fmt: skip
        done = s.order(token.reissue(loss, second.address))
        moved = [event.log.tx_hash for event in done.events if event.name in ("Transfer", "Reissued")]
        check.equal("transactions in which units moved", "口数が移動した取引", len(set(moved)), 1)


def _as_it_was_held(s: Stage, token: Token, second: Person, end: int) -> None:
    with s.check(
        "Units that were frozen are frozen again.",
        "凍結されていた口数は、再配布後も凍結されている。",
        s.frozen(token, second).stays(10), s.free(token, second).stays(70),
    ) as check:  # fmt: skip
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: token.by(second).transfer(s.bob.address, 71))
    with s.check(
        "Units of a locked lot are locked again, until the end they had.",
        "ロックされていたロットは、再配布後も当初の終了時刻までロックされている。",
    ) as check:
        check.equal("locked units", "ロック数", token.holding_of(second.address).locked_lots, 20)
        ends = " ".join(format_jst(lot.end) for lot in token.lots_of(second.address))
        check.equal("locked until", "ロックの終了", ends, format_jst(end))


def _once(s: Stage, token: Token, loss: Bytes32, second: Person) -> None:
    supply = s.supply(token).stays(150)
    with s.check(
        "A loss is made good once.",
        "同じ消失の再配布は一度限りである。",
        supply, s.units(token, second).stays(100),
    ) as check:  # fmt: skip
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, second.address)))
    with s.check(
        "On that record no other class is reissued either, to whichever wallet of the investor.",
        "その届出によって、他の種類が投資者のどのウォレットに再配布されることもない。",
        supply, s.units(token, s.alice, "class-a").stays(49), s.units(token, second, "class-a").stays(0),
    ) as check:  # fmt: skip
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, s.alice.address)))
    with s.check(
        "A loss that was made good is not dismissed afterwards.",
        "再配布済みの届出を取り下げることはできない。",
        supply,
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.dismiss_loss(loss)))
    with s.check(
        "A loss that was made good is not reported again.",
        "再配布済みの消失を再び届け出ることはできない。",
        supply,
    ) as check:
        check.refused(reverts.LossRecorded, lambda: _report(s, token, loss, second))


def _found_again(s: Stage, token: Token, second: Person) -> None:
    with s.check(
        "A key that is found afterwards opens nothing: from the old wallet nothing is sent.",
        "後に鍵が見つかっても旧ウォレットは復活せず、移転できない。",
        s.units(token, s.alice).stays(0), s.units(token, second).stays(100),
    ) as check:  # fmt: skip
        check.refused(reverts.ERC20InsufficientBalance, lambda: token.by(s.alice).transfer(s.bob.address, 1))
    with s.check(
        "The old wallet receives nothing any more.",
        "旧ウォレットは、以後受領することもできない。",
        s.units(token, s.alice).stays(0), s.units(token, second).stays(100),
    ) as check:  # fmt: skip
        check.refused(reverts.HoldingLost, lambda: token.by(second).transfer(s.alice.address, 1))
