"""What holders, their spenders and operators do, each alone and at once; and requests that the issuer answers."""

from __future__ import annotations

import re
from typing import TextIO

import click

from stotoken.cli import jobs, values
from stotoken.cli.app import App
from stotoken.cli.report import Pair, Report, done, values_of
from stotoken.cli.token import COMMAND
from stotoken.errors import InputError
from stotoken.files import parse_json
from stotoken.types import Address, Units, parse_address, parse_bytes32

_holder = values.option("--from", "from_", parse=parse_address, help="Whose units, when one acts for the holder.")
_allowance = click.option("--allowance", is_flag=True, help="Within an allowance rather than as operator.")


@COMMAND.told("transfer")
@values.the_token
@values.address_argument("to")
@values.the_units
@values.the_partition
@values.the_data
@_holder
@_allowance
def transfer(
    app: App, token: str, to: Address, units: Units, partition: str, data: bytes, from_: Address | None, allowance: bool
) -> Report:
    """Move units to a wallet: one's own, or a holder's as its operator or within its allowance."""
    client = app.token(token, acting=True)
    _check_allowance(from_, allowance, partition)
    if from_ is None:
        moved = client.transfer_by_partition(partition, to, units, data)
    elif allowance:
        moved = client.transfer_from_with_data(from_, to, units, data)
    else:
        moved = client.operator_transfer(partition, from_, to, units, data)
    return done(
        "Transferred {units} units from {from} to {to}.", "{from} から {to} へ {units} 口を移転しました。", moved
    )


@COMMAND.told("transfer-batch", resumes=True)
@values.the_token
@click.argument("table", metavar="TABLE")
@values.the_partition
@jobs.job_name
@jobs.dry_run
@jobs.atomic
@jobs.skip_refused
def transfer_batch(
    app: App, token: str, table: str, partition: str, batch: str, dry_run: bool, atomic: bool, skip_refused: bool
) -> Report:
    """Move one's units to the rows of a table, all of one partition.

    Every row is tried before the first is sent; the same command goes on where it was cut off and moves no row twice.
    """
    from stotoken.jobs.reading import moving
    from stotoken.tables import read_allotments

    rows = read_allotments(table, moved_in=partition)
    job = moving("transfer", app.token(token).address, rows, batch, table)
    if dry_run:
        return jobs.preview_of(app, job)
    outcome = jobs.run(app, job, one=atomic, skip=skip_refused)
    return Report(
        Pair(f"Transferred {outcome.units} units to {outcome.done} wallets; "
             f"{outcome.known} rows were transferred before.",
             f"{outcome.done} 件へ計 {outcome.units} 口を移転しました(移転済み {outcome.known} 件)。"),
        {"total": outcome.units, "wallets": outcome.done} | jobs.told(outcome, "units", "done"),
    )  # fmt: skip


@COMMAND.told("redeem")
@values.the_token
@values.the_units
@values.the_partition
@values.the_data
@_holder
@_allowance
def redeem(
    app: App, token: str, units: Units, partition: str, data: bytes, from_: Address | None, allowance: bool
) -> Report:
    """Extinguish units: a put, or after maturity; one's own, or a holder's as for `transfer`."""
    client = app.token(token, acting=True)
    _check_allowance(from_, allowance, partition)
    if from_ is None:
        moved = client.redeem_by_partition(partition, units, data)
    elif allowance:
        moved = client.redeem_from(from_, units, data)
    else:
        moved = client.operator_redeem(partition, from_, units, data)
    return done("Redeemed {units} units of {from}.", "{from} の {units} 口を償還しました。", moved)


def _check_allowance(from_: Address | None, allowance: bool, partition: str) -> None:
    if allowance and (from_ is None or partition != "default"):
        raise InputError("--allowance goes with --from and is of the default partition. Nothing was sent.")


# --- who may act for me -----------------------------------------------------------------------------------------------


@COMMAND.told("approve")
@values.the_token
@values.address_argument("spender")
@values.argument("units", values.some_or_no_units)
def approve(app: App, token: str, spender: Address, units: Units) -> Report:
    """Let a spender move that many of one's units; 0 takes it back."""
    allowed = app.token(token, acting=True).approve(spender, units)
    return done(
        "{spender} may move {units} units of {owner}.",
        "{spender} に {owner} の {units} 口の移転を認めました。",
        allowed,
    )


@COMMAND.told("sign-permit")
@values.the_token
@values.address_argument("spender")
@values.argument("units", values.some_or_no_units)
@values.option("--deadline", parse=values.instant, required=True, help="Until when it can be sent.")
def sign_permit(app: App, token: str, spender: Address, units: Units, deadline: int) -> Report:
    """The consent of `approve` as a signature in JSON, for somebody else to send."""
    permit = app.token(token, acting=True).sign_permit(spender, units, deadline)
    return Report(Pair("Signed; whoever sends it makes it good: stotoken token permit.",
                       "署名しました。送信は stotoken token permit で行います。"), values_of(permit))  # fmt: skip


@COMMAND.told("permit")
@values.the_token
@click.argument("file", type=click.File("r", encoding="utf-8"), metavar="JSON")
def permit(app: App, token: str, file: TextIO) -> Report:
    """Send a consent that `sign-permit --json` signed; `-` reads it from standard input."""
    from stotoken.client.token_holder import Permit

    try:
        given = parse_json(file.read())
        made = Permit(
            parse_address(given["owner"]), parse_address(given["spender"]), _whole(given["units"]),
            _whole(given["deadline"]), _whole(given["v"]), parse_bytes32(given["r"]), parse_bytes32(given["s"]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError):
        raise InputError("is not what `sign-permit --json` prints. Nothing was sent.", file=file.name) from None
    allowed = app.token(token, acting=True).permit(made)
    return done(
        "{spender} may move {units} units of {owner}.",
        "{spender} に {owner} の {units} 口の移転を認めました。",
        allowed,
    )


def _whole(value: object) -> int:
    """As `plain` writes whole numbers: exact, as text beyond what other readers of JSON would keep exact."""
    if type(value) not in (int, str) or not re.fullmatch("[0-9]{1,78}", str(value)):
        raise ValueError("not a whole number")
    return int(str(value))


@COMMAND.told("authorize-operator")
@values.the_token
@values.address_argument("operator")
@values.some_partition
def authorize_operator(app: App, token: str, operator: Address, partition: str | None) -> Report:
    """Let somebody move all of one's units, or those of one partition."""
    allowed = app.token(token, acting=True).authorize_operator(operator, partition)
    return done("{operator} is an operator of {holder}.", "{operator} を {holder} の操作者としました。", allowed)


@COMMAND.told("revoke-operator")
@values.the_token
@values.address_argument("operator")
@values.some_partition
def revoke_operator(app: App, token: str, operator: Address, partition: str | None) -> Report:
    """Take back `authorize-operator`."""
    revoked = app.token(token, acting=True).revoke_operator(operator, partition)
    return done(
        "{operator} is no longer an operator of {holder}.", "{operator} を {holder} の操作者から外しました。", revoked
    )


# --- transfers that the issuer approves -------------------------------------------------------------------------------


@COMMAND.told("request")
@values.the_token
@values.address_argument("to")
@values.the_units
@values.option("--deadline", parse=values.instant, required=True, help="Until when the issuer may approve it.")
@values.the_partition
def request(app: App, token: str, to: Address, units: Units, deadline: int, partition: str) -> Report:
    """Ask the issuer to let units move; until then they stay and cannot move."""
    asked = app.token(token, acting=True).request_transfer(to, units, deadline, partition)
    return done(
        "Requested transfer {id} of {units} units to {to}.",
        "{to} への {units} 口の移転を請求しました(請求 {id})。",
        asked,
    )


@COMMAND.told("approve-request")
@values.the_token
@values.argument("request", values.number)
def approve_request(app: App, token: str, request: int) -> Report:
    """Let a requested transfer happen, now."""
    ended = app.token(token, acting=True).approve_transfer_request(request)
    return done("Approved transfer request {id}.", "移転請求 {id} を承認しました。", ended)


@COMMAND.told("reject-request")
@values.the_token
@values.argument("request", values.number)
def reject_request(app: App, token: str, request: int) -> Report:
    """Refuse a requested transfer."""
    ended = app.token(token, acting=True).reject_transfer_request(request)
    return done("Rejected transfer request {id}.", "移転請求 {id} を却下しました。", ended)


@COMMAND.told("cancel-request")
@values.the_token
@values.argument("request", values.number)
def cancel_request(app: App, token: str, request: int) -> Report:
    """Take back one's request; after its deadline anybody may."""
    ended = app.token(token, acting=True).cancel_transfer_request(request)
    return done("Cancelled transfer request {id}.", "移転請求 {id} を取り下げました。", ended)
