"""What can be asked of a token. Amounts are units of today, splits in effect applied; times are UTC seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender
from stotoken.client import bindings
from stotoken.client.base import Client
from stotoken.client.bindings import structs
from stotoken.client.deployment import Deployment
from stotoken.client.policy import PolicyView
from stotoken.errors import Reverted
from stotoken.terms import DEFAULT_PARTITION
from stotoken.types import (
    Address,
    Bytes32,
    Units,
    jst_end_of_day,
    jst_start_of_day,
    partition_id,
    partition_name,
)

#: A partition by its name or its 32 bytes.
Partition = str | bytes
BlockId = int | str
#: An instant in UTC seconds, or a day in Japan.
When = int | date


@dataclass(frozen=True, slots=True)
class HoldingView:
    """What a holding is made of. `units` are registered ownership; `free` of them its holder may move."""

    units: Units
    free: Units
    frozen: Units
    locked_lots: Units
    locked_until: int
    lost: bool


@dataclass(frozen=True, slots=True)
class DocumentView:
    name: str
    uri: str
    sha256: Bytes32
    changed_at: int


def partition_bytes(partition: Partition) -> Bytes32:
    return partition_id(partition) if isinstance(partition, str) else partition


def from_start(when: When | None) -> int:
    """From the first second of a day in Japan on; 0, which means now, for None."""
    return 0 if when is None else when if isinstance(when, int) else jst_start_of_day(when)


def until_end(when: When | None) -> int:
    """Until a day is over in Japan; 0 for None."""
    return 0 if when is None else when if isinstance(when, int) else jst_end_of_day(when)


class TokenViews(Client):
    """Questions about one token; none needs a key."""

    def __init__(self, deployment: Deployment, via: Sender | Connection, address: Address) -> None:
        super().__init__(deployment, via, address)
        self.bind = bindings.SecurityToken(self.connection, self.address)

    # --- what it is ---------------------------------------------------------------------------------------------------

    def name(self) -> str:
        return self.bind.name()

    def symbol(self) -> str:
        return self.bind.symbol()

    def terms(self) -> structs.Terms:
        """The terms as they are now."""
        return self.bind.terms()

    def partitions(self) -> tuple[str, ...]:
        """Names of all partitions, the default one first."""
        return tuple(map(partition_name, self.bind.partitions()))

    def documents(self) -> tuple[DocumentView, ...]:
        return tuple(self.document(partition_name(name)) for name in self.bind.get_all_documents())

    def document(self, name: str) -> DocumentView:
        """A document by name; empty when there is none."""
        return DocumentView(name, *self.bind.get_document(document_key(name)))

    # --- who holds what -----------------------------------------------------------------------------------------------

    def balance_of(self, holder: Address, partition: Partition | None = None, block: BlockId = "latest") -> Units:
        """Registered units in one partition, or in all."""
        if partition is None:
            return self.bind.balance_of(holder, block=block)
        return self.bind.balance_of_by_partition(partition_bytes(partition), holder, block=block)

    def total_supply(self, partition: Partition | None = None, block: BlockId = "latest") -> Units:
        """Issued units in one partition, or in all."""
        if partition is None:
            return self.bind.total_supply(block=block)
        return self.bind.total_supply_by_partition(partition_bytes(partition), block=block)

    def holding_of(self, holder: Address, partition: Partition = DEFAULT_PARTITION) -> HoldingView:
        return HoldingView(*self.bind.holding_of(partition_bytes(partition), holder))

    def lots_of(self, holder: Address, partition: Partition = DEFAULT_PARTITION) -> tuple[structs.Lot, ...]:
        """Lots as they were locked, those that are over included until the next move sweeps them."""
        return self.bind.lots_of(partition_bytes(partition), holder)

    def partitions_of(self, holder: Address) -> tuple[str, ...]:
        return tuple(map(partition_name, self.bind.partitions_of(holder)))

    def balance_at(self, holder: Address, epoch: int, partition: Partition = DEFAULT_PARTITION) -> Units:
        """Units just before record date `epoch`, counted in units of that instant."""
        return self.bind.balance_of_at(partition_bytes(partition), holder, epoch)

    def total_supply_at(self, epoch: int, partition: Partition = DEFAULT_PARTITION) -> Units:
        return self.bind.total_supply_at(partition_bytes(partition), epoch)

    def holder_count(self) -> int:
        """Investors that hold, the treasury not counted; 0 when the token has no cap and counts none."""
        return self.bind.holder_count()

    # --- what may happen ----------------------------------------------------------------------------------------------

    def can_transfer(
        self,
        from_: Address,
        to: Address,
        units: Units,
        partition: Partition = DEFAULT_PARTITION,
        *,
        operator: Address | None = None,
    ) -> Reverted | None:
        """None when the transfer would happen now, else the typed exception it would raise; found by trying it without
        sending. `operator`: who would move the units, when it is not the holder."""
        where = partition_bytes(partition)
        if operator is None:
            call = self.bind.transfer_by_partition(where, to, units, b"")
        else:
            call = self.bind.operator_transfer_by_partition(where, from_, to, units, b"", b"")
        try:
            self.connection.call(self.address, call.data, "latest", operator or from_)
        except Reverted as refusal:
            return refusal
        return None

    def transfer_status(
        self, from_: Address, to: Address, units: Units, partition: Partition = DEFAULT_PARTITION
    ) -> tuple[int, str]:
        """The chain's own answer: ERC-1400 status byte (0x51: yes) and reason."""
        answer = self.bind.can_transfer_by_partition(from_, to, partition_bytes(partition), units, b"", sender=from_)
        return answer[0][0], partition_name(answer[1]) if any(answer[1]) else ""

    def paused(self) -> bool:
        return self.bind.paused()

    def policy(self) -> PolicyView:
        """What every move is judged by."""
        return PolicyView.of(self.bind.policy())

    def is_issuable(self) -> bool:
        return self.bind.is_issuable()

    def authorised_units(self) -> Units:
        return self.bind.authorised_units()

    def allotted(self, partition: Partition = DEFAULT_PARTITION) -> Units:
        """Units that the agent may still distribute."""
        return self.bind.allotted(partition_bytes(partition))

    def allowance(self, owner: Address, spender: Address) -> Units:
        return self.bind.allowance(owner, spender)

    def is_operator(self, operator: Address, holder: Address, partition: Partition | None = None) -> bool:
        """For all partitions, or for one."""
        if partition is None:
            return self.bind.is_operator(operator, holder)
        return self.bind.is_operator_for_partition(partition_bytes(partition), operator, holder)

    # --- calendar and records -----------------------------------------------------------------------------------------

    def current_epoch(self) -> int:
        return self.bind.current_epoch()

    def epochs(self) -> tuple[structs.Epoch, ...]:
        """The whole calendar, dates ahead included; epoch 0 first."""
        found = [self.bind.epoch_of(0)]
        while (epoch := self.bind.epoch_of(len(found))).start:
            found.append(epoch)
        return tuple(found)

    def transfer_request(self, id: int) -> structs.TransferRequest | None:
        """An open request; None when there is none of that number."""
        found = self.bind.transfer_request_of(id)
        return found if int(found.holder, 16) else None

    def loss(self, id: Bytes32) -> structs.Loss | None:
        """A recorded loss (status 1 reported, 2 made good, 3 dismissed); None when there is none."""
        found = self.bind.loss_of(id)
        return found if found.status else None

    def reversed(self, origin: Bytes32) -> Units:
        """Units of an earlier transfer that were returned."""
        return self.bind.reversed(origin)


def document_key(name: str) -> Bytes32:
    """The name of a document as it is kept on chain: up to 32 ASCII characters."""
    encoded = name.encode()
    return partition_id(name) if len(encoded) < 32 else encoded
