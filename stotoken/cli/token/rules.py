"""The rules that only some tokens have, and why a transfer would be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ordering import ordered
from stotoken.cli.report import Pair, Report
from stotoken.cli.token import COMMAND
from stotoken.errors import InputError
from stotoken.types import Address, Units, parse_address

if TYPE_CHECKING:
    from stotoken.client.act import Act

_scope = values.option("--partition", parse=values.partition, help="Only this class of units; the token if not given.")


@COMMAND.told("explain")
@values.the_token
@values.address_argument("from_")
@values.address_argument("to")
@values.argument("units", values.some_or_no_units)
@values.the_partition
@values.option("--operator", parse=parse_address, help="Who would move the units, when it is not the holder.")
def explain(
    app: App, token: str, from_: Address, to: Address, units: Units, partition: str, operator: Address | None
) -> Report:
    """Every reason why a transfer would be refused now, in both languages."""
    found = app.token(token).explain(from_, to, units, partition, operator=operator)
    if app.as_json:
        return Report(Pair("", ""), {"can": not found}, rows=[each.to_dict() for each in found], rows_name="reasons")
    count = f"{len(found)} reason{'' if len(found) == 1 else 's'}"
    said = (
        Pair(f"The transfer would be refused, for {count}.", f"移転できません(理由 {len(found)} 件)。")
        if found
        else Pair("The transfer would happen.", "移転できます。")
    )
    listed = "\n".join(
        f"  {place}. {each.reason}, clause {each.clause}\n     {each.message('en')}\n     {each.message('ja')}"
        for place, each in enumerate(found, 1)
    )
    return Report(said, then=Pair(listed, listed) if found else None)


@ordered(COMMAND, "limits")
@values.the_token
@values.option("--minimum", parse=values.some_or_no_units, default="0", help="Least units of a holding; 0 for none.")
@values.option("--maximum", parse=values.some_or_no_units, default="0", help="Most units of a holding; 0 for none.")
@values.option("--lot-size", parse=values.some_or_no_units, default="0", help="Units move in multiples; 0 for any.")
@_scope
def limits(app: App, token: str, minimum: Units, maximum: Units, lot_size: Units, partition: str | None) -> Act:
    """Propose how many units a holding may have and a move may carry; without any, takes the limits back."""
    return app.token(token).set_limits(minimum, maximum, lot_size, partition)


@ordered(COMMAND, "countries")
@values.the_token
@values.option("--admit", parse=values.countries, help="Only receivers of these, as in 392+840 (ISO 3166-1).")
@values.option("--refuse", parse=values.countries, help="No receivers of these.")
@_scope
def countries(
    app: App, token: str, admit: tuple[int, ...] | None, refuse: tuple[int, ...] | None, partition: str | None
) -> Act:
    """Propose of which countries receivers are, or are not; without any, takes the rule back."""
    if admit and refuse:
        raise InputError("Countries are either admitted or refused: give --admit or --refuse. Nothing was sent.")
    return app.token(token).set_countries(admit or refuse or (), bool(admit), partition)


@ordered(COMMAND, "window")
@values.the_token
@values.option("--from", "opens", parse=values.instant, help="First day in Japan of transfers, or an instant.")
@values.option("--until", "closes", parse=values.day_end, help="Last day in Japan of transfers, or an instant.")
@values.option("--shut-from", parse=values.instant, help="First day of a period in between without transfers.")
@values.option("--shut-until", parse=values.day_end, help="Last day of that period.")
@_scope
@values.option("--holder", parse=parse_address, help="Only this holder's, of the partition.")
def window(
    app: App,
    token: str,
    opens: int | None,
    closes: int | None,
    shut_from: int | None,
    shut_until: int | None,
    partition: str | None,
    holder: Address | None,
) -> Act:
    """Propose when units may be transferred; without any time, takes the window back."""
    if holder is not None and partition is None:
        raise InputError("--holder goes with --partition. Nothing was sent.")
    return app.token(token).set_window(opens, closes, shut_from, shut_until, partition, holder)


@ordered(COMMAND, "closed-period")
@values.the_token
@click.option("--days", type=click.IntRange(0, 3_650), required=True, help="Before every record date; 0 for none.")
def closed_period(app: App, token: str, days: int) -> Act:
    """Propose to close transfers for some days before every record date."""
    return app.token(token).set_closed_period(days * 86_400)


@ordered(COMMAND, "sanctions")
@values.the_token
@values.option("--oracle", parse=parse_address, help="A contract that answers isSanctioned(address); none without.")
def sanctions(app: App, token: str, oracle: Address | None) -> Act:
    """Propose the list of sanctions that both sides are looked up in."""
    return app.token(token).set_sanctions_oracle(oracle)


@ordered(COMMAND, "rules")
@values.the_token
@values.argument("rules", parse_address, nargs=-1, metavar="[RULE]...")
def rules(app: App, token: str, rules: tuple[Address, ...]) -> Act:
    """Propose the contracts of third parties that are asked about every move; without any, none is asked."""
    return app.token(token).set_rules(rules)
