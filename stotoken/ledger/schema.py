"""The tables of a ledger. Rows are only ever added: what a block said is gone when the rows of that block are.

The balance of a place, and whatever else changes by epochs, stands at a point: its epoch and its block in one whole
number, which grows along the chain. `migrations` makes these tables; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Numeric, Table, Text, types
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

METADATA = MetaData()

#: Bits of a point that hold its block.
BLOCK_BITS = 40
BLOCKS = 1 << BLOCK_BITS
#: SQLite's whole numbers are below it; larger ones are kept there as text.
WHOLE = 1 << 63


class Whole(types.TypeDecorator[int]):
    """A whole number of any size: numeric in PostgreSQL; in SQLite a number, or text where it is too large for one."""

    impl = Numeric(78, 0)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        kind = sqlite.BLOB() if dialect.name == "sqlite" else postgresql.NUMERIC(78, 0)
        return dialect.type_descriptor(kind)

    def bind_processor(self, dialect: Dialect) -> Any:
        return small if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _int


def small(value: int | None) -> int | str | None:
    """As SQLite keeps it."""
    return value if value is None or value < WHOLE else str(value)


def _int(value: Any) -> int | None:
    return None if value is None else int(value)


def point(epoch: int, block: int) -> int:
    return epoch << BLOCK_BITS | block


def _id(name: str = "id") -> Column[int]:
    """In SQLite the row's own number where it is the whole key."""
    kind = BigInteger().with_variant(Integer(), "sqlite")
    return Column(name, kind, primary_key=True, autoincrement=False)


def _number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


def _whole(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Whole, nullable=null)


def _text(name: str, **more: Any) -> Column[str]:
    """Sorted by its bytes, as Python sorts."""
    return Column(name, Text().with_variant(postgresql.TEXT(collation="C"), "postgresql"), nullable=False, **more)


def _bytes(name: str, *, null: bool = False, **more: Any) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=null, **more)


#: Whose events these are: one row. Writers hold it while they write.
SYSTEM = Table(
    "system",
    METADATA,
    _id("chain_id"),
    _text("system"),
    _text("orders"),
    _text("token"),
    _number("first_block"),
)
#: Blocks with events of ours, and the last one read; `used` tells which.
BLOCKS_READ = Table(
    "blocks",
    METADATA,
    _id("block"),
    _text("hash"),
    _number("timestamp"),
    Column("used", Boolean, nullable=False),
    Index("blocks_timestamp", "timestamp"),
)
TOKENS = Table("tokens", METADATA, _id(), _text("address", unique=True), _number("block"))
#: Who acted.
OPERATORS = Table("operators", METADATA, _id(), _text("address", unique=True), _number("block"))
#: Holdings; the supply of a partition is the one without a wallet. `investor` is null where the wallet was registered
#: later, or never: its standings tell.
PLACES = Table(
    "places",
    METADATA,
    _id(),
    _number("token"),
    _bytes("partition"),
    _text("wallet"),
    _bytes("investor", null=True),
    _number("block"),
    Index("places_wallet", "wallet", "token", "partition", unique=True),
    Index("places_token", "token", "id"),
)
#: What a place held from a point on, in units of the point's epoch.
BALANCES = Table("balances", METADATA, _id("place"), _id("point"), _whole("units"), sqlite_with_rowid=False)
#: What kept it from a point on, in units of the point's epoch; apart, for it changes seldom and most places have none.
ENCUMBRANCES = Table(
    "encumbrances",
    METADATA,
    _id("place"),
    _id("point"),
    _whole("frozen"),
    _whole("requested"),
    _number("locked_until"),
    _number("lost"),
    sqlite_with_rowid=False,
)
TRANSACTIONS = Table("transactions", METADATA, _id(), _number("block"), _bytes("hash"))
MOVES = Table(
    "moves",
    METADATA,
    _id("block"),
    _id("log_index"),
    _number("epoch"),
    _number("tx"),
    _number("kind"),
    _number("giver"),
    _number("taker"),
    _whole("units"),
    _number("operator"),
    _bytes("data", null=True),
    _bytes("operator_data", null=True),
    _number("order_id", null=True),
    _bytes("reference", null=True),
    sqlite_with_rowid=False,
)
#: The calendar's changes; one without a start cancels its epoch.
EPOCHS = Table(
    "epochs",
    METADATA,
    _id("token"),
    _id("block"),
    _id("log_index"),
    _number("number"),
    _number("start", null=True),
    _whole("factor", null=True),
    Column("record_date", Boolean, nullable=False),
)
LOTS = Table(
    "lots",
    METADATA,
    _id(),
    _number("place"),
    _number("point"),
    _whole("units"),
    _number("start"),
    _number("cliff"),
    _number("end"),
    Index("lots_place", "place"),
)
#: When a lot was taken off the books.
LOT_ENDS = Table("lot_ends", METADATA, _id("lot"), _number("point"))
REQUESTS = Table(
    "requests", METADATA, _id("token"), _id("id"), _number("place"), _whole("units"), _number("point")
)  # fmt: skip
REQUEST_ENDS = Table("request_ends", METADATA, _id("token"), _id("id"), _number("block"))
#: Losses reported; `place` is null where no holding stands still for it.
LOSSES = Table(
    "losses",
    METADATA,
    _id("token"),
    _bytes("id", primary_key=True),
    _id("block"),
    _id("log_index"),
    _number("place", null=True),
)
STANDINGS = Table(
    "standings",
    METADATA,
    _text("wallet", primary_key=True),
    _id("block"),
    _id("log_index"),
    _bytes("word"),
    _bytes("investor"),
    Index("standings_investor", "investor"),
    sqlite_with_rowid=False,
)
