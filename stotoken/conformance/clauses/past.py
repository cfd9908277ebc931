"""6.2.1 ① ② ③ at many past instants: the reports, against a model that adds and subtracts what the people here did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, DOCUMENT, Stage
from stotoken.conformance.witness import Person
from stotoken.ledger.decoding import Contracts
from stotoken.ledger.follower import replay
from stotoken.ledger.register import Register
from stotoken.reports.asked import Asked, By, Format, What
from stotoken.reports.making import make
from stotoken.types import ZERO_ADDRESS, Address, Basis, HaltLevel, MoveKind, Units, to_hex

#: The instants that are looked at, at least.
INSTANTS = 50

Row = tuple[str, Address, Address, Units]


@dataclass
class Moment:
    """What the model says at the end of a second."""

    units: dict[Address, Units]
    moves: int


@dataclass
class Past:
    """Does things to a token, and keeps beside it what must come of them. Nobody is asked what did."""

    s: Stage
    token: Token
    units: dict[Address, Units] = field(default_factory=dict)
    moves: list[Row] = field(default_factory=list)
    moments: dict[int, Moment] = field(default_factory=dict)

    def did(self, kind: MoveKind, giver: Address, taker: Address, units: Units) -> None:
        """A move happened: note it, and the second that it ends."""
        for wallet, change in ((giver, -units), (taker, units)):
            if wallet != ZERO_ADDRESS:
                self.units[wallet] = self.units.get(wallet, 0) + change
        self.moves.append((kind.name, giver, taker, units))
        self.note()

    def note(self) -> None:
        held = {wallet: units for wallet, units in self.units.items() if units}
        self.moments[self.s.now] = Moment(held, len(self.moves))
        self.s.travel(7)

    # --- acts ---------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        for person in (self.s.treasury, self.s.alice, self.s.bob):
            self.s.issue(self.token, person, 1_000)
            self.did(MoveKind.ISSUE, ZERO_ADDRESS, person.address, 1_000)

    def transfers(self, count: int) -> None:
        """Round and round, of ever other numbers."""
        people = (self.s.alice, self.s.bob, self.s.carol, self.s.dave)
        for number in range(count):
            giver, taker = people[number % 4], people[(number * 3 + 1) % 4]
            units = min(self.units.get(giver.address, 0), 11 * number % 97 + 1)
            if giver is not taker and units:
                self.token.by(giver).transfer(taker.address, units)
                self.did(MoveKind.TRANSFER, giver.address, taker.address, units)

    def distribution(self) -> None:
        self.s.order(self.token.allot(100))
        batch = self.s.incident("batch")
        self.token.by(self.s.agent).distribute(DEFAULT, [(self.s.carol.address, 100)], batch)
        self.did(MoveKind.DISTRIBUTE, self.s.treasury.address, self.s.carol.address, 100)

    def split(self, ratio: int) -> None:
        self.s.order(self.token.split(ratio))
        self.units = {wallet: units * ratio for wallet, units in self.units.items()}
        self.note()

    def forced(self) -> None:
        self.s.order(self.token.force_by_partition(DEFAULT, self.s.bob.address, self.s.dave.address, 9, Basis.TAX))
        self.did(MoveKind.FORCE, self.s.bob.address, self.s.dave.address, 9)

    def reversed_transfer(self) -> None:
        wrong = self.token.by(self.s.alice).transfer(self.s.dave.address, 40)
        self.did(MoveKind.TRANSFER, self.s.alice.address, self.s.dave.address, 40)
        self.s.order(self.token.reversal_of(wrong.tx_hash, wrong.log_index, 30))
        self.did(MoveKind.REVERSE, self.s.dave.address, self.s.alice.address, 30)

    def reissued(self) -> Person:
        heir = self.s.newcomer(Text("C's third wallet", "投資者Cの第三ウォレット"), of=self.s.carol)
        loss = self.token.by(self.s.custodian).report_lost_key(self.s.carol.address, self.s.incident("lost"))
        self.s.order(self.token.reissue(loss.id, heir.address))
        held = self.units[self.s.carol.address]
        self.did(MoveKind.REISSUE, self.s.carol.address, heir.address, held)
        return heir

    def redeemed(self) -> None:
        self.token.by(self.s.bob).redeem(15)
        self.did(MoveKind.REDEEM, self.s.bob.address, ZERO_ADDRESS, 15)

    def halted(self) -> None:
        """A halt stops the chain's clock of deadlines, and no report."""
        self.s.system.by(self.s.emergency).halt(HaltLevel.HALTED, self.s.incident("halt"))
        self.note()
        self.s.order(self.s.system.resume(HaltLevel.NORMAL, self.s.incident("halt")))
        self.note()


def past(s: Stage) -> None:
    """The checks, for the scenario of the clause."""
    played = Past(s, s.new_token(puttable=True))
    with s.check(
        f"① ② ③ At {INSTANTS} past instants and more, in a halt and across splits, who had what from whom, what every "
        "investor held and what was issued are as an independent model has them.",
        f"①②③ 停止中および分割前後を含む {INSTANTS} 以上の過去時点において、来歴・投資者毎の保有数・発行済数は、"
        "独立したモデルと一致する。",
        s.supply(played.token).goes(0, 17_985),
    ) as check:
        heir = _play(played)
        register = replay(Contracts.of(s.deployment, played.token.address), s.connection)
        check.tell("instants", "照合した時点", len(played.moments))
        if len(played.moments) < INSTANTS:
            check.fault(f"Only {len(played.moments)} instants were noted.")
        differ = sum(_differs(played, register, second) for second in played.moments)
        check.equal("instants that differ", "相違した時点", differ, 0)
    _extraordinary(s, played, register)
    _dates(s, played, register, heir)
    _twice(s, played, register)


def _play(played: Past) -> Person:
    steps: tuple[Callable[[], object], ...] = (
        played.begin, played.distribution, lambda: played.transfers(25), lambda: played.split(2), played.forced,
        played.halted, lambda: played.transfers(25), played.reversed_transfer, lambda: played.split(3),
    )  # fmt: skip
    for step in steps:
        step()
    heir = played.reissued()
    played.redeemed()
    played.s.travel(DAY)
    played.note()
    return heir


def _told(played: Past, register: Register, what: What, second: int | None) -> Any:
    asked = Asked(what=what, format=Format.JSON, by=By.WALLET, as_of=second)
    return json.loads(make(register, played.token, asked).bytes())


def _differs(played: Past, register: Register, second: int) -> bool:
    moment = played.moments[second]
    held = _told(played, register, What.HOLDINGS, second)["tables"]["holdings"]["rows"]
    issued = _told(played, register, What.SUPPLY, second)["tables"]["supply"]["totals"]["units"]
    moves = _told(played, register, What.LINEAGE, second)["tables"]["lineage"]["rows"]
    told = [(row["from"] or ZERO_ADDRESS, row["to"] or ZERO_ADDRESS, row["units"]) for row in moves]
    return (
        {row["wallet"]: row["units"] for row in held} != moment.units
        or issued != sum(moment.units.values())
        or told != [row[1:] for row in played.moves[: moment.moves]]
    )


def _extraordinary(s: Stage, played: Past, register: Register) -> None:
    with s.check(
        "① Forced transfers, reissues and reversals are marked in the lineage, each with the number of its order, its "
        "basis and the hash of its document; nothing else is marked.",
        "① 強制移転・再配布・逆移転は、注文番号・根拠・文書ハッシュとともに来歴に明示され、他の移転には表示されない。",
    ) as check:
        rows = _told(played, register, What.LINEAGE, None)["tables"]["lineage"]["rows"]
        marked = {place for place, row in enumerate(rows) if row["extraordinary"]}
        kinds = {MoveKind.FORCE.name, MoveKind.REISSUE.name, MoveKind.REVERSE.name}
        wanted = {place for place, move in enumerate(played.moves) if move[0] in kinds}
        check.equal("moves marked", "異例処理の表示", len(marked), 3)
        check.equal("the right ones", "表示は正しい", marked == wanted, True)
        named = all(rows[place]["order"] and rows[place]["basis"] for place in marked)
        check.equal("order and basis told", "注文と根拠の表示", named, True)
        documents = {rows[place]["document"] for place in marked}
        check.equal("documents told", "文書ハッシュの表示", documents == {to_hex(DOCUMENT)}, True)


def _dates(s: Stage, played: Past, register: Register, heir: Person) -> None:
    with s.check(
        "② Dates of acquisition survive: a reissue to another wallet of the investor and splits change none of them.",
        "② 取得日は維持される: 同一投資者の別ウォレットへの再配布および分割によって変わらない。",
    ) as check:
        lost = max(second for second in played.moments if s.carol.address in played.moments[second].units)
        lots = [_lots(played, register, each, second) for each, second in ((s.carol, lost), (heir, None))]
        check.equal("the same lots", "取得日の引継ぎ", lots[0] == lots[1] != [], True)
        check.tell("lots", "取得ロット数", len(lots[1]))


def _lots(played: Past, register: Register, holder: Person, second: int | None) -> list[tuple[str, Units]]:
    rows = _told(played, register, What.HOLDINGS, second)["tables"]["lots"]["rows"]
    return [(row["acquired"], row["units"]) for row in rows if row["wallet"] == holder.address]


def _twice(s: Stage, played: Past, register: Register) -> None:
    with s.check(
        "Every report that is made twice, from registers read apart, is the same to the byte.",
        "別々に読み直した台帳から二度作成した帳票は、1バイトも違わない。",
    ) as check:
        anew = replay(register.contracts, s.connection)
        since = min(played.moments)
        whats = (What.REGISTER, What.HOLDINGS, What.LINEAGE, What.SUPPLY, What.DIFFERENCE)
        same = 0
        for what in whats:
            for format in (Format.CSV, Format.JSON, Format.TXT):
                asked = Asked(what=what, format=format, since=since if what is What.DIFFERENCE else None)
                same += make(register, played.token, asked).bytes() == make(anew, played.token, asked).bytes()
        check.equal("reports made twice and alike", "二度作成し一致した帳票", same, 3 * len(whats))
