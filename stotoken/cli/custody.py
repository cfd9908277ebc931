"""`stotoken custody`: wallets in custody, who approves, and whether it is all there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.reading import confirm, shown_call
from stotoken.cli.report import Pair, Report
from stotoken.errors import ConfigError
from stotoken.types import Address, to_hex

if TYPE_CHECKING:
    from stotoken.custody import Custodian, Reconciled
    from stotoken.custody.approvals import Intent

COMMAND = Group(
    "custody",
    help="Wallets in custody: tiers, limits, approvals, reconciliation.\n\n"
    "A wallet in custody acts with --signer custody:FILE#WALLET: what its limits do not allow is refused, and where "
    "its tier asks for approvals the command ends with 8 until they are there.",
)

_BREAKS = 1
_book = click.argument("book", metavar="FILE")


@COMMAND.told("show")
@_book
def show(app: App, book: str) -> Report:
    """The wallets of a custody file, their tiers and limits."""
    custodian = _custodian(app, book)
    rows = [
        {
            "wallet": wallet.address,
            "owner": wallet.owner.value + (" (omnibus)" if wallet.omnibus else ""),
            "tier": wallet.tier.name,
            "signer": wallet.signer.partition(":")[0],
            "units_per_act": wallet.tier.units_per_act,
            "units_per_day": wallet.tier.units_per_day,
            "approvals": wallet.tier.approvals,
            "receivers": None if wallet.withdraw_to is None else len(wallet.withdraw_to),
            "frozen": custodian.frozen(wallet.address),
        }
        for wallet in custodian.wallets()
    ]
    return Report(
        Pair(f"{len(rows)} wallets are in custody.", f"{len(rows)} 件のウォレットを保管しています。"),
        {"most_fee": custodian.book.most_fee},
        rows=rows,
        rows_name="wallets",
    )


@COMMAND.told("approve")
@_book
@click.argument("request", metavar="REQUEST")
@values.option("--digest", help="Approve this and nothing else, as it was shown, without being asked.")
def approve(app: App, book: str, request: str, digest: str | None) -> Report:
    """Say yes to what a wallet asks for, or to the end of its freeze, as one of the file's approvers, once read."""
    from stotoken.custody.approvals import Intent

    if not app.signer:
        raise ConfigError("Approving needs a key: give --signer keystore:PATH or another; nothing was approved.")
    intent = Intent.read(Path(request))
    shown = _shown(intent)
    confirm(app, shown, to_hex(intent.digest), digest)
    written = _custodian(app, book).approvals.approve(Path(request), app.signer_of(app.signer), intent)
    return Report(
        Pair(f"Approved: {written}", f"承認しました: {written}"),
        {"approval": str(written), **shown},
        then=Pair(
            "When there are enough, the one who asked runs the same command again.",
            "必要な人数が揃ったら、依頼者が同じコマンドを再実行します。",
        ),
    )


@COMMAND.told("freeze")
@_book
@values.address_argument("wallet")
@click.option("--reason", required=True, help="Number of the incident.")
def freeze(app: App, book: str, wallet: Address, reason: str) -> Report:
    """Sign nothing for a wallet from now on; on chain it is frozen with `stotoken investor freeze`."""
    _custodian(app, book).freeze(wallet, reason)
    return Report(
        Pair(f"Nothing is signed for {wallet} any more.", f"{wallet} の署名を停止しました。"), {"wallet": wallet}
    )


@COMMAND.told("unfreeze")
@_book
@values.address_argument("wallet")
def unfreeze(app: App, book: str, wallet: Address) -> Report:
    """Sign for a wallet again, once two approvers have said yes; until then it ends with 8 and stays frozen."""
    _custodian(app, book).unfreeze(wallet)
    return Report(Pair(f"{wallet} signs again.", f"{wallet} の署名停止を解除しました。"), {"wallet": wallet})


@COMMAND.told("reconcile")
@_book
@click.option("--customers", metavar="CSV", required=True, help="The customer ledger.")
@click.option("--out", metavar="FILE", help="For an auditor: a new folder, or a zip if the name ends so.")
def reconcile(app: App, book: str, customers: str, out: str | None) -> None:
    """Compare the customer ledger with the chain, and the firm's own wallets with its customers'.

    A break gives exit code 1.
    """
    from stotoken.custody import reconcile as compare
    from stotoken.custody.bundle import files_of, write_bundle
    from stotoken.tables import read_customers

    file, rows = _custodian(app, book).book, read_customers(customers)
    found = compare(file, rows, app.system())
    if out:
        write_bundle(Path(out), files_of(found, file, Path(customers)))
    _told(found, app.lang, out).tell(app)
    click.get_current_context().exit(0 if found.whole else _BREAKS)


def _told(found: Reconciled, lang: str, out: str | None) -> Report:
    if found.whole:
        said = Pair(
            f"No breaks: {found.rows} rows of the customer ledger equal the chain.",
            f"差異なし: 顧客帳簿 {found.rows} 行はチェーンと一致しています。",
        )
    else:
        said = Pair(f"{len(found.breaks)} breaks.", f"差異が {len(found.breaks)} 件あります。")
    values = {
        "block_number": found.block.number,
        "rows": found.rows,
        "totals": [f"{each.identifier} {each.ledger} / {each.customers} / {each.own}" for each in found.totals],
        "bundle": out,
    }
    rows = [
        {"kind": each.kind, "wallet": each.wallet, "token": each.token, "partition": each.partition,
         "found": each.ja if lang == "ja" else each.en}
        for each in found.breaks
    ]  # fmt: skip
    then = Pair(
        "Totals: customer ledger / customers' wallets / own wallets.",
        "合計: 顧客帳簿 / 顧客ウォレット / 自己ウォレット。",
    )
    return Report(said, values, rows=rows, rows_name="breaks", then=then)


def _shown(intent: Intent) -> dict[str, object]:
    """What a person is to read before he approves it."""
    from stotoken.custody.approvals import Call

    shown: dict[str, object] = {"wallet": intent.wallet, "chain_id": intent.chain_id}
    if isinstance(intent, Call):
        shown |= {**shown_call(intent.contract, intent.data), "nonce": intent.nonce}
    else:
        shown |= {"function": "unfreeze", **intent.said()}
    return shown | {"digest": to_hex(intent.digest)}


def _custodian(app: App, book: str) -> Custodian:
    from stotoken.custody import Book, Custodian

    return Custodian(Book.load(book), app.system, app.opened)
