"""The one way to a wallet in custody: whatever keeps its key, the tier's limits and approvals stand before it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from stotoken.chain.calls import ReadCall, read_call
from stotoken.chain.envelope import Envelope, SignedTransaction
from stotoken.chain.faults import PolicyRefused
from stotoken.chain.signer import Health, Signer, signer_from_uri
from stotoken.chain.signers.log import LoggedSigner, SigningLog
from stotoken.chain.signers.policy import HeldTo, fee_beyond
from stotoken.client.system import System
from stotoken.custody.approvals import Approvals, Call, Unfreeze
from stotoken.custody.book import UNFREEZE_APPROVALS, Book, Wallet
from stotoken.errors import ConfigError, InputError
from stotoken.files import dump_json, parse_json, replacing
from stotoken.types import Address, Units, parse_address

#: What a wallet in custody may do. Approvals, operators and permits give rights away that no limit here binds.
ACTS = frozenset(
    {
        "transfer", "transferByPartition", "transferWithData", "batchTransfer", "requestTransfer",
        "cancelTransferRequest", "redeem", "redeemByPartition", "revokeOperator", "revokeOperatorByPartition",
    }
)  # fmt: skip
LOG = "signing.jsonl"


class Custodian:
    """Wallets, their signers, limits and freezes, by one custody file."""

    def __init__(
        self,
        book: Book,
        system: Callable[[], System],
        open_signer: Callable[[str], Signer] = signer_from_uri,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`system` gives the one whose tokens are kept, `open_signer` opens the keys that the file names."""
        self.book, self.system, self.approvals = book, system, Approvals(book)
        self._open, self._clock = open_signer, clock
        self.log = SigningLog(book.state / LOG, clock=clock)

    def __repr__(self) -> str:
        return f"Custodian({self.book.name})"

    def wallets(self) -> tuple[Wallet, ...]:
        return tuple(self.book.wallets.values())

    def signer(self, address: Address) -> CustodySigner:
        """ConfigError when the wallet is not in custody, or its key is another's."""
        return CustodySigner(self, self.book.wallet(address))

    def key(self, wallet: Wallet) -> Signer:
        """Whatever keeps the wallet's key."""
        found = self._open(wallet.signer)
        if found.address != wallet.address:
            raise ConfigError(
                f"The signer of {wallet.address} in {self.book.name} has the key of {found.address}; "
                "nothing was signed."
            )
        return found

    def spent(self, address: Address, chain_id: int, token: Address) -> Units:
        """Units of one token signed for today, Japan time."""
        self.book.folder()
        with self.log.held():
            return self.log.units(address, chain_id, token, lambda act: True)

    # --- freezing -----------------------------------------------------------------------------------------------------

    def freeze(self, address: Address, reason: str) -> None:
        """Sign nothing for the wallet from now on. What the chain allows others is another matter: freeze it there."""
        if not re.fullmatch(r"[!-~]{1,31}", reason):
            raise InputError(
                "The reason must be the number or hash of an incident, without spaces; nothing was frozen."
            )
        path = self._mark(self.book.wallet(address).address)
        self.book.folder("frozen")
        with replacing(path) as file:
            file.write(dump_json({"reason": reason, "time": int(self._clock())}))

    def unfreeze(self, address: Address) -> None:
        """End this freeze; SignatureAwaited until two approvers, or as many as its tier asks for, have said yes."""
        wallet, path = self.book.wallet(address), self._mark(address)
        if not path.exists():
            raise ConfigError(f"{address} is not frozen in {self.book.name}; nothing was done.")
        needed = max(UNFREEZE_APPROVALS, wallet.tier.approvals)
        if (there := len(self.book.approvers)) < needed:
            raise ConfigError(
                f"{needed} approvers end a freeze, and custody file {self.book.name} names {there}; {address} stays "
                "frozen."
            )
        self.approvals.require(self._freeze_of(address, path), needed)
        path.unlink()

    def _freeze_of(self, address: Address, path: Path) -> Unfreeze:
        """A freeze is of no chain; what is signed names one, the file's lowest."""
        try:
            found = parse_json(path.read_text("utf-8"))
            return Unfreeze(min(self.book.chains), address, str(found["reason"]), int(found["time"]))
        except (OSError, ValueError, KeyError, TypeError):
            raise InputError(f"does not say since when and why; {address} stays frozen.", file=path) from None

    def frozen(self, address: Address) -> bool:
        return self._mark(address).exists()

    def _mark(self, address: Address) -> Path:
        return self.book.state / "frozen" / address


class CustodySigner:
    """Signs for one wallet in custody; what its limits do not allow is refused before its key is asked."""

    def __init__(self, custodian: Custodian, wallet: Wallet) -> None:
        self._custodian, self.wallet = custodian, wallet
        self.kind = f"custody, {wallet.tier.name}"

    @property
    def address(self) -> Address:
        return self.wallet.address

    @property
    def can_sign(self) -> tuple[str, ...]:
        return ("transaction",)

    def __repr__(self) -> str:
        return f"CustodySigner({self.address}, {self.wallet.tier.name})"

    def health(self) -> Health:
        found = self._custodian.key(self.wallet).health()
        return Health(self.kind, self.address, self.can_sign, found.reachable, found.matches, found.problem)

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        envelope = Envelope.of(fields)
        self._custodian.book.folder()
        with self._custodian.log.held():
            self._within(envelope)
            if self.wallet.tier.approvals and not envelope.is_idle(self.address):
                self._custodian.approvals.require(Call.of(self.address, envelope), self.wallet.tier.approvals)
            signer = HeldTo(self._custodian.key(self.wallet), self._within)
            return LoggedSigner(signer, self._custodian.log).sign_transaction(fields)

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """Always refused: consents such as permits give away what no limit binds any more."""
        raise self._refused("consents by signature are not given", "署名による同意は認められていません")

    def _within(self, envelope: Envelope) -> None:
        """PolicyRefused unless everything about it is allowed to this wallet."""
        read, token = read_call(envelope.data), envelope.target
        if self._custodian.frozen(self.address):
            raise self._refused("it is frozen", "凍結されています")
        if envelope.chain_id not in self._custodian.book.chains:
            chain = envelope.chain_id
            raise self._refused(f"chain {chain} is not its own", f"チェーン {chain} は対象外です")
        if dear := fee_beyond(envelope, self._custodian.book.most_fee):
            raise self._refused(*dear)
        if envelope.is_idle(self.address):
            return  # takes back what was signed for its nonce before
        if read is None or token is None or read.name not in ACTS or envelope.value:
            act = read.name if read else "the call"
            raise self._refused(f"{act} is not what a wallet in custody does", f"{act} は認められていません")
        self._receivers_listed(read)
        self._units_within(read.units, envelope.chain_id, token)
        self._of_the_system(envelope.chain_id, token)

    def _receivers_listed(self, read: ReadCall) -> None:
        to = read.arguments.get("to", ())
        for receiver in [to] if isinstance(to, str) else to:
            if self.wallet.withdraw_to is not None and receiver not in self.wallet.withdraw_to:
                raise self._refused(f"{receiver} is not on its list", f"{receiver} は出庫先一覧にありません")

    def _of_the_system(self, chain_id: int, token: Address) -> None:
        system = self._custodian.system()
        if system.connection.chain_id != chain_id or not system.bind.is_token(token):
            raise self._refused(
                f"{token} is no token of the system on chain {chain_id}",
                f"{token} はチェーン {chain_id} の基幹システムのトークンではありません",
            )

    def _units_within(self, units: Units, chain_id: int, token: Address) -> None:
        tier = self.wallet.tier
        if tier.units_per_act is not None and units > tier.units_per_act:
            raise self._refused(
                f"{units} units are more than {tier.units_per_act} in one act",
                f"{units} 口は 1 回の上限 {tier.units_per_act} 口を超えます",
            )
        spent = self._custodian.spent(self.address, chain_id, token)
        if tier.units_per_day is not None and spent + units > tier.units_per_day:
            raise self._refused(
                f"{units} units, with {spent} signed for today, are more than {tier.units_per_day} in a day",
                f"{units} 口は本日の署名済み {spent} 口と合わせて 1 日の上限 {tier.units_per_day} 口を超えます",
            )

    def _refused(self, en: str, ja: str) -> PolicyRefused:
        tier = self.wallet.tier.name
        return PolicyRefused(
            f"Custody of {self.address} ({tier}) refuses: {en}. Nothing was signed.",
            f"{self.address}({tier})の保管設定により拒否しました: {ja}。何も署名していません。",
        )


def signer_of(uri: str, system: Callable[[], System], open_signer: Callable[[str], Signer]) -> CustodySigner:
    """The signer of `custody:FILE#WALLET`."""
    path, _, wallet = uri.removeprefix("custody:").rpartition("#")
    if not path:
        raise ConfigError("A wallet in custody is named custody:FILE#WALLET.")
    try:
        address = parse_address(wallet)
    except InputError as error:
        raise ConfigError(f"custody:FILE#WALLET: {error}") from None
    return Custodian(Book.load(path), system, open_signer).signer(address)
