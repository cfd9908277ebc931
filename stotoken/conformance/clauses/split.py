"""6.1.1.6 split: 1:N at once for everybody, whatever state the units are in."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.checking import Reading
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import HaltLevel, keccak


@scenario("6.1.1.6", "Split", "分割機能")
def split(s: Stage) -> None:
    token = s.new_token(approval_required=False)
    holders = (s.alice, s.bob, s.carol, s.dave, s.treasury)
    s.order(token.batch_issue(DEFAULT, [(holder.address, 1_000) for holder in holders]))
    earlier = token.by(s.treasury).transfer(s.alice.address, 100)
    token.by(s.compliance).freeze(s.bob.address, 400)
    s.order(token.lock_lot(s.bob.address, 300, s.now + 50 * DAY))
    request = token.by(s.carol).request_transfer(s.alice.address, 200, s.now + 20 * DAY).id
    token.by(s.carol).approve(s.alice.address, 50)
    token.by(s.registrar).report_lost_key(s.dave.address, s.incident("evidence"), id=s.incident("loss"))
    s.order(token.allot(70))
    heir = s.newcomer(Text("D's second wallet", "投資者Dの第二ウォレット"), of=s.dave)
    s.travel(DAY)
    date = s.order(token.schedule_record_date()).event("RecordDateScheduled").values["epoch"]
    then = s.figure("units of A at the record date", "基準日における投資者Aの口数",
                    lambda: token.balance_at(s.alice.address, date))  # fmt: skip
    a, carol = s.alice.address, s.carol.address
    allowance = s.figure("allowance of A", "投資者Aへの許可数", lambda: token.allowance(carol, a))
    lots = s.figure("units of B in locked lots", "投資者Bのロット制限数",
                    lambda: token.holding_of(s.bob.address).locked_lots)  # fmt: skip
    with s.check(
        "One transaction splits 1:3 for everybody, exactly: free, frozen, locked, requested, lost and treasury units, "
        "allowances, the allotment, the authorised units; the earlier record date stays.",
        "一つの取引で全員が1:3に正確に分割される。自由・凍結・ロット・請求中・消失届出・発行者口座の口数、許可数、"
        "割当、発行可能数のすべてに及び、過去の基準日は変わらない。",
        s.supply(token).goes(5_000, 15_000),
        *(s.units(token, holder).becomes(3 * token.balance_of(holder.address)) for holder in holders),
        s.frozen(token, s.bob).goes(400, 1_200), lots.goes(300, 900), s.free(token, s.bob).goes(300, 900),
        s.free(token, s.carol).goes(800, 2_400), allowance.goes(50, 150),
        s.figure("allotment", "割当", token.allotted).goes(70, 210),
        s.figure("authorised units", "発行可能数", token.authorised_units).goes(1_000_000, 3_000_000),
        then.stays(1_100),
    ) as check:  # fmt: skip
        gas = s.order(token.split(3)).receipt.gas_used
        check.tell("gas, whatever the number of holders", "消費ガス(保有者数によらない)", gas)
    with s.check(
        "What was begun before the split ends in the new units: a request, an allowance, a loss, a reversal.",
        "分割前に始まった移転請求・許可・消失届出・逆移転は、分割後の口数で完結する。",
        s.units(token, s.alice).goes(3_300, 3_750), s.units(token, s.treasury).goes(2_700, 3_000),
        s.units(token, s.dave).goes(3_000, 0), s.units(token, heir).goes(0, 3_000), s.supply(token).stays(15_000),
    ):  # fmt: skip
        token.by(s.issuer).approve_transfer_request(request)
        token.by(s.alice).transfer_from(s.carol.address, s.alice.address, 150)
        s.order(token.reversal_of(earlier.tx_hash, earlier.log_index))
        s.order(token.reissue(s.incident("loss"), heir.address))
    _lot_ends(s, token, lots)
    _scheduled(s, token)
    _refused(s, token)


def _lot_ends(s: Stage, token: Token, lots: Reading) -> None:
    with s.check(
        "A lot locked before the split is free at its old instant, in the new units.",
        "分割前のロットは、元の時刻に、分割後の口数で解除される。",
        s.free(token, s.bob).goes(900, 1_800),
        lots.goes(900, 0),
    ):
        s.travel(50 * DAY)


def _refused(s: Stage, token: Token) -> None:
    with s.check(
        "A ratio below two, or one that leaves the range of units, is refused; so is a split by one person alone.",
        "2未満の比率、口数の範囲を超える比率、単独の者による分割は拒否される。",
        s.supply(token).stays(90_000),
    ) as check:
        acts = map(token.split, (0, 1, 2**80))
        check.refused(reverts.SplitRatioOutOfRange, *(partial(s.order, act) for act in acts))
        call = token.bind.split(2, 0)
        check.refused_from(reverts.OrderRequired, call, s.registrar, s.issuer, s.mallory)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(call, proposer=s.issuer))
    with s.check(
        "While the system is halted nothing is split.",
        "システム停止中は分割できない。",
        s.supply(token).stays(90_000),
    ) as check:
        ready = s.approved(token.split(2))
        s.system.by(s.emergency).halt(HaltLevel.HALTED, keccak(b"drill"))
        check.refused(reverts.SystemHalted, lambda: s.orders.by(s.registrar).execute(ready))


def _scheduled(s: Stage, token: Token) -> None:
    start = s.now + 10 * DAY
    s.order(token.split(2, start))
    with s.check(
        "A split for a later instant takes effect by itself: not one second before, and nobody has to do anything.",
        "将来の時刻を定めた分割は、1秒前には効力がなく、その時刻に誰の操作もなく効力を生じる。",
        s.supply(token).goes(15_000, 30_000), s.units(token, s.bob).goes(3_000, 6_000),
    ) as check:  # fmt: skip
        s.node.set_time(start - 1)
        check.equal("issued units one second before", "1秒前の発行済総数", token.total_supply(), 15_000)
        s.node.set_time(start)
    with s.check(
        "A date that lies ahead can be taken off again, and two splits 1:2 and 1:3 make six of one.",
        "到来前の予定は取り消すことができ、1:2と1:3の分割で6倍となる。",
        s.supply(token).goes(30_000, 90_000), s.units(token, s.bob).goes(6_000, 18_000),
    ) as check:  # fmt: skip
        s.order(token.split(5, s.now + DAY))
        s.order(token.cancel_last_epoch())
        s.travel(2 * DAY)
        check.equal("issued units after that date", "その時刻の後の発行済総数", token.total_supply(), 30_000)
        s.order(token.split(3))
        check.refused(reverts.EpochNotPending, lambda: s.order(token.cancel_last_epoch()))
