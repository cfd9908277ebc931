"""A security with a history on a real chain, and everything that a report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from world import DAY, World, investor_of

from stotoken.client.token import Token
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.follower import replay
from stotoken.ledger.register import Register
from stotoken.reports.asked import Asked, Format, What
from stotoken.reports.making import Made, make
from stotoken.reports.names import Names
from stotoken.types import Basis, MoveKind


@dataclass
class Desk:
    """Where reports are made."""

    world: World
    token: Token
    names: Path

    def read(self) -> Register:
        """The register, read anew."""
        return replay(Contracts.of(self.world.deployment, self.token.address), self.world.connection)

    def made(self, what: What, format: Format = Format.CSV, *, named: bool = True, **asked: Any) -> Made:
        if what is What.DIFFERENCE:
            asked = {"since": self.world.now - 3 * DAY} | asked
        if what is What.CERTIFICATE:
            asked = {"move": self.move(MoveKind.FORCE)} | asked
        joined = named and what not in (What.LINEAGE, What.SUPPLY)
        names = Names.read(self.names) if joined else None
        question = Asked(what=what, format=format, issuer="架空信託銀行株式会社", **asked)
        return make(self.read(), self.token, question, names)

    def move(self, kind: MoveKind) -> str:
        """The last of a kind, as commands name it."""
        found = [move for move in self.read().lineage() if move.kind is kind][-1]
        return f"{found.tx_hash}:{found.log_index}"


def told(world: World, folder: Path) -> Desk:
    """Alice, Bob and Carol hold; there was a split, a forced transfer on a tax order and a reversal."""
    token = world.new_token()
    for name, units in (("alice", 1_000), ("bob", 100)):
        world.issue(token, name, units)
    world.travel(2 * DAY)
    people = world.people
    wrong = world.token(token.address, "alice").transfer(people.carol.address, 40)
    world.order(token.split(2))
    world.order(token.force_by_partition("default", people.alice.address, people.bob.address, 10, Basis.TAX))
    world.order(token.reversal_of(wrong.tx_hash, wrong.log_index, 30))
    world.travel(DAY)
    names = folder / "names.csv"
    lines = ["investor_id,name,address,units,acquired"]
    lines += [
        f"{investor_of(people[name].address).hex()},投資者{letter},東京都架空区{place}番{place}号,,"
        for place, (name, letter) in enumerate((("alice", "A"), ("bob", "B"), ("carol", "C")), 1)
    ]
    names.write_text("\n".join([*lines, ",投資者Z,大阪府架空市2-2,120,2025-04-01", ""]), "utf-8")
    return Desk(world, token, names)
