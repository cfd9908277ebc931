"""Investors, allotments, customers' units, read from CSV: a table whole or not at all, with every fault and its place.

Cells are never repeated in a message, because a shifted column would put a person's name there.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from stotoken.errors import InputError
from stotoken.inputs import Faults, TableFaults, half_width_hint, parse_country, parse_day, read_text
from stotoken.terms import DEFAULT_PARTITION, TokenSpec
from stotoken.types import (
    Address,
    InvestorClass,
    Units,
    jst_end_of_day,
    parse_address,
    parse_units,
    partition_id,
)

JAPAN = 392
_MAX_BYTES = 64 * 1024 * 1024
_T = TypeVar("_T")
_PREFECTURE_NAMES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 "
    "石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 "
    "岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
_PREFECTURES = frozenset(_PREFECTURE_NAMES.split())


@dataclass(frozen=True)
class Investor:
    """One wallet of one investor. Name, kana and prefecture are personal: they stay off chain and out of `repr`."""

    investor_id: bytes
    """16 random bytes that say nothing about the person"""
    wallet: Address
    classes: InvestorClass
    country: int
    valid_until: date
    """the last day, in Japan, on which the investor's checks hold"""
    name: str = field(repr=False)
    kana: str = field(repr=False)
    prefecture: str = field(repr=False)

    @property
    def expires_at(self) -> int:
        """UTC seconds: the instant at which the checks no longer hold."""
        return jst_end_of_day(self.valid_until)


@dataclass(frozen=True)
class Allotment:
    """Units that one wallet is to receive in one partition."""

    wallet: Address
    partition: str
    units: Units
    price: Decimal | None = None
    """per unit, in the currency of the terms"""
    lockup_until: date | None = None
    """the last day, in Japan, on which these units cannot move"""

    @property
    def partition_id(self) -> bytes:
        return partition_id(self.partition)

    @property
    def locked_until(self) -> int:
        """UTC seconds: the first instant at which these units may move; 0 without lock-up."""
        return jst_end_of_day(self.lockup_until) if self.lockup_until else 0


@dataclass(frozen=True)
class CustomerUnits:
    """What a firm's own books say one customer has in one wallet, token and partition."""

    customer: str
    """the firm's number of the customer, never a name"""
    wallet: Address
    token: str
    """its address or identifier"""
    partition: str
    units: Units


def read_customers(path: Path | str) -> tuple[CustomerUnits, ...]:
    """The rows of a customer ledger, in file order; raises `InputError`, or `TableFaults` with every fault."""
    path = Path(path)
    faults = Faults(path, TableFaults)
    rows = dict(_rows(path, _CUSTOMER_COLUMNS, frozenset(), faults, _customer_units))
    seen: dict[tuple[str, ...], int] = {}
    for row, found in rows.items():
        key = (found.customer, found.wallet, found.token, found.partition)
        if (earlier := seen.setdefault(key, row)) != row:
            faults.add(f"has the same customer, wallet, token and partition in row {earlier} already", row=row)
    faults.raise_any()
    return tuple(rows.values())


def read_investors(path: Path | str) -> tuple[Investor, ...]:
    """The wallets in an investors table, in file order; raises `InputError`, or `TableFaults` with every fault."""
    path = Path(path)
    faults = Faults(path, TableFaults)
    rows = dict(_rows(path, _INVESTOR_COLUMNS, frozenset(), faults, _investor))
    _check_wallets(rows, faults)
    faults.raise_any()
    return tuple(rows.values())


def read_allotments(
    path: Path | str,
    *,
    spec: TokenSpec | None = None,
    investors: Iterable[Investor] | None = None,
    moved_in: str | None = None,
) -> tuple[Allotment, ...]:
    """The rows of an allotments table, in file order, checked against the terms and the investors that are given.

    `moved_in`: the one partition in which the rows will move, without lock-ups; rows that say otherwise are refused.
    """
    path = Path(path)
    faults = Faults(path, TableFaults)
    rows = dict(_rows(path, _ALLOTMENT_COLUMNS, frozenset({"price", "lockup_until"}), faults, _allotment))
    _check_pairs(rows, faults)
    if investors is not None:
        wallets = {investor.wallet for investor in investors}
        for row, allotment in rows.items():
            if allotment.wallet not in wallets:
                faults.add("is not a wallet of any investor in the investors table", row=row, column="wallet")
    if spec is not None:
        _check_terms(rows, spec, faults)
    if moved_in is not None:
        _check_moves(rows, moved_in, faults)
    faults.raise_any()
    return tuple(rows.values())


# --- rows -------------------------------------------------------------------------------------------------------------


class _Row:
    """The cells of one row. A cell that cannot be read becomes a fault and None."""

    def __init__(self, cells: Mapping[str, str], number: int, faults: Faults) -> None:
        self._cells = cells
        self._number = number
        self._faults = faults
        self.whole = True

    def get(self, column: str, parse: Callable[[str], _T]) -> _T | None:
        try:
            return parse(self._cells.get(column, ""))
        except InputError as error:
            self.fault(column, str(error))
            return None

    def fault(self, column: str, sentence: str) -> None:
        self.whole = False
        self._faults.add(sentence, row=self._number, column=column)


def _rows(
    path: Path, columns: tuple[str, ...], optional: frozenset[str], faults: Faults, build: Callable[[_Row], _T | None]
) -> Iterator[tuple[int, _T]]:
    """Line number and value of every row that can be read; the others become faults."""
    reader = csv.reader(io.StringIO(read_text(path, max_bytes=_MAX_BYTES), newline=""), strict=True)
    header: list[str] | None = None
    empty, line = True, 1
    try:
        for cells in reader:
            if header is None:
                header = _header(cells, columns, optional, path)
            elif len(cells) not in (0, len(header)):
                faults.add(f"has {len(cells)} cells where the header has {len(header)}", row=line)
                empty = False
            elif cells:
                empty = False
                row = _Row(dict(zip(header, cells, strict=True)), line, faults)
                if (value := build(row)) is not None and row.whole:
                    yield line, value
            line = reader.line_num + 1
    except csv.Error as error:
        faults.add(f"is not CSV from here on: {error}", row=line)
        return
    if empty:
        raise InputError(f"The table holds no rows{'' if header else ' and no header'}; nothing was used.", file=path)


def _header(cells: list[str], columns: tuple[str, ...], optional: frozenset[str], path: Path) -> list[str]:
    faults = Faults(path, TableFaults)
    if not set(cells) & set(columns):
        raise InputError(f"must begin with a header of the columns {', '.join(columns)}.", file=path, row=1)
    for place, name in enumerate(cells):
        if not name.strip():
            faults.add(f"column {place + 1} of the header has no name; is there a comma too many?", row=1)
        elif name not in columns:
            near = difflib.get_close_matches(name, columns, n=1)
            faults.add(f"is not a known column{f'; the nearest is {near[0]}' if near else ''}", row=1, column=name)
        elif name in cells[:place]:
            faults.add("stands twice in the header", row=1, column=name)
    for name in columns:
        if name not in cells and name not in optional:
            faults.add("is missing from the header", row=1, column=name)
    faults.raise_any()
    return cells


_INVESTOR_COLUMNS = ("investor_id", "wallet", "classes", "country", "valid_until", "name", "kana", "prefecture")
_ALLOTMENT_COLUMNS = ("wallet", "partition", "units", "price", "lockup_until")
_CUSTOMER_COLUMNS = ("customer", "wallet", "token", "partition", "units")


def _investor(row: _Row) -> Investor | None:
    investor_id, wallet = row.get("investor_id", _investor_id), row.get("wallet", _wallet)
    classes, country = row.get("classes", _classes), row.get("country", _country)
    valid_until = row.get("valid_until", parse_day)
    name, kana = row.get("name", _present), row.get("kana", _present)
    prefecture = row.get("prefecture", str)
    if country == JAPAN and prefecture not in _PREFECTURES:
        row.fault("prefecture", "must be one of the 47 prefectures, written in full, for country 392")
    if None in (investor_id, wallet, classes, country, valid_until, name, kana, prefecture):
        return None
    return Investor(investor_id, wallet, classes, country, valid_until, name, kana, prefecture)  # type: ignore[arg-type]


def _allotment(row: _Row) -> Allotment | None:
    wallet, partition, units = row.get("wallet", _wallet), row.get("partition", _partition), row.get("units", _units)
    price, lockup_until = row.get("price", _price), row.get("lockup_until", _optional_day)
    if wallet is None or partition is None or units is None:
        return None
    return Allotment(wallet, partition, units, price, lockup_until)


def _customer_units(row: _Row) -> CustomerUnits | None:
    customer, wallet, token = row.get("customer", _customer), row.get("wallet", _wallet), row.get("token", _token)
    partition, units = row.get("partition", _partition), row.get("units", _units)
    if customer is None or wallet is None or token is None or partition is None or units is None:
        return None
    return CustomerUnits(customer, wallet, token, partition, units)


# --- cells ------------------------------------------------------------------------------------------------------------


def _ascii(cell: str) -> str:
    if hint := half_width_hint(cell):
        raise InputError(hint)
    if not cell:
        raise InputError("is empty")
    return cell


def _present(cell: str) -> str:
    if not cell.strip():
        raise InputError("is empty")
    return cell


def _investor_id(cell: str) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{32}", _ascii(cell)) or not int(cell, 16):
        raise InputError("must be 32 hexadecimal digits that are not all zero")
    return bytes.fromhex(cell)


def _wallet(cell: str) -> Address:
    if not re.fullmatch(r"0x[0-9a-fA-F]{40}", _ascii(cell)):
        raise InputError("must be an address: 0x and 40 hexadecimal digits")
    return parse_address(cell)


def _classes(cell: str) -> InvestorClass:
    names = _ascii(cell).split("+")
    classes = InvestorClass(0)
    for place, name in enumerate(names, 1):
        if name not in InvestorClass.__members__:
            near = difflib.get_close_matches(name, InvestorClass.__members__, n=1)
            hint = f"; the nearest is {near[0]}" if near else ""
            raise InputError(f"holds an unknown class in place {place}{hint}; classes are joined by +, as in KYC+QII")
        if InvestorClass[name] in classes:
            raise InputError(f"names {name} twice")
        classes |= InvestorClass[name]
    return classes


def _country(cell: str) -> int:
    return parse_country(_ascii(cell))


def _customer(cell: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", _ascii(cell)):
        raise InputError("must be the firm's number of the customer: 1 to 32 of A-Z, a-z, 0-9, point, hyphen")
    return cell


def _token(cell: str) -> str:
    if re.fullmatch(r"[A-Z0-9]{12}", _ascii(cell)):
        return cell
    return _wallet(cell)


def _partition(cell: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}", _ascii(cell)):
        raise InputError(f"must be the name of a partition, such as {DEFAULT_PARTITION}")
    return cell


def _units(cell: str) -> Units:
    if not re.fullmatch(r"[-+0-9.,_' eE]+", _ascii(cell)):
        raise InputError("must be a whole number of units, written with digits only")
    return parse_units(cell)


def _price(cell: str) -> Decimal | None:
    if not cell:
        return None
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,9})?", _ascii(cell)):
        raise InputError("must be an amount of 0 or more with at most 18 digits and 9 decimal places")
    return Decimal(cell)


def _optional_day(cell: str) -> date | None:
    return parse_day(cell) if cell else None


# --- tables -----------------------------------------------------------------------------------------------------------


def _check_wallets(rows: Mapping[int, Investor], faults: Faults) -> None:
    """A wallet stands once; rows of the same investor differ in nothing but the wallet."""
    wallets: dict[Address, int] = {}
    investors: dict[bytes, int] = {}
    for row, investor in rows.items():
        if (earlier := wallets.setdefault(investor.wallet, row)) != row:
            faults.add(f"is already in row {earlier}", row=row, column="wallet")
        first = rows[earlier := investors.setdefault(investor.investor_id, row)]
        for column in _INVESTOR_COLUMNS[2:]:
            if getattr(first, column) != getattr(investor, column):
                faults.add(f"differs from row {earlier}, which is the same investor", row=row, column=column)


def _check_pairs(rows: Mapping[int, Allotment], faults: Faults) -> None:
    seen: dict[tuple[Address, str], int] = {}
    for row, allotment in rows.items():
        if (earlier := seen.setdefault((allotment.wallet, allotment.partition), row)) != row:
            faults.add(f"has an allotment in the same partition in row {earlier} already", row=row, column="wallet")


def _check_moves(rows: Mapping[int, Allotment], partition: str, faults: Faults) -> None:
    """Nothing that a row asks for is left out silently."""
    for row, allotment in rows.items():
        if allotment.partition != partition:
            faults.add(f"is not {partition}, the one partition that is moved here", row=row, column="partition")
        if allotment.lockup_until is not None:
            said = "names a lock-up, which is not set here: take it out, and see stotoken token lock-lot"
            faults.add(said, row=row, column="lockup_until")


def _check_terms(rows: Mapping[int, Allotment], spec: TokenSpec, faults: Faults) -> None:
    total = 0
    for row, allotment in rows.items():
        if allotment.partition not in spec.partitions:
            faults.add(f"is not one of the partitions {', '.join(spec.partitions)}", row=row, column="partition")
        if spec.maturity and allotment.lockup_until and allotment.lockup_until > spec.maturity:
            faults.add(f"is after the maturity, {spec.maturity}", row=row, column="lockup_until")
        if total <= spec.authorised_units < total + allotment.units:
            sentence = f"brings the sum to {total + allotment.units}, over the {spec.authorised_units} authorised units"
            faults.add(sentence, row=row, column="units")
        total += allotment.units
