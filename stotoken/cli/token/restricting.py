"""Lock-up, freeze and pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ordering import ordered
from stotoken.cli.report import Report, done
from stotoken.cli.token import COMMAND
from stotoken.errors import InputError
from stotoken.types import Address, Units, parse_address

if TYPE_CHECKING:
    from stotoken.client.act import Act

_until = values.option("--until", parse=values.day_end, required=True, help="Last day of it in Japan, or an instant.")
_some_until = values.option(
    "--until", parse=values.day_end, help="Last day of it in Japan, or an instant; ends it if not given."
)


@ordered(COMMAND, "lock")
@values.the_token
@_some_until
@values.option("--partition", parse=values.partition, help="Only this class of units.")
@values.option("--holder", parse=parse_address, help="Only this holder's, of the partition.")
def lock(app: App, token: str, until: int | None, partition: str | None, holder: Address | None) -> Act:
    """Propose a lock-up of the token, of a partition, or of one holding."""
    if holder is not None and partition is None:
        raise InputError("--holder goes with --partition. Nothing was sent.")
    return app.token(token).set_lockup(until, partition, holder)


@ordered(COMMAND, "lock-lot")
@values.the_token
@values.address_argument("holder")
@values.the_units
@_until
@values.option("--start", parse=values.instant, help="First day in Japan of an even release; all at the end without.")
@values.option("--cliff", parse=values.instant, help="First day on which any are free, if later than the start.")
@values.the_partition
def lock_lot(
    app: App,
    token: str,
    holder: Address,
    units: Units,
    until: int,
    start: int | None,
    cliff: int | None,
    partition: str,
) -> Act:
    """Propose to lock some units of one holding; they become free by themselves, at the end or by and by.

    With --start they do evenly from that day to the end. Nothing is free before --cliff; from then on what is due."""
    return app.token(token).lock_lot(holder, units, until, partition, start=start, cliff=cliff)


@ordered(COMMAND, "release-lot")
@values.the_token
@values.address_argument("holder")
@values.argument("index", values.number)
@values.the_partition
def release_lot(app: App, token: str, holder: Address, index: int, partition: str) -> Act:
    """Propose to end a locked lot before its time; INDEX counts the holding's lots from 0."""
    return app.token(token).release_lot(holder, index, partition)


@COMMAND.told("freeze")
@values.the_token
@values.address_argument("holder")
@values.the_units
@values.the_partition
def freeze(app: App, token: str, holder: Address, units: Units, partition: str) -> Report:
    """Set how many units of a holding are frozen, to more than now, alone and at once."""
    frozen = app.token(token, acting=True).freeze(holder, units, partition)
    return done("{units} units of {account} are frozen.", "{account} の {units} 口を凍結しました。", frozen)


@ordered(COMMAND, "unfreeze")
@values.the_token
@values.address_argument("holder")
@values.argument("units", values.some_or_no_units)
@values.the_partition
def unfreeze(app: App, token: str, holder: Address, units: Units, partition: str) -> Act:
    """Propose how many units of a holding stay frozen."""
    return app.token(token).set_frozen(holder, units, partition)


@COMMAND.told("pause")
@values.the_token
def pause(app: App, token: str) -> Report:
    """Stop holders and issuers of this token, alone and at once."""
    return done("The token is paused.", "トークンを一時停止しました。", app.token(token, acting=True).pause())


@ordered(COMMAND, "unpause")
@values.the_token
def unpause(app: App, token: str) -> Act:
    """Propose to let the token run again."""
    return app.token(token).unpause()
