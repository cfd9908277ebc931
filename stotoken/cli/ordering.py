"""Acts that need two people: the command proposes one, and says who is to do what next."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.report import Pair, Report, transaction
from stotoken.errors import InputError, Reverted
from stotoken.types import Basis, Bytes32, jst_date, jst_end_of_day, parse_bytes32, to_hex

if TYPE_CHECKING:
    from stotoken.client.act import Act

P = ParamSpec("P")
DAYS = 30

_document = click.option("--document", metavar="FILE", help="The document the order rests on; its SHA-256 is bound.")
_document_hash = values.option("--document-hash", parse=parse_bytes32, help="The same as a hash.")
_deadline = values.option(
    "--deadline", parse=values.instant, help=f"Until when it can be executed; {DAYS} days from today if not given."
)


def ordered(
    group: Group, name: str, *, basis_required: bool = False
) -> Callable[[Callable[Concatenate[App, P], Act]], Callable[Concatenate[App, P], Act]]:
    """A command of a function that takes the App and gives the Act to propose."""

    def add(function: Callable[Concatenate[App, P], Act]) -> Callable[Concatenate[App, P], Act]:
        @functools.wraps(function)
        def run(app: App, *args: Any, **more: Any) -> Report:
            document, given = more.pop("document"), more.pop("document_hash")
            deadline, basis = more.pop("deadline"), more.pop("basis")
            rests_on = _hash_of(document, given)
            return propose(app, function(app, *args, **more), rests_on, deadline, basis)

        for decorate in (_deadline, values.the_basis(basis_required), _document_hash, _document):
            run = decorate(run)
        group.told(name)(run)
        return function

    return add


def propose(app: App, act: Act, rests_on: Bytes32, deadline: int | None = None, basis: Basis | None = None) -> Report:
    from stotoken.deploy import roles_in

    orders = app.orders(acting=True)
    row = app.authority().row_of(act.target, act.call.data[:4])
    # The end of a day, so that a command that waits for a signature elsewhere asks for the same when it is run again.
    until = deadline or jst_end_of_day(jst_date(app.now())) + DAYS * 86_400
    outlook = _as_things_stand(app, act)
    ref = orders.propose(act, rests_on, until, basis)
    approvers = sorted(role.name for role in roles_in(row.approvers))
    told = {
        "order": ref.id,
        "act": act.text(app.lang),
        "basis": basis or act.basis,
        "hash": ref.hash,
        "document_hash": rests_on,
        "deadline": until,
        "approvers": approvers,
        "executor": ref.role,
        "delay": row.delay,
        "as_things_stand": outlook.message(app.lang)
        if outlook
        else Pair("it can be done", "執行できます").in_(app.lang),
        **transaction(ref.receipt),
    }
    approve, execute = f"stotoken order approve {ref.id} --hash {to_hex(ref.hash)}", f"stotoken order execute {ref.id}"
    wait, machi = (f", {row.delay} seconds later", f"({row.delay} 秒後)") if row.delay else ("", "")
    return Report(
        Pair(f"Proposed order {ref.id}: {act.en}", f"命令 {ref.id} を提案しました: {act.ja}"),
        told,
        then=Pair(
            f"Next, somebody else of {' or '.join(approvers)} approves it: {approve}\n"
            f"Then somebody of {ref.role.name}, which proposed it, carries it out{wait}: {execute}",
            f"次に、{'・'.join(approvers)} の別の者が承認します: {approve}\n"
            f"その後、提案した役割 {ref.role.name} の者が執行します{machi}: {execute}",
        ),
    )


def _hash_of(document: str | None, given: Bytes32 | None) -> Bytes32:
    if (document is None) == (given is None):
        raise InputError("An order rests on a document: give --document FILE or --document-hash. Nothing was sent.")
    return given if given is not None else sha256_of(str(document))


def sha256_of(path: str) -> Bytes32:
    """Of a file; InputError when it cannot be read."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name cannot be a file name"
        raise InputError(f"cannot be read: {reason}. Nothing was sent.", file=path) from None


def _as_things_stand(app: App, act: Act) -> Reverted | None:
    """What the chain would say if the order were carried out now."""
    try:
        app.connection.call(act.call.to, act.call.data, "latest", app.deployment.orders)
    except Reverted as refusal:
        return refusal
    return None
