"""Every way to move units passes the same gate (6.1.1.7): each is tried on a receiver whom the rules refuse."""

from __future__ import annotations

from collections.abc import Callable

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import Address

Door = tuple[Text, Callable[[], object]]


def through_every_door(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    s.issue(token, s.treasury, 10)
    s.order(token.allot(10))
    s.system.by(s.compliance).freeze_wallet(s.carol.address)
    for way, act in (*_of_the_holder(s, token, s.carol.address), *_of_others(s, token, s.carol.address)):
        with s.check(
            f"The rules hold by {way.en} too: the same refusal for the same reason.",
            f"{way.ja}にも同じ制限が適用され、同じ理由で拒否される。",
            s.units(token, s.alice).stays(100), s.units(token, s.carol).stays(0), s.units(token, s.treasury).stays(10),
        ) as check:  # fmt: skip
            check.refused(reverts.WalletFrozen, act)
    s.order(s.system.unfreeze_wallet(s.carol.address))


def _of_the_holder(s: Stage, token: Token, to: Address) -> tuple[Door, ...]:
    holder = token.by(s.alice)
    return (
        (Text("transfer", "transferによる移転"), lambda: holder.transfer(to, 1)),
        (Text("a transfer with data", "データを付した移転"), lambda: holder.transfer_with_data(to, 1, b"data")),
        (Text("a transfer of one class", "種類を指定した移転"), lambda: holder.transfer_by_partition(DEFAULT, to, 1)),
        (Text("a batch", "一括移転"), lambda: holder.batch_transfer(DEFAULT, [(s.bob.address, 1), (to, 1)])),
        (Text("a transfer request", "移転請求"), lambda: holder.request_transfer(to, 1, s.now + DAY)),
    )


def _of_others(s: Stage, token: Token, to: Address) -> tuple[Door, ...]:
    holder, other, a = token.by(s.alice), token.by(s.bob), s.alice.address

    def on_approval() -> None:
        holder.approve(s.bob.address, 50)
        other.transfer_from(a, to, 1)

    def on_permit() -> None:
        holder.approve(s.bob.address, 0)
        other.permit(holder.sign_permit(s.bob.address, 50, s.now + DAY))
        other.transfer_from(a, to, 1)

    def as_operator() -> None:
        holder.authorize_operator(s.bob.address)
        other.operator_transfer(DEFAULT, a, to, 1)

    return (
        (Text("approve and transferFrom", "approveとtransferFromによる移転"), on_approval),
        (Text("permit and transferFrom", "署名による許可(permit)とtransferFromによる移転"), on_permit),
        (
            Text("a transferFrom with data", "データを付したtransferFromによる移転"),
            lambda: other.transfer_from_with_data(a, to, 1, b"data"),
        ),
        (Text("an operator", "操作者による移転"), as_operator),
        (
            Text("a distribution of the issuer", "発行者による配布"),
            lambda: token.by(s.agent).distribute(DEFAULT, [(to, 1)], s.incident("batch")),
        ),
    )
