"""`stotoken deploy`: the plan of a system, applied, resumed and verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.report import Pair, Report
from stotoken.errors import ConfigError, InputError
from stotoken.types import Address, parse_address

if TYPE_CHECKING:
    from stotoken.client.deployment import Deployment
    from stotoken.deploy import Matrix, Plan, Step

COMMAND = Group("deploy", help="A system on a chain: its plan, and what came of it.")

_MAX_BYTES = 256 * 1024
_roles_file = click.option("--roles", metavar="FILE", help="TOML or YAML file of role and list of addresses.")
_role = click.option("--role", "named", multiple=True, metavar="ROLE=ADDRESS", help="One member; may be repeated.")
_matrix = click.option("--matrix", metavar="FILE", help="A governance file; the package's own if not given.")


@COMMAND.told("plan")
@values.option("--deployer", parse=parse_address, help="Who will deploy; the signer if not given.")
@_roles_file
@_role
@_matrix
def plan(app: App, deployer: Address | None, roles: str | None, named: tuple[str, ...], matrix: str | None) -> Report:
    """Print what would be deployed, step by step; nothing is sent."""
    made = _plan(app, deployer or app.sender.address, roles, named, matrix)
    nonce = app.connection.nonce(made.deployer)
    steps = list(made.describe(nonce))
    if not app.as_json:
        return Report(Pair(text := made.text(nonce), text))
    found = {"chain_id": made.chain_id, "deployer": made.deployer, "nonce": nonce}
    return Report(Pair("", ""), found, rows=steps, rows_name="steps")


@COMMAND.told("apply", resumes=True)
@_roles_file
@_role
@_matrix
def apply(app: App, roles: str | None, named: tuple[str, ...], matrix: str | None) -> Report:
    """Deploy; the same command goes on where an earlier one stopped."""
    from stotoken import deploy

    def progress(step: int, steps: int, what: Step) -> None:
        app.progress(f"[{step}/{steps}] {what.name}")

    made = _plan(app, app.sender.address, roles, named, matrix)
    deployment = deploy.apply(made, app.sender, app.folder, progress)
    path = app.folder / f"{made.chain_id}.json"
    return _record(deployment, Pair(f"The system is deployed and verified; its record is {path}.",
                                    f"システムを配備し、検証しました。記録: {path}"))  # fmt: skip


@COMMAND.told("show")
def show(app: App) -> Report:
    """Print the record of the system on the node's chain."""
    deployment = app.deployment
    return _record(
        deployment, Pair(f"The system on chain {deployment.chain_id}.", f"チェーン {deployment.chain_id} のシステム")
    )


@COMMAND.told("verify")
@_matrix
@click.option("--code-only", is_flag=True, help="Not the rights, which orders may have changed since.")
def verify(app: App, matrix: str | None, code_only: bool) -> Report:
    """Ask the chain whether code and rights are what the record says."""
    from stotoken import deploy

    deployment = app.deployment
    deploy.verify(app.connection, deployment, _load_matrix(matrix), roles=not code_only)
    found = {"chain_id": deployment.chain_id, "contracts": len(deployment.addresses), "rights": not code_only}
    return Report(Pair("The chain has what the record says.", "チェーンの内容は記録と一致しています。"), found)


def _record(deployment: Deployment, said: Pair) -> Report:
    found = {
        "chain_id": deployment.chain_id,
        "genesis": deployment.genesis,
        "deployer": deployment.deployer,
        "block_number": deployment.block_number,
        "addresses": deployment.addresses,
        "roles": deployment.roles,
    }
    rows = [{"name": name, "address": address} for name, address in deployment.addresses.items()]
    rows += [{"name": role, "address": member} for role, members in deployment.roles.items() for member in members]
    return _Record(said, found, rows=rows)


class _Record(Report):
    """Addresses and roles: a table for people, two mappings for machines."""

    def to_dict(self) -> dict[str, Any]:
        rows, self.rows = self.rows, None
        found = super().to_dict()
        self.rows = rows
        return found

    def text(self, lang: str) -> str:
        shown = {name: value for name, value in self.values.items() if name not in ("addresses", "roles")}
        return Report(self.said, shown, rows=self.rows).text(lang)


def _plan(app: App, deployer: Address, file: str | None, named: Sequence[str], matrix: str | None) -> Plan:
    from stotoken.deploy import Plan, parse_roles
    from stotoken.governance import Governance

    wanted = Governance.load(matrix)
    given: dict[str, list[str]] = {name: list(members) for name, members in _read_roles(file).items()}
    for text in named:
        role, sign, member = text.partition("=")
        if not sign:
            raise InputError(f"--role: '{text}' is not ROLE=ADDRESS. Nothing was sent.")
        given.setdefault(role, []).append(member)
    if not given and wanted.members:
        if len(wanted.members) > 1:
            raise ConfigError(
                f"{wanted.name}: a system that is yet to come has no tokens with members; nothing was sent."
            )
        return Plan.make(app.connection, deployer, wanted.members[None], wanted.matrix)
    if not given:
        raise InputError(
            "A system needs members of its roles: give --roles FILE or --role ROLE=ADDRESS. Nothing was sent."
        )
    return Plan.make(app.connection, deployer, parse_roles(given), wanted.matrix)


def _load_matrix(file: str | None) -> Matrix:
    from stotoken.deploy import Matrix

    return Matrix.load(file)


def _read_roles(file: str | None) -> Mapping[str, Sequence[str]]:
    from stotoken.inputs import read_mapping, read_text

    if file is None:
        return {}
    path = Path(file)
    found: Mapping[str, object]
    if path.suffix == ".toml":
        import tomllib

        try:
            found = tomllib.loads(read_text(path, max_bytes=_MAX_BYTES))
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"is not valid TOML: {error}. Nothing was sent.", file=path) from None
    else:
        found = read_mapping(path)[0]
    members = {role: [listed] if isinstance(listed, str) else listed for role, listed in found.items()}
    for role, listed in members.items():
        if not isinstance(listed, list) or not all(isinstance(member, str) for member in listed):
            raise InputError(
                "must be an address or a list of addresses, in quotes. Nothing was sent.", file=path, column=role
            )
    return members  # type: ignore[return-value]  # each is a list of texts by now
