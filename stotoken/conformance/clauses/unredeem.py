"""The second kind of loss of 6.1.1.9: units that were redeemed in error come back, in the same number, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.results import Moved
from stotoken.client.token import Token
from stotoken.conformance.stage import Stage
from stotoken.errors import InputError, Reverted
from stotoken.types import Log, Units, partition_id

REDEEMED_IN_ERROR = 2


def redeemed_in_error(s: Stage) -> None:
    token = s.new_token(authorised_units=100, partitions=("class-a",))
    s.issue(token, s.carol, 100)
    first, second = _redeemed(s, token, 20), _redeemed(s, token, 10)
    _more_than_was_lost(s, token, first)
    _not_proved(s, token)
    _made_good(s, token, first)
    _closed(s, token, second)
    _in_part(s)
    _authorised_meanwhile(s)
    _never_more(s)


def _redeemed(s: Stage, token: Token, units: Units) -> Log:
    return s.order(token.controller_redeem(s.carol.address, units)).event("RedeemedByPartition").log


def _report(s: Stage, token: Token, log: Log, units: Units | None = None) -> bytes:
    by = token.by(s.registrar)
    return by.loss_of_redemption(log.tx_hash, log.log_index, s.incident("evidence"), units).id


def _loss(s: Stage, token: Token, name: str, units: Units, partition: str = "default") -> Call:
    """A report sent past the client, which would prove it first."""
    where, evidence = partition_id(partition), s.incident("evidence")
    return token.bind.report_loss(s.incident(name), REDEEMED_IN_ERROR, where, s.carol.address, units, evidence)


def _more_than_was_lost(s: Stage, token: Token, log: Log) -> None:
    with s.check(
        "More than a redemption took is not recorded as lost by it.",
        "償還数を超える口数を、その償還による消失として届け出ることはできない。",
        s.supply(token).stays(70),
    ) as check:
        check.refused(InputError, lambda: _report(s, token, log, 21))
    with s.check(
        "More than was ever redeemed is not recorded as lost, past the client either.",
        "償還の総数を超える口数は、クライアントを経由しなくても届け出ることができない。",
        s.supply(token).stays(70),
    ) as check:
        check.refused_from(reverts.LossImplausible, _loss(s, token, "forged", 31), s.registrar)
    with s.check(
        "In a class of which nothing was redeemed nothing is recorded as lost.",
        "償還のなかった種類について、消失を届け出ることはできない。",
        s.supply(token).stays(70),
    ) as check:
        check.refused_from(reverts.LossImplausible, _loss(s, token, "forged", 1, "class-a"), s.registrar)


def _not_proved(s: Stage, token: Token) -> None:
    forged = s.incident("a redemption that never was")
    with s.check(
        "A loss that names no redemption on the chain is not approved, and is dismissed.",
        "チェーン上の償還に基づかない消失は承認されず、取り下げられる。",
        s.supply(token).stays(70),
    ) as check:
        s.registrar.send(_loss(s, token, "a redemption that never was", 5))
        check.refused(InputError, lambda: s.order(token.reissue(forged, s.carol.address)))
        s.order(token.dismiss_loss(forged))


def _made_good(s: Stage, token: Token, log: Log) -> None:
    with s.check(
        "Units redeemed in error come back in the same number, to the investor they were taken from.",
        "誤って償還された口数は、償還された投資者に同数だけ復元される。",
        s.supply(token).goes(70, 90), s.units(token, s.carol).goes(70, 90),
    ) as check:  # fmt: skip
        loss = _report(s, token, log)
        check.refused(reverts.InvestorDiffers, lambda: s.order(token.reissue(loss, s.bob.address)))
        s.order(token.reissue(loss, s.carol.address))
    with s.check(
        "A redemption is made good once.",
        "同じ償還の復元は一度限りである。",
        s.supply(token).stays(90),
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, s.carol.address)))
        check.refused(reverts.LossRecorded, lambda: _report(s, token, log))


def _closed(s: Stage, token: Token, log: Log) -> None:
    s.order(token.finalize_issuance())
    with s.check(
        "Where issuance is closed they come back too, up to the figure before the error: it is no further issue.",
        "追加発行を終了したトークンでも、誤りの前の総数までは復元でき、追加発行には当たらない。",
        s.supply(token).goes(90, 100),
    ) as check:
        check.refused(reverts.IssuanceClosed, lambda: s.issue(token, s.carol, 1))
        s.order(token.reissue(_report(s, token, log), s.carol.address))
    with s.check(
        "When all came back, nothing is left to record as lost, under whatever reference.",
        "全て復元された後は、どのような参照によっても、さらなる消失は届け出られない。",
        s.supply(token).stays(100),
    ) as check:
        check.refused_from(reverts.LossImplausible, _loss(s, token, "again", 1), s.registrar)


def _in_part(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.carol, 100)
    log = _redeemed(s, token, 30)
    with s.check(
        "Of a redemption that was right in part, only the part in error comes back.",
        "一部だけ誤りであった償還は、誤った部分だけが復元される。",
        s.units(token, s.carol).goes(70, 80), s.supply(token).goes(70, 80),
    ):  # fmt: skip
        s.order(token.reissue(_report(s, token, log, 10), s.carol.address))
    log = _redeemed(s, token, 10)
    with s.check(
        "A split between report and reissue counts: what comes back is counted in later units.",
        "届出と復元の間に分割があれば、分割後の口数で復元される。",
        s.units(token, s.carol).goes(70, 160), s.supply(token).goes(70, 160),
    ):  # fmt: skip
        loss = _report(s, token, log)
        s.order(token.split(2))
        s.order(token.reissue(loss, s.carol.address))


def _authorised_meanwhile(s: Stage) -> None:
    token = s.new_token(authorised_units=100)
    s.issue(token, s.carol, 100)
    with s.check(
        "What was issued anew meanwhile counts: a reissue that would exceed the authorised units is refused.",
        "その間に追加発行した口数も算入され、発行可能数を超える復元は拒否される。",
        s.supply(token).stays(100),
    ) as check:
        loss = _report(s, token, _redeemed(s, token, 40))
        s.issue(token, s.bob, 40)
        check.refused(reverts.AuthorisedUnitsExceeded, lambda: s.order(token.reissue(loss, s.carol.address)))


def _never_more(s: Stage) -> None:
    """Acts drawn at random, always the same ones; what is refused is refused."""
    token, dice = s.new_token(authorised_units=100), Random(6_1_1_9)  # noqa: S311 - a game, not a key
    s.issue(token, s.carol, 80)
    logs, moves = [_redeemed(s, token, 10)], [token.by(s.carol).transfer(s.bob.address, 20)]
    acts = _acts(s, token, dice, logs, moves)
    with s.check(
        "Redemptions, reissues, issues, transfers, reversals and splits in any order: never more than is authorised.",
        "償還・再配布・発行・移転・逆移転・分割をどのような順に行っても、発行済総数は発行可能数を超えない。",
    ) as check:
        refused = beyond = unequal = 0
        for _ in range(60):
            try:
                dice.choice(acts)()
            except (Reverted, InputError):
                refused += 1
            supply, holders = token.total_supply(), (s.carol, s.bob)
            beyond += supply > token.authorised_units()
            unequal += supply != sum(token.balance_of(holder.address) for holder in holders)
        check.tell("acts done", "成立した操作", 60 - refused)
        check.tell("acts refused", "拒否された操作", refused)
        check.equal("times above the authorised units", "発行可能数を超えた回数", beyond, 0)
        check.equal("times other than the sum of holdings", "保有の合計と異なった回数", unequal, 0)


def _acts(
    s: Stage, token: Token, dice: Random, logs: list[Log], moves: list[Moved]
) -> tuple[Callable[[], object], ...]:
    def restore() -> None:
        s.order(token.reissue(_report(s, token, dice.choice(logs)), s.carol.address))

    def reverse() -> None:
        move = dice.choice(moves)
        s.order(token.reversal_of(move.tx_hash, move.log_index, dice.randint(1, 9)))

    return (
        lambda: logs.append(_redeemed(s, token, dice.randint(1, 30))),
        lambda: s.issue(token, s.carol, dice.randint(1, 40)),
        lambda: moves.append(token.by(s.carol).transfer(s.bob.address, dice.randint(1, 30))),
        restore,
        reverse,
        partial(_split_sometimes, s, token, dice),
    )


def _split_sometimes(s: Stage, token: Token, dice: Random) -> None:
    if dice.random() < 0.3:
        s.order(token.split(2))
