"""`stotoken order`: acts that need two people."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.report import Pair, Report, done, transaction
from stotoken.errors import InputError
from stotoken.types import Bytes32, parse_bytes32, python_name, to_hex

if TYPE_CHECKING:
    from stotoken.chain.abi import Param
    from stotoken.client.orders import OrderView

COMMAND = Group("order", help="Acts that need two people: proposed by one, approved by another, carried out once.")

_id = values.argument("order", values.number)
_STATUSES = ("proposed", "approved", "executed", "vetoed")


@COMMAND.told("list")
@click.option("--status", type=click.Choice(_STATUSES), help="Only orders of this status.")
def list_orders(app: App, status: str | None) -> Report:
    """Every order, oldest first."""
    found = [view for view in app.orders().list() if status in (None, view.status.name.lower())]
    names = ("id", "status", "target", "basis", "proposer", "deadline")
    rows = [{"act": view.function.partition("(")[0]} | {name: getattr(view, name) for name in names} for view in found]
    count = len(rows)
    return Report(Pair(f"{count} orders.", f"命令 {count} 件。"), rows=rows, rows_name="orders")


@COMMAND.told("show")
@_id
def show(app: App, order: int) -> Report:
    """One order, its call read back into a function and its arguments."""
    view = app.orders().show(order)
    return Report(
        Pair(f"Order {order} is {view.status.name.lower()}.", f"命令 {order}: {view.status.name}"), _values(app, view)
    )


@COMMAND.told("approve")
@_id
@values.option(
    "--hash", "expected", parse=parse_bytes32, help="Hash of the act that was read; else it is shown and asked."
)
def approve(app: App, order: int, expected: Bytes32 | None) -> Report:
    """Approve exactly the act that was read. What it refers to is proved from the chain first."""
    orders = app.orders(acting=True)
    if expected is None:
        expected = _confirmed(app, orders.show(order))
    approved = orders.approve(order, expected)
    wait, role = _wait(app, approved.ready_at), orders.role_of(order).name
    when, itsu = (f"in {wait} seconds", f"{wait} 秒後から") if wait else ("now", "今")
    return Report(
        Pair(f"Approved order {order}; it can be executed {when}.", f"命令 {order} を承認しました({itsu}執行可能)。"),
        {"order": order, "hash": expected, "ready_in": wait, **transaction(approved.receipt)},
        then=Pair(
            f"Next, somebody of {role}, which proposed it: stotoken order execute {order}",
            f"次に、提案した役割 {role} の者が執行します: stotoken order execute {order}",
        ),
    )


@COMMAND.told("execute")
@_id
def execute(app: App, order: int) -> Report:
    """Carry out an approved order."""
    executed = app.orders(acting=True).execute(order)
    rows = [{"contract": event.contract, "event": event.name, "values": event.values} for event in executed.events]
    found: dict[str, object] = {"order": order, **transaction(executed.receipt)}
    created = next((event.values["token"] for event in executed.events if event.name == "TokenCreated"), None)
    if created:
        found["token"] = created
    return Report(
        Pair(f"Carried out order {order}.", f"命令 {order} を執行しました。"), found, rows=rows, rows_name="events"
    )


@COMMAND.told("veto")
@_id
def veto(app: App, order: int) -> Report:
    """End an order that was not executed."""
    return done("Vetoed order {id}.", "命令 {id} を却下しました。", app.orders(acting=True).veto(order))


def _values(app: App, view: OrderView) -> dict[str, Any]:
    names = ("id", "status", "contract", "target", "function", "arguments", "basis", "document_hash", "deadline")
    found = {name: getattr(view, name) for name in (*names, "proposer", "approver", "hash")}
    found["arguments"] = _named(view)
    if view.status == view.status.APPROVED:
        found["ready_in"] = _wait(app, view.ready_at)
    return found


def _named(view: OrderView) -> Mapping[str, Any]:
    """The arguments with the names of what is inside them."""
    from stotoken.client.events import abi_of

    function = abi_of(view.contract).functions.get(view.function)
    if function is None:
        return view.arguments
    pairs = zip(function.inputs, view.arguments.values(), strict=True)
    return {python_name(param.name): _named_value(param, value) for param, value in pairs}


def _named_value(param: Param, value: Any) -> Any:
    if not param.components or not param.type.endswith(")"):
        return value
    pairs = zip(param.components, value, strict=True)
    return {python_name(part.name): _named_value(part, item) for part, item in pairs}


def _wait(app: App, ready_at: int) -> int:
    """Seconds until an approved order can be executed."""
    return max(0, ready_at - app.connection.block("latest").timestamp)


def _confirmed(app: App, view: OrderView) -> Bytes32:
    """The hash of the act, once a person at a terminal has said yes to it."""
    if not sys.stdin.isatty():
        raise InputError(
            f"Order {view.id} was not approved: away from a terminal, --hash names the act that was read "
            f"(stotoken order show {view.id})."
        )
    click.echo(Report(Pair(f"Order {view.id}:", f"命令 {view.id}:"), _values(app, view)).text(app.lang), err=True)
    question = {"en": f"Approve {to_hex(view.hash)}?", "ja": f"{to_hex(view.hash)} を承認しますか?"}
    if not click.confirm(question[app.lang], err=True):
        raise InputError(f"Order {view.id} was not approved.")
    return view.hash
