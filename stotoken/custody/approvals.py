"""What a second person says yes to, signed as typed data with a key of his own.

It is one call of one wallet with one nonce, or the end of one freeze. The request lies in the custody file's state
folder, one file for each approval beside it. An approval fits that call or that freeze and no other, and because of
the nonce, or of the freeze's time, it happens once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Self

from stotoken.chain.envelope import Envelope, Signature, typed_digest
from stotoken.chain.faults import SignatureAwaited
from stotoken.chain.signer import Signer
from stotoken.custody.book import Book
from stotoken.errors import ConfigError, InputError
from stotoken.files import dump_json, parse_json, replacing
from stotoken.types import ZERO_ADDRESS, Address, parse_address, to_hex

FORMAT = 1
REQUEST, APPROVAL = ".request.json", ".approval.json"

_DOMAIN = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
]


@dataclass(frozen=True, slots=True)
class Intent(ABC):
    """What is to be done with a wallet."""

    chain_id: int
    wallet: Address

    #: Name of its type in EIP-712, and of each field the type.
    primary: ClassVar[str]
    fields: ClassVar[Mapping[str, str]]
    #: What is so as long as approvals are missing, in both languages.
    meanwhile: ClassVar[tuple[str, str]]

    @property
    @abstractmethod
    def stem(self) -> str:
        """The name of its files, the same for what can happen only once."""

    @abstractmethod
    def said(self) -> dict[str, Any]:
        """Its fields, but for the wallet, as JSON has them."""

    @classmethod
    @abstractmethod
    def heard(cls, chain_id: int, wallet: Address, said: Mapping[str, Any]) -> Self:
        """From its fields; ValueError, TypeError or KeyError when they are not such."""

    @property
    def message(self) -> dict[str, Any]:
        """The whole of EIP-712."""
        fields = [{"name": name, "type": kind} for name, kind in self.fields.items()]
        return {
            "types": {"EIP712Domain": _DOMAIN, self.primary: fields},
            "primaryType": self.primary,
            "domain": {"name": "stotoken-custody", "version": "1", "chainId": self.chain_id},
            "message": {"wallet": self.wallet, **self.said()},
        }

    @property
    def digest(self) -> bytes:
        return typed_digest(self.message)

    @staticmethod
    def read(path: Path) -> Intent:
        """From a request; InputError when it is none or says two things."""
        found = _read(path)
        try:
            message = found["message"]
            kind, said = _KINDS[message["primaryType"]], message["message"]
            intent = kind.heard(message["domain"]["chainId"], parse_address(said["wallet"]), said)
            if intent.message != message or to_hex(intent.digest) != found["digest"]:
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError, InputError):
            raise InputError(
                "is no request for an approval, or was altered; nothing was approved.", file=path
            ) from None
        return intent


@dataclass(frozen=True, slots=True)
class Call(Intent):
    """What a wallet is to do. Gas and fees are left out: they move between request and approval."""

    contract: Address
    value: int
    data: bytes
    nonce: int

    primary = "CustodyApproval"
    fields = MappingProxyType(
        {"wallet": "address", "contract": "address", "value": "uint256", "data": "bytes", "nonce": "uint256"}
    )
    meanwhile = ("nothing was signed", "何も署名していません")

    @classmethod
    def of(cls, wallet: Address, envelope: Envelope) -> Call:
        target = envelope.target or ZERO_ADDRESS
        return cls(envelope.chain_id, wallet, target, envelope.value, envelope.data, envelope.nonce)

    @property
    def stem(self) -> str:
        return f"{self.chain_id}-{self.wallet}-{self.nonce}"

    def said(self) -> dict[str, Any]:
        return {"contract": self.contract, "value": self.value, "data": to_hex(self.data), "nonce": self.nonce}

    @classmethod
    def heard(cls, chain_id: int, wallet: Address, said: Mapping[str, Any]) -> Call:
        data = bytes.fromhex(said["data"].removeprefix("0x"))
        contract = parse_address(said["contract"], allow_zero=True)
        return cls(chain_id, wallet, contract, said["value"], data, said["nonce"])


@dataclass(frozen=True, slots=True)
class Unfreeze(Intent):
    """The end of one freeze: the incident it was for, and when it began."""

    reason: str
    time: int

    primary = "CustodyUnfreeze"
    fields = MappingProxyType({"wallet": "address", "reason": "string", "time": "uint256"})
    meanwhile = ("the wallet stays frozen", "凍結は解除していません")

    @property
    def stem(self) -> str:
        return f"unfreeze-{self.wallet}-{self.time}"

    def said(self) -> dict[str, Any]:
        return {"reason": self.reason, "time": self.time}

    @classmethod
    def heard(cls, chain_id: int, wallet: Address, said: Mapping[str, Any]) -> Unfreeze:
        return cls(chain_id, wallet, said["reason"], said["time"])


_KINDS: Mapping[str, type[Call | Unfreeze]] = {Call.primary: Call, Unfreeze.primary: Unfreeze}


class Approvals:
    """The requests and approvals of one custody file."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.folder = book.state / "approvals"

    def require(self, intent: Intent, needed: int) -> None:
        """SignatureAwaited as long as fewer people than needed have approved this."""
        path = self.folder / f"{intent.stem}{REQUEST}"
        if not path.exists():
            self._book.folder("approvals")
            with replacing(path) as file:
                file.write(dump_json({"format": FORMAT, "digest": to_hex(intent.digest), "message": intent.message}))
        if Intent.read(path) != intent:
            raise InputError(
                f"it asks for another act of the same number, {intent.stem}. Nothing was signed. Ask for the same act "
                "again, or remove the file if that act is not wanted.",
                file=path,
            )
        people = set(self._people(intent))
        if (left := needed - len(people)) <= 0:
            return
        en, ja = intent.meanwhile
        names = ", ".join(sorted(name for address, name in self._book.approvers.items() if address not in people))
        raise SignatureAwaited(
            f"{path} waits for {left} more of {needed} approvals; {en}. Each of {left} of "
            f"{names}: stotoken custody approve {self._book.name} {path} --signer URI. Then run the same again.",
            f"{path} は承認待ちです(必要 {needed} 名、残り {left} 名)。{ja}。{names} の"
            f"うち {left} 名が stotoken custody approve {self._book.name} {path} --signer URI を実行した後、"
            "同じコマンドを再実行してください。",
            request=path,
        )

    def approve(self, request: Path, signer: Signer, intent: Intent | None = None) -> Path:
        """Say yes with one's own key; ConfigError for whoever is no approver of this file.

        `intent`: what a person read in the request, which others can write; what stands there if not given.
        """
        intent = intent or Intent.read(request)
        self._book.wallet(intent.wallet)
        if signer.address not in self._book.approvers:
            raise ConfigError(f"{signer.address} is no approver of {self._book.name}; nothing was approved.")
        path = request.with_name(f"{intent.stem}.{signer.address}{APPROVAL}")
        if path.exists():
            raise ConfigError(f"{path} is there already; nothing was approved.")
        signature = signer.sign_typed_data(intent.message)
        with replacing(path) as file:
            file.write(dump_json({"format": FORMAT, "approver": signer.address, "signature": to_hex(signature)}))
        return path

    def _people(self, intent: Intent) -> Iterator[Address]:
        """Approvers whose signature of exactly this is there; a file that says otherwise is an error, not a no."""
        for path in sorted(self.folder.glob(f"{intent.stem}.*{APPROVAL}")):
            found = _read(path)
            try:
                signature = Signature.parse(bytes.fromhex(found["signature"].removeprefix("0x")))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise InputError("is no approval; nothing was signed.", file=path) from None
            person = signature.signer(intent.digest) if signature.sound else None
            if person is None or person not in self._book.approvers or person != found.get("approver"):
                raise InputError("is not of an approver, or not of this act; nothing was signed.", file=path)
            yield person


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found = parse_json(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}. Nothing was signed.", file=path) from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError("is no file of custody; nothing was signed.", file=path)
    return found
