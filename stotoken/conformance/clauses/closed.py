"""No way beside the role matrix: the tables under it are closed, and nobody speaks for another."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.bindings.structs import Row
from stotoken.client.token import Token
from stotoken.conformance.stage import DOCUMENT, Stage
from stotoken.conformance.tiny import RELAY, put_on_chain, through
from stotoken.governance.matrix import ADMIN, ENROLLER, mask
from stotoken.types import Basis, Role


def closed_tables(s: Stage, token: Token) -> None:
    bind, pause = s.authority.bind, token.bind.pause().data[:4]
    tables = (
        bind.set_target_function_role(token.address, [pause], Role.AUDITOR), bind.set_grant_delay(Role.ISSUER, 1),
        bind.set_role_admin(Role.ISSUER, Role.AUDITOR), bind.set_role_guardian(Role.ISSUER, Role.AUDITOR),
        bind.set_target_admin_delay(token.address, 1), bind.set_target_closed(token.address, True),
    )  # fmt: skip
    with s.check(
        "The AccessManager's own tables are closed to everybody, to orders, and to the queue of orders itself.",
        "AccessManager自体の権限表は、誰からも、命令によっても、命令簿自身からも変更できない。",
    ) as check:
        for call in tables:
            check.refused_from(reverts.AccessManagerUnauthorizedAccount, call, s.sys_admin)
            ordered = s.orders.bind.propose(str(call.to), call.data, Basis.GOVERNANCE, DOCUMENT, s.now + 999)
            check.refused_from(reverts.OrderUnauthorized, ordered, s.sys_admin)
            by_queue = partial(s.connection.call, call.to, call.data, "latest", s.deployment.orders)
            check.refused(reverts.RowUnsound, by_queue)
    with s.check(
        "No row opens them, nobody else becomes administrator or core system, no role is given with a delay.",
        "権限行でそれらを開くことも、管理者や基幹システムの席を他の者に与えることも、待機付きの役割付与もできない。",
    ) as check:
        row = Row(0, mask([Role.SYS_ADMIN]), mask([Role.COMPLIANCE]), 0, False)
        door = s.authority.set_row(s.deployment.authority, bind.set_role_admin(1, 1).data[:4], row)
        check.refused(reverts.RowUnsound, lambda: s.order(door))
        for seat in (ADMIN, ENROLLER):
            check.refused(reverts.RoleClosed, partial(s.order, bind.grant_role(seat, s.sys_admin.address, 0)))
        check.refused(reverts.RoleDelayed, lambda: s.order(bind.grant_role(Role.AUDITOR, s.dave.address, 60)))


def no_second_door(s: Stage, token: Token) -> None:
    bind, pause = s.authority.bind, token.bind.pause()
    with s.check(
        "Relayed, bundled and delegated calls give nobody more than he has: neither the authority nor a desk.",
        "権限管理契約による中継・一括呼出しや、委譲先の契約への直接呼出しでも、持たない権限は行使できない。",
    ) as check:
        relayed = bind.execute(token.address, pause.data)
        check.refused_from(reverts.AccessRefused, relayed, s.issuer)
        check.refused_from(reverts.AccessManagerUnauthorizedCall, relayed, s.mallory)
        grant = bind.grant_role(Role.ISSUER, s.mallory.address, 0).data
        check.refused_from(reverts.AccessManagerUnauthorizedAccount, bind.multicall([grant]), s.mallory, s.sys_admin)
        for part, call in (
            ("SecurityToken", token.bind.forced_transfer(s.alice.address, s.mallory.address, 1)),
            ("IssuerDesk", token.allot(1).call), ("TermsDesk", token.set_lockup(None).call),
            ("RegistrarDesk", token.dismiss_loss(s.incident("a loss")).call),
        ):  # fmt: skip
            past = Call(s.deployment.addresses[part], call.data, call.signature)
            check.refused_from(reverts.OrderRequired, past, s.mallory, s.registrar)
    with s.check(
        "Whoever writes another's address behind his call stays who he is.",
        "呼出しデータの末尾に他人のアドレスを付しても、送信者を偽ることはできない。",
    ) as check:
        for victim in (s.issuer.address, s.deployment.orders):
            spoofed = Call(pause.to, pause.data + int(victim, 16).to_bytes(32, "big"), pause.signature)
            check.refused_from(reverts.AccessRefused, spoofed, s.mallory)
    _held_by_a_contract(s, token)


def _held_by_a_contract(s: Stage, token: Token) -> None:
    wallet = put_on_chain(s.mallory, RELAY)
    s.order(s.authority.grant(Role.EMERGENCY, wallet))
    members = s.figure("emergency officers", "緊急対応者の数", lambda: len(s.authority.members(Role.EMERGENCY)))
    with s.check(
        "A role may be held by a contract, such as a wallet of several keys: it may, the people behind it may not.",
        "役割は複数鍵ウォレットなどのコントラクトも保持でき、背後の者自身には権限がない。",
        members.goes(2, 1),
    ) as check:
        check.refused_from(reverts.AccessRefused, token.bind.pause(), s.mallory)
        s.mallory.send(through(wallet, token.bind.pause()))
        check.equal("paused", "一時停止", token.paused(), True)
        s.order(token.unpause())
        s.order(s.authority.revoke(Role.EMERGENCY, wallet))
        check.refused_from(reverts.AccessRefused, through(wallet, token.bind.pause()), s.mallory)
