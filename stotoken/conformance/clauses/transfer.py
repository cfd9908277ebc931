"""6.1.1.3 transfer: directly, by class of units, by others, and with the issuer's approval."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.checking import Checking
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.errors import Reverted
from stotoken.types import ZERO_ADDRESS, HaltLevel, Units


@scenario("6.1.1.3", "Transfer", "移転機能")
def transfer(s: Stage) -> None:
    token = s.new_token(partitions=("class-a",))
    s.issue(token, s.alice, 1_000)
    s.issue(token, s.alice, 500, "class-a")
    b = s.bob.address
    with s.check(
        "A holder transfers units; the register names the new owner in the same block.",
        "保有者が移転すると、同じブロックで名簿が新しい所有者を示す。",
        s.units(token, s.alice).goes(1_000, 700), s.units(token, s.bob).goes(0, 300), s.supply(token).stays(1_500),
    ) as check:  # fmt: skip
        moved = token.by(s.alice).transfer(b, 300)
        block = moved.receipt.block_number
        check.equal("units of B in the block of the transfer", "移転ブロックにおける投資者Bの口数",
                    token.balance_of(b, DEFAULT, block), 300)  # fmt: skip
    with s.check(
        "Units of a class move within their class, with a reference of the contract outside the system.",
        "種類別の口数は同じ種類のまま、システム外の契約への参照を付して移転できる。",
        s.units(token, s.alice, "class-a").goes(500, 400), s.units(token, s.bob, "class-a").goes(0, 100),
        s.units(token, s.bob).stays(300),
    ):  # fmt: skip
        token.by(s.alice).transfer_by_partition("class-a", b, 100, b"contract 2026-17")
    _by_others(s, token)
    with s.check(
        "Many transfers in one transaction: all rows or none.",
        "一括移転は全行が成立するか、全行が拒否される。",
        s.units(token, s.alice).goes(550, 500),
        s.units(token, s.carol).goes(100, 130),
    ) as check:
        token.by(s.alice).batch_transfer(DEFAULT, [(s.carol.address, 30), (s.dave.address, 20)])
        bad = [(s.carol.address, 1), (s.mallory.address, 1)]
        check.refused(reverts.WalletUnregistered, lambda: token.by(s.alice).batch_transfer(DEFAULT, bad))
    _refused(s, token)
    with s.check(
        "What the chain answers beforehand is what then happens.",
        "移転可否の事前照会の答えは、実際の結果と一致する。",
    ) as check:
        _can_is_does(s, token, check)
    _with_approval(s)
    _halted(s, token)


def _halted(s: Stage, token: Token) -> None:
    a, b = s.alice.address, s.bob.address
    with s.check(
        "While the system is halted nothing moves by any way.",
        "システム停止中は、いかなる方法でも移転できない。",
        s.units(token, s.alice).stays(549),
    ) as check:
        token.by(s.alice).approve(b, 10)
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("drill"))
        check.refused(
            reverts.SystemHalted,
            lambda: token.by(s.alice).transfer(b, 1),
            lambda: token.by(s.bob).transfer_from(a, b, 1),
            lambda: token.by(s.carol).operator_transfer(DEFAULT, a, b, 1),
            lambda: token.by(s.alice).approve(b, 1),
        )


def _refused(s: Stage, token: Token) -> None:
    b = s.bob.address
    with s.check(
        "More than is held, to an unregistered wallet or to nobody, nothing moves.",
        "保有数を超える移転、未登録ウォレットやゼロアドレスへの移転は拒否される。",
        s.units(token, s.alice).stays(500),
    ) as check:
        check.refused(reverts.ERC20InsufficientBalance, lambda: token.by(s.alice).transfer(b, 501))
        check.refused(reverts.WalletUnregistered, lambda: token.by(s.alice).transfer(s.mallory.address, 1))
        check.refused(reverts.ERC20InvalidReceiver, lambda: token.by(s.alice).transfer(ZERO_ADDRESS, 1))
        check.refused(reverts.WalletUnregistered, lambda: token.by(s.mallory).transfer(b, 0))


def _by_others(s: Stage, token: Token) -> None:
    a = s.alice.address
    carols = s.units(token, s.carol)
    with s.check(
        "A spender moves units within an allowance, also one given as a signature, and not beyond it.",
        "許可を受けた者は、署名による許可を含め、許可数の範囲内でのみ移転できる。",
        s.units(token, s.alice).goes(700, 600), carols.goes(0, 100),
    ) as check:  # fmt: skip
        token.by(s.alice).approve(s.bob.address, 60)
        token.by(s.bob).transfer_from(a, s.carol.address, 60)
        permit = token.by(s.alice).sign_permit(s.dave.address, 40, s.now + DAY)
        token.by(s.mallory).permit(permit)
        token.by(s.dave).transfer_from(a, s.carol.address, 40)
        check.refused(
            reverts.ERC20InsufficientAllowance,
            lambda: token.by(s.bob).transfer_from(a, s.bob.address, 1),
            lambda: token.by(s.dave).transfer_from(a, s.dave.address, 1),
        )
        check.refused(reverts.ERC2612InvalidSigner, lambda: token.by(s.mallory).permit(permit))
    with s.check(
        "An operator moves a holder's units until it is revoked.",
        "操作者は、解任されるまで保有者の口数を移転できる。",
        s.units(token, s.alice).goes(600, 550), s.units(token, s.dave).goes(0, 50),
    ) as check:  # fmt: skip
        move = partial(token.by(s.carol).operator_transfer, DEFAULT, a, s.dave.address, 50)
        check.refused(reverts.OperatorUnauthorized, move)
        token.by(s.alice).authorize_operator(s.carol.address, DEFAULT)
        move()
        token.by(s.alice).revoke_operator(s.carol.address, DEFAULT)
        check.refused(reverts.OperatorUnauthorized, move)
    token.by(s.alice).authorize_operator(s.carol.address)


def _can_is_does(s: Stage, token: Token, check: Checking) -> None:
    """Every pair of a few parties and amounts: the status byte, the trial, and the transfer itself."""
    a = s.alice.address
    s.system.by(s.compliance).freeze_wallet(s.dave.address)
    token.by(s.compliance).freeze(s.bob.address, 251)
    cases = ((s.alice, s.bob.address, 1), (s.alice, s.mallory.address, 1), (s.alice, s.dave.address, 1),
             (s.bob, a, 51), (s.bob, a, 50), (s.carol, a, 10**6))  # fmt: skip
    allowed = 0
    for giver, to, units in cases:
        status, _ = token.transfer_status(giver.address, to, units)
        tried = token.can_transfer(giver.address, to, units)
        done: Reverted | None = None
        try:
            token.by(giver).transfer(to, units)
        except Reverted as refusal:
            done = refusal
        allowed += done is None
        if (status == 0x51) != (done is None) or type(tried) is not type(done):
            check.fault(f"{units} units of {giver.name.en}: told 0x{status:02x} and {tried!r}, then {done!r}.")
    check.equal("transfers asked for", "照会した移転", len(cases), 6)
    check.equal("of these allowed, and done", "うち可能と回答し成立したもの", allowed, 2)
    s.order(s.system.unfreeze_wallet(s.dave.address))
    s.order(token.set_frozen(s.bob.address, 0))


def _with_approval(s: Stage) -> None:
    token = s.new_token(approval_required=True)
    s.issue(token, s.alice, 100)
    b = s.bob.address

    def ask(units: Units) -> int:
        return token.by(s.alice).request_transfer(b, units, s.now + DAY).id

    with s.check(
        "Where the issuer must approve, a plain transfer is refused and a request leaves the register as it is.",
        "発行者の承認を要する場合、通常の移転は拒否され、移転請求中も名簿は変わらない。",
        s.units(token, s.alice).stays(100), s.units(token, s.bob).stays(0), s.free(token, s.alice).goes(100, 60),
    ) as check:  # fmt: skip
        check.refused(reverts.TransferApprovalRequired, lambda: token.by(s.alice).transfer(b, 40))
        first = ask(40)
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: ask(61))
    with s.check(
        "The issuer approves and the units move; a request is used once.",
        "発行者が承認すると移転が成立し、請求は一度しか使えない。",
        s.units(token, s.alice).goes(100, 60), s.units(token, s.bob).goes(0, 40), s.free(token, s.alice).stays(60),
    ) as check:  # fmt: skip
        check.refused(reverts.AccessRefused, lambda: token.by(s.alice).approve_transfer_request(first))
        token.by(s.issuer).approve_transfer_request(first)
        check.refused(
            reverts.TransferRequestUnknown,
            lambda: token.by(s.issuer).approve_transfer_request(first),
            lambda: token.by(s.registrar).reject_transfer_request(first),
        )
    with s.check(
        "A request that is rejected, taken back or past its deadline frees its units and moves nothing.",
        "却下・取下げ・期限経過の請求は口数を解放し、移転は生じない。",
        s.units(token, s.bob).stays(40), s.free(token, s.alice).stays(60),
    ) as check:  # fmt: skip
        token.by(s.registrar).reject_transfer_request(ask(10))
        mine = ask(10)
        check.refused(reverts.TransferRequestNotYours, lambda: token.by(s.bob).cancel_transfer_request(mine))
        token.by(s.alice).cancel_transfer_request(mine)
        end = s.now + DAY
        late = token.by(s.alice).request_transfer(b, 10, end).id
        s.at(end)
        check.refused(reverts.TransferRequestExpired, lambda: token.by(s.issuer).approve_transfer_request(late))
        token.by(s.bob).cancel_transfer_request(late)
