"""Whether it is all there, and apart: the customer ledger and the custody file against the chain, at one block.

The register of every token is replayed from events and compared with the chain first. A break is one sentence in both
languages; segregation (分別管理) means that no investor id of the firm's own wallets is that of a customer's wallet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stotoken.client.standing import Standing
from stotoken.client.system import System
from stotoken.client.token import Token
from stotoken.custody.book import Book, Owner
from stotoken.errors import InputError
from stotoken.ledger.decoding import Contracts
from stotoken.ledger.follower import replay
from stotoken.ledger.reconcile import reconcile as compare
from stotoken.ledger.register import Register
from stotoken.tables import CustomerUnits
from stotoken.types import Address, Block, InvestorClass, Units, partition_id, partition_name, to_hex

#: Wallet, token, partition.
Place = tuple[Address, Address, bytes]


@dataclass(frozen=True, slots=True)
class Break:
    """Something that is not as it must be. Units are 0 where it is not of units."""

    kind: str
    wallet: Address
    en: str
    ja: str
    token: Address = ""
    partition: str = ""
    ledger: Units = 0
    chain: Units = 0


@dataclass(frozen=True, slots=True)
class Total:
    """Units of one token: as the customer ledger has them, in customers' wallets, in the firm's own."""

    token: Address
    identifier: str
    ledger: Units
    customers: Units
    own: Units


@dataclass(frozen=True)
class Reconciled:
    block: Block
    chain_id: int
    rows: int
    totals: tuple[Total, ...]
    breaks: tuple[Break, ...]
    registers: tuple[tuple[str, Token, Register], ...] = field(repr=False)

    @property
    def whole(self) -> bool:
        return not self.breaks


def reconcile(book: Book, customers: Sequence[CustomerUnits], system: System) -> Reconciled:
    """Compare everything at one block; RegisterDiffers when the register itself does not hold."""
    connection = system.connection
    head = connection.block("latest")
    tokens = system.tokens()
    registers = [_register(system, token, head) for token in tokens]
    identifiers = {token.address: token.terms().identifier.decode() for token in tokens}
    ledger = _by_place(customers, identifiers, system)
    chain = {
        (held.wallet, token.address, held.partition): held.units
        for token, register in zip(tokens, registers, strict=True)
        for held in register.holdings()
    }
    standings = dict(zip(book.wallets, system.standings(list(book.wallets)), strict=True))
    breaks = (*_of_wallets(book, standings), *_of_rows(book, customers), *_of_units(book, ledger, chain))
    return Reconciled(
        block=head,
        chain_id=connection.chain_id,
        rows=len(customers),
        totals=tuple(_total(token, identifiers[token], book, ledger, chain) for token in identifiers),
        breaks=breaks,
        registers=tuple(zip(identifiers.values(), tokens, registers, strict=True)),
    )


def _register(system: System, token: Token, head: Block) -> Register:
    """Of one token as of that block, proved against the chain."""
    register = replay(Contracts.of(system.deployment, token.address), system.connection, to_block=head.number)
    compare(register, system.connection, record_dates=False).assert_equal()
    return register


def _by_place(
    customers: Sequence[CustomerUnits], identifiers: dict[Address, str], system: System
) -> dict[Place, Units]:
    addresses = {identifier: address for address, identifier in identifiers.items()}
    found: Counter[Place] = Counter()
    for row in customers:
        token = addresses.get(row.token, row.token)
        if token not in identifiers:
            raise InputError(f"The customer ledger names a token {row.token}, which this system has not.")
        found[row.wallet, token, partition_id(row.partition)] += row.units
    return dict(found)


def _of_wallets(book: Book, standings: dict[Address, Standing | None]) -> Iterator[Break]:
    """What the chain says of whose the wallets are."""
    own = {
        found.investor: address
        for address, found in standings.items()
        if found and book.wallets[address].owner is Owner.OWN
    }
    for address, wallet in book.wallets.items():
        found = standings[address]
        if found is None:
            yield Break("unregistered", address, "The wallet is not registered.", "ウォレットが登録されていません。")
            continue
        if wallet.owner is Owner.CUSTOMER and (mixed := own.get(found.investor)):
            yield Break(
                "mixed",
                address,
                f"The customers' wallet has the investor id of the firm's own {mixed}, {to_hex(found.investor)}.",
                f"顧客ウォレットが自己ウォレット {mixed} と同じ投資者ID {to_hex(found.investor)} です。",
            )
        if wallet.omnibus and InvestorClass.CUSTODY not in found.classes:
            en, ja = "The omnibus wallet has no class CUSTODY.", "混蔵ウォレットに区分 CUSTODY がありません。"
            yield Break("unflagged", address, en, ja)


def _of_rows(book: Book, customers: Sequence[CustomerUnits]) -> Iterator[Break]:
    """What the customer ledger says that the custody file does not allow."""
    people: dict[Address, set[str]] = {}
    for row in customers:
        people.setdefault(row.wallet, set()).add(row.customer)
    for address, named in people.items():
        wallet = book.wallets.get(address)
        if wallet is None:
            en, ja = "Customers have units in a wallet that is not in custody.", "保管対象でないウォレットです。"
            yield Break("unknown", address, en, ja)
        elif wallet.owner is Owner.OWN:
            en, ja = "Customers have units in a wallet of the firm's own.", "顧客分が自己ウォレットにあります。"
            yield Break("own", address, en, ja)
        elif len(named) > 1 and not wallet.omnibus:
            yield Break(
                "commingled",
                address,
                f"Units of {len(named)} customers lie in a wallet that is not omnibus.",
                f"混蔵でないウォレットに {len(named)} 名の顧客分があります。",
            )


def _of_units(book: Book, ledger: dict[Place, Units], chain: dict[Place, Units]) -> Iterator[Break]:
    """Customers' units, place by place; the firm's own wallets are on no customer ledger."""
    customers = {address for address, wallet in book.wallets.items() if wallet.owner is Owner.CUSTOMER}
    for place in sorted({*ledger, *(each for each in chain if each[0] in customers)}):
        wallet, token, partition = place
        said, held = ledger.get(place, 0), chain.get(place, 0) if wallet in customers else 0
        if said != held:
            yield Break(
                "units",
                wallet,
                f"The customer ledger has {said} units, the chain {held}.",
                f"顧客帳簿は {said} 口、チェーンは {held} 口です。",
                token,
                partition_name(partition),
                said,
                held,
            )


def _total(token: Address, identifier: str, book: Book, ledger: dict[Place, Units], chain: dict[Place, Units]) -> Total:
    def held(owner: Owner) -> Units:
        mine = {address for address, wallet in book.wallets.items() if wallet.owner is owner}
        return sum(units for (wallet, of, _), units in chain.items() if of == token and wallet in mine)

    said = sum(units for (_, of, _), units in ledger.items() if of == token)
    return Total(token, identifier, said, held(Owner.CUSTOMER), held(Owner.OWN))
