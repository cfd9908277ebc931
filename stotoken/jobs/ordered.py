"""Issuing a table takes two people: one proposes its lots as orders, another approves exactly those, the first carries
them out. Each gives the same table; the orders are found on chain by the hashes of the acts that are made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from stotoken.chain.connection import Connection
from stotoken.client import bindings
from stotoken.client.act import act_hash
from stotoken.client.deployment import Deployment
from stotoken.client.events import abi_of
from stotoken.client.orders import Orders, OrderStatus, OrderView
from stotoken.errors import InputError, Reverted
from stotoken.jobs.job import Job, Row
from stotoken.jobs.kinds import Distribute, Freeze, FreezeWallet, Kind, Redeem, Register, Transfer, Trial, partitions
from stotoken.reverts import AuthorisedUnitsExceeded
from stotoken.types import Address, Basis, Bytes32

#: Seconds that an order lives, as on the command line for one act.
LIFE = 30 * 86_400


class Issuing(Kind):
    """One step of an issue. Lots have a fixed number of rows, so that all who are part of it make the same acts of the
    same table; the orders rest on the table, by the hash of its rows."""

    row_gas, most_rows, ordered = 34_300, 400, True
    #: In which an order of this step was done already.
    behind: ClassVar[frozenset[OrderStatus]]

    def __init__(self, deployment: Deployment, connection: Connection, target: Address) -> None:
        super().__init__(deployment, connection, target)
        self.to = deployment.orders
        self._orders = Orders(deployment, connection)
        self._found: dict[Bytes32, OrderView] = {}

    def known(self, job: Job, places: Sequence[int], sender: Address) -> set[int]:
        """Rows of lots whose order is that far."""
        time = bindings.CoreSystem(self.connection, self.deployment.system).running_time()
        views = (view for view in self._orders.list() if view.target == self.target)
        self._found = {view.hash: view for view in views if _stands(view, time)}
        lots = (
            part[start : start + self.most_rows]
            for part in partitions(job, places)
            for start in range(0, len(part), self.most_rows)
        )
        found = [(lot, self._found.get(act_hash(self.target, self._act(job, lot)))) for lot in lots]
        for _, view in found:
            if view:
                self.found_in(view.proposed_in)
        return {place for lot, view in found if view and view.status in self.behind for place in lot}

    def trial(self, job: Job, places: Sequence[int], sender: Address) -> Trial:
        """The act itself, as if its order were carried out now."""
        return Trial(self.deployment.orders, self.target, self._act(job, places))

    def too_much(self, rows: Sequence[Row], sender: Address) -> Reverted | None:
        token = bindings.SecurityToken(self.connection, self.target)
        units, authorised = token.total_supply() + sum(row.value for row in rows), token.authorised_units()
        return AuthorisedUnitsExceeded(units, authorised) if units > authorised else None

    def _act(self, job: Job, places: Sequence[int]) -> bytes:
        """Bound to the job, so that the same rows under another name are other acts."""
        rows = [job.rows[place] for place in places]
        wallets, units = [row.wallet for row in rows], [row.value for row in rows]
        function = abi_of("SecurityToken").function("batchIssue")
        return function.encode(rows[0].partition, wallets, units, self._table(job))

    def _table(self, job: Job) -> Bytes32:
        return replace(job, kind="issue").digest

    def _order(self, job: Job, places: Sequence[int], wanted: OrderStatus) -> OrderView:
        act = self._act(job, places)
        view = self._found.get(act_hash(self.target, act))
        if view is None or view.status != wanted:
            lines = f"rows {job.rows[places[0]].line} to {job.rows[places[-1]].line}"
            raise InputError(
                f"There is no {wanted.name.lower()} order for {lines} of this table, to the unit; nothing was sent."
            )
        return view


def _stands(view: OrderView, time: int) -> bool:
    """Whether it was carried out, or can still be."""
    executed, vetoed = view.status == OrderStatus.EXECUTED, view.status == OrderStatus.VETOED
    return executed or (not vetoed and time < view.deadline)


class Propose(Issuing):
    name, behind = "issue-propose", frozenset({OrderStatus.PROPOSED, OrderStatus.APPROVED, OrderStatus.EXECUTED})

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        until = self.connection.block("latest").timestamp + LIFE
        act = self._act(job, places)
        return self._orders.bind.propose(self.target, act, Basis.ISSUANCE, self._table(job), until).data


class Approve(Issuing):
    name, behind = "issue-approve", frozenset({OrderStatus.APPROVED, OrderStatus.EXECUTED})

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        view = self._order(job, places, OrderStatus.PROPOSED)
        return self._orders.bind.approve(view.id, view.hash).data


class Execute(Issuing):
    name, behind = "issue-execute", frozenset({OrderStatus.EXECUTED})

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        view = self._order(job, places, OrderStatus.APPROVED)
        return self._orders.bind.execute(view.id, self.target, self._act(job, places)).data


KINDS: Mapping[str, type[Kind]] = {
    kind.name: kind
    for kind in (Register, Distribute, Transfer, Redeem, Freeze, FreezeWallet, Propose, Approve, Execute)
}


def kind_of(name: str, deployment: Deployment, connection: Connection, target: Address) -> Kind:
    if name not in KINDS:
        raise InputError(f"There is no job named {name}; there are {', '.join(KINDS)}. Nothing was done.")
    return KINDS[name](deployment, connection, target)
