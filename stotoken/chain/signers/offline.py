"""A key on a machine without a network: what is to be signed leaves as a file, and comes back as one.

The first run of a command writes `DIR/CHAIN-ADDRESS-NONCE.unsigned.json` and ends; `stotoken key sign` makes the
`.signed.json` of it on the other machine; the same command, run again, takes that, makes sure it is what was asked, and
sends it. Gas and fees are those of the first run. One nonce is asked for once: of two acts, the second is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stotoken.chain.envelope import Envelope, Signature, SignedTransaction, check, typed_digest
from stotoken.chain.faults import SignatureAwaited, SignerError
from stotoken.chain.signer import TRANSACTION, TYPED_DATA, Health, Signer
from stotoken.errors import ConfigError, InputError
from stotoken.files import parse_json, replacing
from stotoken.types import Address, parse_address, to_hex

FORMAT = 1
UNSIGNED, SIGNED = ".unsigned.json", ".signed.json"


@dataclass(frozen=True)
class Request:
    """What is to be signed by whom: a transaction (`envelope`) or typed data (`message`)."""

    address: Address
    envelope: Envelope | None = None
    message: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def digest(self) -> bytes:
        return self.envelope.digest if self.envelope else typed_digest(self.message or {})

    @property
    def chain_id(self) -> int:
        return self.envelope.chain_id if self.envelope else int((self.message or {})["domain"]["chainId"])

    @property
    def stem(self) -> str:
        which = str(self.envelope.nonce) if self.envelope else self.digest.hex()[:16]
        return f"{self.chain_id}-{self.address}-{which}"

    def to_dict(self) -> dict[str, Any]:
        what = {"transaction": self.envelope.rpc()} if self.envelope else {"message": self.message}
        return {"format": FORMAT, "signer": self.address, "digest": to_hex(self.digest), **what}

    def write(self, path: Path, **more: str) -> None:
        with replacing(path) as file:
            file.write(_json(self.to_dict() | more) + "\n")

    def sign(self, signer: Signer) -> bytes:
        """65 bytes, by whoever holds the key of the address; InputError for the key of another."""
        if signer.address != self.address:
            raise InputError(f"The request is for {self.address}, not for {signer.address}; nothing was signed.")
        if self.envelope is None:
            return signer.sign_typed_data(self.message or {})
        from stotoken.chain.envelope import parse

        return parse(signer.sign_transaction(self.envelope.rpc()).raw)[1].compact

    @classmethod
    def read(cls, path: Path) -> tuple[Request, bytes | None]:
        """A file of one, and the signature if it has one; InputError when it is none or says two things."""
        try:
            found = parse_json(path.read_text("utf-8"))
            address, signature = parse_address(found["signer"]), found.get("signature")
            if found["format"] != FORMAT or ("transaction" in found) == ("message" in found):
                raise ValueError
            envelope = Envelope.of(found["transaction"]) if "transaction" in found else None
            request = cls(address, envelope, found.get("message"))
            if to_hex(request.digest) != found["digest"] or request.chain_id <= 0:
                raise ValueError
            return request, None if signature is None else bytes.fromhex(signature.removeprefix("0x"))
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}. Nothing was signed.", file=path) from None
        except (ValueError, KeyError, TypeError, AttributeError, InputError):
            raise InputError("is not a request to sign, or was altered; nothing was signed.", file=path) from None


class OfflineSigner:
    kind, can_sign = "key on another machine", (TRANSACTION, TYPED_DATA)

    def __init__(self, folder: Path, address: Address) -> None:
        self.folder, self.address = folder, address

    def __repr__(self) -> str:
        return f"OfflineSigner({self.address} by {self.folder})"

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        asked = Envelope.of(fields)
        known = self._known(Request(self.address, asked))
        if known is None or known.envelope is None:
            raise self._awaited(Request(self.address, asked), new=True)
        if different := asked.with_terms_of(known.envelope).differs_in(known.envelope):
            raise InputError(
                f"it asks for another act of the same number {asked.nonce}: {', '.join(different)} differs. Nothing "
                "was sent. Ask for the same act again, with --deadline and the like given where the program would "
                "choose, or remove the file if that act is not wanted.",
                file=self._path(known, UNSIGNED),
            )
        signature = self._signature(known)
        return known.envelope.signed(signature)

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        plain = json.loads(_json(message))
        request = Request(self.address, message=plain)
        known = self._known(request)
        if known is None:
            raise self._awaited(request, new=True)
        return self._signature(request).compact

    def health(self) -> Health:
        """The key is out of reach by intent: only the folder can be looked at."""
        there = self.folder.is_dir() or not self.folder.exists()
        problem = "" if there else f"{self.folder} is not a folder."
        return Health(self.kind, self.address, self.can_sign, reachable=there, matches=there, problem=problem)

    def _path(self, request: Request, end: str) -> Path:
        return self.folder / f"{request.stem}{end}"

    def _known(self, request: Request) -> Request | None:
        path = self._path(request, UNSIGNED)
        return Request.read(path)[0] if path.exists() else None

    def _awaited(self, request: Request, *, new: bool) -> SignatureAwaited:
        path = self._path(request, UNSIGNED)
        if new:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ConfigError(f"{self.folder} cannot be written to: {error.strerror}; nothing was sent.") from None
            request.write(path)
        return SignatureAwaited(
            f"{path} waits to be signed; nothing was sent. On the machine with the key of {self.address}: stotoken key "
            f"sign {path.name} --signer keystore:PATH. Put the {SIGNED} file it makes beside it, then run the same "
            "again.",
            f"{path} は署名待ちです。何も送信していません。{self.address} の鍵のある端末で stotoken key sign "
            f"{path.name} --signer keystore:PATH を実行し、できた {SIGNED} ファイルを同じフォルダに置いて、"
            "同じコマンドを再実行してください。",
            request=path,
        )

    def _signature(self, known: Request) -> Signature:
        """Of the signed file beside the request, once every field of it is what was asked."""
        path = self._path(known, SIGNED)
        if not path.exists():
            raise self._awaited(known, new=False)
        returned, compact = Request.read(path)
        if returned.to_dict() != known.to_dict():
            raise SignerError(f"{path} is not what was asked for{_where(returned, known)}; nothing was sent.")
        try:
            signature = Signature.parse(compact or b"")
        except ValueError:
            raise SignerError(f"{path} holds no signature; nothing was sent.") from None
        check(signature, known.digest, self.address, str(path))
        return signature


def _json(value: object) -> str:
    return json.dumps(value, default=lambda item: to_hex(item) if isinstance(item, bytes) else str(item))


def _where(one: Request, other: Request) -> str:
    if one.envelope is None or other.envelope is None:
        return ""
    different = one.envelope.differs_in(other.envelope)
    return f": {', '.join(different)} differs" if different else ""
