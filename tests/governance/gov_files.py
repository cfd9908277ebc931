"""Governance files of a firm: the package's rows, and the members of the world's people; and what no order can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from world import ROLES, World

from stotoken.governance import Governance

PACKAGE = files("stotoken").joinpath("governance.toml").read_text("utf-8")
#: By token, or for the whole system under None: role to names of people.
Named = Mapping[str | None, Mapping[str, Sequence[str]]]


def everybody(**changed: Sequence[str]) -> dict[str, Sequence[str]]:
    """Each role to the person of the world who has it, as text; `changed` by role."""
    return {role.name: [name] for name, role in ROLES.items()} | changed


def text(world: World, named: Named, rows: str = PACKAGE) -> str:
    lines = [rows]
    for token, roles in named.items():
        lines.append("[members]" if token is None else f"[members.{token}]")
        for role, names in roles.items():
            addresses = [name if name.startswith("0x") else world.people[name].address for name in names]
            lines.append(f"{role} = {addresses}")
    return "\n".join(lines).replace("'", '"')


def written(folder: Path, world: World, named: Named, rows: str = PACKAGE) -> Path:
    path = folder / "firm.toml"
    path.write_text(text(world, named, rows), "utf-8")
    return path


def firm(folder: Path, world: World, named: Named | None = None, rows: str = PACKAGE) -> Governance:
    return Governance.load(written(folder, world, named or {None: everybody()}, rows))
