"""6.1.1.4 redeem: at maturity, on a condition, in part."""

from __future__ import annotations

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import HaltLevel, Instrument, LegalCategory


@scenario("6.1.1.4", "Redeem", "償還機能")
def redeem(s: Stage) -> None:
    maturity = s.now + 100 * DAY
    token = s.new_token(instrument=Instrument.BOND, maturity=maturity)
    holders = (s.alice, s.bob, s.carol, s.dave, s.treasury)
    s.order(token.batch_issue(DEFAULT, [(holder.address, 100) for holder in holders]))
    everyone = [holder.address for holder in holders]
    with s.check(
        "Before maturity neither a holder nor an order of maturity redeems anything.",
        "満期前は、保有者も満期償還の命令も償還できない。",
        s.supply(token).stays(500),
    ) as check:
        check.refused(reverts.RedemptionNotDue, lambda: token.by(s.alice).redeem(1))
        check.refused(reverts.TokenNotMatured, lambda: s.order(token.redeem_matured(DEFAULT, everyone)))
    with s.check(
        "A condition of the contract redeems part of a holding early, by an order with its ground.",
        "契約上の条件により、根拠を付した命令で保有の一部を繰上償還できる。",
        s.supply(token).goes(500, 470), s.units(token, s.alice).goes(100, 70),
    ) as check:  # fmt: skip
        act = token.controller_redeem(s.alice.address, 30)
        check.refused_from(reverts.OrderRequired, act.call, s.registrar, s.issuer, s.mallory)
        check.refused(reverts.ERC20InsufficientBalance, lambda: s.order(token.controller_redeem(s.alice.address, 101)))
        s.order(act)
    _boundary(s, token, maturity)
    s.system.by(s.compliance).freeze_wallet(s.alice.address)
    token.by(s.compliance).freeze(s.bob.address, 90)
    token.by(s.registrar).report_lost_key(s.carol.address, s.incident("evidence"))
    s.register(s.dave, until=s.now)
    supply = s.supply(token)
    with s.check(
        "At maturity everybody is redeemed: the frozen, the lost, the one whose checks expired, the treasury.",
        "満期には、凍結・消失届出・本人確認期限切れの保有者や発行者口座を含め、全員が償還される。",
        supply.goes(460, 0), s.units(token, s.alice).goes(70, 0), s.units(token, s.carol).goes(100, 0),
        s.units(token, s.dave).goes(100, 0),
    ) as check:  # fmt: skip
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(token.redeem_matured(DEFAULT, everyone), s.issuer))
        s.order(token.redeem_matured(DEFAULT, everyone), proposer=s.paying_agent)
    with s.check(
        "Nobody is redeemed twice.",
        "二重の償還はできない。",
        supply.stays(0),
    ) as check:
        again = s.order(token.redeem_matured(DEFAULT, everyone))
        redeemed = sum(event.name == "RedeemedByPartition" for event in again.events)
        check.equal("redemptions of a second order", "再度の命令による償還", redeemed, 0)
        check.refused(reverts.ERC20InsufficientBalance, lambda: s.order(token.controller_redeem(s.bob.address, 1)))
    _put(s)


def _boundary(s: Stage, token: Token, maturity: int) -> None:
    with s.check(
        "One second before maturity a holder's redemption is refused, at maturity it is done, and a transfer no more.",
        "満期の1秒前は償還が拒否され、満期の時刻から償還でき、以後の移転は拒否される。",
        s.supply(token).goes(470, 460), s.units(token, s.bob).goes(100, 90),
    ) as check:  # fmt: skip
        s.at(maturity - 1)
        check.refused(reverts.RedemptionNotDue, lambda: token.by(s.bob).redeem(10))
        s.at(maturity)
        moment = token.by(s.bob).redeem(10).receipt.timestamp - maturity
        check.equal("seconds after maturity", "満期からの秒数", moment, 0)
        check.refused(reverts.TokenMatured, lambda: token.by(s.bob).transfer(s.alice.address, 1))
        check.refused(reverts.TokenMatured, lambda: s.order(token.issue(s.alice.address, 1)))


def _put(s: Stage) -> None:
    fund = s.new_token(
        instrument=Instrument.FUND_UNIT, category=LegalCategory.FUND_PARA2, holder_cap=499, puttable=True
    )
    s.issue(fund, s.bob, 80)
    with s.check(
        "Where the terms give a put, a holder redeems free units at any time, as does a spender within an allowance.",
        "解約請求権がある場合、保有者は随時、移転可能な範囲で償還でき、許可を受けた者も同様である。",
        s.supply(fund).goes(80, 25), s.units(fund, s.bob).goes(80, 25),
    ) as check:  # fmt: skip
        fund.by(s.bob).redeem(50)
        fund.by(s.bob).approve(s.carol.address, 5)
        fund.by(s.carol).redeem_from(s.bob.address, 5)
        check.refused(reverts.ERC20InsufficientAllowance, lambda: fund.by(s.carol).redeem_from(s.bob.address, 1))
        fund.by(s.compliance).freeze(s.bob.address, 20)
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: fund.by(s.bob).redeem(6))
        check.refused(reverts.ERC20InsufficientBalance, lambda: fund.by(s.bob).redeem(26))
    with s.check(
        "While the system is halted nothing is redeemed.",
        "システム停止中は償還できない。",
        s.supply(fund).stays(25),
    ) as check:
        ready = s.approved(fund.controller_redeem(s.bob.address, 1))
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("drill"))
        check.refused(reverts.SystemHalted, lambda: fund.by(s.bob).redeem(1))
        check.refused(reverts.SystemHalted, lambda: s.orders.by(s.registrar).execute(ready))
