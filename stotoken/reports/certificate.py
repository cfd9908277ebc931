"""The certificate of one move (移転証明書): who, what, when, where on the chain, and on which order if it was one."""

from __future__ import annotations

from collections.abc import Iterator

from stotoken.errors import InputError
from stotoken.ledger.events import Moved
from stotoken.reports.common import EXTRAORDINARY, Matter, plain_partition, words_of
from stotoken.reports.grounds import Grounds
from stotoken.reports.lineage import BASES
from stotoken.reports.security import INSTRUMENTS
from stotoken.reports.sheet import Fact, Kind, Sheet, Value, Words
from stotoken.reports.zones import Zone
from stotoken.types import ZERO_ADDRESS, Address, MoveKind, to_hex

_TITLES = {
    MoveKind.ISSUE: Words("Certificate of issue", "発行証明書"),
    MoveKind.DISTRIBUTE: Words("Certificate of distribution", "配布証明書"),
    MoveKind.TRANSFER: Words("Certificate of transfer", "移転証明書"),
    MoveKind.REDEEM: Words("Certificate of redemption", "償還証明書"),
    MoveKind.FORCE: Words("Certificate of forced transfer", "強制移転証明書"),
    MoveKind.REISSUE: Words("Certificate of reissue", "再配布証明書"),
    MoveKind.REVERSE: Words("Certificate of reversal", "逆移転証明書"),
}
_REFERENCES = {
    MoveKind.DISTRIBUTE: Words("Batch", "配布バッチ"),
    MoveKind.REISSUE: Words("Loss", "消失記録"),
    MoveKind.REVERSE: Words("Reverses", "逆移転の対象"),
}
_NOTE = Words(
    "This certificate says what the events of the chain named above say. Whoever has a node of that chain can prove it "
    "with `stotoken ledger verify`.",
    "本証明書は、上記チェーンのイベントの記録どおりの内容を示す。同チェーンのノードを有する者は "
    "`stotoken ledger verify` により検証できる。",
)
_FORCED = Words(
    "※ Extraordinary: done on the order of two people named above, without the holder's act.",
    "※ 異例処理: 保有者の行為によらず、上記の注文(発議・承認)により実行されたものである。",
)
UTC = Zone.named("UTC")


def found(moves: tuple[Moved, ...], named: str) -> Moved:
    """The move of a transaction and log; InputError when the register has none there."""
    tx_hash, _, index = named.partition(":")
    for move in moves:
        if move.tx_hash == tx_hash and str(move.log_index) == index:
            return move
    near = sorted(move.log_index for move in moves if move.tx_hash == tx_hash)
    hint = f" Its moves are logs {', '.join(map(str, near))}." if near else " It has no move of this token at all."
    raise InputError(f"Log {index} of transaction {tx_hash} is no move of this token; no certificate was made.{hint}")


def certificate(matter: Matter, grounds: Grounds, move: Moved) -> Sheet:
    notes = (_FORCED, _NOTE) if move.kind in EXTRAORDINARY else (_NOTE,)
    facts = (*_security(matter), *_move(matter, move), *_chain(move, grounds), *_order(matter, move))
    return Sheet(_TITLES[move.kind], facts, (), notes, portrait=True)


def _security(matter: Matter) -> Iterator[Fact]:
    security = matter.security
    yield Fact("name", Words("Security", "銘柄"), Kind.TEXT, f"{security.name} ({security.symbol})")
    yield Fact("identifier", Words("Identifier", "識別コード"), Kind.TEXT, security.identifier)
    yield Fact("instrument", Words("Kind", "種類"), Kind.TEXT, INSTRUMENTS[security.instrument])
    issuer = matter.asked.issuer or Words("(not stated)", "(記載なし)")
    yield Fact("issuer", Words("Issuer", "発行者"), Kind.TEXT, issuer)


def _move(matter: Matter, move: Moved) -> Iterator[Fact]:
    kind = words_of(move)
    said = Words(f"※ {kind.en}", f"※ {kind.ja}") if move.kind in EXTRAORDINARY else kind
    yield Fact("kind", Words("Act", "取引の種別"), Kind.TEXT, said)
    yield Fact("extraordinary", Words("Extraordinary", "異例処理"), Kind.FLAG, move.kind in EXTRAORDINARY)
    yield Fact("partition", Words("Partition", "パーティション"), Kind.TEXT, plain_partition(move.partition))
    yield Fact("units", Words("Units", "口数"), Kind.UNITS, move.units)
    yield Fact("at", Words("When", "取引日時"), Kind.TIME, move.timestamp)
    yield Fact("zone", Words("Time zone", "時間帯"), Kind.TEXT, matter.zone.shown)
    yield Fact("at_utc", Words("When (UTC)", "取引日時(UTC)"), Kind.TEXT, UTC.iso(move.timestamp))
    yield from _party(matter, move.from_, "from", Words("from", "移転元"))
    yield from _party(matter, move.to, "to", Words("to", "移転先"))


def _party(matter: Matter, wallet: Address, key: str, side: Words) -> Iterator[Fact]:
    nobody = wallet == ZERO_ADDRESS
    told: Value = Words("(none)", "(なし)") if nobody else wallet
    yield Fact(f"{key}_wallet", Words(f"Wallet, {side.en}", f"{side.ja}ウォレット"), Kind.HEX, told)
    if nobody:
        return
    investor = matter.view.investors[wallet]
    id = to_hex(investor) if investor else None
    yield Fact(f"{key}_investor", Words(f"Investor id, {side.en}", f"{side.ja}投資者ID"), Kind.HEX, id)
    if matter.names:
        name = matter.names.text(investor, "name")
        yield Fact(f"{key}_name", Words(f"Name, {side.en}", f"{side.ja}氏名又は名称"), Kind.TEXT, name)


def _chain(move: Moved, grounds: Grounds) -> Iterator[Fact]:
    yield Fact("chain_id", Words("Chain id", "チェーンID"), Kind.NUMBER, grounds.chain_id)
    yield Fact("token", Words("Token", "トークン"), Kind.HEX, grounds.contracts["token"])
    yield Fact("tx_hash", Words("Transaction", "取引ハッシュ"), Kind.HEX, move.tx_hash)
    yield Fact("log_index", Words("Log", "ログ番号"), Kind.NUMBER, move.log_index)
    yield Fact("block", Words("Block", "ブロック番号"), Kind.NUMBER, move.block)
    yield Fact("block_hash", Words("Block hash", "ブロックハッシュ"), Kind.HEX, grounds.block_hash)
    yield Fact("operator", Words("Operator", "実行者"), Kind.HEX, move.operator)


def _order(matter: Matter, move: Moved) -> Iterator[Fact]:
    if move.reference and move.kind in _REFERENCES:
        yield Fact("reference", _REFERENCES[move.kind], Kind.HEX, _reference(matter, move))
    order = matter.orders.get(move.order) if move.order is not None else None
    if order is None:
        return
    yield Fact("order", Words("Order", "注文番号"), Kind.NUMBER, order.id)
    yield Fact("basis", Words("Basis", "根拠"), Kind.TEXT, BASES[order.basis])
    yield Fact("basis_code", Words("Basis code", "根拠コード"), Kind.NUMBER, int(order.basis))
    yield Fact("document", Words("Document hash", "根拠文書のハッシュ"), Kind.HEX, to_hex(order.document_hash))
    yield Fact("function", Words("Function", "機能"), Kind.TEXT, order.function)
    yield Fact("proposer", Words("Proposer", "発議者"), Kind.HEX, order.proposer)
    yield Fact("approver", Words("Approver", "承認者"), Kind.HEX, order.approver)


def _reference(matter: Matter, move: Moved) -> str:
    """The move that was reversed, if the register has it; else the reference as it is."""
    if move.kind is MoveKind.REVERSE:
        for earlier, _ in matter.view.moves:
            if (earlier.from_, earlier.to) == (move.to, move.from_) and earlier.origin == move.reference:
                return f"{earlier.tx_hash}:{earlier.log_index}"
    return to_hex(move.reference or b"")
