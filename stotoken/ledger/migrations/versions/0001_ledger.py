"""The tables of a ledger, as they were first."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

revision = "0001"
down_revision = None


def upgrade() -> None:
    make_chain()
    make_holdings()
    make_encumbrances()


def make_chain() -> None:
    op.create_table("system", key("chain_id"), words("system"), words("orders"), words("token"), number("first_block"))
    op.create_table("blocks", key("block"), words("hash"), number("timestamp"), flag("used"))
    op.create_index("blocks_timestamp", "blocks", ["timestamp"])
    op.create_table("tokens", key("id"), words("address", unique=True), number("block"))
    op.create_table("operators", key("id"), words("address", unique=True), number("block"))
    op.create_table("transactions", key("id"), number("block"), data("hash"))


def make_holdings() -> None:
    investor = data("investor", null=True)
    op.create_table("places", key("id"), number("token"), data("partition"), words("wallet"), investor, number("block"))
    op.create_index("places_wallet", "places", ["wallet", "token", "partition"], unique=True)
    op.create_index("places_token", "places", ["token", "id"])
    op.create_table("balances", key("place"), key("point"), whole("units"), sqlite_with_rowid=False)
    op.create_table(
        "moves",
        key("block"),
        key("log_index"),
        number("epoch"),
        number("tx"),
        number("kind"),
        number("giver"),
        number("taker"),
        whole("units"),
        number("operator"),
        data("data", null=True),
        data("operator_data", null=True),
        number("order_id", null=True),
        data("reference", null=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "epochs",
        key("token"),
        key("block"),
        key("log_index"),
        number("number"),
        number("start", null=True),
        whole("factor", null=True),
        flag("record_date"),
    )


def make_encumbrances() -> None:
    op.create_table(
        "encumbrances",
        key("place"),
        key("point"),
        whole("frozen"),
        whole("requested"),
        number("locked_until"),
        number("lost"),
        sqlite_with_rowid=False,
    )
    dates = (number("start"), number("cliff"), number("end"))
    op.create_table("lots", key("id"), number("place"), number("point"), whole("units"), *dates)
    op.create_index("lots_place", "lots", ["place"])
    op.create_table("lot_ends", key("lot"), number("point"))
    op.create_table("requests", key("token"), key("id"), number("place"), whole("units"), number("point"))
    op.create_table("request_ends", key("token"), key("id"), number("block"))
    loss = data("id", primary_key=True)
    op.create_table("losses", key("token"), loss, key("block"), key("log_index"), number("place", null=True))
    op.create_table(
        "standings",
        words("wallet", primary_key=True),
        key("block"),
        key("log_index"),
        data("word"),
        data("investor"),
        sqlite_with_rowid=False,
    )
    op.create_index("standings_investor", "standings", ["investor"])


def key(name: str) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=null)


def whole(name: str, *, null: bool = False) -> sa.Column[Decimal]:
    kind: sa.Numeric[Decimal] = sa.Numeric(78, 0)
    return sa.Column(name, kind.with_variant(sqlite.BLOB(), "sqlite"), nullable=null)


def words(name: str, **more: Any) -> sa.Column[str]:
    kind = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False, **more)


def data(name: str, *, null: bool = False, **more: Any) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=null, **more)


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)
