"""Does anything to one token, at random but alike for one seed, and notes what the chain says after each act."""

from __future__ import annotations

import random
from collections import Counter

from world import DAY, HOLDERS, World

from stotoken.chain.abi import Call
from stotoken.client.events import abi_of, happened, only
from stotoken.errors import Reverted
from stotoken.types import Receipt, checksum, encode_values, keccak, partition_id

PARTITIONS = (partition_id("default"), partition_id("class-b"))
EVIDENCE = keccak(b"evidence")
BALANCE = abi_of("SecurityToken").function("balanceOfByPartition(bytes32,address)")

#: Units by partition and wallet; none where there are none.
Balances = dict[tuple[bytes, str], int]


class Actor:
    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, random.Random(seed)
        self.token = world.new_token(puttable=True, partitions=(PARTITIONS[1],), authorised_units=10**9)
        self.wallets = [world.people[name].address for name in HOLDERS]
        #: What the chain said after the last block of that second.
        self.noted: dict[int, Balances] = {}
        self.done: Counter[str] = Counter()
        self.transfers: list[tuple[bytes, bytes, str, str, int, int]] = []
        self.losses: list[bytes] = []
        for partition in PARTITIONS:
            for name in ("treasury", "alice", "bob"):
                world.issue(self.token, name, 10_000, partition)
                self.note()

    def once(self, what: str) -> None:
        """An act of that name that the chain lets happen."""
        for _ in range(40):
            if self.done[what]:
                return
            self.act(what)
        raise AssertionError(f"{what} was refused 40 times")

    def act(self, what: str) -> None:
        """One act of that name, if the chain lets it happen."""
        try:
            receipt = getattr(self, what)()
        except Reverted:
            self.note()
            return
        self.done[what] += 1
        if receipt is not None:
            self._remember(receipt)
        self.note()

    def note(self) -> None:
        keys = [(partition, wallet) for partition in PARTITIONS for wallet in self.wallets]
        asked = [
            ("eth_call", [{"to": self.token.address, "data": f"0x{BALANCE.encode(*key).hex()}"}, "latest"])
            for key in keys
        ]
        answers = [int(answer, 16) for answer in self.world.connection.batch(asked)]
        self.noted[self.world.now] = {key: units for key, units in zip(keys, answers, strict=True) if units}
        self.world.travel(1)  # nothing more happens in that second

    def _remember(self, receipt: Receipt) -> None:
        for event in happened(self.world.deployment, receipt):
            if event.name == "TransferByPartition" and event.values["value"]:
                values = event.values
                hash = bytes.fromhex(receipt.tx_hash[2:])
                origin = keccak(encode_values(["bytes32", "uint256"], [hash, event.log.log_index]))
                parties = values["from"], values["to"], values["value"]
                self.transfers.append((origin, values["fromPartition"], *parties, self.token.bind.current_epoch()))

    # --- choices ------------------------------------------------------------------------------------------------------

    def partition(self) -> bytes:
        return self.random.choice(PARTITIONS)

    def holder(self) -> str:
        return self.random.choice(HOLDERS)

    def wallet(self) -> str:
        return self.random.choice(self.wallets)

    def units(self) -> int:
        return self.random.choice((0, 1, 7, 500, 3_000))

    def soon(self) -> int:
        return self.world.now + self.random.choice((5, 60, 600))

    def _order(self, call: Call) -> Receipt:
        return self.world.order(call)

    # --- acts ---------------------------------------------------------------------------------------------------------

    def issue(self) -> Receipt:
        return self._order(self.token.bind.issue_by_partition(self.partition(), self.wallet(), self.units(), b""))

    def distribute(self) -> Receipt:
        partition, rows = self.partition(), [self.wallet() for _ in range(self.random.randint(1, 4))]
        self._order(self.token.bind.allot(partition, 9_000))
        units = [self.units() for _ in rows]
        return self.world.send("agent", self.token.bind.distribute(partition, rows, units, keccak(b"batch")))

    def transfer(self) -> Receipt:
        call = self.token.bind.transfer_by_partition(self.partition(), self.wallet(), self.units(), b"why")
        return self.world.send(self.holder(), call)

    def batch(self) -> Receipt:
        rows = [self.wallet() for _ in range(3)]
        return self.world.send(
            self.holder(), self.token.bind.batch_transfer(self.partition(), rows, [self.units() for _ in rows])
        )

    def redeem(self) -> Receipt:
        return self.world.send(self.holder(), self.token.bind.redeem_by_partition(self.partition(), self.units(), b""))

    def controller_redeem(self) -> Receipt:
        return self._order(self.token.bind.controller_redeem(self.wallet(), self.units(), b"", b"x"))

    def force(self) -> Receipt:
        call = self.token.bind.force_by_partition(
            self.partition(), self.wallet(), self.wallet(), self.units(), b"", b""
        )
        return self._order(call)

    def split(self) -> Receipt:
        return self._order(self.token.bind.split(2, self.random.choice((0, self.soon()))))

    def record_date(self) -> Receipt:
        return self._order(self.token.bind.schedule_record_date(self.random.choice((0, self.soon()))))

    def cancel(self) -> Receipt:
        self._order(self.token.bind.split(3, self.world.now + 10 * DAY))
        return self._order(self.token.bind.cancel_last_epoch())

    def freeze(self) -> Receipt:
        call = self.token.bind.set_frozen_by_partition(self.partition(), self.wallet(), self.units())
        return self.world.send("compliance", call)

    def lock_lot(self) -> Receipt:
        end = self.soon() + self.random.choice((0, DAY))
        cliff = self.random.choice((end, self.world.now - DAY, self.soon()))
        start = min(cliff, end) - self.random.choice((0, 3 * DAY))
        call = self.token.bind.lock_lot(self.partition(), self.wallet(), self.units(), start, min(cliff, end), end)
        return self._order(call)

    def lockup(self) -> Receipt:
        return self._order(self.token.bind.set_lockup(self.partition(), self.wallet(), self.soon()))

    def request(self) -> Receipt:
        call = self.token.bind.request_transfer(self.partition(), self.wallet(), self.units(), self.soon())
        return self.world.send(self.holder(), call)

    def approve(self) -> Receipt:
        return self.world.send("registrar", self.token.bind.approve_transfer_request(self._request()))

    def reject(self) -> Receipt:
        return self.world.send("registrar", self.token.bind.reject_transfer_request(self._request()))

    def _request(self) -> int:
        """An open request of a few units."""
        partition, holder = self.partition(), self.holder()
        call = self.token.bind.request_transfer(partition, self.wallet(), 3, self.world.now + DAY)
        made = self.world.send(holder, call)
        return int(only(self.world.deployment, made, "TransferRequested", self.token.address).values["id"])

    def lose_key(self) -> Receipt:
        """The key of a new wallet is lost at once, lots and frozen units in it, and the units reissued."""
        old, new = (checksum("0x" + self.random.randbytes(20).hex()) for _ in range(2))
        partition = self.partition()
        self.world.register([old, new], investor=self.random.randbytes(16))
        self.wallets += [old, new]
        self.world.issue(self.token, old, 900, partition)
        now = self.world.now
        self._order(self.token.bind.lock_lot(partition, old, 100, now - DAY, now, now + 5 * DAY))
        self._order(self.token.bind.set_lockup(partition, old, self.soon()))
        self.world.send("compliance", self.token.bind.set_frozen_by_partition(partition, old, 50))
        loss = self.random.randbytes(32)
        self.world.send("registrar", self.token.bind.report_loss(loss, 1, partition, old, 0, EVIDENCE))
        return self._order(self.token.bind.reissue(loss, new))

    def dismiss(self) -> Receipt:
        loss = self.random.randbytes(32)
        self.world.send("registrar", self.token.bind.report_loss(loss, 1, self.partition(), self.wallet(), 0, EVIDENCE))
        return self._order(self.token.bind.dismiss_loss(loss))

    def redeemed_in_error(self) -> Receipt:
        partition, wallet, loss = self.partition(), self.wallet(), self.random.randbytes(32)
        self.world.send("registrar", self.token.bind.report_loss(loss, 2, partition, wallet, 3, EVIDENCE))
        return self._order(self.token.bind.reissue(loss, wallet))

    def reverse(self) -> Receipt:
        origin, partition, giver, taker, units, epoch = self.random.choice(self.transfers)
        call = self.token.bind.reverse(origin, partition, taker, giver, units, epoch, max(1, units // 2))
        return self._order(call)

    def halt(self) -> Receipt:
        self.world.send("emergency", self.world.system.bind.halt(1, EVIDENCE))
        return self._order(self.world.system.bind.resume(0, EVIDENCE))

    def travel(self) -> None:
        self.world.travel(self.random.choice((1, 30, 700, DAY)))


#: Every act once, then as often as it pays.
ACTS = (
    *("issue", "distribute", "transfer", "batch", "redeem", "controller_redeem", "force", "split", "record_date"),
    *("cancel", "freeze", "lock_lot", "lockup", "request", "approve", "reject", "lose_key", "dismiss"),
    *("redeemed_in_error", "reverse", "halt", "travel"),
)
OFTEN = ("transfer", "transfer", "batch", "travel", "travel", "force", "record_date")
