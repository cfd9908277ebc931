"""Values every layer speaks: enumerations that mirror the contracts, strict parsers, records a chain hands back.

Amounts are whole `int` units, times are UTC seconds, addresses are EIP-55 strings, hashes of blocks and transactions
are `0x` strings, every other 32-byte value is `bytes`. Parsers raise `InputError` with one sentence and never guess.
"""

from __future__ import annotations

import keyword
import re
import reprlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, IntEnum, IntFlag
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from stotoken.errors import InputError

Units = int
Address = str
Bytes32 = bytes

ZERO_ADDRESS = "0x" + "0" * 40
ZERO32 = bytes(32)
MAX_UNITS = 2**96 - 1
JST = timezone(timedelta(hours=9), "JST")

_DAY = 86_400
#: 400 years, after which the calendar repeats itself.
_ERA = 146_097 * _DAY
E = TypeVar("E", bound=Enum)


class MoveKind(IntEnum):
    """Why units move."""

    ISSUE = 0
    DISTRIBUTE = 1
    TRANSFER = 2
    REDEEM = 3
    FORCE = 4
    REISSUE = 5
    REVERSE = 6


class HaltLevel(IntEnum):
    NORMAL = 0
    RESTRICTED = 1
    HALTED = 2


class InvestorClass(IntFlag):
    """What an investor is, as the registry keeps it; any number of them at once."""

    KYC = 1
    QII = 2
    PRO = 4
    SPECIAL = 8
    CORPORATE = 16
    INTERMEDIARY = 32
    CUSTODY = 64
    AFFILIATE = 128
    NON_RESIDENT = 256
    ISSUER = 512


class Instrument(IntEnum):
    SHARE = 1
    BOND = 2
    BENEFICIAL_INTEREST = 3
    FUND_UNIT = 4


class LegalCategory(IntEnum):
    """How the security is offered under the Financial Instruments and Exchange Act."""

    PUBLIC_PARA1 = 1
    QII_ONLY = 2
    SMALL_NUMBER = 3
    EXEMPT_ERTR = 4
    PRO_INVESTOR = 5
    FUND_PARA2 = 6


class Role(IntEnum):
    """Roles of the matrix; the number is the role id in Authority."""

    SYS_ADMIN = 1
    EMERGENCY = 2
    ISSUER = 3
    ISSUING_AGENT = 4
    REGISTRAR = 5
    COMPLIANCE = 6
    KYC_PROVIDER = 7
    CUSTODIAN = 8
    SETTLEMENT_AGENT = 9
    PAYING_AGENT = 10
    AUDITOR = 11


class Basis(IntEnum):
    """On what an order rests."""

    INITIAL = 0
    JUDGMENT = 1
    PROVISIONAL_ATTACHMENT = 2
    ATTACHMENT = 3
    INHERITANCE = 4
    MERGER = 5
    BANKRUPTCY = 6
    TAX = 7
    DEATH = 8
    KEY_LOSS = 9
    ERRONEOUS_TRANSFER = 10
    THEFT = 11
    SYSTEM_ERROR = 12
    CORPORATE_ACTION = 13
    ISSUANCE = 14
    REDEMPTION = 15
    POLICY = 16
    GOVERNANCE = 17
    RESUME = 18


class Log(NamedTuple):
    """One event as the node gives it."""

    address: Address
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: str
    tx_hash: str
    log_index: int


class Receipt(NamedTuple):
    """What became of a mined transaction. `status` is 1 when it took effect; `timestamp` is its block's."""

    tx_hash: str
    block_number: int
    block_hash: str
    gas_used: int
    status: int
    logs: tuple[Log, ...]
    timestamp: int
    contract_address: Address | None = None


class Block(NamedTuple):
    """The part of a block header the client needs; `base_fee` is None before London."""

    number: int
    hash: str
    parent_hash: str
    timestamp: int
    gas_limit: int
    base_fee: int | None


# --- enumerations and names -------------------------------------------------------------------------------------------


def parse_enum(kind: type[E], text: str) -> E:
    """A member by name, case aside; `-` and space count as `_`."""
    name = re.sub(r"[-\s]", "_", text.strip()).upper()
    if name in kind.__members__:
        return kind[name]
    raise InputError(f"'{text}' is not one of {', '.join(kind.__members__)}.")


def python_name(solidity_name: str) -> str:
    """Snake case for a Solidity name; keywords get `_` behind them: `orderId` → `order_id`, `from` → `from_`."""
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", solidity_name.strip("_"))
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words).lower()
    return f"{name}_" if keyword.iskeyword(name) else name


# --- amounts ----------------------------------------------------------------------------------------------------------


def parse_units(value: int | str, *, allow_zero: bool = False) -> Units:
    """Whole units from 1 (or 0) to 2**96 - 1, given as int or as plain ASCII digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InputError(f"Units must be a whole number, not {type(value).__name__}.")
    units = value if isinstance(value, int) else _digits(value)
    if units < 0 or (units == 0 and not allow_zero):
        raise InputError(f"Units must be {'0' if allow_zero else '1'} or more, not {units}.")
    if units > MAX_UNITS:
        raise InputError(f"{units} units are more than the largest amount a token holds (2**96 - 1).")
    return units


def _digits(text: str) -> int:
    if re.fullmatch(r"-?[0-9]{1,40}", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]+", text):
        raise InputError(f"A number of {len(text)} digits is more than the largest amount a token holds (2**96 - 1).")
    if not text.strip():
        raise InputError("Units are missing.")
    if re.fullmatch(r"[0-9]*\.[0-9]+", text):
        raise InputError(f"'{text}' is not a whole number of units: units cannot be divided.")
    if re.fullmatch(r"[0-9][0-9,_' ]*[0-9]", text):
        raise InputError(f"'{text}' is not accepted as units: write the digits without separators.")
    raise InputError(f"'{text}' is not a whole number of units: write plain digits, such as 1000.")


# --- addresses and bytes ----------------------------------------------------------------------------------------------


def keccak(data: bytes) -> bytes:
    return _hasher()(data)


@lru_cache(maxsize=1)
def _hasher() -> Callable[[bytes], bytes]:
    """The library's own function, which it finds when it is first used: what stands before it takes as long again."""
    from eth_hash.auto import keccak as digest

    digest(b"")
    return digest.hasher


@lru_cache(maxsize=1 << 16)
def checksum(address: str) -> Address:
    """EIP-55 form of a well-formed address."""
    digits = address[2:].lower()
    nibbles = keccak(digits.encode()).hex()
    # Characters compare as the digits they stand for.
    cased = [upper if n > "7" else c for c, upper, n in zip(digits, digits.upper(), nibbles, strict=False)]
    return f"0x{''.join(cased)}"


def parse_address(text: str, *, allow_zero: bool = False) -> Address:
    """An address in EIP-55 form. All lower case is taken as it is; any capital letter makes the checksum binding."""
    if not re.fullmatch(r"0x[0-9a-fA-F]{40}", text):
        raise InputError(f"'{text}' is not an address: it must be 0x and 40 hexadecimal digits.")
    address = checksum(text)
    if text not in (address, text.lower()):
        raise InputError(f"Address {text} fails its checksum: a character is mistyped.")
    if text == ZERO_ADDRESS and not allow_zero:
        raise InputError("The zero address is not accepted here.")
    return address


def parse_bytes32(text: str) -> Bytes32:
    """32 bytes from `0x` and 64 hexadecimal digits."""
    if not re.fullmatch(r"0x[0-9a-fA-F]{64}", text):
        raise InputError(f"'{text}' is not a 32-byte value: it must be 0x and 64 hexadecimal digits.")
    return bytes.fromhex(text[2:])


def to_hex(data: bytes) -> str:
    return f"0x{bytes(data).hex()}"


def partition_id(name: str) -> Bytes32:
    """The bytes32 of a partition name (1 to 31 printable ASCII characters without spaces) or hexadecimal form."""
    if re.fullmatch(r"0x[0-9a-fA-F]{64}", name):
        return bytes.fromhex(name[2:])
    if not re.fullmatch(r"[!-~]{1,31}", name):
        raise InputError(f"'{name}' is not a partition name: use 1 to 31 ASCII characters without spaces.")
    return name.encode("ascii").ljust(32, b"\0")


def partition_name(partition: Bytes32) -> str:
    """The name of a partition, or its hexadecimal form when it spells none."""
    name = partition.rstrip(b"\0")
    return name.decode() if re.fullmatch(rb"[!-~]{1,31}", name) else to_hex(partition)


# --- times ------------------------------------------------------------------------------------------------------------


def parse_date(text: str) -> date:
    """A day written YYYY-MM-DD."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is not a day of the calendar.") from None
    raise InputError(f"'{text}' is not a date: write YYYY-MM-DD.")


def parse_instant(text: str) -> int:
    """UTC seconds of an ISO date and time; without an offset it is Japan time, a date alone is its first second."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is not a date and time: write YYYY-MM-DDThh:mm:ss (Japan time).") from None
    if moment.microsecond:
        raise InputError(f"'{text}' has a fraction of a second: chain time is whole seconds.")
    return round((moment if moment.tzinfo else moment.replace(tzinfo=JST)).timestamp())


def jst_start_of_day(day: date) -> int:
    """The first second of the day in Japan, UTC seconds."""
    return round(datetime(day.year, day.month, day.day, tzinfo=JST).timestamp())


def jst_end_of_day(day: date) -> int:
    """The instant at which the day is over in Japan: midnight, the first second of the next day, UTC seconds."""
    return jst_start_of_day(day) + _DAY


def jst_date(timestamp: int) -> date:
    """The day in Japan at UTC second `timestamp`."""
    return datetime.fromtimestamp(timestamp, UTC).astimezone(JST).date()


def format_jst(timestamp: int) -> str:
    """`2026-03-31T15:00:00+09:00`, for every time a contract can hold, also beyond the years that Python knows."""
    eras, second = divmod(timestamp, _ERA)
    moment = datetime.fromtimestamp(second, UTC).astimezone(JST)
    return f"{moment.year + 400 * eras:04}{moment.isoformat(timespec='seconds')[4:]}"


# --- ABI values -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _codec() -> Any:
    """An eth_abi codec that gives addresses in EIP-55 form, takes none with a wrong checksum and pads no bytesN."""
    from eth_abi.codec import ABICodec
    from eth_abi.decoding import AddressDecoder, BytesDecoder
    from eth_abi.encoding import AddressEncoder, BytesEncoder
    from eth_abi.registry import BaseEquals, registry

    class ChecksumDecoder(AddressDecoder):
        decoder_fn: Any = staticmethod(lambda data: checksum("0x" + data.hex()))

    class ExactAddressEncoder(AddressEncoder):
        @classmethod
        def validate_value(cls, value: Any) -> None:
            checked: Any = super()
            checked.validate_value(value)
            if isinstance(value, str) and value not in (checksum(value), value.lower()):
                cls.invalidate_value(value, msg="fails its checksum")

    class ExactBytesEncoder(BytesEncoder):
        def validate_value(self, value: Any) -> None:
            checked: Any = super()
            checked.validate_value(value)
            if len(value) * 8 != self.value_bit_size:
                self.invalidate_value(value, msg=f"is not exactly {self.value_bit_size} bits long")

    own, equals = cast("Any", registry).copy(), cast("Any", BaseEquals)
    own.unregister("bytes<M>")
    own.register(equals("bytes", with_sub=True), ExactBytesEncoder, BytesDecoder, label="bytes<M>")
    own.unregister("address")
    own.register("address", ExactAddressEncoder, ChecksumDecoder, label="address")
    return ABICodec(own)


def decode_values(types: Sequence[str], data: bytes) -> tuple[Any, ...]:
    """ABI data to Python values: addresses EIP-55, arrays and structs as tuples. InputError when it does not fit."""
    from eth_abi.exceptions import DecodingError

    if not types:
        return ()
    try:
        return tuple(_codec().decode(types, data))
    except (DecodingError, OverflowError, UnicodeDecodeError) as error:
        raise InputError(f"{len(data)} bytes of data do not decode as ({','.join(types)}): {error}") from None


def encode_values(types: Sequence[str], values: Sequence[object]) -> bytes:
    """Python values to ABI data. InputError names the first value that does not fit its type."""
    from eth_abi.exceptions import EncodingError

    if len(types) != len(values):
        raise InputError(f"({','.join(types)}) takes {len(types)} values, {len(values)} given.")
    try:
        return bytes(_codec().encode(types, values))
    except (EncodingError, TypeError, ValueError, OverflowError) as error:
        for place, (kind, value) in enumerate(zip(types, values, strict=True), 1):
            if not _codec().is_encodable(kind, value):
                raise InputError(f"Value {place}, {reprlib.repr(value)}, is not a valid {kind}.") from None
        raise InputError(f"The values do not encode as ({','.join(types)}): {error}") from None
