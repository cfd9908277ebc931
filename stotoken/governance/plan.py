"""The acts that lead from what the chain has to what a file wants, in an order that is safe at every step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from stotoken.chain.connection import Connection
from stotoken.client.act import Act
from stotoken.client.authority import Authority
from stotoken.client.bindings.structs import Row
from stotoken.client.orders import named_arguments
from stotoken.errors import ConfigError
from stotoken.governance.difference import Difference, MemberDiffers, RowDiffers, differences
from stotoken.governance.file import Governance
from stotoken.governance.matrix import ADMIN, ENROLLER, names_in, row_words
from stotoken.governance.rights import Rights
from stotoken.governance.rules import check
from stotoken.types import Basis, Role

Change = MemberDiffers | RowDiffers


@dataclass(frozen=True)
class Step:
    """One act, and the row that governs it now: who proposes it, who approves it, how long it waits."""

    act: Act
    row: Row = field(repr=False)

    @property
    def function(self) -> str:
        return self.act.call.signature

    @property
    def arguments(self) -> Mapping[str, Any]:
        """By name."""
        return named_arguments("Authority", self.act.call.data)[1]

    @property
    def proposers(self) -> list[str]:
        return names_in(self.row.proposers)

    @property
    def approvers(self) -> list[str]:
        return names_in(self.row.approvers)


def plan(governance: Governance, chain: Rights, connection: Connection) -> tuple[Step, ...]:
    """Every step, none when the chain is as the file wants it; ConfigError when the file breaks a rule.

    A step is taken once all before it have been: members come before others go, so that no role is left without
    anybody on the way; rows follow; and those who govern change last, as the other steps may need them. Who becomes an
    administrator gives up his other roles first, and who was one gets others last: an administrator holds no other.
    """
    check(governance, chain.deployment)
    authority = Authority(chain.deployment, connection)
    changes = sorted(_changes(differences(governance, chain)), key=_turn)
    return tuple(_step(change, authority, chain) for change in changes)


def _changes(found: Iterable[Difference]) -> Iterator[Change]:
    """What orders can set right; ConfigError when there is something else."""
    for difference in found:
        closed = isinstance(difference, MemberDiffers) and difference.seat.number in (ADMIN, ENROLLER)
        if closed:
            raise ConfigError(
                f"No order sets this right: {difference.what()}, expected {difference.expected()}, on chain "
                f"{difference.found()}. Nothing was done."
            )
        yield difference


def _turn(change: Change) -> int:
    if isinstance(change, RowDiffers):
        return 2
    role = change.seat.number
    if change.wanted:
        was_administrator = (Role.SYS_ADMIN, change.seat.account) in change.chain.seats
        return 4 if role == Role.SYS_ADMIN else 6 if was_administrator else 0
    return 3 if role == Role.COMPLIANCE else 5 if role == Role.SYS_ADMIN else 1


def _step(change: Change, authority: Authority, chain: Rights) -> Step:
    act = _row(change, authority) if isinstance(change, RowDiffers) else _member(change, authority)
    return Step(act, chain.row((authority.address, act.call.data[:4])))


def _member(difference: MemberDiffers, authority: Authority) -> Act:
    number, account = difference.seat
    en, ja = (difference.chain.role(number, lang) for lang in ("en", "ja"))
    if difference.wanted:
        call = authority.bind.grant_role(number, account, 0)
        said = f"Grant {en} to {account}.", f"{account} に {ja} を付与する。"
    else:
        call = authority.bind.revoke_role(number, account)
        said = f"Revoke {en} from {account}.", f"{account} の {ja} を取り消す。"
    return Act(call, Basis.GOVERNANCE, *said)


def _row(difference: RowDiffers, authority: Authority) -> Act:
    target, selector = difference.door
    en, ja = (row_words(difference.wanted, lang) for lang in ("en", "ja"))
    return replace(
        authority.set_row(target, selector, difference.wanted),
        en=f"Set the row of {difference.what()}: {en}.",
        ja=f"{difference.what()} の権限行を設定する: {ja}。",
    )
