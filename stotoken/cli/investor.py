"""`stotoken investor`: wallets and what the system knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stotoken.cli import jobs, values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.ordering import ordered
from stotoken.cli.report import Pair, Report, done
from stotoken.types import Address

if TYPE_CHECKING:
    from stotoken.client.act import Act

COMMAND = Group("investor", help="Wallets and what the system knows of them.")


@COMMAND.told("register", resumes=True)
@click.argument("table", metavar="TABLE")
@jobs.dry_run
@jobs.atomic
@jobs.skip_refused
def register(app: App, table: str, dry_run: bool, atomic: bool, skip_refused: bool) -> Report:
    """Register the wallets of a table, CSV or .xlsx; those that the chain knows so already are left out.

    Names stay off chain. The table is used whole or not at all; the same command goes on where it was cut off.
    """
    from stotoken.jobs.reading import read_job

    job = read_job("register", app.deployment.system, table)
    if dry_run:
        return jobs.preview_of(app, job)
    outcome = jobs.run(app, job, one=atomic, skip=skip_refused)
    return Report(
        Pair(f"Registered {outcome.done} wallets; {outcome.known} were so already.",
             f"{outcome.done} 件のウォレットを登録しました({outcome.known} 件は登録済み)。"),
        {"wallets": outcome.done} | jobs.told(outcome, "units", "done"),
    )  # fmt: skip


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
