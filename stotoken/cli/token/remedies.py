"""Force, redeem without the holder, make losses good, return what moved in error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ordering import ordered, sha256_of
from stotoken.cli.report import Report, done
from stotoken.cli.token import COMMAND
from stotoken.errors import InputError
from stotoken.types import Address, Basis, Bytes32, Units, parse_address, parse_bytes32, parse_units

if TYPE_CHECKING:
    from stotoken.client.act import Act

_some_units = values.option("--units", parse=parse_units, help="How many; all that is left if not given.")


@ordered(COMMAND, "force", basis_required=True)
@values.the_token
@values.address_argument("from_")
@values.address_argument("to")
@values.the_units
@values.the_partition
def force(app: App, token: str, from_: Address, to: Address, units: Units, partition: str) -> Act:
    """Propose to move units without the holder's consent."""
    return app.token(token).force_by_partition(partition, from_, to, units, Basis.JUDGMENT)


@ordered(COMMAND, "redeem-forced")
@values.the_token
@values.address_argument("holder")
@values.the_units
@values.the_partition
def redeem_forced(app: App, token: str, holder: Address, units: Units, partition: str) -> Act:
    """Propose to extinguish units without the holder's consent."""
    return app.token(token).controller_redeem(holder, units, partition=partition)


@ordered(COMMAND, "redeem-matured")
@values.the_token
@values.argument("holders", parse_address, nargs=-1, required=True)
@values.the_partition
def redeem_matured(app: App, token: str, holders: tuple[Address, ...], partition: str) -> Act:
    """Propose to extinguish whole holdings after maturity."""
    return app.token(token).redeem_matured(partition, holders)


@COMMAND.told("report-loss")
@values.the_token
@values.option("--wallet", parse=parse_address, help="Its key is lost: its holding stands still at once.")
@values.option("--redemption", parse=values.log_ref, help="Redeemed in error: that move, as TX_HASH:LOG_INDEX.")
@values.option("--evidence", help="A file; its SHA-256 goes on chain.")
@values.option("--evidence-hash", parse=parse_bytes32, help="The same as a hash.")
@_some_units
@values.the_partition
def report_loss(
    app: App,
    token: str,
    wallet: Address | None,
    redemption: values.LogRef | None,
    evidence: str | None,
    evidence_hash: Bytes32 | None,
    units: Units | None,
    partition: str,
) -> Report:
    """Record a loss, for `reissue` to make good: a lost key, or units redeemed in error."""
    if (wallet is None) == (redemption is None):
        raise InputError("A loss is of a --wallet whose key is lost, or of a --redemption. Nothing was sent.")
    if (evidence is None) == (evidence_hash is None):
        raise InputError("A loss needs evidence: give --evidence FILE or --evidence-hash. Nothing was sent.")
    if wallet is not None and units is not None:
        raise InputError("A lost key is of the whole holding: --units goes with --redemption. Nothing was sent.")
    proof = evidence_hash if evidence_hash is not None else sha256_of(str(evidence))
    client = app.token(token, acting=True)
    if redemption is not None:
        loss = client.loss_of_redemption(*redemption, proof, units)
    else:
        loss = client.report_lost_key(str(wallet), proof, partition)
    return done("Recorded loss {id} of {wallet}.", "{wallet} の消失を記録しました({id})。", loss)


@ordered(COMMAND, "dismiss-loss")
@values.the_token
@values.argument("loss", parse_bytes32)
def dismiss_loss(app: App, token: str, loss: Bytes32) -> Act:
    """Propose to end a loss that was none."""
    return app.token(token).dismiss_loss(loss)


@ordered(COMMAND, "reissue")
@values.the_token
@values.argument("loss", parse_bytes32)
@values.address_argument("to")
def reissue(app: App, token: str, loss: Bytes32, to: Address) -> Act:
    """Propose to make a loss good to a wallet of the same investor."""
    return app.token(token).reissue(loss, to)


@ordered(COMMAND, "reverse")
@values.the_token
@values.argument("move", values.log_ref, metavar="TX_HASH:LOG_INDEX")
@_some_units
def reverse(app: App, token: str, move: values.LogRef, units: Units | None) -> Act:
    """Propose to return units of an earlier transfer to its sender."""
    return app.token(token).reversal_of(*move, units)
