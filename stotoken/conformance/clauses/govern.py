"""6.2.3 governance: who may do what is one table, dangerous acts take two people, and the table guards itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.act import Act
from stotoken.client.events import only
from stotoken.client.token import Token
from stotoken.conformance.clauses.closed import closed_tables, no_second_door
from stotoken.conformance.clauses.matrix import (
    alone,
    bare_call,
    members,
    not_yours,
    outsider,
    sides,
    written,
)  # fmt: skip
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DOCUMENT, ROLES, Stage, none
from stotoken.conformance.table import shortened
from stotoken.errors import InputError
from stotoken.governance.difference import differences
from stotoken.governance.file import Governance
from stotoken.governance.matrix import EVERY_TOKEN, mask
from stotoken.governance.rights import read_rights
from stotoken.governance.unrowed import without_row
from stotoken.types import Basis, HaltLevel, Role, to_hex


@scenario("6.2.3", "Governance", "ガバナンス構築機能")
def govern(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    _who_did_it(s, token)
    _as_the_file_has_it(s)
    _two_people(s, token)
    _those_who_govern(s)
    _leaving(s, token)
    _delayed(s)
    _vetoed(s, token)
    _stale(s, token)
    _for_one_token(s, token)
    closed_tables(s, token)
    no_second_door(s, token)
    _everybody_alone(s, token)
    _everybody_by_order(s, token)


# --- the table --------------------------------------------------------------------------------------------------------


def _differing(s: Stage) -> int:
    return len(differences(Governance.load(), read_rights(s.deployment, s.connection)))


def _as_the_file_has_it(s: Stage) -> None:
    with s.check(
        "The role matrix on chain, rows and members read from the events, is the one in the file.",
        "イベントから読み取ったチェーン上の権限表(権限行と役割の保持者)は、権限ファイルと一致する。",
    ) as check:
        rights = read_rights(s.deployment, s.connection)
        check.equal("rows on chain", "チェーン上の権限行", len(rights.rows), len(s.matrix.rows))
        check.equal("differences", "差異", _differing(s), 0)
        none(check, "functions without a row", "権限行のない機能", without_row(s.matrix))
    differing = s.figure("differences from the file", "権限ファイルとの差異", lambda: _differing(s))
    with s.check(
        "A role that the file gives to nobody is found on chain.",
        "ファイルにない役割の付与は、チェーンから検出される。",
        differing.goes(0, 1),
    ):
        s.order(s.authority.grant(Role.AUDITOR, s.dave.address))
    s.order(s.authority.revoke(Role.AUDITOR, s.dave.address))


def _everybody_alone(s: Stage, token: Token) -> None:
    names = {name: text for name, (_, text) in ROLES.items()}
    with s.check(
        "Every function, tried by holders of all roles and by outsiders: only whom its row names is let through.",
        "全機能を全役割の保持者と部外者が直接呼び出しても、権限行に定める者だけが実行できる。",
    ) as check:
        for place, row in enumerate(s.matrix):
            call, may = bare_call(s, row, token), members(s, row.executors)
            check.refused_from(not_yours(row), call, outsider(s, place, may))
        found, wanted = alone(s, token), written(s)
        check.tell("attempts", "試行数", len(s.matrix.rows) * len(found))
        wrong = [name for name in found if found[name] != wanted[name]]
        none(check, "let through otherwise than in the file", "ファイルと異なる結果", wrong)
    with s.check(
        "No stolen key alone moves what an investor holds; how many functions each can call alone is counted.",
        "盗まれた一つの鍵だけでは、投資者の保有を動かせない。各役割が単独で実行できる機能数を示す。",
    ) as check:
        for name, text in names.items():
            check.equal(f"functions that the {text.en} calls alone", f"{text.ja}が単独で実行できる機能",
                        len(found[name]), len(wanted[name]))  # fmt: skip
        moving = {f"token.{name}" for name in _MOVING}
        check.equal("functions among them that move units of an investor", "うち投資者の口数を動かす機能",
                    len(moving & {each for does in found.values() for each in does}), 0)  # fmt: skip


#: Functions that change what somebody holds, without the holder.
_MOVING = (
    "issue", "issueByPartition", "batchIssue", "controllerTransfer", "forcedTransfer", "forceByPartition", "reissue",
    "reverse", "controllerRedeem", "controllerRedeemByPartition", "redeemMatured", "split",
)  # fmt: skip


def _everybody_by_order(s: Stage, token: Token) -> None:
    with s.check(
        "Every order: only those whom its row names propose, approve, carry out and veto it.",
        "全ての命令について、権限行に定める者だけが提案・承認・執行・拒否できる。",
    ) as check:
        attempts, wrong = 0, []
        for place, row in enumerate(s.matrix):
            call = bare_call(s, row, token)
            propose = s.orders.bind.propose(str(call.to), call.data, Basis.POLICY, DOCUMENT, s.now + 30 * DAY)
            check.refused_from(reverts.OrderUnauthorized, propose, outsider(s, place, members(s, row.proposers)))
            for side, found, wanted in sides(s, row, call):
                attempts += 1
                if found != wanted:
                    wrong.append(f"{side} {row.function.name}: {' '.join(sorted(found ^ wanted))}")
        check.tell("sides tried by everybody", "全員が試みた手続", attempts)
        none(check, "let through otherwise than in the file", "ファイルと異なる結果", wrong)


# --- orders -----------------------------------------------------------------------------------------------------------


def _who_did_it(s: Stage, token: Token) -> None:
    with s.check(
        "Every order tells who proposed, approved and carried it out, on what ground and on which document.",
        "全ての命令は、提案者・承認者・執行者、根拠コード、文書ハッシュを記録する。",
        s.units(token, s.alice).goes(100, 99),
    ) as check:
        done = s.order(token.forced_transfer(s.alice.address, s.bob.address, 1, Basis.TAX))
        orders = s.orders.list()
        told = [o.proposer != o.approver and o.basis is not Basis.INITIAL and any(o.document_hash) for o in orders]
        check.equal("orders that tell all of it", "全て記録している命令", sum(told), len(orders))
        order = s.orders.show(done.id)
        check.equal("proposed by", "提案者", s.role_of(order.proposer), "REGISTRAR")
        check.equal("approved by", "承認者", s.role_of(order.approver), "COMPLIANCE")
        executor = done.event("OrderExecuted").values["executor"]
        check.equal("carried out by", "執行者", s.role_of(executor), "REGISTRAR")
        check.equal("ground", "根拠", order.basis.name, "TAX")
        found = shortened(to_hex(order.document_hash))
        check.equal("hash of the document", "文書ハッシュ", found, shortened(to_hex(DOCUMENT)))
        act = token.issue(s.alice.address, 1)
        bind, end = s.orders.bind, s.now + DAY
        for basis, document in ((Basis.INITIAL, DOCUMENT), (Basis.ISSUANCE, bytes(32))):
            call = bind.propose(act.target, act.call.data, basis, document, end)
            check.refused_from(reverts.OrderIncomplete, call, s.agent)
    _what_one_person_did(s, token)


def _what_one_person_did(s: Stage, token: Token) -> None:
    with s.check(
        "An act of one person tells who did it: a halt with its incident, a pause, a loss with its evidence.",
        "単独の操作も実行者を記録する: 停止と事象番号、一時停止、消失の届出と証拠。",
    ) as check:
        incident = s.incident("an incident")
        halted = s.system.by(s.emergency).halt(HaltLevel.RESTRICTED, incident)
        check.equal("halted by", "停止の実行者", s.role_of(halted.by), "EMERGENCY")
        check.equal("incident", "事象番号", shortened(to_hex(halted.incident)), shortened(to_hex(incident)))
        s.order(s.system.resume(HaltLevel.NORMAL, incident))
        paused = only(s.deployment, token.by(s.issuer).pause().receipt, "Paused", token.address).values["account"]
        check.equal("paused by", "一時停止の実行者", s.role_of(paused), "ISSUER")
        s.order(token.unpause())
        evidence = s.incident("evidence")
        loss = token.by(s.custodian).report_lost_key(s.bob.address, evidence)
        found = shortened(to_hex(loss.evidence))
        check.equal("evidence of the loss", "消失の証拠", found, shortened(to_hex(evidence)))
        s.order(token.dismiss_loss(loss.id))


def _two_people(s: Stage, token: Token) -> None:
    both = s.keyholder(Text("a person of two roles", "二つの役割を持つ者"))
    for role in (Role.ISSUING_AGENT, Role.ISSUER):
        s.order(s.authority.grant(role, both.address))
    act = token.issue(s.alice.address, 10)
    with s.check(
        "Nobody approves his own order, though he holds both roles; another person of the role does.",
        "両方の役割を持つ者でも自分の命令は承認できず、同じ役割の別の者が承認する。",
        s.units(token, s.alice).goes(99, 109),
    ) as check:
        mine = s.orders.by(both).propose(act, DOCUMENT, s.now + DAY)
        check.refused(reverts.OrderSelfApproval, lambda: s.orders.by(both).approve(mine.id))
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(both).execute(mine.id))
        s.orders.by(s.issuer).approve(mine.id)
        s.orders.by(both).execute(mine.id)
    with s.check(
        "No row has one role on both sides, nor one side alone, nor a delay that outlives its orders.",
        "同じ役割が両側にある権限行、片側だけの権限行、命令の期限を超える待機の権限行は設定できない。",
    ) as check:
        pause = s.matrix.row("token", "pause")
        row = s.authority.bind.row_of(EVERY_TOKEN, pause.selector)
        issuer, compliance = mask([Role.ISSUER]), mask([Role.COMPLIANCE])
        for p, a, delay in ((issuer, issuer, 0), (issuer, 0, 0), (0, compliance, 0), (issuer, compliance, 31 * DAY)):
            bad = replace(row, proposers=p, approvers=a, delay=delay)
            change = s.authority.set_row(EVERY_TOKEN, pause.selector, bad)
            check.refused(reverts.RowUnsound, partial(s.order, change))
        check.equal("row unchanged", "権限行は不変", s.authority.row_of(EVERY_TOKEN, pause.selector) == row, True)
    for role in (Role.ISSUING_AGENT, Role.ISSUER):
        s.order(s.authority.revoke(role, both.address))


def _delayed(s: Stage) -> None:
    pause = s.matrix.row("token", "pause")
    now = s.authority.row_of(EVERY_TOKEN, pause.selector)
    wider = replace(now, executors=now.executors | mask([Role.AUDITOR]))
    act = s.authority.set_row(EVERY_TOKEN, pause.selector, wider)
    delay = s.row(act.call).delay
    token = s.new_token()
    rows = s.figure("roles that may pause", "一時停止できる役割",
                    lambda: s.authority.row_of(EVERY_TOKEN, pause.selector).executors.bit_count())  # fmt: skip
    with s.check(
        "A row changes two days after its approval: refused one second before, done at the instant, in force at once.",
        "権限行の変更は承認の二日後から執行でき、1秒前は拒否され、執行と同時に効力を生じる。",
        rows.goes(4, 5),
    ) as check:
        check.equal("delay in seconds", "待機秒数", delay, 2 * DAY)
        order = s.orders.by(s.sys_admin).propose(act, DOCUMENT, s.now + 30 * DAY)
        ready = s.orders.by(s.compliance).approve(order.id, order.hash).ready_at
        carry_out = partial(s.orders.by(s.sys_admin).execute, order.id)
        check.refused(reverts.OrderNotReady, carry_out)
        s.at(ready - 1)
        check.refused(reverts.OrderNotReady, carry_out)
        check.refused_from(reverts.AccessRefused, token.bind.pause(), s.auditor)
        s.at(ready)
        carry_out()
        token.by(s.auditor).pause()
    s.order(s.authority.set_row(EVERY_TOKEN, pause.selector, now))


def _vetoed(s: Stage, token: Token) -> None:
    act = token.set_policy(token.policy().receive_classes, 0, True)
    with s.check(
        "While an order waits its guardians end it for good: compliance, its approvers, its two parties, nobody else.",
        "待機中の命令は、コンプライアンス・承認者側・当事者が拒否して終わらせることができ、他の者はできない。",
        s.figure("approval required", "発行者承認の要否", lambda: token.policy().approval_required).stays(False),
    ) as check:
        number = s.approved(act, proposer=s.issuer)
        veto = s.orders.bind.veto(number)
        check.refused_from(reverts.OrderUnauthorized, veto, s.emergency, s.sys_admin, s.registrar, s.mallory)
        s.orders.by(s.compliance).veto(number)
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(s.issuer).execute(number))
        taken_back = s.approved(act, proposer=s.issuer)
        s.orders.by(s.issuer).veto(taken_back)
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(s.issuer).execute(taken_back))
    second = s.keyholder(Text("a second compliance officer", "第二のコンプライアンス担当者"))
    s.order(s.authority.grant(Role.COMPLIANCE, second.address))
    with s.check(
        "An order against an officer, or out of a halt, is not stopped by that officer.",
        "役割の剥奪や再開の命令を、対象となる担当者が拒否することはできない。",
        s.figure("compliance officers", "コンプライアンスの保持者数",
                 lambda: len(s.authority.members(Role.COMPLIANCE))).goes(2, 1),
    ) as check:  # fmt: skip
        number = s.approved(s.authority.revoke(Role.COMPLIANCE, second.address))
        check.refused_from(reverts.OrderUnauthorized, s.orders.bind.veto(number), second)
        s.orders.by(s.sys_admin).execute(number)


def _stale(s: Stage, token: Token) -> None:
    bob, evidence = s.bob.address, s.incident("evidence")
    by_compliance, loss, stop = token.by(s.compliance), s.incident("a loss"), s.incident("a stop")
    undone: tuple[tuple[Act, Callable[[], object]], ...] = (
        (s.system.unfreeze_wallet(bob), lambda: s.system.by(s.compliance).freeze_wallet(bob)),
        (token.set_frozen(s.alice.address, 0), lambda: by_compliance.freeze(s.alice.address, 30)),
        (token.unpause(), lambda: token.by(s.issuer).pause()),
        (token.dismiss_loss(loss), lambda: token.by(s.agent).report_lost_key(s.alice.address, evidence, id=loss)),
        (s.system.resume(HaltLevel.NORMAL, stop), lambda: s.system.by(s.emergency).halt(HaltLevel.HALTED, stop)),
    )
    with s.check(
        "An order undoes nothing that came after it was proposed: a freeze, frozen units, a pause, a loss, a halt.",
        "命令は、提案後に行われたウォレット凍結・口数凍結・一時停止・消失の届出・全体停止を取り消さない。",
        s.figure("halt level", "停止レベル", lambda: s.system.level().name).stays("NORMAL"),
        s.frozen(token, s.alice).stays(0),
    ) as check:
        for undo, act in undone:
            act()
            check.refused(reverts.OrderStale, _left_over(s, undo, act))
            s.order(undo)
    forged = s.system.unfreeze_wallet(bob).call
    forged = Call(forged.to, forged.data + (2**40 - 1).to_bytes(32, "big"), forged.signature)
    with s.check(
        "The instant of the proposal cannot be forged in the call that an order carries; no client would approve it.",
        "提案時刻は、命令に含まれる呼出しの中で偽ることができず、そのような命令はクライアントも承認しない。",
    ) as check:
        s.system.by(s.compliance).freeze_wallet(bob)
        order = s.orders.by(s.registrar).propose(forged, DOCUMENT, s.now + DAY, Basis.POLICY)
        check.refused(InputError, lambda: s.orders.by(s.compliance).approve(order.id, order.hash))
        s.compliance.send(s.orders.bind.approve(order.id, order.hash))
        s.travel(1)
        s.system.by(s.compliance).freeze_wallet(bob)
        check.refused(reverts.OrderStale, lambda: s.orders.by(s.registrar).execute(order.id))
    s.order(s.system.unfreeze_wallet(bob))


def _left_over(s: Stage, undo: Act, act: Callable[[], object]) -> Callable[[], object]:
    """Of two orders that undo an act one is carried out, and the act is done again: what is left is the other."""
    first, second = s.approved(undo), s.approved(undo)
    by = s.orders.by(s.proposer_of(s.row(undo.call)))
    by.execute(first)
    s.travel(1)
    act()
    return partial(by.execute, second)


# --- roles ------------------------------------------------------------------------------------------------------------


def _those_who_govern(s: Stage) -> None:
    bind = s.authority.bind
    with s.check(
        "The last system administrator and the last compliance officer cannot be removed, nor lay the role down.",
        "最後のシステム管理者とコンプライアンス担当者は、外すことも自ら辞することもできない。",
        *(s.figure(f"members of {role.name}", f"{role.name}の保持者数",
                   partial(lambda role: len(s.authority.members(role)), role)).stays(1)
          for role in (Role.SYS_ADMIN, Role.COMPLIANCE)),
    ) as check:  # fmt: skip
        for role, person in ((Role.SYS_ADMIN, s.sys_admin), (Role.COMPLIANCE, s.compliance)):
            check.refused(reverts.RoleLastMember, partial(s.order, s.authority.revoke(role, person.address)))
            check.refused_from(reverts.RoleLastMember, bind.renounce_role(role, person.address), person)
    with s.check(
        "The system administrator holds no business role: none is given to him, he is in no row of a token.",
        "システム管理者は業務上の役割を兼ねられず、トークンのどの権限行にも含まれない。",
    ) as check:
        for role in (Role.ISSUER, Role.COMPLIANCE, Role.AUDITOR):
            check.refused(reverts.RoleIncompatible, partial(s.order, s.authority.grant(role, s.sys_admin.address)))
        check.refused(reverts.RoleIncompatible, lambda: s.order(s.authority.grant(Role.SYS_ADMIN, s.issuer.address)))
        rows = [s.authority.row_of(EVERY_TOKEN, row.selector) for row in s.matrix if row.contract == "token"]
        named = [row for row in rows if (row.executors | row.proposers | row.approvers) >> Role.SYS_ADMIN & 1]
        check.tell("rows of a token", "トークンの権限行", len(rows))
        check.equal("rows with the system administrator", "システム管理者を含む権限行", len(named), 0)
    with s.check(
        "A role changes hands without a gap: the new holder is in before the old one is out.",
        "役割の交代は空白なく行われ、新任者が加わった後に前任者が外れる。",
    ) as check:
        heir = s.keyholder(Text("a new system administrator", "新しいシステム管理者"))
        s.order(s.authority.grant(Role.SYS_ADMIN, heir.address))
        s.order(s.authority.revoke(Role.SYS_ADMIN, s.sys_admin.address), proposer=heir)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(s.authority.grant(Role.AUDITOR, s.dave.address)))
        s.order(s.authority.grant(Role.SYS_ADMIN, s.sys_admin.address), proposer=heir)
        s.order(s.authority.revoke(Role.SYS_ADMIN, heir.address))


def _leaving(s: Stage, token: Token) -> None:
    agent = s.keyholder(Text("a second issuing agent", "第二の発行代理人"))
    officer = s.keyholder(Text("a second issuer", "第二の発行者"))
    s.order(s.authority.grant(Role.ISSUING_AGENT, agent.address))
    s.order(s.authority.grant(Role.ISSUER, officer.address))
    act = token.issue(s.alice.address, 5)
    with s.check(
        "Who loses a role loses what it allowed at once: acts alone, proposing, approving, carrying out.",
        "役割を失った者は直ちに、単独操作・提案・承認・執行の全てができなくなる。",
        s.supply(token).stays(110),
    ) as check:
        open_ = s.orders.by(agent).propose(act, DOCUMENT, s.now + DAY)
        approved = s.approved(act, agent, officer)
        s.order(s.authority.revoke(Role.ISSUING_AGENT, agent.address))
        s.order(s.authority.revoke(Role.ISSUER, officer.address))
        check.refused(
            reverts.OrderUnauthorized,
            lambda: s.orders.by(agent).propose(act, DOCUMENT, s.now + DAY),
            lambda: s.orders.by(officer).approve(open_.id),
            lambda: s.orders.by(s.issuer).approve(open_.id),
            lambda: s.orders.by(agent).execute(approved),
        )
        check.refused_from(reverts.AccessRefused, token.bind.pause(), officer)
    with s.check(
        "What was approved before its approver left stays approved, and another holder of the role carries it out.",
        "承認者の退任前に承認された命令は有効であり、同じ役割の別の保持者が執行できる。",
        s.supply(token).goes(110, 115),
    ):
        s.orders.by(s.agent).execute(approved)


def _for_one_token(s: Stage, token: Token) -> None:
    other = s.new_token()
    s.issue(other, s.alice, 100)
    local = s.keyholder(Text("the issuer of one token", "一銘柄のみの発行者"))
    s.order(s.authority.grant(Role.ISSUER, local.address, token.address))
    with s.check(
        "A role of one token is worth nothing at another, nor in the core system.",
        "一銘柄に限る役割は、他の銘柄でも基幹システムでも効力がない。",
        s.units(token, s.alice).goes(114, 115), s.units(other, s.alice).stays(100),
    ) as check:  # fmt: skip
        s.order(token.issue(s.alice.address, 1), approver=local)
        check.refused(reverts.OrderUnauthorized, lambda: s.order(other.issue(s.alice.address, 1), approver=local))
        check.refused_from(reverts.AccessRefused, other.bind.pause(), local)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(s.system.create_token(s.terms()), approver=local))
        token.by(local).pause()
        s.order(token.unpause())
