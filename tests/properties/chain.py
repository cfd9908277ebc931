"""The real contracts as the state machine drives them: one act a transaction, at an instant that the machine chose.

Orders act through their queue's address, which the node lets us send from: who proposes and who approves is tested
elsewhere, and three transactions an act would be three times as slow. While the system is halted the queue itself is
asked, because it is the queue that a halt stops. An act that the simulation refuses is not sent: it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from people import ZERO
from world import DAY, DOCUMENT, GAS, World

from stotoken.chain.abi import Call, Function
from stotoken.chain.connection import call_object
from stotoken.chain.sender import Sender
from stotoken.client import bindings
from stotoken.client.events import abi_of
from stotoken.errors import Reverted
from stotoken.types import ZERO_ADDRESS, Basis, Receipt, keccak, partition_id

ORDER = "an order"
#: What the queue marks the instant of a proposal with.
TAG = int.from_bytes(keccak(b"stotoken.order.proposedAt")) >> 40 << 40
#: The wallets of the game; two of them are alice's.
WALLETS = ("treasury", "alice", "alice2", "bob", "carol", "mallory")
PARTITIONS = ("default", "class-a")
#: Given, because a node that chooses for itself chooses what the rules of Berlin do not know.
GAS_PRICE = hex(10**10)
#: People of `World` behind names of the game.
_PEOPLE = {"alice2": "deployer"}


@cache
def function(name: str) -> Function:
    return abi_of("SecurityToken").function(name)


@cache
def _encoded(name: str, *args: object) -> bytes:
    return function(name).encode(*args)


def partition(name: str) -> bytes:
    """The empty name is no partition at all."""
    return partition_id(name) if name else bytes(32)


class Views:
    """Many questions in one exchange: asked for first, answered together, then looked up."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._asked: dict[tuple[Any, ...], Any] = {}

    def ask(self, name: str, *args: Any, sender: str | None = None) -> None:
        self._asked[name, args, sender] = None

    def answer(self) -> None:
        keys = list(self._asked)
        calls = [
            ("eth_call", [call_object(self._chain.address, _encoded(name, *args), sender), "latest"])
            for name, args, sender in keys
        ]
        for key, raw in zip(keys, self._chain.world.connection.batch(calls), strict=True):
            refused = isinstance(raw, Reverted)
            self._asked[key] = type(raw).__name__ if refused else function(key[0]).decode(bytes.fromhex(raw[2:]))

    def get(self, name: str, *args: Any, sender: str | None = None) -> Any:
        """The result, or the name of the error."""
        return self._asked[name, args, sender]

    def all(self, name: str) -> list[Any]:
        """All results of one function."""
        return [answer for (asked, _, _), answer in self._asked.items() if asked == name]

    def ratio(self, epoch: int) -> int:
        """What a unit of that epoch is in units of today, by the calendar on chain."""
        factors = [self.get("epochOf(uint16)", at)[1] for at in (epoch, self.get("currentEpoch()"))]
        return int(factors[1] // factors[0])


class Chain:
    """A token on the node, acted on by name."""

    def __init__(self, world: World, address: str, waiting: tuple[str, Call], halted: Callable[[], bool]) -> None:
        """`waiting`: who proposed an order that was approved before any halt, and its execution."""
        self.world, self.address, self.waiting = world, address, waiting
        self.bind = bindings.SecurityToken(world.connection, address)
        self._halted = halted

    @staticmethod
    def admit(world: World) -> None:
        """Let us send from the queue of orders, and give it what gas costs."""
        world.node.rpc("anvil_impersonateAccount", world.deployment.orders)
        world.node.rpc("anvil_setBalance", world.deployment.orders, hex(10**21))

    def of(self, name: str) -> str:
        """The address behind a name."""
        if name == ZERO:
            return ZERO_ADDRESS
        if name == ORDER:
            return self.world.deployment.orders
        return self.person(name).address

    def person(self, name: str) -> Sender:
        return self.world.people[_PEOPLE.get(name, name)]

    def now_is(self, timestamp: int) -> None:
        """Mine an empty block of that instant."""
        self.world.connection.request("evm_setNextBlockTimestamp", [timestamp])
        self.world.connection.request("evm_mine", [])

    def act(self, by: str, call: Call, now: int) -> tuple[Reverted | None, Receipt | None]:
        """What became of it: the refusal, or the receipt."""
        if by == ORDER:
            # What the queue sends behind a call: when the order was proposed.
            call = replace(call, data=call.data + (TAG | now).to_bytes(32, "big"))
        try:
            if by == ORDER and self._halted() and not self.world.row(call).during_halt:
                return self._through_the_queue(call), None
            self.world.connection.call(call.to, call.data, sender=self.of(by))
        except Reverted as error:
            return error, None
        return None, self._send(self.of(by), call, now)

    def _send(self, sender: str, call: Call, now: int) -> Receipt:
        request = self.world.connection.request
        request("evm_setNextBlockTimestamp", [now])
        fields = call_object(call.to, call.data, sender) | {"gas": hex(GAS), "gasPrice": GAS_PRICE}
        receipt = self.world.connection.wait(request("eth_sendTransaction", [fields]), 10)
        assert receipt.status == 1, f"{call.describe()} was simulated well and failed"
        assert receipt.timestamp == now
        return receipt

    def _through_the_queue(self, call: Call) -> Reverted | None:
        """What the queue says to a proposal, and to the execution of an order approved before."""
        row = self.world.row(call)
        proposer = next(self.world.people.of(role).address for role in sorted(row.proposers))
        deadline = self.world.now + DAY
        propose = self.world.orders.bind.propose(str(call.to), call.data, Basis.POLICY, DOCUMENT, deadline)
        refused: list[Reverted | None] = []
        for sender, asked in ((proposer, propose), self.waiting):
            try:
                self.world.connection.call(asked.to, asked.data, sender=sender)
                refused.append(None)
            except Reverted as error:
                refused.append(error)
        assert type(refused[0]) is type(refused[1]), f"the queue answers {refused} to proposing and executing"
        return refused[0]

    def views(self, dates: int, wallets: Sequence[str], requests: int) -> Views:
        """Everything that can be asked of the token and bears on its register."""
        views = Views(self)
        for name in ("totalSupply()", "authorisedUnits()", "holderCount()", "currentEpoch()", "paused()"):
            views.ask(name)
        views.ask("isIssuable()")
        for wallet in map(self.of, wallets):
            views.ask("balanceOf(address)", wallet)
            views.ask("canSend(address)", wallet)
            views.ask("canReceive(address)", wallet)
            views.ask("partitionsOf(address)", wallet)
            views.ask("getFrozenTokens(address)", wallet)
        for where in map(partition, PARTITIONS):
            views.ask("totalSupplyByPartition(bytes32)", where)
            views.ask("allotted(bytes32)", where)
            for wallet in map(self.of, wallets):
                views.ask("balanceOfByPartition(bytes32,address)", where, wallet)
                views.ask("holdingOf(bytes32,address)", where, wallet)
                views.ask("lotsOf(bytes32,address)", where, wallet)
            for epoch in range(dates + 2):
                views.ask("totalSupplyAt(bytes32,uint16)", where, epoch)
                for wallet in map(self.of, wallets):
                    views.ask("balanceOfAt(bytes32,address,uint16)", where, wallet, epoch)
        for epoch in range(dates + 1):
            views.ask("epochOf(uint16)", epoch)
        for scope in map(partition, ("", *PARTITIONS)):
            views.ask("limitsOf(bytes32)", scope)
        for number in range(1, requests + 2):
            views.ask("transferRequestOf(uint256)", number)
        return views
