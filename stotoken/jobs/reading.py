"""The rows of a job out of the table that people keep."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stotoken.client.standing import standing_row
from stotoken.errors import InputError
from stotoken.jobs.job import Job, Row
from stotoken.jobs.ordered import KINDS
from stotoken.tables import Allotment, Investor, read_allotments, read_investors, read_wallets
from stotoken.terms import TokenSpec
from stotoken.types import Address


def registering(system: Address, investors: Iterable[Investor], name: str = "", source: str = "") -> Job:
    rows = []
    for investor in investors:
        wallet, standing = standing_row(investor)
        rows.append(Row(investor.row, wallet, standing.word))
    return Job.of("register", system, tuple(rows), name, source)


def moving(kind: str, token: Address, allotments: Iterable[Allotment], name: str = "", source: str = "") -> Job:
    """A job of one token, by units: distribute, transfer, redeem, freeze."""
    rows = tuple(Row(row.row, row.wallet, row.units, row.partition_id) for row in allotments)
    return Job.of(kind, token, rows, name, source)


def read_job(
    kind: str,
    target: Address,
    path: str | Path,
    name: str = "",
    *,
    terms: str | Path | None = None,
    investors: str | Path | None = None,
) -> Job:
    """The job of a table; InputError with every fault of it. `terms` and `investors`: checked against these files."""
    source = str(path)
    if kind not in KINDS:
        raise InputError(f"There is no job named {kind}; there are {', '.join(KINDS)}. Nothing was done.")
    if kind == "register":
        return registering(target, read_investors(path), name, source)
    if kind == "freeze-wallet":
        return Job.of(kind, target, tuple(Row(row, wallet) for row, wallet in read_wallets(path)), name, source)
    spec = TokenSpec.from_file(terms) if terms else None
    known = read_investors(investors) if investors else None
    return moving(kind, target, read_allotments(path, spec=spec, investors=known), name, source)
