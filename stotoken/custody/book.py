"""The custody file: how each wallet is kept, for whom, and within what limits.

chains = [31337]
state = "state"                     folder beside the file: signing log, requests, approvals, freezes
most_fee = 10_000_000_000_000_000   wei that the gas of one act may cost; no limit when not given

[tiers.hot]
units_per_act = 1_000               of one token; no limit when not given
units_per_day = 5_000               from midnight to midnight in Japan
[tiers.cold]
approvals = 2                       people who say yes before the key is asked

[[approver]]
name = "desk-1"
address = "0x…"

[[wallet]]
address = "0x…"
owner = "customer"                  or "own", the firm's
omnibus = true                      units of several customers in one wallet
tier = "hot"
signer = "keystore:hot.json"        any key but that of another custody file
withdraw_to = ["0x…"]               the only receivers; whoever is registered when not given
units_per_act = 100                 in place of the tier's, and so units_per_day
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from stotoken.errors import ConfigError, InputError
from stotoken.inputs import read_settings, require_known, whole_or_none
from stotoken.types import Address, Units, parse_address

TIERS = ("hot", "warm", "cold")
#: Tiers in which one person never moves anything, and how many there must be at least.
LEAST_APPROVALS = {"hot": 0, "warm": 2, "cold": 2}
#: Of whatever tier: one person freezes alone and at once, on the chain as here, and two end it.
UNFREEZE_APPROVALS = 2

_KEYS = {"chains", "state", "most_fee", "tiers", "approver", "wallet"}
_TIER_KEYS = {"units_per_act", "units_per_day", "approvals"}
_APPROVER_KEYS = {"name", "address"}
_WALLET_KEYS = {
    "address", "owner", "omnibus", "tier", "signer", "withdraw_to", "units_per_act", "units_per_day",
}  # fmt: skip


class Owner(Enum):
    CUSTOMER = "customer"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Tier:
    """A limit of None is none."""

    name: str
    units_per_act: Units | None = None
    units_per_day: Units | None = None
    approvals: int = 0


@dataclass(frozen=True, slots=True)
class Wallet:
    """`tier` is its tier with the wallet's own limits; `withdraw_to` is None where any receiver will do."""

    address: Address
    owner: Owner
    tier: Tier
    signer: str = field(repr=False)
    omnibus: bool = False
    withdraw_to: frozenset[Address] | None = None


@dataclass(frozen=True, slots=True)
class Book:
    name: str
    #: Holds what has to outlive a process.
    state: Path
    chains: frozenset[int]
    wallets: Mapping[Address, Wallet]
    #: Names by address.
    approvers: Mapping[Address, str]
    most_fee: int | None = None

    @classmethod
    def load(cls, path: Path | str) -> Book:
        """ConfigError names what is wrong with the file, and where."""
        path = Path(path)
        return read_settings(path, "Custody file", "nothing was done", lambda found: cls._of(path, found))

    @classmethod
    def _of(cls, path: Path, found: Mapping[str, Any]) -> Book:
        require_known(found, _KEYS, "it")
        chains = found.get("chains")
        if not isinstance(chains, list) or not chains or not all(type(each) is int for each in chains):
            raise InputError("chains must be a list of at least one number")
        given = found.get("tiers", {})
        if not isinstance(given, dict):
            raise InputError("tiers must be given as [tiers.hot] and so on")
        if unknown := set(given) - set(TIERS):
            raise InputError(f"there is no tier {min(unknown)}, only {', '.join(TIERS)}")
        tiers = {name: _tier(name, _section(given[name], f"tiers.{name}")) for name in given}
        approvers = _approvers(_sections(found, "approver"))
        for tier in tiers.values():
            if tier.approvals > len(approvers):
                raise InputError(f"tiers.{tier.name} asks for {tier.approvals} approvals of {len(approvers)} approvers")
        wallets: dict[Address, Wallet] = {}
        for place, row in enumerate(_sections(found, "wallet"), 1):
            wallet = _wallet(row, f"wallet {place}", tiers)
            if wallet.address in wallets:
                raise InputError(f"wallet {place}: {wallet.address} stands twice")
            if wallet.address in approvers:
                raise InputError(f"wallet {place}: {wallet.address} is an approver: nobody approves for himself")
            wallets[wallet.address] = wallet
        if not wallets:
            raise InputError("it names no wallet")
        state, most_fee = path.parent / _text(found, "state", "it"), _limit(found, "most_fee", "it")
        return cls(str(path), state, frozenset(chains), wallets, approvers, most_fee)

    def folder(self, name: str = "") -> Path:
        """The state folder or one in it, made when it is not there."""
        path = self.state / name
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{path} cannot be written to: {error.strerror}; nothing was done.") from None
        return path

    def wallet(self, address: Address) -> Wallet:
        """ConfigError for a wallet that is not in custody."""
        if address not in self.wallets:
            raise ConfigError(f"Custody file {self.name} has no wallet {address}; nothing was done.")
        return self.wallets[address]


def _tier(name: str, row: Mapping[str, Any]) -> Tier:
    where = f"tiers.{name}"
    require_known(row, _TIER_KEYS, where)
    approvals = _limit(row, "approvals", where) or 0
    if approvals < LEAST_APPROVALS[name]:
        raise InputError(f"{where} must ask for {LEAST_APPROVALS[name]} approvals or more, not {approvals}")
    return Tier(name, _limit(row, "units_per_act", where), _limit(row, "units_per_day", where), approvals)


def _approvers(rows: list[Mapping[str, Any]]) -> dict[Address, str]:
    found: dict[Address, str] = {}
    for place, row in enumerate(rows, 1):
        where = f"approver {place}"
        require_known(row, _APPROVER_KEYS, where)
        address, name = _address(row, "address", where), _text(row, "name", where)
        if address in found or name in found.values():
            raise InputError(f"{where} stands twice")
        found[address] = name
    return found


def _wallet(row: Mapping[str, Any], where: str, tiers: Mapping[str, Tier]) -> Wallet:
    require_known(row, _WALLET_KEYS, where)
    owner, tier = _text(row, "owner", where), _text(row, "tier", where)
    if owner not in [each.value for each in Owner]:
        raise InputError(f'{where}: owner must be "customer" or "own"')
    if tier not in tiers:
        raise InputError(f"{where}: the file has no tier {tier}")
    omnibus = row.get("omnibus", False)
    if type(omnibus) is not bool or (omnibus and owner == Owner.OWN.value):
        raise InputError(f"{where}: omnibus must be true or false, and is for wallets of customers alone")
    listed = row.get("withdraw_to")
    if listed is not None and (not isinstance(listed, list) or not all(isinstance(each, str) for each in listed)):
        raise InputError(f"{where}: withdraw_to must be a list of addresses, in quotes")
    signer = _text(row, "signer", where)
    if ":" not in signer:
        raise InputError(f"{where}: signer must be the name of a key, such as keystore:PATH; it is not repeated here")
    if signer.startswith("custody:"):
        raise InputError(f"{where}: signer must be a key, not another custody file")
    return Wallet(
        address=_address(row, "address", where),
        owner=Owner(owner),
        tier=_own_limits(row, where, tiers[tier]),
        signer=signer,
        omnibus=omnibus,
        withdraw_to=None if listed is None else frozenset(_address({"to": each}, "to", where) for each in listed),
    )


def _own_limits(row: Mapping[str, Any], where: str, tier: Tier) -> Tier:
    act, day = _limit(row, "units_per_act", where), _limit(row, "units_per_day", where)
    return Tier(
        tier.name,
        tier.units_per_act if act is None else act,
        tier.units_per_day if day is None else day,
        tier.approvals,
    )


def _section(found: object, where: str) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise InputError(f"{where} must be a section")
    return found


def _sections(found: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = found.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{key} must be given as [[{key}]]")
    return rows


def _text(found: Mapping[str, Any], key: str, where: str) -> str:
    text = found.get(key)
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{where}: {key} is missing, or is no text")
    return text


def _address(found: Mapping[str, Any], key: str, where: str) -> Address:
    try:
        return parse_address(_text(found, key, where))
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _limit(found: Mapping[str, Any], key: str, where: str) -> int | None:
    return whole_or_none(found.get(key), f"{where}: {key}")
