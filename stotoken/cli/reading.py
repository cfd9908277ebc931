"""What a person is to read before he signs or approves it, and his yes to exactly that."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from stotoken.cli.app import App
from stotoken.cli.report import Pair, Report
from stotoken.errors import InputError
from stotoken.types import Address, to_hex


def shown_call(contract: Address | None, data: bytes) -> dict[str, object]:
    """Where a call goes and what it does, by the ABIs of the system's contracts; its bytes when they say nothing."""
    from stotoken.chain.calls import read_call

    read = read_call(data)
    if read is None or contract is None:
        return {"contract": contract, "function": "", "data": to_hex(data)}
    return {"contract": contract, "function": read.name, "arguments": _arguments(read)}


def shown_message(value: Any) -> Any:
    """What typed data says, to the last field: items of a list by their place, not by how many they are."""
    if isinstance(value, Mapping):
        return {name: shown_message(item) for name, item in value.items()}
    if isinstance(value, list | tuple) and any(isinstance(item, Mapping | list | tuple) for item in value):
        return {str(place): shown_message(item) for place, item in enumerate(value, 1)}
    return value


def _arguments(read: Any) -> dict[str, Any]:
    """By name; the act of an order in place of its bytes, and the number of a job's lot where one is given."""
    found = dict(read.arguments) | ({"number": to_hex(read.number)} if read.number else {})
    if read.inner is not None:
        found["data"] = _arguments(read.inner)
    return found


def confirm(app: App, shown: Mapping[str, object], digest: str, given: str | None) -> None:
    """InputError unless a person at a terminal said yes, or named what is signed."""
    if given is not None:
        if given.lower() != digest:
            raise InputError(f"--digest: the request is of {digest}, not of {given}; nothing was signed.")
        return
    if not sys.stdin.isatty():
        raise InputError(f"Away from a terminal, --digest names what was read and is to be signed: {digest}.")
    said = Pair("To be signed:", "署名の内容:")
    if not shown["function"]:
        said = Pair("To be signed, and it is NO call that can be read:", "署名の内容(読み取れない呼出しです):")
    click.echo(Report(said, shown).text(app.lang), err=True)
    question = {"en": f"Sign {digest}?", "ja": f"{digest} に署名しますか?"}
    if not click.confirm(question[app.lang], err=True):
        raise InputError("Nothing was signed.")
