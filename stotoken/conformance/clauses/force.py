"""6.1.1.8 forced transfer: on an order with its ground, without the holder."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.orders import Executed
from stotoken.client.token import Token
from stotoken.conformance.checking import Reading
from stotoken.conformance.clauses.attaching import held, seizure, whatever_became_of_it
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, DOCUMENT, Stage
from stotoken.conformance.witness import Person
from stotoken.errors import Reverted
from stotoken.ledger.decoding import Contracts
from stotoken.ledger.follower import replay
from stotoken.types import ZERO_ADDRESS, Address, Basis, Units


@scenario("6.1.1.8", "Forced transfer", "強制移転機能")
def force(s: Stage) -> None:
    token = held(s)
    _on_an_order(s, token)
    _by_the_standards(s, token)
    _held_back(s)
    _nobody_alone(s, token)
    _orders_that_do_not_hold(s, token)
    _orders_against_their_time(s, token)
    _nothing_forced(s, token)
    whatever_became_of_it(s)


def _transactions(s: Stage, person: Person) -> Reading:
    """How many transactions somebody ever sent: none is needed from who loses the units."""
    text = Text(f"transactions of {person.name.en}", f"{person.name.ja}の取引数")
    return Reading(text, lambda: s.connection.nonce(person.address))


def _on_an_order(s: Stage, token: Token) -> None:
    with s.check(
        "On an order that one proposes and another approves, units move to a third party.",
        "一者が提案し別の一者が承認した命令により、口数が第三者へ移転される。",
        s.units(token, s.alice).goes(100, 90), s.units(token, s.bob).goes(0, 10), s.supply(token).stays(100),
    ) as check:  # fmt: skip
        done = s.order(seizure(token, s.alice, s.bob.address, 10))
        order = s.orders.show(done.id)
        check.equal("proposer and approver differ", "提案者と承認者が別人", order.proposer != order.approver, True)
    with s.check(
        "The holder takes no part: no transaction of his, no allowance, no operator.",
        "保有者の関与は不要である: 取引も許可も操作者の指定もない。",
        s.units(token, s.alice).goes(90, 80), _transactions(s, s.alice).stays(),
    ) as check:  # fmt: skip
        done = s.order(seizure(token, s.alice, s.bob.address, 10))
        for other in (s.registrar, s.compliance, s.bob):
            check.equal(f"allowance of the {s.role_of(other.address).lower() or 'receiver'}", "許可数",
                        token.allowance(s.alice.address, other.address), 0)  # fmt: skip
    with s.check(
        "The register of orders keeps its legal ground and the hash of its document.",
        "命令簿は、法的根拠と文書ハッシュを記録する。",
    ) as check:
        order = s.orders.show(done.id)
        check.equal("ground", "根拠", order.basis.name, "ATTACHMENT")
        check.equal("document hash", "文書ハッシュ", order.document_hash == DOCUMENT, True)
    with s.check(
        "The lineage of the units names the order, and so its ground.",
        "口数の来歴は命令番号を示し、それにより根拠が分かる。",
    ) as check:
        moved = replay(Contracts.of(s.deployment, token.address), s.connection).lineage(s.alice.address)[-1]
        check.equal("order named in the lineage", "来歴が示す命令番号", moved.order or 0, done.id)
        check.equal("its ground", "その根拠", s.orders.show(done.id).basis.name, "ATTACHMENT")


def _by_the_standards(s: Stage, token: Token) -> None:
    a, b = s.alice.address, s.bob.address
    for name, act in (
        ("controllerTransfer of ERC-1644", token.controller_transfer(a, b, 5, Basis.JUDGMENT)),
        ("forcedTransfer of ERC-7943", token.forced_transfer(a, b, 5, Basis.JUDGMENT)),
    ):
        with s.check(
            f"{name} is refused to everybody, and moves units on an order.",
            f"{name.replace(' of ', '(')})は誰が直接呼び出しても拒否され、命令によってのみ移転する。",
            s.units(token, s.bob).becomes(token.balance_of(b) + 5),
        ) as check:
            check.refused_from(reverts.OrderRequired, act.call, s.registrar, s.compliance, s.mallory)
            s.order(act)


def _forced_events(done: Executed) -> str:
    wanted = ("Frozen", "Transfer", "ForcedTransfer", "ControllerTransfer")
    return " ".join(event.name for event in done.events if event.name in wanted)


def _held_back(s: Stage) -> None:
    token, to = held(s), s.bob.address
    token.by(s.compliance).freeze(s.alice.address, 80)
    with s.check(
        "Free units go first: what was frozen stays frozen while enough is left.",
        "まず凍結されていない口数が移転され、残高が足りる限り凍結数は変わらない。",
        s.units(token, s.alice).goes(100, 90), s.frozen(token, s.alice).stays(80),
    ):  # fmt: skip
        s.order(seizure(token, s.alice, to, 10))
    with s.check(
        "Frozen units are taken too; what is left of the holding stays frozen.",
        "凍結中の口数も強制移転でき、残りの保有は凍結されたままとなる。",
        s.units(token, s.alice).goes(90, 40), s.frozen(token, s.alice).goes(80, 40),
    ):  # fmt: skip
        done = s.order(seizure(token, s.alice, to, 50))
    with s.check(
        "Events tell first that units are unfrozen, then that they moved, then that they were forced.",
        "イベントは、凍結の解除、移転、強制移転の順に記録される。",
    ) as check:
        check.equal("events", "イベント", _forced_events(done), "Frozen Transfer ForcedTransfer ControllerTransfer")
    s.order(token.set_lockup(s.now + 90 * DAY, DEFAULT, s.alice.address))
    with s.check(
        "Units of a holding that is locked up are taken too.",
        "ロックアップ中の保有の口数も強制移転できる。",
        s.units(token, s.alice).goes(40, 30),
    ) as check:
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.alice).transfer(to, 1))
        s.order(seizure(token, s.alice, to, 10))
    token = held(s)
    s.order(token.lock_lot(s.alice.address, 70, s.now + 90 * DAY))
    with s.check(
        "Units of a locked lot are taken too.",
        "ロックされたロットの口数も強制移転できる。",
        s.units(token, s.alice).goes(100, 0), s.units(token, s.bob).goes(0, 100),
    ) as check:  # fmt: skip
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: token.by(s.alice).transfer(to, 31))
        s.order(seizure(token, s.alice, to, 100))


def _nobody_alone(s: Stage, token: Token) -> None:
    act = seizure(token, s.alice, s.bob.address, 1)
    stays = s.units(token, s.alice).stays(70)
    with s.check(
        "Nobody forces alone: the registrar, compliance, a creditor, the new owner.",
        "単独での強制移転は、名簿管理者・コンプライアンス・債権者・取得者のいずれもできない。",
        stays,
    ) as check:
        check.refused_from(reverts.OrderRequired, act.call, s.registrar, s.compliance, s.mallory, s.bob)
    with s.check(
        "Nobody approves what he proposed himself.",
        "自ら提案した命令を承認することはできない。",
        stays,
    ) as check:
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, approver=s.registrar))
    with s.check(
        "Nobody else proposes or approves it.",
        "他の者は提案も承認もできない。",
        stays,
    ) as check:
        for proposer in (s.compliance, s.issuer, s.mallory):
            check.refused(reverts.OrderUnauthorized, partial(s.approved, act, proposer=proposer))
        for approver in (s.issuer, s.sys_admin, s.mallory):
            check.refused(reverts.OrderUnauthorized, partial(s.approved, act, approver=approver))


def _orders_that_do_not_hold(s: Stage, token: Token) -> None:
    act, other = (seizure(token, s.alice, s.bob.address, units) for units in (5, 6))
    registrar, compliance = s.orders.by(s.registrar), s.orders.by(s.compliance)
    stays = s.units(token, s.alice).stays(70)
    with s.check(
        "Without an order nothing is forced, whatever number is named.",
        "命令がなければ、どの番号を示しても強制移転できない。",
        stays,
    ) as check:
        absent = s.orders.bind.execute(s.orders.count() + 1, act.target, act.call.data)
        check.refused_from(reverts.OrderStatusWrong, absent, s.registrar)
    order = registrar.propose(act, DOCUMENT, s.now + 30 * DAY)
    with s.check(
        "An order that nobody approved forces nothing.",
        "未承認の命令では強制移転できない。",
        stays,
    ) as check:
        check.refused(reverts.OrderStatusWrong, lambda: registrar.execute(order.id))
    with s.check(
        "An approver who was shown another act than was proposed approves nothing.",
        "提案と異なる内容を示された承認者の承認は成立しない。",
        stays,
    ) as check:
        check.refused(reverts.OrderActMismatch, lambda: s.compliance.send(s.orders.bind.approve(order.id, other.hash)))
    compliance.approve(order.id, order.hash)
    with s.check(
        "An approved order forces nothing but what was approved: one unit more does not match.",
        "承認済みの命令は承認された内容にしか使えず、一口でも異なれば一致しない。",
        stays,
    ) as check:
        bait = s.orders.bind.execute(order.id, other.target, other.call.data)
        check.refused_from(reverts.OrderActMismatch, bait, s.registrar)
    with s.check(
        "An order that was vetoed forces nothing, though it had been approved.",
        "拒否された命令では、承認後であっても強制移転できない。",
        stays,
    ) as check:
        compliance.veto(order.id)
        check.refused(reverts.OrderStatusWrong, lambda: registrar.execute(order.id))
    for name, ja, basis, document in (
        ("a ground", "根拠", Basis.INITIAL, DOCUMENT), ("a document", "文書", Basis.JUDGMENT, bytes(32)),
    ):  # fmt: skip
        with s.check(
            f"No order is proposed without {name}.",
            f"{ja}のない命令は提案できない。",
            stays,
        ) as check:
            bare = s.orders.bind.propose(act.target, act.call.data, basis, document, s.now + DAY)
            check.refused_from(reverts.OrderIncomplete, bare, s.registrar)


def _orders_against_their_time(s: Stage, token: Token) -> None:
    act = seizure(token, s.alice, s.bob.address, 5)
    registrar, compliance = s.orders.by(s.registrar), s.orders.by(s.compliance)
    with s.check(
        "An order that expired forces nothing: it holds one second before its deadline, and at it no more.",
        "期限切れの命令では強制移転できない: 期限の1秒前までは有効であり、期限の時刻からは無効である。",
        s.units(token, s.alice).goes(70, 65),
    ) as check:
        end = s.now + DAY
        first, late = (registrar.propose(act, DOCUMENT, end) for _ in range(2))
        for order in (first, late):
            compliance.approve(order.id, order.hash)
        s.at(end - 1)
        registrar.execute(first.id)
        s.at(end)
        check.refused(reverts.OrderExpired, lambda: registrar.execute(late.id))
    with s.check(
        "An order is carried out once.",
        "命令は一度しか執行できない。",
        s.units(token, s.alice).stays(65),
    ) as check:
        check.refused(reverts.OrderStatusWrong, lambda: registrar.execute(first.id))


def _nothing_forced(s: Stage, token: Token) -> None:
    a = s.alice
    cases: tuple[tuple[str, str, type[Reverted], Address, Units], ...] = (
        ("More than is held", "保有数を超える", reverts.ERC20InsufficientBalance, s.bob.address, 66),
        ("To an unregistered wallet", "未登録ウォレットへの", reverts.WalletUnregistered, s.mallory.address, 1),
        ("To the same wallet", "同一ウォレットへの", reverts.ERC20InvalidReceiver, a.address, 1),
        ("To nobody", "宛先のない", reverts.ERC20InvalidReceiver, ZERO_ADDRESS, 1),
        ("In no units at all", "0口の", reverts.UnitsOutOfRange, s.bob.address, 0),
    )
    for en, ja, error, to, units in cases:
        with s.check(
            f"{en}, nothing is forced, though it was ordered.",
            f"{ja}強制移転は、命令があってもできない。",
            s.units(token, a).stays(65), s.supply(token).stays(100),
        ) as check:  # fmt: skip
            check.refused(error, partial(s.order, seizure(token, a, to, units)))
