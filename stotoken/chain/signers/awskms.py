"""A key inside AWS KMS (ECC_SECG_P256K1): it signs digests and never shows itself.

Credentials, region and endpoint are boto3's own business: environment, profile or instance role.
"""

from __future__ import annotations

from typing import Any

from stotoken.chain.envelope import ORDER, Signature, address_of
from stotoken.chain.faults import SignerError
from stotoken.chain.signer import DigestSigner
from stotoken.errors import ConfigError
from stotoken.types import Address

TIMEOUT, ATTEMPTS = 10.0, 3

#: Of a SubjectPublicKeyInfo for an uncompressed point of secp256k1; the 64 bytes of the point follow.
_SPKI = bytes.fromhex("3056301006072a8648ce3d020106052b8104000a034200") + b"\x04"


class AwsKmsSigner(DigestSigner):
    kind = "AWS KMS"

    def __init__(self, key: str, expected: Address | None = None, *, timeout: float = TIMEOUT) -> None:
        self._key, self._expected = key, expected
        self._client = _client(timeout)
        self._address: Address | None = None

    def __repr__(self) -> str:
        return f"AwsKmsSigner({self._address or self._key})"

    @property
    def address(self) -> Address:
        if self._address is None:
            answer = self._ask("get_public_key")
            if answer.get("KeySpec", answer.get("CustomerMasterKeySpec")) != "ECC_SECG_P256K1":
                raise SignerError(f"Key {self._key} of AWS KMS is not of the curve secp256k1; nothing was signed.")
            if answer.get("KeyUsage") != "SIGN_VERIFY":
                raise SignerError(f"Key {self._key} of AWS KMS is not for signing; nothing was signed.")
            found = address_of(_point(answer.get("PublicKey")))
            if self._expected not in (None, found):
                raise SignerError(
                    f"Key {self._key} of AWS KMS is that of {found}, not of {self._expected}; nothing was signed."
                )
            self._address = found
        return self._address

    def _sign_digest(self, digest: bytes) -> Signature:
        answer = self._ask("sign", Message=digest, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256")
        try:
            return Signature(*der_signature(answer["Signature"]), parity=0)
        except (KeyError, TypeError, ValueError, IndexError):
            raise SignerError("AWS KMS gave back something that is no signature; nothing was sent.") from None

    def _probe(self) -> bool:
        self._address = None
        state = self._ask("describe_key").get("KeyMetadata", {}).get("KeyState")
        if state != "Enabled":
            raise SignerError(f"Key {self._key} of AWS KMS is in state {state}: it does not sign.")
        return bool(self.address)

    def _ask(self, operation: str, **more: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self._client, operation)(KeyId=self._key, **more)
        except ClientError as error:
            problem = f"refused {operation}: {error.response.get('Error', {}).get('Code', 'no reason')}"
        except BotoCoreError as error:
            # Its text may hold what the environment holds; its name says enough.
            problem = f"cannot be asked for {operation}: {type(error).__name__}"
        except (AttributeError, KeyError, TypeError, ValueError):
            problem = f"answered {operation} with something that is none of its answers"
        raise SignerError(f"AWS KMS {problem}; nothing was signed.")


def der_signature(data: bytes) -> tuple[int, int]:
    """r and s of a DER signature; ValueError or IndexError unless it is the one encoding of numbers in range."""
    if data[0] != 0x30 or data[1] != len(data) - 2 or data[1] > 0x7F:
        raise ValueError
    r, rest = _integer(data[2:])
    s, rest = _integer(rest)
    if rest or not (0 < r < ORDER and 0 < s < ORDER):
        raise ValueError
    return r, s


def _integer(data: bytes) -> tuple[int, bytes]:
    length = data[1]
    body = data[2 : 2 + length]
    padded = len(body) > 1 and body[0] == 0 and body[1] < 0x80
    if data[0] != 0x02 or not 0 < length <= 33 or len(body) != length or body[0] > 0x7F or padded:
        raise ValueError
    return int.from_bytes(body, "big"), data[2 + length :]


def _point(spki: object) -> bytes:
    if not isinstance(spki, bytes) or not spki.startswith(_SPKI) or len(spki) != len(_SPKI) + 64:
        raise SignerError("AWS KMS gave back something that is no public key of secp256k1; nothing was signed.")
    return spki[len(_SPKI) - 1 :]


def _client(timeout: float) -> Any:
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError:
        raise ConfigError("awskms: needs boto3: pip install 'stotoken[aws]'. Nothing was done.") from None
    limits = Config(connect_timeout=timeout, read_timeout=timeout, retries={"total_max_attempts": ATTEMPTS})
    try:
        return boto3.client("kms", config=limits)
    except (BotoCoreError, ValueError) as error:
        problem = type(error).__name__
    raise ConfigError(f"awskms: a setting of AWS is missing, such as the region ({problem}); nothing was done.")
