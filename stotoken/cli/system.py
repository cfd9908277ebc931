"""`stotoken system`: the whole system and its halt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.ordering import ordered
from stotoken.cli.report import Pair, Report, done
from stotoken.types import Address, HaltLevel, Role

if TYPE_CHECKING:
    from stotoken.client.act import Act

COMMAND = Group("system", help="The whole system and its halt.")

_incident = values.option(
    "--incident", parse=values.label, required=True, help="Number or hash of the incident report."
)


_role = values.argument("role", values.one_of(Role))
_for_token = values.option("--token", parse=values.token, help="For this token alone.")


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


@ordered(COMMAND, "set-implementation")
@values.address_argument("implementation")
def set_implementation(app: App, implementation: Address) -> Act:
    """Propose of what new tokens are clones; those that are there stay what they are."""
    return app.system().set_implementation(implementation)


@ordered(COMMAND, "grant-role")
@_role
@values.address_argument("account")
@_for_token
def grant_role(app: App, role: Role, account: Address, token: str | None) -> Act:
    """Propose to give somebody a role, for the whole system or for one token."""
    return app.authority().grant(role, account, _address(app, token))


@ordered(COMMAND, "revoke-role")
@_role
@values.address_argument("account")
@_for_token
def revoke_role(app: App, role: Role, account: Address, token: str | None) -> Act:
    """Propose to take a role from somebody."""
    return app.authority().revoke(role, account, _address(app, token))


def _address(app: App, token: str | None) -> Address | None:
    return None if token is None else app.token(token).address
