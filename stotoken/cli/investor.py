"""`stotoken investor`: wallets and what the system knows of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.batches import lots
from stotoken.cli.frame import Group
from stotoken.cli.ordering import ordered
from stotoken.cli.report import Pair, Report, done
from stotoken.types import Address

if TYPE_CHECKING:
    from stotoken.client.act import Act
    from stotoken.client.standing import Standing
    from stotoken.client.system import System

COMMAND = Group("investor", help="Wallets and what the system knows of them.")

#: Wallets of one transaction: about 27,000 gas each.
LOT = 300


@COMMAND.told("register", resumes=True)
@click.argument("csv")
def register(app: App, csv: str) -> Report:
    """Register the wallets of a table; those that the chain knows so already are left out.

    Names stay off chain. The table is used whole or not at all; the same command goes on where it was cut off.
    """
    from stotoken.client.standing import standing_row
    from stotoken.tables import read_investors

    rows = [standing_row(investor) for investor in read_investors(csv)]
    system = app.system(acting=True)
    missing = _not_yet(system, rows)
    hashes = []
    for lot in lots(missing, LOT):
        hashes.append(system.register(lot).tx_hash)
        app.progress(f"{min(len(hashes) * LOT, len(missing))}/{len(missing)}")
    known = len(rows) - len(missing)
    return Report(
        Pair(f"Registered {len(missing)} wallets; {known} were so already.",
             f"{len(missing)} 件のウォレットを登録しました({known} 件は登録済み)。"),
        {"wallets": len(missing), "known": known, "transactions": hashes},
    )  # fmt: skip


def _not_yet(system: System, rows: list[tuple[Address, Standing]]) -> list[tuple[Address, Standing]]:
    """Rows that differ from what the chain knows; whether a wallet is frozen is none of theirs."""
    missing = []
    for lot in lots(rows, LOT):
        known = system.standings([wallet for wallet, _ in lot])
        missing += [
            row for row, now in zip(lot, known, strict=True) if now is None or replace(now, frozen_at=0) != row[1]
        ]
    return missing


@COMMAND.told("show")
@values.address_argument("wallet")
def show(app: App, wallet: Address) -> Report:
    """What the system knows of a wallet."""
    system = app.system()
    standing = system.standing_of(wallet)
    if standing is None:
        return Report(Pair(f"{wallet} is not registered.", f"{wallet} は登録されていません。"),
                      {"wallet": wallet, "registered": False})  # fmt: skip
    verified = system.is_verified(wallet)
    said = Pair(f"{wallet} is registered{'' if verified else ', but not valid now'}.",
                f"{wallet} は登録済みです{'' if verified else '(現在は無効)'}。")  # fmt: skip
    found = {
        "wallet": wallet,
        "registered": True,
        "verified": verified,
        "investor": standing.investor,
        "classes": standing.classes,
        "country": standing.country,
        "until": standing.until,
        "frozen": standing.frozen,
    }
    return Report(said, found)


@COMMAND.told("freeze")
@values.address_argument("wallet")
def freeze(app: App, wallet: Address) -> Report:
    """Freeze a wallet in every token, alone and at once."""
    frozen = app.system(acting=True).freeze_wallet(wallet)
    return done("Froze {wallet} in every token.", "全トークンで {wallet} を凍結しました。", frozen)


@ordered(COMMAND, "unfreeze")
@values.address_argument("wallet")
def unfreeze(app: App, wallet: Address) -> Act:
    """Propose to unfreeze a wallet."""
    return app.system().unfreeze_wallet(wallet)
