"""What a second person says yes to: one call of one wallet with one nonce, signed as typed data with a key of his own.

The request lies in the custody file's state folder, one file for each approval beside it. An approval fits that call
and no other, and because of the nonce it happens once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stotoken.chain.envelope import Envelope, Signature, typed_digest
from stotoken.chain.faults import SignatureAwaited
from stotoken.chain.signer import Signer
from stotoken.custody.book import Book, Wallet
from stotoken.errors import ConfigError, InputError
from stotoken.files import dump_json, parse_json, replacing
from stotoken.types import ZERO_ADDRESS, Address, parse_address, to_hex

FORMAT = 1
REQUEST, APPROVAL = ".request.json", ".approval.json"

_TYPES = {
    "EIP712Domain": [
        {"name": "name", "type": "string"},
        {"name": "version", "type": "string"},
        {"name": "chainId", "type": "uint256"},
    ],
    "CustodyApproval": [
        {"name": "wallet", "type": "address"},
        {"name": "contract", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "data", "type": "bytes"},
        {"name": "nonce", "type": "uint256"},
    ],
}


@dataclass(frozen=True, slots=True)
class Intent:
    """What a wallet is to do. Gas and fees are left out: they move between request and approval."""

    chain_id: int
    wallet: Address
    contract: Address
    value: int
    data: bytes
    nonce: int

    @classmethod
    def of(cls, wallet: Address, envelope: Envelope) -> Intent:
        target = envelope.target or ZERO_ADDRESS
        return cls(envelope.chain_id, wallet, target, envelope.value, envelope.data, envelope.nonce)

    @property
    def message(self) -> dict[str, Any]:
        """The whole of EIP-712."""
        return {
            "types": _TYPES,
            "primaryType": "CustodyApproval",
            "domain": {"name": "stotoken-custody", "version": "1", "chainId": self.chain_id},
            "message": {
                "wallet": self.wallet,
                "contract": self.contract,
                "value": self.value,
                "data": to_hex(self.data),
                "nonce": self.nonce,
            },
        }

    @property
    def digest(self) -> bytes:
        return typed_digest(self.message)

    @property
    def stem(self) -> str:
        return f"{self.chain_id}-{self.wallet}-{self.nonce}"

    @classmethod
    def read(cls, path: Path) -> Intent:
        """From a request; InputError when it is none or says two things."""
        found = _read(path)
        try:
            said, domain = found["message"]["message"], found["message"]["domain"]
            data = bytes.fromhex(said["data"].removeprefix("0x"))
            addresses = (parse_address(said["wallet"]), parse_address(said["contract"], allow_zero=True))
            intent = cls(domain["chainId"], *addresses, said["value"], data, said["nonce"])
            if intent.message != found["message"] or to_hex(intent.digest) != found["digest"]:
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError, InputError):
            raise InputError(
                "is no request for an approval, or was altered; nothing was approved.", file=path
            ) from None
        return intent


class Approvals:
    """The requests and approvals of one custody file."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.folder = book.state / "approvals"

    def require(self, wallet: Wallet, intent: Intent) -> None:
        """SignatureAwaited as long as fewer people than the tier asks for have approved this."""
        path = self.folder / f"{intent.stem}{REQUEST}"
        if not path.exists():
            self._book.folder("approvals")
            with replacing(path) as file:
                file.write(dump_json({"format": FORMAT, "digest": to_hex(intent.digest), "message": intent.message}))
        if Intent.read(path) != intent:
            raise InputError(
                f"it asks for another act of the same number {intent.nonce}. Nothing was signed. Ask for the same act "
                "again, or remove the file if that act is not wanted.",
                file=path,
            )
        people = set(self._people(intent))
        if (left := wallet.tier.approvals - len(people)) <= 0:
            return
        names = ", ".join(sorted(name for address, name in self._book.approvers.items() if address not in people))
        raise SignatureAwaited(
            f"{path} waits for {left} more of {wallet.tier.approvals} approvals; nothing was signed. Each of {left} of "
            f"{names}: stotoken custody approve {self._book.name} {path} --signer URI. Then run the same again.",
            f"{path} は承認待ちです(必要 {wallet.tier.approvals} 名、残り {left} 名)。何も署名していません。{names} の"
            f"うち {left} 名が stotoken custody approve {self._book.name} {path} --signer URI を実行した後、"
            "同じコマンドを再実行してください。",
            request=path,
        )

    def approve(self, request: Path, signer: Signer) -> Path:
        """Say yes with one's own key; ConfigError for whoever is no approver of this file."""
        intent = Intent.read(request)
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
