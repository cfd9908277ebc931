"""① Every move of the units: from whom, to whom, when; extraordinary acts stand out, each with its order."""

from __future__ import annotations

from stotoken.ledger.events import Moved
from stotoken.reports.common import EXTRAORDINARY, MARK, Matter, facts, plain_partition, words_of
from stotoken.reports.sheet import Column, Fact, Kind, Row, Sheet, Table, Value, Words
from stotoken.types import ZERO_ADDRESS, Address, Basis, to_hex

#: What an order rests on.
BASES = {
    Basis.INITIAL: Words("initial", "当初"), Basis.JUDGMENT: Words("judgment", "判決"),
    Basis.PROVISIONAL_ATTACHMENT: Words("provisional attachment", "仮差押え"),
    Basis.ATTACHMENT: Words("attachment", "差押え"), Basis.INHERITANCE: Words("inheritance", "相続"),
    Basis.MERGER: Words("merger", "合併"), Basis.BANKRUPTCY: Words("bankruptcy", "破産"),
    Basis.TAX: Words("tax", "滞納処分"), Basis.DEATH: Words("death", "死亡"),
    Basis.KEY_LOSS: Words("key loss", "鍵の紛失"),
    Basis.ERRONEOUS_TRANSFER: Words("erroneous transfer", "誤移転"), Basis.THEFT: Words("theft", "不正流出"),
    Basis.SYSTEM_ERROR: Words("system error", "システム障害"),
    Basis.CORPORATE_ACTION: Words("corporate action", "コーポレートアクション"),
    Basis.ISSUANCE: Words("issuance", "発行"), Basis.REDEMPTION: Words("redemption", "償還"),
    Basis.POLICY: Words("policy", "方針"), Basis.GOVERNANCE: Words("governance", "ガバナンス"),
    Basis.RESUME: Words("resume", "再開"),
}  # fmt: skip
_COLUMNS = (
    Column("number", Words("No.", "番号"), Kind.NUMBER, 11),
    Column("at", Words("When", "日時"), Kind.TIME, 33),
    Column("kind", Words("Kind", "種別"), Kind.TEXT, 21),
    Column("extraordinary", Words("Extraordinary", "異例処理"), Kind.FLAG),
    Column("partition", Words("Partition", "パーティション"), Kind.TEXT, 23),
    Column("from", Words("From", "移転元"), Kind.HEX, 46),
    Column("from_investor", Words("From investor", "移転元の投資者ID"), Kind.HEX, under="from"),
    Column("to", Words("To", "移転先"), Kind.HEX, 46),
    Column("to_investor", Words("To investor", "移転先の投資者ID"), Kind.HEX, under="to"),
    Column("units", Words("Units", "口数"), Kind.UNITS, 22),
    Column("units_today", Words("In units as of now", "基準日時現在の換算口数"), Kind.UNITS),
    Column("order", Words("Order", "注文番号"), Kind.NUMBER, 20),
    Column("basis", Words("Basis", "根拠"), Kind.TEXT, under="order"),
    Column("document", Words("Document hash", "文書ハッシュ"), Kind.HEX),
    Column("operator", Words("Operator", "実行者"), Kind.HEX),
    Column("reference", Words("Reference", "参照"), Kind.HEX),
    Column("tx_hash", Words("Transaction", "取引ハッシュ"), Kind.HEX, 50),
    Column("log_index", Words("Log", "ログ番号"), Kind.NUMBER, under="tx_hash"),
    Column("block", Words("Block", "ブロック"), Kind.NUMBER),
)
_NOTE = Words(
    "※ Extraordinary: done on an order of two people, without the holder's act. The document hash of each order stands "
    "in the CSV, JSON and Excel forms of this report and in the certificate of the move. Units are those of the time.",
    "※ 異例処理: 保有者の行為によらず、二者の注文(発議・承認)により実行されたもの。根拠文書のハッシュは本帳票の CSV・"
    "JSON・Excel および各移転の証明書に記載する。口数は移転時点のもの。",
)


def lineage(matter: Matter) -> Sheet:
    rows: list[Row] = []
    marked: set[int] = set()
    since = matter.asked.since or 0
    for move, epoch in matter.view.moves:
        wanted = move.timestamp >= since and matter.of_partition(move.partition)
        if wanted and (matter.fits(move.from_) or matter.fits(move.to)):
            if move.kind in EXTRAORDINARY:
                marked.add(len(rows))
            rows.append((len(rows) + 1, *_row(matter, move, epoch)))
    more = [Fact("moves", Words("Moves", "移転等の件数"), Kind.UNITS, len(rows))]
    more.append(Fact("extraordinary", Words("of them extraordinary", "うち異例処理"), Kind.UNITS, len(marked)))
    if matter.asked.since is not None:
        more.append(Fact("since", Words("Since", "始期"), Kind.TIME, matter.asked.since))
    table = Table("lineage", Words("Moves", "所有者の来歴"), _COLUMNS, rows, marked=frozenset(marked))
    return Sheet(Words("Lineage of ownership", "所有者の来歴"), facts(matter, more), (table,), (_NOTE,))


def kind_of(move: Moved) -> Words:
    """Marked when it is extraordinary."""
    words = words_of(move)
    if move.kind not in EXTRAORDINARY:
        return words
    return Words(f"{MARK.en} {words.en}", f"{MARK.ja} {words.ja}")


def _row(matter: Matter, move: Moved, epoch: int) -> Row:
    order = matter.orders.get(move.order) if move.order is not None else None
    return (
        move.timestamp,
        kind_of(move),
        move.kind in EXTRAORDINARY,
        plain_partition(move.partition),
        *_party(matter, move.from_),
        *_party(matter, move.to),
        move.units,
        matter.view.scaled(move.units, epoch),
        move.order,
        BASES[order.basis] if order else None,
        to_hex(order.document_hash) if order else None,
        move.operator,
        to_hex(move.reference) if move.reference else None,
        move.tx_hash,
        move.log_index,
        move.block,
    )


def _party(matter: Matter, wallet: Address) -> tuple[Value, Value]:
    """Wallet and investor; nobody where units came to be or ended."""
    if wallet == ZERO_ADDRESS:
        return None, None
    investor = matter.view.investors[wallet]
    return wallet, to_hex(investor) if investor else None
