"""Histories to read: of a real chain, and of events told without one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from scene import DAY, START, Scene

from stotoken.client.token import Token
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.events import Event, Moved, StandingChanged
from stotoken.ledger.moment import Mark
from stotoken.ledger.store import Store
from stotoken.terms import DEFAULT_PARTITION
from stotoken.types import ZERO_ADDRESS, Address, MoveKind, checksum, partition_id

#: Holders of the token on the chain. Transactions are full of rows: first rows to a wallet cost twice as much.
CHAIN_HOLDERS = 4_000
FIRST_ROWS, ROWS = 450, 950
REGISTERED_AT_ONCE = 550
FULL = 16_700_000
PARTITION = partition_id(DEFAULT_PARTITION)

#: Of the told history: moves in a block, and blocks that are written at once.
IN_BLOCK, AT_ONCE = 500, 10
SECONDS = 10


class Chain:
    """A token that its treasury moves to many holders, in batches."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.token, _ = scene.create_token("ZZSAMPLE0001")
        self.holders = scene.wallets("holder", CHAIN_HOLDERS)
        scene.node.set_time(START + 2 * DAY)
        scene.register([scene.treasury.address])
        for start in range(0, CHAIN_HOLDERS, REGISTERED_AT_ONCE):
            scene.register(self.holders[start : start + REGISTERED_AT_ONCE])
        scene.order(self.token.issue(scene.treasury.address, 900_000_000))
        self._next = cycle(self.holders)
        self.moves = 1

    def extend(self, moves: int) -> int:
        """Move units until there were so many moves; the last block."""
        while self.moves < moves:
            rows = min(ROWS if self.moves > CHAIN_HOLDERS else FIRST_ROWS, moves - self.moves)
            units = [1 + place % 7 for place in range(rows)]
            call = self.token.bind.batch_transfer(PARTITION, list(islice(self._next, rows)), units)
            self.scene.treasury.send(call, gas=FULL)
            self.moves += rows
        return self.scene.connection.block().number

    def live(self, transfers: int, in_block: int) -> None:
        """Single transfers, some to a block."""
        scene = self.scene
        signer, nonce = scene.treasury.signer, scene.connection.nonce(scene.treasury.address)
        scene.node.rpc("evm_setAutomine", False)
        for place, wallet in enumerate(islice(self._next, transfers)):
            call = self.token.bind.transfer(wallet, 1)
            fields = {"chainId": scene.node.chain_id, "nonce": nonce + place, "gas": 200_000, "gasPrice": 0}
            signed = signer.sign_transaction(fields | {"to": call.to, "value": 0, "data": call.data})
            scene.connection.send_raw(signed.raw)
            if (place + 1) % in_block == 0 or place + 1 == transfers:
                scene.node.mine()
        scene.node.rpc("evm_setAutomine", True)
        self.moves += transfers


class Told:
    """A history without a chain, the same in every run, through the real fold into the real tables: every holder is
    registered and issued units, then units go from one to another at random."""

    def __init__(self, store: Store, holders: int) -> None:
        self.store, self._random = store, random.Random(1)
        self.wallets = [checksum(f"0x{self._random.getrandbits(160):040x}") for _ in range(holders)]
        self.block = self.moves = 0
        for start in range(0, holders, IN_BLOCK):
            self._register(range(start, min(start + IN_BLOCK, holders)))
        self._write(self._issues())

    def extend(self, moves: int) -> None:
        """Until there were so many moves."""
        self._write(self._transfers(moves - self.moves))

    def _register(self, holders: range) -> None:
        """A wallet and an investor each."""
        mark = self._next_block()
        events = [
            StandingChanged(
                block=self.block,
                timestamp=mark.timestamp,
                tx_hash=mark.hash,
                log_index=place,
                wallet=self.wallets[holder],
                investor=(holder + 1).to_bytes(16, "big"),
                standing=(holder + 1) << 128 | 1,
                by=self.store.contracts.orders,
            )
            for place, holder in enumerate(holders)
        ]
        self.store.take(events, [mark], mark)

    def _next_block(self) -> Mark:
        self.block += 1
        return Mark(self.block, f"0x{self.block:064x}", self.block * SECONDS)

    def _issues(self) -> Iterator[tuple[MoveKind, Address, Address, int]]:
        return ((MoveKind.ISSUE, ZERO_ADDRESS, wallet, 1_000_000) for wallet in self.wallets)

    def _transfers(self, count: int) -> Iterator[tuple[MoveKind, Address, Address, int]]:
        choose = self._random.choice
        return ((MoveKind.TRANSFER, choose(self.wallets), choose(self.wallets), 1) for _ in range(count))

    def _write(self, rows: Iterator[tuple[MoveKind, Address, Address, int]]) -> None:
        while part := list(islice(rows, IN_BLOCK * AT_ONCE)):
            events: list[Event] = []
            marks: list[Mark] = []
            for start in range(0, len(part), IN_BLOCK):
                marks.append(self._next_block())
                events += self._events(part[start : start + IN_BLOCK])
            self.store.take(events, marks, marks[-1])
            self.moves += len(part)

    def _events(self, rows: Sequence[tuple[MoveKind, Address, Address, int]]) -> list[Moved]:
        contracts = self.store.contracts
        return [
            Moved(
                block=self.block,
                timestamp=self.block * SECONDS,
                tx_hash=f"0x{self.block:064x}",
                log_index=place,
                contract=contracts.token,
                kind=kind,
                partition=PARTITION,
                from_=giver,
                to=taker,
                units=units,
                operator=contracts.orders,
            )
            for place, (kind, giver, taker, units) in enumerate(rows)
        ]


def told_contracts() -> Contracts:
    system, orders, token = (checksum(f"0x{number:040x}") for number in (1, 2, 3))
    return Contracts(1, system, orders, token)


def chain_contracts(scene: Scene, token: Token | None = None) -> Contracts:
    return Contracts.of(scene.deployment, token.address if token else "")
