"""Keepers of keys, each behind the real wire of its kind: local servers that sign with eth_account, files, a node.

They keep to what the services document, and can be told to misbehave: `alter` what is signed, answer a `status`, wait.
"""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from coincurve import PrivateKey
from eth_account import Account
from eth_account.messages import encode_typed_data

from stotoken.chain.faults import SignatureAwaited

TLS = Path(__file__).parent / "tls"
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
PASSWORD = "correct horse battery staple"
Answer = tuple[int, object]


class Service:
    """A local HTTP server; `faults` has what it does wrong."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.account = Account.from_key(key)
        self.faults: dict[str, Any] = {}
        self.asked: list[Any] = []
        self.url = ""

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        raise AssertionError

    @contextmanager
    def running(self, *, tls: bool = False, mutual: bool = False) -> Iterator[None]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                time.sleep(service.faults.get("wait", 0))
                status, said = service.answer(self.command, self.path, self.headers, body)
                if "status" in service.faults:
                    status, said = service.faults["status"], "it broke"
                data = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(data)

            do_GET = do_POST = do_LIST = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None: ...

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            server.daemon_threads = True
            if tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(TLS / "loopback.pem")
                if mutual:
                    context.verify_mode = ssl.CERT_REQUIRED
                    context.load_verify_locations(TLS / "loopback.crt")
                server.socket = context.wrap_socket(server.socket, server_side=True)
            self.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
            thread = threading.Thread(target=lambda: server.serve_forever(0.02))
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()


class Web3SignerService(Service):
    """eth_accounts, eth_signTransaction, eth_signTypedData and /upcheck; the chain id is its own setting."""

    chain_id = 31337

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if path == "/upcheck":
            return 200, b"OK"
        asked = json.loads(body)
        self.asked.append(asked)
        known = {"eth_accounts", "eth_signTransaction", "eth_signTypedData"} - self.faults.get("without", set())
        if asked["method"] not in known:
            return self._error(asked, -32601, "Method not found")
        if asked["method"] == "eth_accounts":
            return self._result(asked, [self.account.address.lower()])
        params = asked["params"]
        if asked["method"] == "eth_signTypedData":
            if len(params) != 2 or not all(isinstance(each, str) for each in params):
                return self._error(asked, -32602, "Invalid params", 400)
            signable = encode_typed_data(full_message=json.loads(params[1]))
            return self._signed(asked, params[0], bytes(self.account.sign_message(signable).signature))
        if len(params) != 1 or "nonce" not in params[0]:
            return self._error(asked, -32602, "Invalid params", 400)
        return self._signed(asked, params[0]["from"], self._transaction(params[0]))

    def _transaction(self, asked: Mapping[str, Any]) -> bytes:
        """As EthSendTransactionJsonParameters reads it: quantities in hexadecimal, what it does not know left out."""
        numbers = ("gas", "gasPrice", "nonce", "value", "maxFeePerGas", "maxPriorityFeePerGas")
        fields: dict[str, Any] = {name: int(asked[name], 16) for name in numbers if name in asked}
        fields |= {"chainId": self.chain_id, "data": asked.get("data", "0x")}
        if "to" in asked:
            fields["to"] = asked["to"]
        fields = self.faults.get("alter", lambda same: same)(fields)
        raw = bytes(self.account.sign_transaction(fields).raw_transaction)
        return self.faults.get("alter_raw", lambda same: same)(raw)

    def _signed(self, asked: Mapping[str, Any], sender: str, data: bytes) -> Answer:
        if sender.lower() != self.account.address.lower() and "any sender" not in self.faults:
            return self._error(asked, -32000, "No unlocked account matches the Sender")
        return self._result(asked, f"0x{data.hex()}")

    def _result(self, asked: Mapping[str, Any], result: object) -> Answer:
        return 200, {"jsonrpc": "2.0", "id": asked["id"], "result": result}

    def _error(self, asked: Mapping[str, Any], code: int, message: str, status: int = 200) -> Answer:
        return status, {"jsonrpc": "2.0", "id": asked["id"], "error": {"code": code, "message": message}}


def der(r: int, s: int) -> bytes:
    parts = b""
    for number in (r, s):
        body = number.to_bytes((number.bit_length() + 8) // 8, "big")
        parts += bytes([2, len(body)]) + body
    return bytes([0x30, len(parts)]) + parts


class KmsService(Service):
    """GetPublicKey, DescribeKey and Sign in the JSON protocol of AWS; every second signature has a high s."""

    key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        self.signatures = 0
        self.spec, self.usage, self.state = "ECC_SECG_P256K1", "SIGN_VERIFY", "Enabled"

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if not headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 Credential="):
            return 400, {"__type": "MissingAuthenticationTokenException", "message": "Missing Authentication Token"}
        operation, asked = headers["X-Amz-Target"].removeprefix("TrentService."), json.loads(body)
        self.asked.append((operation, asked))
        if asked["KeyId"] != self.key_id:
            return 400, {"__type": "NotFoundException", "message": f"Key '{asked['KeyId']}' does not exist"}
        if operation == "DescribeKey":
            return 200, {"KeyMetadata": {"KeyId": self.key_id, "KeyState": self.state, "KeySpec": self.spec}}
        if operation == "GetPublicKey":
            return 200, {
                "KeyId": self.key_id,
                "KeySpec": self.spec,
                "CustomerMasterKeySpec": self.spec,
                "KeyUsage": self.usage,
                "PublicKey": base64.b64encode(self._spki()).decode(),
                "SigningAlgorithms": ["ECDSA_SHA_256"],
            }
        return self._sign(asked)

    def _sign(self, asked: Mapping[str, Any]) -> Answer:
        digest = base64.b64decode(asked["Message"])
        if (asked["SigningAlgorithm"], asked["MessageType"], len(digest)) != ("ECDSA_SHA_256", "DIGEST", 32):
            return 400, {"__type": "ValidationException", "message": "Digest is invalid length for algorithm"}
        if self.state != "Enabled":
            return 400, {"__type": "DisabledException", "message": "the key is disabled"}
        signed = PrivateKey(self.faults.get("key", self.key)).sign_recoverable(digest, hasher=None)
        r, s = int.from_bytes(signed[:32], "big"), int.from_bytes(signed[32:64], "big")
        self.signatures += 1
        encoded = der(r, ORDER - s if self.signatures % 2 else s)
        encoded = self.faults.get("der", lambda same: same)(encoded)
        return 200, {"KeyId": self.key_id, "Signature": base64.b64encode(encoded).decode(), "SigningAlgorithm": "…"}

    def _spki(self) -> bytes:
        point = PrivateKey(self.key).public_key.format(compressed=False)
        head = "3056301006072a8648ce3d020106052b8104000a034200"
        return self.faults.get("spki", lambda same: same)(bytes.fromhex(head) + point)


class VaultService(Service):
    """The read of the key-value store, version 2, for whoever has the token."""

    token = "hvs.this-is-the-token-of-the-test"
    path = "secret/data/stotoken/issuer"

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        self.secret: dict[str, object] = {"keystore": json.dumps(Account.encrypt(key, PASSWORD, iterations=2))}

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.asked.append((method, path))
        if headers.get("X-Vault-Token") != self.token:
            return 403, {"errors": ["permission denied"]}
        if method != "GET" or path != f"/v1/{self.path}":
            return 404, {"errors": []}
        metadata = {"created_time": "2026-04-01T00:00:00Z", "deletion_time": "", "destroyed": False, "version": 1}
        return 200, {"request_id": "1", "lease_id": "", "data": {"data": self.secret, "metadata": metadata}}


def stotoken(*words: object, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own."""
    args = [sys.executable, "-c", "from stotoken.cli import main; main()", *map(str, words)]
    return subprocess.run(args, capture_output=True, text=True, timeout=60, env=env, check=False)


def on_the_other_machine(request: str, keystore: Path, env: Mapping[str, str]) -> None:
    """What a person does there: reads the request, and signs it by its digest."""
    digest = json.loads(Path(request).read_text())["digest"]
    done = stotoken("key", "sign", request, "--digest", digest, "--signer", f"keystore:{keystore}", env=env)
    assert done.returncode == 0, done.stderr


class Offline:
    """A signer and the person who carries its files to another machine and back."""

    def __init__(self, signer: Any, keystore: Path, env: Mapping[str, str]) -> None:
        self._signer, self._keystore, self._env = signer, keystore, env

    def __repr__(self) -> str:
        return repr(self._signer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._signer, name)

    def sign_transaction(self, fields: Mapping[str, Any]) -> Any:
        return self._twice(lambda: self._signer.sign_transaction(fields))

    def sign_typed_data(self, message: Mapping[str, Any]) -> Any:
        return self._twice(lambda: self._signer.sign_typed_data(message))

    def _twice(self, run: Callable[[], Any]) -> Any:
        try:
            return run()
        except SignatureAwaited as awaited:
            on_the_other_machine(awaited.request, self._keystore, self._env)
        return run()
