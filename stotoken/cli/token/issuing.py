"""What issuers and their agents do: create, issue, allot, distribute, close; documents and policy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.batches import lots
from stotoken.cli.ordering import ordered, sha256_of
from stotoken.cli.report import Pair, Report, done
from stotoken.cli.token import COMMAND
from stotoken.errors import InputError
from stotoken.types import Address, Bytes32, InvestorClass, Units, parse_address, parse_bytes32, parse_units

if TYPE_CHECKING:
    from stotoken.client.act import Act
    from stotoken.client.token import Token
    from stotoken.tables import Allotment

#: Rows of one transaction: about 40,000 gas each when every receiver is new.
LOT = 150

_terms = click.option("--terms", metavar="YAML", help="Check the rows against these terms.")
_investors = click.option("--investors", metavar="CSV", help="Check that every wallet is in this table.")


@ordered(COMMAND, "create")
@click.argument("terms", metavar="YAML")
@values.option("--treasury", parse=parse_address, required=True, help="The issuer's wallet that distributes.")
def create(app: App, terms: str, treasury: Address) -> Act:
    """Propose a new token of the terms in a file."""
    from stotoken.client.token import terms_from
    from stotoken.terms import TokenSpec

    return app.system().create_token(terms_from(TokenSpec.from_file(terms), treasury))


@ordered(COMMAND, "issue")
@values.the_token
@values.address_argument("holder")
@values.the_units
@values.the_partition
def issue(app: App, token: str, holder: Address, units: Units, partition: str) -> Act:
    """Propose to issue units to a wallet, such as the treasury."""
    return app.token(token).issue(holder, units, partition)


@ordered(COMMAND, "issue-batch")
@values.the_token
@click.argument("csv")
@values.the_partition
@_terms
@_investors
def issue_batch(app: App, token: str, csv: str, partition: str, terms: str | None, investors: str | None) -> Act:
    """Propose to issue the rows of a table, all of one partition, in one transaction."""
    found = _allotments(csv, terms, investors, partition)
    return app.token(token).batch_issue(partition, [(row.wallet, row.units) for row in found])


@ordered(COMMAND, "allot")
@values.the_token
@values.argument("units", values.some_or_no_units)
@values.the_partition
def allot(app: App, token: str, units: Units, partition: str) -> Act:
    """Propose how many units the agent may distribute from the treasury."""
    return app.token(token).allot(units, partition)


class _Lot(NamedTuple):
    partition: str
    rows: tuple[tuple[Address, Units], ...]
    batch: Bytes32


@COMMAND.told("distribute", resumes=True)
@values.the_token
@click.argument("csv")
@_terms
@_investors
@click.option("--batch", default="", help="A name for this distribution, when the very same rows are meant once more.")
def distribute(app: App, token: str, csv: str, terms: str | None, investors: str | None, batch: str) -> Report:
    """Distribute from the treasury to the rows of a table.

    Every lot carries a number made of its rows, so that the same command goes on where it was cut off and never
    distributes a row twice. It sends nothing while an earlier transaction of the signer waits to be mined. Every lot
    is tried before the first is sent.
    """
    rows = _allotments(csv, terms, investors)
    client = app.token(token, acting=True)
    wanted = list(_lots(rows, batch))
    # Asked before the lots: whatever is sent by somebody else with this key from now on takes the nonce of ours.
    nonce = client.actor.settled_nonce()
    missing = [lot for lot in wanted if not client.was_distributed(lot.batch)]
    _try(client, missing)
    hashes = []
    for place, lot in enumerate(missing):
        hashes.append(client.distribute(lot.partition, lot.rows, lot.batch, nonce + place).tx_hash)
        app.progress(f"{len(hashes)}/{len(missing)}")
    units = sum(amount for lot in missing for _, amount in lot.rows)
    sent = sum(len(lot.rows) for lot in missing)
    own = sum(row.lockup_until is not None for row in rows)
    then = (
        Pair(f"{own} rows name a lock-up of their own: stotoken token lock-lot locks their units.",
             f"{own} 件に個別のロックアップがあります: stotoken token lock-lot で設定します。") if own else None
    )  # fmt: skip
    return Report(
        Pair(f"Distributed {units} units to {sent} wallets; {len(rows) - sent} rows were distributed before.",
             f"{sent} 件に計 {units} 口を配布しました(配布済み {len(rows) - sent} 件)。"),
        {"units": units, "wallets": sent, "known": len(rows) - sent, "transactions": hashes, "lockups": own},
        then=then,
    )  # fmt: skip


def _allotments(
    csv: str, terms: str | None, investors: str | None, partition: str | None = None
) -> tuple[Allotment, ...]:
    from stotoken.tables import read_allotments, read_investors
    from stotoken.terms import TokenSpec

    spec = TokenSpec.from_file(terms) if terms else None
    known = read_investors(investors) if investors else None
    return read_allotments(csv, spec=spec, investors=known, moved_in=partition)


def _lots(rows: Sequence[Allotment], name: str) -> list[_Lot]:
    """Rows by partition, in lots that are numbered by what is in them."""
    found = []
    for partition in dict.fromkeys(row.partition for row in rows):
        pairs = [(row.wallet, row.units) for row in rows if row.partition == partition]
        for lot in lots(pairs, LOT):
            text = "\n".join([name, partition, *(f"{wallet} {units}" for wallet, units in lot)])
            found.append(_Lot(partition, tuple(lot), hashlib.sha256(text.encode()).digest()))
    return found


def _try(client: Token, missing: Sequence[_Lot]) -> None:
    """Refuse now what would be refused half-way: sums beyond the allotment, and whatever the chain says of each lot."""
    from stotoken.client.token_views import partition_bytes
    from stotoken.reverts import AllotmentExceeded

    for partition in dict.fromkeys(lot.partition for lot in missing):
        units = sum(amount for lot in missing if lot.partition == partition for _, amount in lot.rows)
        if units > (left := client.allotted(partition)):
            raise AllotmentExceeded(units, left)
    for lot in missing:
        wallets, amounts = [wallet for wallet, _ in lot.rows], [units for _, units in lot.rows]
        client.actor.simulate(client.bind.distribute(partition_bytes(lot.partition), wallets, amounts, lot.batch))


@ordered(COMMAND, "treasury")
@values.the_token
@values.address_argument("wallet")
def treasury(app: App, token: str, wallet: Address) -> Act:
    """Propose another wallet of the issuer to distribute from; it must be of the same investor."""
    return app.token(token).set_treasury(wallet)


@ordered(COMMAND, "raise-authorised")
@values.the_token
@values.argument("units", parse_units)
def raise_authorised(app: App, token: str, units: Units) -> Act:
    """Propose to raise the authorised units to a number."""
    return app.token(token).raise_authorised_units(units)


@ordered(COMMAND, "finalize")
@values.the_token
def finalize(app: App, token: str) -> Act:
    """Propose to close issuance for ever."""
    return app.token(token).finalize_issuance()


@ordered(COMMAND, "policy")
@values.the_token
@values.option("--classes", parse=values.classes, required=True, help="Who may receive, as in KYC+QII.")
@click.option("--holder-cap", type=click.IntRange(0, 2**24 - 1), required=True, help="Most investors; 0 for no cap.")
@click.option("--approval/--no-approval", required=True, help="Whether the issuer approves every transfer.")
@click.option("--whole/--no-whole", default=None, help="Whether a holding moves as a whole only; if not given, as now.")
def policy(app: App, token: str, classes: InvestorClass, holder_cap: int, approval: bool, whole: bool | None) -> Act:
    """Propose who may receive, how many may hold, whether transfers need approval."""
    return app.token(token).set_policy(classes, holder_cap, approval, whole)


@COMMAND.told("document")
@values.the_token
@click.argument("name")
@click.argument("uri")
@click.option("--file", help="The document; its SHA-256 goes on chain.")
@values.option("--sha256", parse=parse_bytes32, help="The same as a hash.")
def document(app: App, token: str, name: str, uri: str, file: str | None, sha256: Bytes32 | None) -> Report:
    """Attach a document, or replace it."""
    if (file is None) == (sha256 is None):
        raise InputError("A document is bound by its hash: give --file or --sha256. Nothing was sent.")
    if not (name.isascii() and name.isprintable() and 0 < len(name) <= 32 and " " not in name):
        raise InputError(
            f"'{name}' is not a document name: use 1 to 32 ASCII characters without blanks. Nothing was sent."
        )
    digest = sha256 if sha256 is not None else sha256_of(str(file))
    changed = app.token(token, acting=True).set_document(name, uri, digest)
    return done("Attached document {name}.", "文書 {name} を添付しました。", changed)


@COMMAND.told("remove-document")
@values.the_token
@click.argument("name")
def remove_document(app: App, token: str, name: str) -> Report:
    """Remove a document."""
    return done(
        "Removed document {name}.", "文書 {name} を削除しました。", app.token(token, acting=True).remove_document(name)
    )
