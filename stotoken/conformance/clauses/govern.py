"""6.2.3 governance: who may do what is one table, dangerous acts take two people, and the table guards itself."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.events import only
from stotoken.client.token import Token
from stotoken.conformance.clauses.closed import closed_tables, no_second_door
from stotoken.conformance.clauses.ordered import by_order
from stotoken.conformance.clauses.tried import everybody_alone, everybody_by_order
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DOCUMENT, Stage, none
from stotoken.conformance.table import shortened
from stotoken.governance.difference import differences
from stotoken.governance.file import Governance
from stotoken.governance.matrix import EVERY_TOKEN
from stotoken.governance.rights import read_rights
from stotoken.governance.unrowed import without_row
from stotoken.types import Basis, HaltLevel, Role, to_hex


@scenario("6.2.3", "Governance", "ガバナンス構築機能")
def govern(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    _who_did_it(s, token)
    _as_the_file_has_it(s)
    by_order(s, token)
    _those_who_govern(s)
    _leaving(s, token)
    _for_one_token(s, token)
    closed_tables(s, token)
    no_second_door(s, token)
    everybody_alone(s, token)
    everybody_by_order(s, token)


def _differing(s: Stage) -> int:
    return len(differences(Governance.load(), read_rights(s.deployment, s.connection)))


def _as_the_file_has_it(s: Stage) -> None:
    with s.check(
        "The role matrix of a fresh deployment, rows and members read from the events, is the one in the file.",
        "展開直後のチェーン上の権限表(イベントから読み取った権限行と役割の保持者)は、権限ファイルと一致する。",
    ) as check:
        rights = read_rights(s.deployment, s.connection)
        check.equal("rows on chain", "チェーン上の権限行", len(rights.rows), len(s.matrix.rows))
        check.equal("differences", "差異", _differing(s), 0)
    with s.check(
        "No function that changes something is left without a row.",
        "状態を変更する機能で、権限行のないものはない。",
    ) as check:
        check.tell("rows", "権限行", len(s.matrix.rows))
        none(check, "functions without a row", "権限行のない機能", without_row(s.matrix))
    differing = s.figure("differences from the file", "権限ファイルとの差異", lambda: _differing(s))
    with s.check(
        "A role that the file gives to nobody is found on chain.",
        "ファイルにない役割の付与は、チェーンから検出される。",
        differing.goes(0, 1),
    ):
        s.order(s.authority.grant(Role.AUDITOR, s.dave.address))
    s.order(s.authority.revoke(Role.AUDITOR, s.dave.address))


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
    for en, ja, basis, document in (
        ("ground", "根拠コード", Basis.INITIAL, DOCUMENT), ("document", "文書ハッシュ", Basis.ISSUANCE, bytes(32)),
    ):  # fmt: skip
        with s.check(f"No order is proposed without its {en}.", f"{ja}のない命令は提案できない。") as check:
            call = s.orders.bind.propose(act.target, act.call.data, basis, document, s.now + DAY)
            check.refused_from(reverts.OrderIncomplete, call, s.agent)
    _what_one_person_did(s, token)


def _what_one_person_did(s: Stage, token: Token) -> None:
    incident, evidence = s.incident("an incident"), s.incident("evidence")
    with s.check(
        "A halt tells who made it and for which incident.",
        "停止は、実行者と事象番号を記録する。",
    ) as check:
        halted = s.system.by(s.emergency).halt(HaltLevel.RESTRICTED, incident)
        check.equal("halted by", "停止の実行者", s.role_of(halted.by), "EMERGENCY")
        check.equal("incident", "事象番号", shortened(to_hex(halted.incident)), shortened(to_hex(incident)))
    s.order(s.system.resume(HaltLevel.NORMAL, incident))
    with s.check(
        "A pause tells who made it.",
        "一時停止は、実行者を記録する。",
    ) as check:
        paused = only(s.deployment, token.by(s.issuer).pause().receipt, "Paused", token.address).values["account"]
        check.equal("paused by", "一時停止の実行者", s.role_of(paused), "ISSUER")
    s.order(token.unpause())
    with s.check(
        "A report of a loss keeps the hash of its evidence.",
        "消失の届出は、証拠のハッシュを記録する。",
    ) as check:
        loss = token.by(s.custodian).report_lost_key(s.bob.address, evidence)
        check.equal("evidence of the loss", "消失の証拠", shortened(to_hex(loss.evidence)), shortened(to_hex(evidence)))
    s.order(token.dismiss_loss(loss.id))


def _those_who_govern(s: Stage) -> None:
    bind = s.authority.bind
    for role, person, en, ja in (
        (Role.SYS_ADMIN, s.sys_admin, "system administrator", "システム管理者"),
        (Role.COMPLIANCE, s.compliance, "compliance officer", "コンプライアンス担当者"),
    ):
        members = s.figure(f"members of {role.name}", f"{role.name}の保持者数",
                           partial(lambda role: len(s.authority.members(role)), role))  # fmt: skip
        with s.check(
            f"The last {en} cannot be removed, not even by an order.",
            f"最後の{ja}は、命令によっても外すことができない。",
            members.stays(1),
        ) as check:
            check.refused(reverts.RoleLastMember, partial(s.order, s.authority.revoke(role, person.address)))
        with s.check(
            f"The last {en} cannot renounce the role.",
            f"最後の{ja}は、自ら役割を辞することもできない。",
            members.stays(1),
        ) as check:
            check.refused_from(reverts.RoleLastMember, bind.renounce_role(role, person.address), person)
    _administrator(s)
    with s.check(
        "A role changes hands without a gap: the new holder is in before the old one is out.",
        "役割の交代は空白なく行われ、新任者が加わった後に前任者が外れる。",
    ) as check:
        heir = s.keyholder(Text("a new system administrator", "新しいシステム管理者"))
        s.order(s.authority.grant(Role.SYS_ADMIN, heir.address))
        s.order(s.authority.revoke(Role.SYS_ADMIN, s.sys_admin.address), proposer=heir)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(s.authority.grant(Role.AUDITOR, s.dave.address)))
        s.order(s.authority.grant(Role.SYS_ADMIN, s.sys_admin.address), proposer=heir)
    administrators = s.figure("system administrators", "システム管理者の数",
                              lambda: len(s.authority.members(Role.SYS_ADMIN)))  # fmt: skip
    with s.check(
        "A system administrator who is not the last renounces the role himself, and nobody does it for him.",
        "最後の一人でないシステム管理者は自ら役割を辞することができ、他の者が代わって辞することはできない。",
        administrators.goes(2, 1),
    ) as check:
        renounce = bind.renounce_role(Role.SYS_ADMIN, heir.address)
        check.refused_from(reverts.AccessManagerBadConfirmation, renounce, s.sys_admin, s.mallory)
        heir.send(renounce)


def _administrator(s: Stage) -> None:
    for role in (Role.ISSUER, Role.COMPLIANCE, Role.AUDITOR):
        with s.check(
            f"The system administrator is not given the role {role.name}.",
            f"システム管理者に役割{role.name}を与えることはできない。",
        ) as check:
            check.refused(reverts.RoleIncompatible, partial(s.order, s.authority.grant(role, s.sys_admin.address)))
    with s.check(
        "Who has a business role is not made system administrator.",
        "業務上の役割を持つ者を、システム管理者とすることはできない。",
    ) as check:
        check.refused(reverts.RoleIncompatible, lambda: s.order(s.authority.grant(Role.SYS_ADMIN, s.issuer.address)))
    with s.check(
        "The system administrator is in no row of a token.",
        "システム管理者は、トークンのどの権限行にも含まれない。",
    ) as check:
        rows = [s.authority.row_of(EVERY_TOKEN, row.selector) for row in s.matrix if row.contract == "token"]
        named = [row for row in rows if (row.executors | row.proposers | row.approvers) >> Role.SYS_ADMIN & 1]
        check.tell("rows of a token", "トークンの権限行", len(rows))
        check.equal("rows with the system administrator", "システム管理者を含む権限行", len(named), 0)


def _leaving(s: Stage, token: Token) -> None:
    agent = s.keyholder(Text("a second issuing agent", "第二の発行代理人"))
    officer = s.keyholder(Text("a second issuer", "第二の発行者"))
    s.order(s.authority.grant(Role.ISSUING_AGENT, agent.address))
    s.order(s.authority.grant(Role.ISSUER, officer.address))
    act, unauthorized = token.issue(s.alice.address, 5), reverts.OrderUnauthorized
    open_ = s.orders.by(agent).propose(act, DOCUMENT, s.now + DAY)
    approved = s.approved(act, agent, officer)
    s.order(s.authority.revoke(Role.ISSUING_AGENT, agent.address))
    s.order(s.authority.revoke(Role.ISSUER, officer.address))
    for en, ja, error, does in (
        ("does alone", "単独で実行", reverts.AccessRefused, lambda: officer.send(token.bind.pause())),
        ("proposes", "提案", unauthorized, lambda: s.orders.by(agent).propose(act, DOCUMENT, s.now + DAY)),
        ("approves", "承認", unauthorized, lambda: s.orders.by(officer).approve(open_.id)),
        ("carries out", "執行", unauthorized, lambda: s.orders.by(agent).execute(approved)),
    ):
        with s.check(
            f"Who lost a role {en} at once nothing more of what it allowed.",
            f"役割を失った者は、それにより認められていたことを直ちに{ja}できなくなる。",
            s.supply(token).stays(110),
        ) as check:
            check.refused(error, does)
    with s.check(
        "What somebody proposed who then lost the role is approved by nobody.",
        "提案後に役割を失った者の命令は、誰も承認できない。",
        s.supply(token).stays(110),
    ) as check:
        check.refused(unauthorized, lambda: s.orders.by(s.issuer).approve(open_.id))
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
        "A role of one token serves there.",
        "一銘柄に限る役割は、その銘柄で効力を持つ。",
        s.units(token, s.alice).goes(114, 115),
    ):
        s.order(token.issue(s.alice.address, 1), approver=local)
        token.by(local).pause()
        s.order(token.unpause())
    with s.check(
        "A role of one token is worth nothing at another.",
        "一銘柄に限る役割は、他の銘柄では効力がない。",
        s.units(other, s.alice).stays(100),
    ) as check:
        check.refused(reverts.OrderUnauthorized, lambda: s.order(other.issue(s.alice.address, 1), approver=local))
        check.refused_from(reverts.AccessRefused, other.bind.pause(), local)
    with s.check(
        "A role of one token is worth nothing in the core system.",
        "一銘柄に限る役割は、基幹システムでは効力がない。",
    ) as check:
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(s.system.create_token(s.terms()), approver=local))
