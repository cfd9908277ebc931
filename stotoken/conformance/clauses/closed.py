"""No way beside the role matrix: the tables under it are closed, and nobody speaks for another."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.artifacts import PARTS, load
from stotoken.chain.abi import Call
from stotoken.client.bindings.structs import Row
from stotoken.client.token import Token
from stotoken.conformance.stage import DOCUMENT, Stage, none
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
    closed = reverts.AccessManagerUnauthorizedAccount
    with s.check(
        "The AccessManager's own tables are closed to everybody who calls them.",
        "AccessManager自体の権限表は、誰が呼び出しても変更できない。",
    ) as check:
        for call in tables:
            check.refused_from(closed, call, s.sys_admin, s.compliance, s.mallory)
    with s.check(
        "They are closed to orders.",
        "命令によっても変更できない。",
    ) as check:
        for call in tables:
            ordered = s.orders.bind.propose(str(call.to), call.data, Basis.GOVERNANCE, DOCUMENT, s.now + 999)
            check.refused_from(reverts.OrderUnauthorized, ordered, s.sys_admin)
    with s.check(
        "They are closed to the queue of orders itself.",
        "命令簿自身からも変更できない。",
    ) as check:
        for call in tables:
            by_queue = partial(s.connection.call, call.to, call.data, "latest", s.deployment.orders)
            check.refused(reverts.RowUnsound, by_queue)
    _not_opened(s)


def _not_opened(s: Stage) -> None:
    bind = s.authority.bind
    with s.check(
        "No row opens those tables.",
        "権限行によってそれらを開くことはできない。",
    ) as check:
        row = Row(0, mask([Role.SYS_ADMIN]), mask([Role.COMPLIANCE]), 0, False)
        door = s.authority.set_row(s.deployment.authority, bind.set_role_admin(1, 1).data[:4], row)
        check.refused(reverts.RowUnsound, lambda: s.order(door))
    for seat, en, ja in ((ADMIN, "administrator", "管理者"), (ENROLLER, "core system", "基幹システム")):
        with s.check(
            f"Nobody else is put in the seat of the {en} of the authority.",
            f"権限管理契約における{ja}の席を、他の者に与えることはできない。",
        ) as check:
            check.refused(reverts.RoleClosed, partial(s.order, bind.grant_role(seat, s.sys_admin.address, 0)))
    with s.check(
        "No role is given with a delay, in which its holder would be neither in nor out.",
        "待機付きで役割を付与し、保持の有無を曖昧にすることはできない。",
    ) as check:
        check.refused(reverts.RoleDelayed, lambda: s.order(bind.grant_role(Role.AUDITOR, s.dave.address, 60)))


def no_second_door(s: Stage, token: Token) -> None:
    bind, pause = s.authority.bind, token.bind.pause()
    with s.check(
        "A call that the authority relays gives nobody more than he has.",
        "権限管理契約に呼出しを中継させても、持たない権限は行使できない。",
    ) as check:
        relayed = bind.execute(token.address, pause.data)
        check.refused_from(reverts.AccessRefused, relayed, s.issuer)
        check.refused_from(reverts.AccessManagerUnauthorizedCall, relayed, s.mallory)
    with s.check(
        "Calls that are bundled (multicall) give nobody more than he has.",
        "一括呼出し(multicall)でも、持たない権限は行使できない。",
    ) as check:
        grant = bind.grant_role(Role.ISSUER, s.mallory.address, 0).data
        check.refused_from(reverts.AccessManagerUnauthorizedAccount, bind.multicall([grant]), s.mallory, s.sys_admin)
    for part, call in (
        ("SecurityToken", token.bind.forced_transfer(s.alice.address, s.mallory.address, 1)),
        ("IssuerDesk", token.allot(1).call), ("TermsDesk", token.set_lockup(None).call),
        ("RegistrarDesk", token.dismiss_loss(s.incident("a loss")).call),
    ):  # fmt: skip
        with s.check(
            f"Called past the tokens that delegate to it, the code of {part} does nothing for anybody.",
            f"委譲元のトークンを経由せず{part}を直接呼び出しても、何も実行されない。",
        ) as check:
            past = Call(s.deployment.addresses[part], call.data, call.signature)
            check.refused_from(reverts.OrderRequired, past, s.mallory, s.registrar)
    _collisions(s, token)
    for victim, en, ja in (
        (s.issuer.address, "the issuer's", "発行者"), (s.deployment.orders, "the queue's", "命令簿"),
    ):  # fmt: skip
        with s.check(
            f"Whoever writes {en} address behind his call stays who he is.",
            f"呼出しデータの末尾に{ja}のアドレスを付しても、送信者を偽ることはできない。",
        ) as check:
            spoofed = Call(pause.to, pause.data + int(victim, 16).to_bytes(32, "big"), pause.signature)
            check.refused_from(reverts.AccessRefused, spoofed, s.mallory)
    _held_by_a_contract(s, token)


def _collisions(s: Stage, token: Token) -> None:
    with s.check(
        "Behind the one address of a token no function hides another of the same selector.",
        "トークンの一つのアドレスの背後で、機能が同じ識別子の他の機能を隠すことはない。",
    ) as check:
        found = {
            (selector, signature)
            for part in ("SecurityToken", *PARTS["SecurityToken"])
            for signature, selector in load(part).method_identifiers.items()
        }
        selectors = [selector for selector, _ in found]
        check.tell("functions", "機能数", len(found))
        clashes = {signature for selector, signature in found if selectors.count(selector) > 1}
        none(check, "functions that share a selector", "識別子が重なる機能", clashes)
    with s.check(
        "A token is set up once: nobody writes its terms or its owner anew.",
        "トークンの初期設定は一度限りであり、誰も条件や管理者を書き直せない。",
    ) as check:
        again = token.bind.initialize(s.terms())
        check.refused_from(reverts.AccessRefused, again, s.mallory, s.sys_admin, s.issuer)


def _held_by_a_contract(s: Stage, token: Token) -> None:
    wallet = put_on_chain(s.mallory, RELAY)
    s.order(s.authority.grant(Role.EMERGENCY, wallet))
    paused = s.figure("paused", "一時停止", token.paused)
    with s.check(
        "A role may be held by a contract, such as a wallet of several keys.",
        "役割は、複数鍵ウォレットなどのコントラクトも保持できる。",
        paused.goes(False, True),
    ):
        s.mallory.send(through(wallet, token.bind.pause()))
    s.order(token.unpause())
    with s.check(
        "Whoever stands behind a contract that holds a role has no role himself.",
        "役割を保持するコントラクトの背後の者自身には、権限がない。",
        paused.stays(False),
    ) as check:
        check.refused_from(reverts.AccessRefused, token.bind.pause(), s.mallory)
    with s.check(
        "A contract that lost its role lets nobody do any more what it allowed.",
        "役割を失ったコントラクトを通じて、その権限を行使することはできない。",
        paused.stays(False),
    ) as check:
        s.order(s.authority.revoke(Role.EMERGENCY, wallet))
        check.refused_from(reverts.AccessRefused, through(wallet, token.bind.pause()), s.mallory)
