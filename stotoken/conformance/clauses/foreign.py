"""Rules of third parties (6.1.1.7): they refuse for reasons of their own, and one that does not answer refuses too."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.conformance import tiny
from stotoken.conformance.clauses.rulebook import held
from stotoken.conformance.stage import Stage

_WITHOUT_ANSWER = (
    (tiny.FAILING_RULE, "reverts", "実行に失敗する"),
    (tiny.ENDLESS_RULE, "runs out of gas", "ガスを使い切る"),
    (tiny.BABBLING_RULE, "answers nonsense", "無効な回答をする"),
    (tiny.WRITING_RULE, "tries to change the chain", "状態の変更を試みる"),
)


def of_third_parties(s: Stage) -> None:
    passing, refusing = (tiny.put_on_chain(s.mallory, code) for code in (tiny.PASSING_RULE, tiny.REFUSING_RULE))
    token, send = held(s, lambda token: token.bind.set_rules([passing]))
    with s.check(
        "A rule of a third party lets pass what it has no objection to.",
        "第三者の規則は、異議のない移転を認める。",
        s.units(token, s.bob).goes(0, 1),
    ):
        send()
    with s.check(
        "A rule of a third party refuses, and its own reason is told.",
        "第三者の規則は移転を拒否し、その規則自身の理由が示される。",
        s.units(token, s.bob).stays(1),
    ) as check:
        s.order(token.bind.set_rules([passing, refusing]))
        check.refused(reverts.RuleRefused, send)
    for code, en, ja in _WITHOUT_ANSWER:
        with s.check(
            f"A rule that {en} refuses: what is not answered does not move.",
            f"{ja}規則は拒否とみなされ、移転できない。",
            s.units(token, s.bob).stays(1),
        ) as check:
            s.order(token.bind.set_rules([tiny.put_on_chain(s.mallory, code)]))
            check.refused(reverts.RuleUnanswered, send)
    with s.check(
        "When the rule is taken back by an order, units move again.",
        "命令により規則を外せば、再び移転できる。",
        s.units(token, s.bob).goes(1, 2),
    ):
        s.order(token.bind.set_rules([]))
        send()
    _calling_back(s)


def _calling_back(s: Stage) -> None:
    token, send = held(s)
    theft = token.bind.transfer_from(s.alice.address, s.carol.address, 5)
    rule = tiny.put_on_chain(s.mallory, tiny.calling_rule(theft))
    token.by(s.alice).approve(rule, 50)
    allowance = s.figure("allowance of the rule", "規則への許可数", partial(token.allowance, s.alice.address, rule))
    with s.check(
        "A rule that calls back into the token while it is asked moves nothing, though it has an allowance.",
        "照会を受けている間にトークンを呼び返す規則は、許可を得ていても何も移転できない。",
        s.units(token, s.bob).goes(0, 1), allowance.goes(50, 45),
    ) as check:  # fmt: skip
        s.order(token.bind.set_rules([rule]))
        send()
        stolen = token.balance_of(s.carol.address)
        check.equal("units that it took while asked", "照会中に得た口数", stolen, 0)
        s.order(token.bind.set_rules([]))
        s.mallory.send(Call(rule, b"", ""))
        taken = token.balance_of(s.carol.address)
        check.equal("units that it takes when it is no rule any more", "規則でなくなった後に得る口数", taken, 5)
