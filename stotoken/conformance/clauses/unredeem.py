"""The second kind of loss of 6.1.1.9: units that were redeemed in error come back, in the same number, once."""

from __future__ import annotations

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.token import Token
from stotoken.conformance.stage import Stage
from stotoken.errors import InputError
from stotoken.types import Log, Units, partition_id


def redeemed_in_error(s: Stage) -> None:
    token = s.new_token(authorised_units=100, partitions=("class-a",))
    s.issue(token, s.carol, 100)
    redeemed = s.order(token.controller_redeem(s.carol.address, 30))
    log = next(event.log for event in redeemed.events if event.name == "RedeemedByPartition")
    s.order(token.finalize_issuance())
    evidence = s.incident("evidence")
    _more_than_was_lost(s, token, log)
    with s.check(
        "Units redeemed in error come back in the same number, where issuance is closed too.",
        "誤って償還された口数は、追加発行を終了したトークンでも同数だけ復元される。",
        s.supply(token).goes(70, 100), s.units(token, s.carol).goes(70, 100),
    ):  # fmt: skip
        loss = token.by(s.registrar).loss_of_redemption(log.tx_hash, log.log_index, evidence)
        s.order(token.reissue(loss.id, s.carol.address))
    with s.check(
        "Nothing is left to bring back: further losses are refused, also under another reference.",
        "復元すべき残りはなく、別の参照によるさらなる届出も拒否される。",
        s.supply(token).stays(100),
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss.id, s.carol.address)))
        check.refused(reverts.LossImplausible, lambda: s.registrar.send(_loss(s, token, "again", 1)))
    _in_part(s)
    _never_more(s)


def _loss(s: Stage, token: Token, name: str, units: Units, partition: str = "default") -> Call:
    """A report sent past the client, which would prove it first."""
    where = partition_id(partition)
    return token.bind.report_loss(s.incident(name), 2, where, s.carol.address, units, s.incident("evidence"))


def _more_than_was_lost(s: Stage, token: Token, log: Log) -> None:
    with s.check(
        "More than was redeemed, or in another class of units, is not even recorded as lost.",
        "償還数を超える口数や、他の種類の口数は、消失として届け出ることもできない。",
        s.supply(token).stays(70),
    ) as check:
        report = token.by(s.registrar).loss_of_redemption
        check.refused(InputError, lambda: report(log.tx_hash, log.log_index, s.incident("evidence"), 31))
        for forged in (_loss(s, token, "forged", 31), _loss(s, token, "forged", 1, "class-a")):
            check.refused_from(reverts.LossImplausible, forged, s.registrar)


def _in_part(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.carol, 100)
    log = s.order(token.controller_redeem(s.carol.address, 30)).event("RedeemedByPartition").log
    with s.check(
        "Of a redemption that was right in part, only the part in error comes back, counted in later units.",
        "一部だけ誤りであった償還は、誤った部分だけが、分割後の口数で復元される。",
        s.units(token, s.carol).goes(70, 160), s.supply(token).goes(70, 160),
    ):  # fmt: skip
        loss = token.by(s.registrar).loss_of_redemption(log.tx_hash, log.log_index, s.incident("evidence"), 10)
        s.order(token.split(2))
        s.order(token.reissue(loss.id, s.carol.address))


def _never_more(s: Stage) -> None:
    token = s.new_token(authorised_units=100)
    s.issue(token, s.carol, 100)
    with s.check(
        "No sequence of these acts makes more units than were authorised: what was issued anew meanwhile counts.",
        "いかなる順序でも発行可能数を超えず、その間に追加発行した口数も算入される。",
        s.supply(token).stays(100),
    ) as check:
        log = s.order(token.controller_redeem(s.carol.address, 40)).event("RedeemedByPartition").log
        loss = token.by(s.registrar).loss_of_redemption(log.tx_hash, log.log_index, s.incident("evidence"))
        s.issue(token, s.bob, 40)
        check.refused(reverts.AuthorisedUnitsExceeded, lambda: s.order(token.reissue(loss.id, s.carol.address)))
        held = token.balance_of(s.carol.address) + token.balance_of(s.bob.address)
        check.equal("sum of all holdings", "保有口数の合計", held, 100)
