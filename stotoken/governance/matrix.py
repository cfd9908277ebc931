"""The role matrix as data: `governance.toml`, read and checked against the contracts it speaks of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from stotoken.artifacts import whole_abi
from stotoken.chain.abi import Abi, Function
from stotoken.client.bindings.structs import Row
from stotoken.errors import ConfigError
from stotoken.types import Address, Role

#: Section of the file to the contract whose functions it lists.
CONTRACTS = {"authority": "Authority", "core_system": "CoreSystem", "token": "SecurityToken"}
#: The target that stands for every token in the authority.
EVERY_TOKEN = "0x" + "00" * 19 + "01"

#: The role that may do anything at all in the authority; once the system is set up only the queue of orders holds it.
ADMIN = 0
#: The role of the core system itself: it enrols the tokens it creates.
ENROLLER = 63
#: Longest delay the authority takes, seconds: an order must outlast it.
LONGEST_DELAY = 30 * 86_400

_KEYS = {"execute", "propose", "approve", "veto", "delay", "during_halt"}
_MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Who may call one function. Executors act alone; an order needs one of each of the other two."""

    contract: str
    """section of the file: authority, core_system, token"""
    function: Function
    executors: frozenset[Role]
    proposers: frozenset[Role]
    approvers: frozenset[Role]
    delay: int
    during_halt: bool

    @property
    def signature(self) -> str:
        return self.function.signature

    @property
    def selector(self) -> bytes:
        return self.function.selector

    @property
    def guardians(self) -> frozenset[Role]:
        """Who may veto an order of it, besides its own two parties: fixed by the queue of orders."""
        return roles_in(guardians_in(self.struct))

    @property
    def struct(self) -> Row:
        """As the authority keeps it."""
        return Row(mask(self.executors), mask(self.proposers), mask(self.approvers), self.delay, self.during_halt)


@dataclass(frozen=True)
class Matrix:
    rows: tuple[MatrixRow, ...]

    @classmethod
    def load(cls, path: Path | str | None = None) -> Matrix:
        """The matrix in a file, the package's own when none is given; ConfigError names what is wrong and where.

        A section of members is passed over: `Governance.load` reads that too.
        """
        return cls.of(*read_sections(path)[:2])

    @classmethod
    def of(cls, name: str, sections: Mapping[str, object]) -> Matrix:
        """The matrix of the sections of a file called `name`."""
        if unknown := sections.keys() - CONTRACTS.keys() - {_MEMBERS}:
            known = ", ".join([*CONTRACTS, _MEMBERS])
            raise ConfigError(f"{name}: there is no section {min(unknown)}; there are {known}.")
        found = ((section, sections[section]) for section in sections if section != _MEMBERS)
        return cls(tuple(row for section, entries in found for row in _rows(name, section, entries)))

    def __iter__(self) -> Iterator[MatrixRow]:
        return iter(self.rows)

    def row(self, contract: str, function: str | bytes) -> MatrixRow:
        """The row of a function of a section, by name, full signature or selector; ConfigError when it has none."""
        for row in self.rows:
            if row.contract == contract and function in (row.function.name, row.signature, row.selector):
                return row
        shown = f"0x{function.hex()}" if isinstance(function, bytes) else function
        raise ConfigError(f"The role matrix has no row for {shown} of {contract}.")

    def named_rows(self) -> Iterator[tuple[str, Row]]:
        """Each row under the name of its function: `token.pause`."""
        return ((f"{row.contract}.{row.function.name}", row.struct) for row in self.rows)

    def targets(self, addresses: Mapping[str, Address]) -> Iterator[tuple[Address, MatrixRow]]:
        """Each row with the target it is set for in the authority; `addresses` by contract name."""
        for row in self.rows:
            yield EVERY_TOKEN if row.contract == "token" else addresses[CONTRACTS[row.contract]], row


def mask(roles: Iterable[Role]) -> int:
    """Bit r for role r."""
    return sum(1 << role for role in set(roles))


def roles_in(bits: int) -> frozenset[Role]:
    """The named roles of a mask."""
    return frozenset(role for role in Role if bits >> role & 1)


def read_sections(path: Path | str | None = None) -> tuple[str, dict[str, Any], bytes]:
    """Name, sections and bytes of a governance file, the package's own when none is given."""
    name = "governance.toml" if path is None else str(path)
    try:
        content = (files("stotoken").joinpath(name) if path is None else Path(path)).read_bytes()
        return name, tomllib.loads(content.decode("utf-8")), content
    except OSError as error:
        raise ConfigError(f"The role matrix {name} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ConfigError(f"The role matrix {name} is not valid TOML: {error}.") from None


def role_name(number: int) -> str:
    """`ISSUER`; `role 12` for a number without a name."""
    return {ADMIN: "ADMIN", ENROLLER: "ENROLLER"}.get(number) or (
        Role(number).name if number in set(Role) else f"role {number}"
    )


def names_in(bits: int) -> list[str]:
    """The roles of a mask by name, those without a name too."""
    return [role_name(number) for number in range(64) if bits >> number & 1]


def guardians_in(row: Row) -> int:
    """Mask of who may veto an order of the row, besides its own two parties: fixed by the queue of orders. Of an order
    that leads out of a halt nobody may."""
    return row.approvers | 1 << Role.COMPLIANCE if row.proposers and not row.during_halt else 0


def row_words(row: Row | None, lang: str = "en") -> str:
    """What a row says: `execute ISSUER, propose SYS_ADMIN, approve COMPLIANCE, delay 172800 s, during halt`."""
    ja = lang == "ja"
    if row is None or not row.executors | row.proposers | row.approvers:
        return "誰もいない" if ja else "nobody"
    sides = {
        "単独執行" if ja else "execute": row.executors,
        "提案" if ja else "propose": row.proposers,
        "承認" if ja else "approve": row.approvers,
    }
    shown = [f"{side} {' '.join(names_in(bits))}" for side, bits in sides.items() if bits]
    shown += [f"待機 {row.delay} 秒" if ja else f"delay {row.delay} s"] * bool(row.delay)
    shown += ["停止中も可" if ja else "during halt"] * row.during_halt
    return ("、" if ja else ", ").join(shown)


def _rows(name: str, section: str, entries: object) -> Iterator[MatrixRow]:
    if not isinstance(entries, dict):
        raise ConfigError(f"{name}: {section} must be a section, not a value.")
    abi, seen = Abi(whole_abi(CONTRACTS[section])), set()
    for function, entry in entries.items():
        where = f"{name}, {section}.{function}"
        try:
            row = _row(where, section, abi.function(function), entry)
            if row.selector in seen:
                raise ConfigError(f"{where} is named twice.")
            seen.add(row.selector)
            yield row
        except ConfigError as error:
            raise error if str(error).startswith(where) else ConfigError(f"{where}: {error}") from None


def _row(where: str, section: str, function: Function, entry: object) -> MatrixRow:
    if not isinstance(entry, dict) or (unknown := entry.keys() - _KEYS):
        wrong = f"has an unknown key {min(unknown)}" if isinstance(entry, dict) else "must be a table"
        raise ConfigError(f"{where} {wrong}; the keys are {', '.join(sorted(_KEYS))}.")
    if function.is_view:
        raise ConfigError(f"{where} is a question, which everybody may ask.")
    row = MatrixRow(
        section,
        function,
        executors=_roles(where, entry, "execute"),
        proposers=_roles(where, entry, "propose"),
        approvers=_roles(where, entry, "approve"),
        delay=_delay(where, entry),
        during_halt=_during_halt(where, entry),
    )
    if not row.executors | row.proposers:
        raise ConfigError(f"{where} names nobody.")
    if bool(row.proposers) != bool(row.approvers) or row.proposers & row.approvers:
        raise ConfigError(f"{where} must name proposers and approvers, and no role as both.")
    if "veto" in entry and _roles(where, entry, "veto") != row.guardians:
        fixed = " ".join(role.name for role in sorted(row.guardians)) or "nobody"
        raise ConfigError(f"{where}: veto is fixed by the queue of orders: {fixed}.")
    return row


def _during_halt(where: str, entry: Mapping[str, Any]) -> bool:
    found = entry.get("during_halt", False)
    if not isinstance(found, bool):
        raise ConfigError(f"{where}: during_halt must be true or false.")
    return found


def _delay(where: str, entry: Mapping[str, Any]) -> int:
    delay = entry.get("delay", 0)
    if isinstance(delay, bool) or not isinstance(delay, int) or not 0 <= delay < 2**32:
        raise ConfigError(f"{where}: the delay must be whole seconds below 2^32.")
    return delay


def _roles(where: str, entry: Mapping[str, Any], side: str) -> frozenset[Role]:
    names = entry.get(side, [])
    if not isinstance(names, list) or any(not isinstance(n, str) or n not in Role.__members__ for n in names):
        raise ConfigError(f"{where}: {side} must be a list of roles among {', '.join(Role.__members__)}.")
    return frozenset(Role[name] for name in names)
