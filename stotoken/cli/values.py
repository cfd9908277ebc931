"""Arguments and options whose texts become checked values; what is wrong with one is told in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple, TypeVar

import click

from stotoken.errors import InputError
from stotoken.types import (
    Basis,
    InvestorClass,
    jst_end_of_day,
    jst_start_of_day,
    parse_address,
    parse_bytes32,
    parse_date,
    parse_enum,
    parse_instant,
    parse_units,
    partition_id,
    partition_name,
)

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
Parse = Callable[[str], Any]


class LogRef(NamedTuple):
    """One log of one transaction."""

    tx_hash: str
    log_index: int


def _checked(parse: Parse) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def check(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(check(ctx, param, item) for item in value)
        if not isinstance(value, str):
            return value
        try:
            return parse(value)
        except InputError as error:
            name = param.opts[0] if isinstance(param, click.Option) else _shown(param.name or "")
            done = "" if "nothing was" in str(error).lower() else " Nothing was done."
            raise InputError(f"{name}: {error}{done}") from None

    return check


def _shown(name: str) -> str:
    return name.rstrip("_").upper()


def argument(name: str, parse: Parse = str, **more: Any) -> Callable[[F], F]:
    return click.argument(name, callback=_checked(parse), **more)


def option(*names: str, parse: Parse = str, **more: Any) -> Callable[[F], F]:
    return click.option(*names, callback=_checked(parse), **more)


# --- parsers ----------------------------------------------------------------------------------------------------------


def some_or_no_units(text: str) -> int:
    return parse_units(text, allow_zero=True)


def token(text: str) -> str:
    """An address, or an identifier of 12 characters."""
    if text.startswith("0x"):
        return parse_address(text)
    if not re.fullmatch(r"[A-Z0-9]{12}", text):
        raise InputError(f"'{text}' is neither an address nor an identifier of 12 characters of A-Z and 0-9.")
    return text


def number(text: str) -> int:
    """A whole number of 0 or more, such as of an order or of a lot."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise InputError(f"'{text}' is not a whole number.")
    return int(text)


def instant(text: str) -> int:
    """UTC seconds of a date and time, or of the first second of a day in Japan."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return jst_start_of_day(parse_date(text))
    return parse_instant(text)


def last_second(text: str) -> int:
    """UTC seconds of a date and time, or of the last second of a day in Japan."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return jst_end_of_day(parse_date(text)) - 1
    return parse_instant(text)


def day_end(text: str) -> int:
    """UTC seconds of a date and time, or of the instant at which a day is over in Japan."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return jst_end_of_day(parse_date(text))
    return parse_instant(text)


def label(text: str) -> bytes:
    """32 bytes of a hash, or of a number or name of at most 31 ASCII characters."""
    try:
        return partition_id(text)
    except InputError:
        raise InputError(
            f"'{text}' is neither a hash of 0x and 64 hexadecimal digits nor 1 to 31 ASCII characters without spaces."
        ) from None


def hexadecimal(text: str) -> bytes:
    if not re.fullmatch(r"0x([0-9a-fA-F]{2})*", text):
        raise InputError(f"'{text}' is not data: it must be 0x and an even number of hexadecimal digits.")
    return bytes.fromhex(text[2:])


def log_ref(text: str) -> LogRef:
    """`0x…:3`: a transaction and the index of one of its logs, as moves are told."""
    tx_hash, _, index = text.partition(":")
    if not re.fullmatch(r"[0-9]{1,6}", index):
        raise InputError(f"'{text}' is not a move: write its transaction hash, a colon and its log index, as in 0x…:3.")
    parse_bytes32(tx_hash)
    return LogRef(tx_hash.lower(), int(index))


def partition(text: str) -> str:
    return partition_name(partition_id(text))


def classes(text: str) -> InvestorClass:
    """`KYC+QII`"""
    found = InvestorClass(0)
    for name in text.split("+"):
        found |= parse_enum(InvestorClass, name)
    return found


def countries(text: str) -> tuple[int, ...]:
    """`392+840`: numbers of ISO 3166-1, three digits each."""
    from stotoken.inputs import parse_country

    return tuple(parse_country(code) for code in text.split("+"))


def ratio(text: str) -> int:
    from stotoken.terms import parse_ratio

    return parse_ratio(text)


def one_of(kind: type[Enum]) -> Parse:
    return lambda text: parse_enum(kind, text)


# --- what many commands take ------------------------------------------------------------------------------------------

the_token = argument("token", token, metavar="TOKEN")
the_units = argument("units", parse_units)
the_partition = option("--partition", parse=partition, default="default", show_default=True, help="Class of units.")
some_partition = option("--partition", parse=partition, help="Class of units; all if not given.")
as_of = option("--as-of", parse=last_second, help="A day (its last second) or an instant, Japan time; or now.")
record_date = option("--record-date", parse=number, help="Just before a record date: its epoch.")
the_data = option("--data", parse=hexadecimal, default="0x", help="Hexadecimal data that is emitted as it is.")


def address_argument(name: str) -> Callable[[F], F]:
    return argument(name, parse_address, metavar=_shown(name))


def the_basis(required: bool = False) -> Callable[[F], F]:
    names = ", ".join(basis.name.lower().replace("_", "-") for basis in Basis if basis)
    default = "" if required else " The act's own if not given."
    return option("--basis", parse=one_of(Basis), required=required, help=f"On what it rests: {names}.{default}")
