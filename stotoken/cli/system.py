"""`stotoken system`: the whole system and its halt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.ordering import ordered
from stotoken.cli.report import Pair, Report, done
from stotoken.types import HaltLevel

if TYPE_CHECKING:
    from stotoken.client.act import Act

COMMAND = Group("system", help="The whole system and its halt.")

_incident = values.option(
    "--incident", parse=values.label, required=True, help="Number or hash of the incident report."
)


@COMMAND.told("status")
def status(app: App) -> Report:
    """Halt level, time, tokens and orders."""
    system, orders = app.system(), app.orders()
    level = system.level()
    found = {
        "level": level,
        "chain_id": app.deployment.chain_id,
        "system": system.address,
        "time": app.now(),
        "running_time": system.running_time(),
        "tokens": len(system.bind.tokens()),
        "orders": orders.count(),
    }
    return Report(
        Pair(f"The system stands at level {level.name}.", f"システムの停止レベルは {level.name} です。"), found
    )


@COMMAND.told("halt")
@click.option(
    "--level", type=click.Choice(["RESTRICTED", "HALTED"], case_sensitive=False), default="HALTED", show_default=True
)
@_incident
def halt(app: App, level: str, incident: bytes) -> Report:
    """Stop every token of the system, alone and at once."""
    changed = app.system(acting=True).halt(HaltLevel[level.upper()], incident)
    return done(
        "The system went from {from} to {to}.", "システムの停止レベルを {from} から {to} に変更しました。", changed
    )


@ordered(COMMAND, "resume")
@click.option(
    "--level", type=click.Choice(["NORMAL", "RESTRICTED"], case_sensitive=False), default="NORMAL", show_default=True
)
@_incident
def resume(app: App, level: str, incident: bytes) -> Act:
    """Propose to lower the halt level."""
    return app.system().resume(HaltLevel[level.upper()], incident)
