"""What a signer may sign, as a file says: chains, times, contracts, functions, amounts.

    chains = [31337]
    days = ["mon", "tue", "wed", "thu", "fri"]      Japan time; every day when not given
    hours = "08:30-18:00"
    holidays = ["2027-01-01"]
    most_fee = 10_000_000_000_000_000               wei that the gas of one act may cost

    [[allow]]
    contract = "0x…"
    functions = ["transfer", "propose:split"]       an order's act stands behind the colon
    targets = ["0x…"]                               what orders may act upon; the other rows' contracts when not given
    typed_data = ["Permit"]                         primary types
    units_per_act = 1_000
    units_per_day = 5_000                           counted from the signing log, from midnight to midnight in Japan

What is not allowed is refused in one sentence, before the key is asked for anything. Limits are of the units that a
call names: `approve` of an order, for one, names none.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from stotoken.chain.calls import ReadCall, is_function, read_call
from stotoken.chain.envelope import Envelope, SignedTransaction, parse
from stotoken.chain.faults import PolicyRefused
from stotoken.chain.signer import Health, Signer
from stotoken.chain.signers.log import SigningLog, typed_units
from stotoken.errors import ConfigError, InputError
from stotoken.inputs import read_settings, require_known, whole_or_none
from stotoken.types import JST, Address, Units, parse_address, parse_date

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_KEYS = {"chains", "days", "hours", "holidays", "most_fee", "allow"}
_ALLOW_KEYS = {"contract", "functions", "targets", "typed_data", "units_per_act", "units_per_day"}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be asked of one contract. A limit of None is none."""

    contract: Address
    functions: frozenset[str] = frozenset()
    typed_data: frozenset[str] = frozenset()
    units_per_act: Units | None = None
    units_per_day: Units | None = None
    #: Contracts that the orders of it may act upon.
    targets: frozenset[Address] = frozenset()

    def calls(self, act: str) -> bool:
        """Whether a call of that name is one of them; an order's stands for all it may carry."""
        return act in self.functions or act.partition(":")[0] in self.functions

    def covers(self, act: str) -> bool:
        """Whether a call or typed data of that name counts for its day."""
        return act in self.typed_data or self.calls(act)


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    chains: frozenset[int]
    allowances: tuple[Allowance, ...]
    days: frozenset[str] = frozenset(DAYS)
    #: Minutes of the day, the second not included.
    hours: tuple[int, int] = (0, 24 * 60)
    holidays: frozenset[date] = frozenset()
    most_fee: int | None = None

    @classmethod
    def load(cls, path: Path) -> Policy:
        """ConfigError names what is wrong with the file, and where."""
        return read_settings(path, "Policy", "nothing was signed", lambda found: cls._of(str(path), found))

    @classmethod
    def _of(cls, name: str, found: Mapping[str, Any]) -> Policy:
        require_known(found, _KEYS, "it")
        chains = _listed(found, "chains", int, "it")
        if not chains:
            raise InputError("chains must name at least one chain")
        days = _listed(found, "days", str, "it") if "days" in found else DAYS
        if unknown := set(days) - set(DAYS):
            raise InputError(f"days has {min(unknown)}, which is none of {', '.join(DAYS)}")
        holidays = found.get("holidays", [])
        if not isinstance(holidays, list):
            raise InputError("holidays must be a list of days")
        rows = found.get("allow", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise InputError("allow must be given as [[allow]]")
        return cls(
            name=name,
            chains=frozenset(chains),
            allowances=_allowances(rows),
            days=frozenset(days),
            hours=_hours(found.get("hours")),
            holidays=frozenset(_day(each) for each in holidays),
            most_fee=_limit(found, "most_fee", "it"),
        )

    @property
    def counts(self) -> bool:
        """Whether anything is limited by the day."""
        return any(each.units_per_day is not None for each in self.allowances)

    def refusal_of_time(self, now: int) -> PolicyRefused | None:
        moment = datetime.fromtimestamp(now, UTC).astimezone(JST)
        minute, day = moment.hour * 60 + moment.minute, DAYS[moment.weekday()]
        if day in self.days and moment.date() not in self.holidays and self.hours[0] <= minute < self.hours[1]:
            return None
        shown = moment.strftime("%Y-%m-%d %H:%M")
        return self._refuse(
            f"it does not sign at {shown} ({day}) Japan time", f"日本時間 {shown} は署名できる時間ではありません"
        )

    def refusal_of(
        self, envelope: Envelope, signer: Address, spent: Callable[[Allowance], Units]
    ) -> PolicyRefused | None:
        """Why this transaction is not signed, if it is not. `spent`: units signed for today. One that only uses up a
        nonce is no act that would have to be allowed: it takes back what was signed for that nonce before, where any
        transaction is."""
        if envelope.chain_id not in self.chains:
            return self._chain(envelope.chain_id)
        if envelope.value:
            return self._refuse("it sends no ether along", "イーサの送付は認められていません")
        if dear := fee_beyond(envelope, self.most_fee):
            return self._refuse(*dear)
        if envelope.is_idle(signer) and any(each.functions for each in self.allowances):
            return None
        read = read_call(envelope.data)
        if read is None or envelope.target is None:
            return self._refuse("the call is none that it can read", "内容を読み取れない呼出しです")
        rows = [each for each in self.allowances if each.contract == envelope.target and each.calls(read.name)]
        refusal = self._within(rows, envelope.target, read.name, read.units, spent)
        return refusal or self._beyond(rows[0], read)

    def refusal_of_typed(self, message: Mapping[str, Any], spent: Callable[[Allowance], Units]) -> PolicyRefused | None:
        domain, act = message.get("domain", {}), str(message.get("primaryType"))
        if domain.get("chainId") not in self.chains:
            return self._chain(domain.get("chainId"))
        contract = str(domain.get("verifyingContract")).lower()
        rows = [each for each in self.allowances if each.contract.lower() == contract and act in each.typed_data]
        return self._within(rows, str(domain.get("verifyingContract")), act, typed_units(message), spent)

    def _within(
        self, rows: list[Allowance], contract: Address, act: str, units: Units, spent: Callable[[Allowance], Units]
    ) -> PolicyRefused | None:
        """The first row that allows the act has its limits."""
        row = rows[0] if rows else None
        if row is None:
            return self._refuse(f"{act} of {contract} is not allowed", f"{contract} の {act} は認められていません")
        if row.units_per_act is not None and units > row.units_per_act:
            return self._refuse(
                f"{act} names {units} units, more than {row.units_per_act} in one act",
                f"{act} の {units} 口は 1回の上限 {row.units_per_act} 口を超えます",
            )
        if row.units_per_day is not None and spent(row) + units > row.units_per_day:
            before = spent(row)
            return self._refuse(
                f"{act} names {units} units, and with {before} signed for today that is more than {row.units_per_day}",
                f"{act} の {units} 口は、本日の署名済み {before} 口と合わせ上限 {row.units_per_day} 口を超えます",
            )
        return None

    def _beyond(self, row: Allowance, read: ReadCall) -> PolicyRefused | None:
        """An order is of its target as much as of its act: the same act of another token is another."""
        target = next((each for each in read.targets if each not in row.targets), None)
        if target is None:
            return None
        return self._refuse(
            f"{read.name} upon {target} is not allowed", f"{target} に対する {read.name} は認められていません"
        )

    def _chain(self, chain_id: object) -> PolicyRefused:
        return self._refuse(f"chain {chain_id} is not allowed", f"チェーン {chain_id} は認められていません")

    def _refuse(self, en: str, ja: str) -> PolicyRefused:
        return PolicyRefused(
            f"The signing policy {self.name} refuses: {en}. Nothing was signed.",
            f"署名ポリシー {self.name} により拒否しました: {ja}。何も署名していません。",
        )


class HeldTo:
    """Hands out what another signer signed, unless `heed` objects to what comes back other than it was asked for: that
    waited for its signature, and has the gas and the fees of the day it was first asked for."""

    def __init__(self, signer: Signer, heed: Callable[[Envelope], None]) -> None:
        self._signer, self._heed = signer, heed

    @property
    def address(self) -> Address:
        return self._signer.address

    def __repr__(self) -> str:
        return repr(self._signer)

    def health(self) -> Health:
        return self._signer.health()

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        signed = self._signer.sign_transaction(fields)
        if (found := parse(signed.raw)[0]) != Envelope.of(fields):
            self._heed(found)
        return signed

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        return self._signer.sign_typed_data(message)


class PolicySigner:
    """Asks another signer for what the policy allows alone."""

    def __init__(
        self, signer: Signer, policy: Policy, log: SigningLog | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        """`log`: the signing log around this signer, from which the day's units are counted."""
        if policy.counts and log is None:
            raise ConfigError(
                f"Policy {policy.name} limits units by the day, which are counted from a signing log: give "
                "--signing-log FILE or set STOTOKEN_SIGNING_LOG; nothing was signed."
            )
        self._signer, self._policy, self._log, self._clock = HeldTo(signer, self._heed_act), policy, log, clock

    @property
    def address(self) -> Address:
        return self._signer.address

    def __repr__(self) -> str:
        return f"PolicySigner({self._signer!r}, {self._policy.name})"

    def health(self) -> Health:
        return self._signer.health()

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        self._heed_act(Envelope.of(fields))
        return self._signer.sign_transaction(fields)

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        chain_id = message.get("domain", {}).get("chainId", 0)
        self._heed(self._policy.refusal_of_typed(message, lambda row: self._spent(row, chain_id)))
        return self._signer.sign_typed_data(message)

    def _heed_act(self, envelope: Envelope) -> None:
        self._heed(self._policy.refusal_of(envelope, self.address, lambda row: self._spent(row, envelope.chain_id)))

    def _heed(self, refusal: PolicyRefused | None) -> None:
        refusal = self._policy.refusal_of_time(int(self._clock())) or refusal
        if refusal is not None:
            raise refusal

    def _spent(self, row: Allowance, chain_id: int) -> Units:
        if self._log is None:
            return 0
        with self._log.held():
            return self._log.units(self.address, chain_id, row.contract, row.covers)


def fee_beyond(envelope: Envelope, most: int | None) -> tuple[str, str] | None:
    """What its gas may cost beyond that limit, in both languages; None within it, or where there is none."""
    if most is None or envelope.most_fee <= most:
        return None
    return (
        f"the gas may cost {envelope.most_fee} wei, more than {most}",
        f"ガス代 {envelope.most_fee} wei が上限 {most} を超えます",
    )


# --- the file ---------------------------------------------------------------------------------------------------------


def _allowances(rows: list[Mapping[str, Any]]) -> tuple[Allowance, ...]:
    found = [_allowance(row, f"allow {place}") for place, row in enumerate(rows, 1)]
    named = {each.contract for each in found}
    return tuple(
        each if "targets" in row else replace(each, targets=frozenset(named - {each.contract}))
        for each, row in zip(found, rows, strict=True)
    )


def _allowance(row: Mapping[str, Any], where: str) -> Allowance:
    require_known(row, _ALLOW_KEYS, where)
    contract = _address(row.get("contract", ""), f"{where}: contract")
    functions = _listed(row, "functions", str, where)
    for name in functions:
        for part in name.split(":"):
            if not is_function(part):
                raise InputError(f"{where}: {part} is no function of the system's contracts")
    typed = _listed(row, "typed_data", str, where)
    if not functions and not typed:
        raise InputError(f"{where} names neither functions nor typed_data")
    limits = _limit(row, "units_per_act", where), _limit(row, "units_per_day", where)
    targets = frozenset(_address(each, f"{where}: targets") for each in _listed(row, "targets", str, where))
    return Allowance(contract, frozenset(functions), frozenset(typed), *limits, targets)


def _address(text: object, where: str) -> Address:
    try:
        return parse_address(str(text))
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _listed(found: Mapping[str, Any], key: str, kind: type, where: str) -> list[Any]:
    listed = found.get(key, [])
    if not isinstance(listed, list) or not all(type(each) is kind for each in listed):
        raise InputError(f"{key} of {where} must be a list")
    return listed


def _limit(found: Mapping[str, Any], key: str, where: str) -> int | None:
    return whole_or_none(found.get(key), f"{key} of {where}")


def _hours(text: object) -> tuple[int, int]:
    if text is None:
        return 0, 24 * 60
    match = _HOURS.fullmatch(str(text))
    first, last = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
    if not first < last <= 24 * 60:
        raise InputError('hours must be such as "08:30-18:00"')
    return first, last


def _day(value: object) -> date:
    return value if type(value) is date else parse_date(str(value))
