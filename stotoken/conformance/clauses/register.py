"""6.2.1 the register: who held what, now and then, read from the events alone and equal to the chain."""

from __future__ import annotations

from typing import Any

from stotoken.client.token import Token
from stotoken.conformance.clauses.past import past
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.ledger.decoding import Contracts
from stotoken.ledger.follower import follow, replay
from stotoken.ledger.reconcile import reconcile
from stotoken.ledger.register import Register
from stotoken.reports.asked import Asked, By, What
from stotoken.reports.making import make
from stotoken.types import Basis, Instrument, LegalCategory, MoveKind


@scenario("6.2.1", "Token information", "トークン情報")
def register(s: Stage) -> None:
    fund: dict[str, Any] = {"instrument": Instrument.FUND_UNIT, "category": LegalCategory.FUND_PARA2}
    token = s.new_token(partitions=("class-a",), holder_cap=499, puttable=True, **fund)
    s.order(token.batch_issue(DEFAULT, [(s.alice.address, 100), (s.treasury.address, 900)]))
    s.issue(token, s.bob, 50, "class-a")
    s.travel(DAY)
    date = s.order(token.schedule_record_date()).event("RecordDateScheduled").values["epoch"]
    book = replay(Contracts.of(s.deployment, token.address), s.connection)
    before, instant, then = _report(token, book, record_date=date), book.now, _report(token, book)
    s.travel(1)
    with s.check(
        "② ③ After every kind of operation the register, read from events alone, equals the chain figure by figure.",
        "② ③ 全種類の操作の後、イベントのみから再構成した名簿は、チェーンと一件ずつ一致する。",
        s.supply(token).goes(1_050, 1_985),
    ) as check:
        _every_operation(s, token)
        follow(book, s.connection)
        result = reconcile(book, s.connection)
        check.tell("figures compared", "照合した項目", result.rows_compared)
        check.equal("differences", "差異", len(result.differences), 0)
        check.equal("issued units", "発行済総数", sum(book.supply().values()), token.total_supply())
        held = sum(holding.units for holding in book.holdings())
        check.equal("sum of all holdings", "保有口数の合計", held, token.total_supply())
    with s.check(
        "What was registered at the record date, and at any past instant, reads the same for ever, after a split too.",
        "基準日および任意の過去時点の名簿は、分割後も含め、いつ照会しても同一である。",
    ) as check:
        now_of_date, now_of_then = _report(token, book, record_date=date), _report(token, book, as_of=instant)
        check.equal("record date unchanged", "基準日名簿は不変", now_of_date == before, True)
        check.equal("past instant unchanged", "過去時点の名簿は不変", now_of_then == then, True)
        on_chain = token.balance_at(s.alice.address, date)
        recorded = next(h.units for h in book.at_record_date(date) if h.wallet == s.alice.address)
        check.equal("units of A at the record date", "基準日における投資者Aの口数", recorded, on_chain)
    with s.check(
        "① The lineage tells every move and of what kind it was: forced, reissued and reversed ones stand out.",
        "① 来歴は全ての移動とその種別を示し、強制移転・再配布・逆移転は区別される。",
    ) as check:
        kinds = {move.kind for move in book.lineage()}
        check.equal("kinds of move in the lineage", "来歴に現れる種別", len(kinds), len(MoveKind))
    with s.check(
        "A register built anew from the first block is the same to the byte.",
        "最初のブロックから再構築した名簿は、1バイトも違わない。",
    ) as check:
        anew: Register = replay(Contracts.of(s.deployment, token.address), s.connection)
        check.equal("same bytes", "同一バイト列", _report(token, anew) == _report(token, book), True)
    past(s)


def _report(token: Token, book: Register, **moment: int) -> bytes:
    return make(book, token, Asked(what=What.HOLDINGS, by=By.WALLET, **moment)).bytes()  # type: ignore[arg-type]


def _every_operation(s: Stage, token: Token) -> None:
    s.order(token.allot(300))
    token.by(s.agent).distribute(DEFAULT, [(s.bob.address, 100), (s.carol.address, 200)], s.incident("batch"))
    wrong = token.by(s.alice).transfer(s.dave.address, 40)
    token.by(s.compliance).freeze(s.carol.address, 30)
    s.order(token.split(2))
    s.order(token.reversal_of(wrong.tx_hash, wrong.log_index, 50))
    s.order(token.force_by_partition(DEFAULT, s.bob.address, s.alice.address, 10, Basis.TAX))
    second = s.newcomer(Text("C's second wallet", "投資者Cの第二ウォレット"), of=s.carol)
    loss = token.by(s.custodian).report_lost_key(s.carol.address, s.incident("evidence"))
    s.order(token.reissue(loss.id, second.address))
    s.order(token.lock_lot(s.bob.address, 25, s.now + DAY))
    token.by(s.alice).request_transfer(s.bob.address, 5, s.now + 9 * DAY)
    s.order(token.controller_redeem(s.treasury.address, 100))
    token.by(s.bob).redeem(15)
    s.travel(2 * DAY)
