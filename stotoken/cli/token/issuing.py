"""What issuers and their agents do: create, issue, allot, distribute, close; documents and policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stotoken.cli import jobs, values
from stotoken.cli.app import App
from stotoken.cli.ordering import ordered, sha256_of
from stotoken.cli.report import Pair, Report, done
from stotoken.cli.token import COMMAND
from stotoken.errors import InputError
from stotoken.types import Address, Bytes32, InvestorClass, Units, parse_address, parse_bytes32, parse_units

if TYPE_CHECKING:
    from stotoken.client.act import Act
    from stotoken.tables import Allotment

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


@COMMAND.told("distribute", resumes=True)
@values.the_token
@click.argument("table", metavar="TABLE")
@_terms
@_investors
@jobs.job_name
@jobs.dry_run
@jobs.atomic
@jobs.skip_refused
def distribute(
    app: App,
    token: str,
    table: str,
    terms: str | None,
    investors: str | None,
    batch: str,
    dry_run: bool,
    atomic: bool,
    skip_refused: bool,
) -> Report:
    """Distribute from the treasury to the rows of a table, CSV or .xlsx.

    Every row is tried before the first is sent. The same command goes on where it was cut off and never distributes a
    row twice: its transactions are in a journal, and the chain tells which rows it has.
    """
    from stotoken.jobs.reading import moving

    rows = _allotments(table, terms, investors)
    job = moving("distribute", app.token(token).address, rows, batch, table)
    if dry_run:
        return jobs.preview_of(app, job)
    outcome = jobs.run(app, job, one=atomic, skip=skip_refused)
    own = sum(row.lockup_until is not None for row in rows)
    then = (
        Pair(f"{own} rows name a lock-up of their own: stotoken token lock-lot locks their units.",
             f"{own} 件に個別のロックアップがあります: stotoken token lock-lot で設定します。") if own else None
    )  # fmt: skip
    return Report(
        Pair(f"Distributed {outcome.units} units to {outcome.done} wallets; "
             f"{outcome.known} rows were distributed before.",
             f"{outcome.done} 件に計 {outcome.units} 口を配布しました(配布済み {outcome.known} 件)。"),
        {"wallets": outcome.done, "lockups": own} | jobs.told(outcome, "done"),
        then=then,
    )  # fmt: skip


def _allotments(
    table: str, terms: str | None, investors: str | None, partition: str | None = None
) -> tuple[Allotment, ...]:
    from stotoken.tables import read_allotments, read_investors
    from stotoken.terms import TokenSpec

    spec = TokenSpec.from_file(terms) if terms else None
    known = read_investors(investors) if investors else None
    return read_allotments(table, spec=spec, investors=known, moved_in=partition)


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
