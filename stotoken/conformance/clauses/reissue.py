"""6.1.1.9 reissue: what was lost from the records comes back, to the same investor, in the same number, once."""

from __future__ import annotations

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.witness import Person
from stotoken.errors import InputError
from stotoken.types import partition_id


@scenario("6.1.1.9", "Reissue what was lost", "再配布機能")
def reissue(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    token.by(s.compliance).freeze(s.alice.address, 10)
    s.order(token.lock_lot(s.alice.address, 20, s.now + 90 * DAY))
    second = s.newcomer(Text("A's new wallet", "投資者Aの新ウォレット"), of=s.alice)
    loss = s.incident("loss")
    with s.check(
        "A lost key is reported: the holding stands still at once, and nothing is reissued without a record.",
        "鍵の喪失を届け出ると保有は直ちに停止し、届出のない再配布はできない。",
        s.units(token, s.alice).stays(100),
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, second.address)))
        call = token.bind.report_loss(loss, 1, partition_id(DEFAULT), s.alice.address, 0, s.incident("evidence"))
        check.refused(reverts.AccessRefused, lambda: s.mallory.send(call))
        token.by(s.custodian).report_lost_key(s.alice.address, s.incident("evidence"), id=loss)
        check.refused(reverts.HoldingLost, lambda: token.by(s.alice).transfer(s.bob.address, 1))
        check.refused(reverts.LossRecorded, lambda: s.registrar.send(call))
    with s.check(
        "It is not made good to another investor, nor by one person alone.",
        "他の投資者への再配布や、単独の者による再配布はできない。",
        s.units(token, s.bob).stays(0),
    ) as check:
        check.refused(reverts.InvestorDiffers, lambda: s.order(token.reissue(loss, s.bob.address)))
        act = token.reissue(loss, second.address)
        check.refused_from(reverts.OrderRequired, act.call, s.registrar, s.compliance, s.alice)
    with s.check(
        "The same number goes to a wallet of the same investor, with what encumbers it; the supply stays, and the old "
        "wallet is empty for good.",
        "同一投資者のウォレットへ同数が、凍結・ロックとともに再配布され、総数は変わらず、旧ウォレットは復活しない。",
        s.units(token, s.alice).goes(100, 0), s.units(token, second).goes(0, 100), s.supply(token).stays(100),
        s.frozen(token, second).goes(0, 10), s.free(token, second).goes(0, 70),
    ) as check:  # fmt: skip
        s.order(token.reissue(loss, second.address))
        check.refused(reverts.HoldingLost, lambda: token.by(s.alice).transfer(s.bob.address, 0))
        token.by(second).transfer(s.bob.address, 1)
        token.by(s.bob).transfer(second.address, 1)
    with s.check(
        "A loss is made good once.",
        "同じ消失についての再配布は一度限りである。",
        s.supply(token).stays(100),
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, second.address)))
        check.refused(reverts.LossNotOpen, lambda: s.order(token.dismiss_loss(loss)))
    _redeemed_in_error(s)
    _dismissed(s, token, second)


def _dismissed(s: Stage, token: Token, second: Person) -> None:
    with s.check(
        "A loss that was none is dismissed by an order, and the holding moves again.",
        "消失でなかった届出は命令により取り下げられ、保有は再び移転できる。",
        s.units(token, s.bob).goes(0, 1),
    ) as check:
        found = token.by(s.registrar).report_lost_key(second.address, s.incident("evidence"))
        check.refused(reverts.HoldingLost, lambda: token.by(second).transfer(s.bob.address, 1))
        s.order(token.dismiss_loss(found.id))
        token.by(second).transfer(s.bob.address, 1)


def _redeemed_in_error(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.carol, 100)
    redeemed = s.order(token.controller_redeem(s.carol.address, 30))
    log = next(event.log for event in redeemed.events if event.name == "RedeemedByPartition")
    s.order(token.finalize_issuance())
    evidence = s.incident("evidence")
    with s.check(
        "Units redeemed in error come back in the same number, also in later units, never more than were redeemed.",
        "誤って償還された口数は同数だけ(分割後の口数でも)復元され、償還数を超えることはない。",
        s.supply(token).goes(70, 200), s.units(token, s.carol).goes(70, 200),
    ) as check:  # fmt: skip
        check.refused(
            InputError, lambda: token.by(s.registrar).loss_of_redemption(log.tx_hash, log.log_index, evidence, 31)
        )
        more = token.bind.report_loss(s.incident("forged"), 2, partition_id(DEFAULT), s.carol.address, 31, evidence)
        check.refused(reverts.LossImplausible, lambda: s.registrar.send(more))
        loss = token.by(s.registrar).loss_of_redemption(log.tx_hash, log.log_index, evidence)
        s.order(token.split(2))
        s.order(token.reissue(loss.id, s.carol.address))
    with s.check(
        "Nothing is left to bring back: further losses are refused, also under another reference.",
        "復元すべき残りはなく、別の参照によるさらなる届出も拒否される。",
        s.supply(token).stays(200),
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss.id, s.carol.address)))
        again = token.bind.report_loss(s.incident("again"), 2, partition_id(DEFAULT), s.carol.address, 1, evidence)
        check.refused(reverts.LossImplausible, lambda: s.registrar.send(again))
