"""Layouts of legal registers, each a file in `layouts/`: its title, its columns, and the article that each answers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from stotoken.errors import InputError
from stotoken.reports.sheet import Column, Kind, Words
from stotoken.types import Instrument, parse_enum

#: What a column of a layout can be filled with. Others are columns of the names file.
FILLED = {
    "number": Kind.NUMBER,
    "investor": Kind.HEX,
    "wallets": Kind.HEX,
    "partition": Kind.TEXT,
    "units": Kind.UNITS,
    "amount": Kind.UNITS,
    "share": Kind.SHARE,
    "acquired": Kind.DAY,
    "remarks": Kind.TEXT,
}
FROM_FILE = frozenset(("name", "kana", "address", "paid_amount", "paid_on", "pledgee", "note"))


@dataclass(frozen=True, slots=True)
class Article:
    """Of a law. `verified`: its text was read; else it stands here from memory and counsel must confirm it."""

    name: str
    verified: bool
    asks: Words


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    instrument: Instrument
    title: Words
    articles: tuple[Article, ...]
    columns: tuple[Column, ...]
    #: Column key to the article that asks for it.
    answers: dict[str, str]


def names() -> tuple[str, ...]:
    """Of all layouts, sorted."""
    folder = files("stotoken.reports").joinpath("layouts")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load(name: str) -> Layout:
    """InputError when there is none of that name."""
    if name not in names():
        raise InputError(f"'{name}' is not a layout; there are {', '.join(names())}.")
    text = files("stotoken.reports").joinpath("layouts", f"{name}.toml").read_text("utf-8")
    told = tomllib.loads(text)
    columns = tuple(_column(each) for each in told["columns"])
    articles = tuple(Article(each["name"], each["verified"], Words(**each["asks"])) for each in told["articles"])
    answers = {each["key"]: each["article"] for each in told["columns"] if "article" in each}
    instrument = parse_enum(Instrument, told["instrument"])
    return Layout(name, instrument, Words(**told["title"]), articles, columns, answers)


def of_instrument(instrument: Instrument) -> str:
    """The name of the layout for a kind of security."""
    return next(name for name in names() if load(name).instrument is instrument)


def _column(told: dict[str, Any]) -> Column:
    key = told["key"]
    if key not in FILLED.keys() | FROM_FILE:
        raise InputError(f"No column '{key}' can be filled in a layout.")
    return Column(
        key, Words(**told["heading"]), FILLED.get(key, Kind.TEXT), told.get("width", 0), told.get("under", "")
    )
