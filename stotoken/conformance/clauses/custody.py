"""6.1.2 custody: a stolen key takes nothing out, the wallet is replaced, and whoever keeps keys is held to limits.

The working group's opinions: one scheme for many systems, only wallets tied to a known investor may hold, and reversal
and the like bring the risk of loss down to that of a cold wallet. The last is played as a theft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from stotoken import reverts
from stotoken.chain.faults import PolicyRefused, SignatureAwaited
from stotoken.chain.signer import Signer
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.witness import Person
from stotoken.custody import Book, Custodian, reconcile
from stotoken.errors import ConfigError
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.follower import replay
from stotoken.ledger.register import Register, by_investor
from stotoken.tables import CustomerUnits
from stotoken.types import InvestorClass

_MOST = 100


@scenario("6.1.2", "Custody", "トークンの保管機能")
def custody(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    end = s.now + 90 * DAY
    s.order(token.lock_lot(s.alice.address, 30, end))
    thief = Person(s.connection, s.alice.signer, Text("a thief with A's key", "投資者Aの鍵を得た者"), s.journal)
    _no_way_out(s, token, thief)
    _brought_back(s, token, thief)
    _replaced(s, token, thief)
    with TemporaryDirectory() as folder:
        kept = _Kept.create(s, Path(folder))
        _held_to_limits(s, token, kept)
        _two_people(s, token, kept)
        _reconciled(s, token, kept)


def _no_way_out(s: Stage, token: Token, thief: Person) -> None:
    as_thief, out = token.by(thief), s.mallory.address
    with s.check(
        "Only registered wallets hold: with the holder's key nothing goes to any other, by no way there is.",
        "登録済みウォレットだけが保有でき、保有者の鍵があっても、いかなる経路でも未登録先へは移転できない。",
        s.units(token, s.alice).stays(100), s.units(token, s.mallory).stays(0),
    ) as check:  # fmt: skip
        as_thief.approve(out, 60)
        as_thief.authorize_operator(out)
        check.refused(
            reverts.WalletUnregistered,
            lambda: as_thief.transfer(out, 60),
            lambda: as_thief.transfer_by_partition(DEFAULT, out, 60),
            lambda: as_thief.batch_transfer(DEFAULT, [(out, 60)]),
            lambda: token.by(s.mallory).transfer_from(s.alice.address, out, 60),
            lambda: token.by(s.mallory).operator_transfer(DEFAULT, s.alice.address, out, 60),
        )


def _brought_back(s: Stage, token: Token, thief: Person) -> None:
    with s.check(
        "What went to a registered accomplice is frozen by one person at once, and comes back by an order of two.",
        "登録済みの共犯者へ移転された口数は、一名の操作で直ちに凍結され、二名の命令により取り戻される。",
        s.units(token, s.alice).stays(100), s.units(token, s.bob).stays(0),
    ) as check:  # fmt: skip
        taken = token.by(thief).transfer(s.bob.address, 60)
        for wallet in (s.alice, s.bob):
            s.system.by(s.emergency).freeze_wallet(wallet.address)
        check.refused(
            reverts.WalletFrozen,
            lambda: token.by(thief).transfer(s.bob.address, 10),
            lambda: token.by(s.bob).transfer(s.carol.address, 60),
        )
        check.equal("units of the accomplice", "共犯者の口数", token.balance_of(s.bob.address), 60)
        s.order(token.reversal_of(taken.tx_hash, taken.log_index))


def _replaced(s: Stage, token: Token, thief: Person) -> None:
    second = s.newcomer(Text("A's new wallet", "投資者Aの新ウォレット"), of=s.alice)
    lots, before = token.lots_of(s.alice.address), _register(s, token)
    with s.check(
        "The wallet is replaced under the same investor: units and lots follow, the stolen key opens nothing.",
        "同じ投資者IDのままウォレットが交換され、口数とロットが引き継がれ、盗まれた鍵は無効となる。",
        s.units(token, s.alice).goes(100, 0), s.units(token, second).goes(0, 100), s.supply(token).stays(100),
        s.free(token, second).goes(0, 70),
    ) as check:  # fmt: skip
        loss = token.by(s.custodian).report_lost_key(s.alice.address, s.incident("stolen key"))
        s.order(token.reissue(loss.id, second.address))
        check.equal("locked lots", "ロット", repr(token.lots_of(second.address)), repr(lots))
        check.equal("lots", "ロット数", len(lots), 1)
        after = _register(s, token)
        same = by_investor(before.holdings()) == by_investor(after.holdings())
        check.equal("units by investor unchanged", "投資者別口数の不変", same, True)
        check.equal(
            "acquired at block", "取得ブロック", _acquired(after, s.alice.address), _acquired(before, s.alice.address)
        )
        check.refused(reverts.WalletFrozen, lambda: token.by(thief).transfer(s.carol.address, 1))
        check.refused(reverts.HoldingLost, lambda: token.by(second).transfer(s.alice.address, 1))


def _register(s: Stage, token: Token) -> Register:
    return replay(Contracts.of(s.deployment, token.address), s.connection)


def _acquired(register: Register, wallet: str) -> int:
    """Block of the first move to any wallet of the investor."""
    investor = register.investor_of(wallet)
    return min(move.block for move in register.lineage(investor))


# --- who keeps keys for others ----------------------------------------------------------------------------------------


@dataclass
class _Kept:
    """A custodian of a customers' hot wallet, a customer's cold one, and the firm's own."""

    custodian: Custodian
    hot: Person
    cold: Person
    own: Person
    desks: tuple[Person, Person]

    @classmethod
    def create(cls, s: Stage, folder: Path) -> _Kept:
        both = InvestorClass.KYC | InvestorClass.CUSTODY
        hot = s.newcomer(Text("the omnibus hot wallet", "混蔵ホットウォレット"), both)
        cold = s.newcomer(Text("a customer's cold wallet", "顧客のコールドウォレット"))
        own = s.newcomer(Text("the firm's own wallet", "会社の自己ウォレット"))
        desks = (
            s.keyholder(Text("the first approver", "第一承認者")),
            s.keyholder(Text("the second approver", "第二承認者")),
        )
        path = folder / "custody.toml"
        path.write_text(_file(s, hot, cold, own, desks), "utf-8")
        keys: Mapping[str, Signer] = {f"key:{person.address}": person.signer for person in (hot, cold, own)}
        custodian = Custodian(Book.load(path), lambda: s.system, keys.__getitem__)

        def kept(person: Person) -> Person:
            return Person(s.connection, custodian.signer(person.address), person.name, s.journal)

        return cls(custodian, kept(hot), kept(cold), kept(own), desks)


def _file(s: Stage, hot: Person, cold: Person, own: Person, desks: tuple[Person, Person]) -> str:
    approvers = "".join(
        f'[[approver]]\nname = "desk-{place}"\naddress = "{desk.address}"\n' for place, desk in enumerate(desks, 1)
    )
    wallets = "".join(
        f'[[wallet]]\naddress = "{person.address}"\nsigner = "key:{person.address}"\n{more}\n'
        for person, more in (
            (hot, f'owner = "customer"\nomnibus = true\ntier = "hot"\nwithdraw_to = ["{s.carol.address}"]'),
            (cold, 'owner = "customer"\ntier = "cold"'),
            (own, 'owner = "own"\ntier = "hot"'),
        )
    )
    tiers = f"[tiers.hot]\nunits_per_act = {_MOST}\nunits_per_day = 150\n[tiers.cold]\napprovals = 2\n"
    return f'chains = [{s.connection.chain_id}]\nstate = "state"\n{tiers}{approvers}{wallets}'


def _held_to_limits(s: Stage, token: Token, kept: _Kept) -> None:
    for wallet, units in ((kept.hot, 500), (kept.cold, 1000), (kept.own, 70)):
        s.issue(token, wallet, units)
    hot, carol = token.by(kept.hot), s.carol.address
    with s.check(
        "A hot wallet signs within its limits by act and day, to listed receivers, and gives no rights away.",
        "ホットウォレットは、1回・1日の上限内で、登録した出庫先にのみ署名し、権限の付与は行わない。",
        s.units(token, kept.hot).goes(500, 380), s.units(token, s.carol).goes(0, 120),
    ) as check:  # fmt: skip
        check.refused(
            PolicyRefused,
            lambda: hot.transfer(carol, _MOST + 1),
            lambda: hot.transfer(s.dave.address, 1),
            lambda: hot.batch_transfer(DEFAULT, [(carol, 1), (s.dave.address, 1)]),
            lambda: hot.approve(carol, 1),
            lambda: hot.authorize_operator(carol),
            lambda: hot.sign_permit(carol, 1, s.now + DAY),
        )
        hot.transfer(carol, _MOST)
        check.refused(PolicyRefused, lambda: hot.transfer(carol, 51))
        hot.transfer(carol, 20)
    with s.check(
        "One person freezes a wallet in custody at once; two others, each with a key of his own, end it.",
        "保管ウォレットは一名の操作で直ちに凍結され、別の二名がそれぞれの鍵で承認した後にのみ解除される。",
        s.units(token, kept.hot).goes(380, 370), s.units(token, s.carol).goes(120, 130),
    ) as check:  # fmt: skip
        kept.custodian.freeze(kept.hot.address, "INC-1")
        check.refused(PolicyRefused, lambda: hot.transfer(carol, 10))
        for desk in kept.desks:
            check.refused(SignatureAwaited, lambda: kept.custodian.unfreeze(kept.hot.address))
            [request] = kept.custodian.approvals.folder.glob("unfreeze-*.request.json")
            kept.custodian.approvals.approve(request, desk.signer)
        check.refused(PolicyRefused, lambda: hot.transfer(carol, 10))
        kept.custodian.unfreeze(kept.hot.address)
        hot.transfer(carol, 10)


def _two_people(s: Stage, token: Token, kept: _Kept) -> None:
    first, second = (desk.signer for desk in kept.desks)
    approvals = kept.custodian.approvals
    with s.check(
        "A cold wallet signs when two other people have approved exactly that act, each with a key of his own.",
        "コールドウォレットは、別の二名がそれぞれの鍵でその内容を承認した後にのみ署名する。",
        s.units(token, kept.cold).goes(1000, 600), s.units(token, s.dave).goes(0, 400),
    ) as check:  # fmt: skip

        def move() -> object:
            return token.by(kept.cold).transfer(s.dave.address, 400)

        check.refused(SignatureAwaited, move)
        [request] = approvals.folder.glob(f"{s.connection.chain_id}-*.request.json")
        approvals.approve(request, first)
        check.refused(SignatureAwaited, move)
        check.refused(
            ConfigError,
            lambda: approvals.approve(request, first),
            lambda: approvals.approve(request, s.mallory.signer),
        )
        approvals.approve(request, second)
        move()


def _reconciled(s: Stage, token: Token, kept: _Kept) -> None:
    rows = [
        CustomerUnits("C-1", kept.hot.address, token.address, DEFAULT, 190),
        CustomerUnits("C-2", kept.hot.address, token.address, DEFAULT, 180),
        CustomerUnits("C-3", kept.cold.address, token.address, DEFAULT, 600),
    ]
    with s.check(
        "After all of it the customer ledger and the chain have no break, and the firm's own units lie apart.",
        "以上の後、顧客帳簿とチェーンに差異はなく、自己分は分別して管理されている。",
        s.units(token, kept.own).stays(70),
    ) as check:
        found = reconcile(kept.custodian.book, rows, s.system)
        check.equal("breaks", "差異", len(found.breaks), 0)
        total = next(each for each in found.totals if each.token == token.address)
        check.equal("customers' units", "顧客分", total.customers, 970)
        check.equal("the firm's own units", "自己分", total.own, 70)
    with s.check(
        "A unit too few, or the firm's own and a customer's wallet of one investor, is a break.",
        "一口の不足や、自己と顧客のウォレットが同じ投資者IDであることは、差異として報告される。",
    ) as check:
        short = reconcile(kept.custodian.book, rows[1:], s.system)
        check.equal("breaks of units", "口数の差異", [each.kind for each in short.breaks] == ["units"], True)
        check.equal("missing in the customer ledger", "顧客帳簿の不足", short.breaks[0].chain, 370)
        mixed = s.newcomer(Text("a mixed wallet", "混同ウォレット"), of=kept.own)
        found = reconcile(_with(kept.custodian.book, kept.cold.address, mixed.address), rows[:2], s.system)
        check.equal("mixed", "混同", [each.kind for each in found.breaks] == ["mixed"], True)


def _with(book: Book, old: str, new: str) -> Book:
    """The custody file with another customer's wallet in the place of one."""
    wallets = {address: wallet for address, wallet in book.wallets.items() if address != old}
    return replace(book, wallets=wallets | {new: replace(book.wallets[old], address=new)})
