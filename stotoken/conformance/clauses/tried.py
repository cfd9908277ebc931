"""Every function tried by everybody, alone and on every side of an order, and what each key is worth (6.2.3)."""

from __future__ import annotations

from collections import Counter

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.clauses.matrix import alone, bare_call, members, not_yours, outsider, sides, written
from stotoken.conformance.stage import DAY, DOCUMENT, ROLES, Stage, none
from stotoken.types import Basis

#: Functions that change what somebody holds, without the holder.
_MOVING = (
    "issue", "issueByPartition", "batchIssue", "controllerTransfer", "forcedTransfer", "forceByPartition", "reissue",
    "reverse", "controllerRedeem", "controllerRedeemByPartition", "redeemMatured", "split",
)  # fmt: skip


def everybody_alone(s: Stage, token: Token) -> None:
    with s.check(
        "Every function, tried by an outsider in a transaction: each is refused.",
        "全機能を権限のない者が取引で呼び出すと、いずれも拒否される。",
    ) as check:
        for place, row in enumerate(s.matrix):
            call, may = bare_call(s, row, token), members(s, row.executors)
            check.refused_from(not_yours(row), call, outsider(s, place, may))
    found, wanted = alone(s, token), written(s)
    with s.check(
        "Every function, tried by holders of all roles and by outsiders: only whom its row names is let through.",
        "全機能を全役割の保持者と部外者が直接呼び出しても、権限行に定める者だけが実行できる。",
    ) as check:
        check.tell("attempts", "試行数", len(s.matrix.rows) * len(found))
        wrong = [name for name in found if found[name] != wanted[name]]
        none(check, "let through otherwise than in the file", "ファイルと異なる結果", wrong)
    for name, (_, text) in ROLES.items():
        with s.check(
            f"A stolen key of the {text.en} alone moves nothing that an investor holds; what it can do is counted.",
            f"{text.ja}の鍵が盗まれても、それだけでは投資者の保有を動かせない。可能な操作数を示す。",
        ) as check:
            check.equal("functions that it calls alone", "単独で実行できる機能", len(found[name]), len(wanted[name]))
            moving = {f"token.{function}" for function in _MOVING} & set(found[name])
            none(check, "functions among them that move units of an investor", "うち投資者の口数を動かす機能", moving)


def everybody_by_order(s: Stage, token: Token) -> None:
    with s.check(
        "Every order, proposed by an outsider in a transaction: each is refused.",
        "全ての命令を権限のない者が取引で提案すると、いずれも拒否される。",
    ) as check:
        for place, row in enumerate(s.matrix):
            call = bare_call(s, row, token)
            propose = s.orders.bind.propose(str(call.to), call.data, Basis.POLICY, DOCUMENT, s.now + 30 * DAY)
            check.refused_from(reverts.OrderUnauthorized, propose, outsider(s, place, members(s, row.proposers)))
    attempts: Counter[str] = Counter()
    wrong: dict[str, list[str]] = {}
    for side, en, ja in (
        ("propose", "proposed", "提案"), ("approve", "approved", "承認"), ("execute", "carried out", "執行"),
        ("veto", "vetoed", "拒否"),
    ):  # fmt: skip
        with s.check(
            f"Every order is {en} by those whom its row names and by nobody else.",
            f"全ての命令は、権限行に定める者だけが{ja}できる。",
        ) as check:
            if not attempts:
                _try_all_sides(s, token, attempts, wrong)
            check.tell("orders tried by everybody", "全員が試みた命令", attempts[side])
            none(check, "let through otherwise than in the file", "ファイルと異なる結果", wrong.get(side, []))


def _try_all_sides(s: Stage, token: Token, attempts: Counter[str], wrong: dict[str, list[str]]) -> None:
    for row in s.matrix:
        for side, found, wanted in sides(s, row, bare_call(s, row, token)):
            attempts[side] += 1
            if found != wanted:
                wrong.setdefault(side, []).append(f"{row.function.name}: {' '.join(sorted(found ^ wanted))}")
