"""`stotoken key`: who signs, what waits to be signed, what was signed."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.reading import confirm, shown_call, shown_message
from stotoken.cli.report import Pair, Report
from stotoken.errors import ConfigError
from stotoken.types import to_hex

if TYPE_CHECKING:
    from stotoken.chain.signer import Health
    from stotoken.chain.signers.offline import Request

COMMAND = Group(
    "key",
    help="Who signs: keys, requests from other machines, the signing log.\n\n"
    "A key is named keystore:PATH; env:NAME, a variable, on development chains; web3signer:https://HOST:PORT#ADDRESS; "
    "awskms:KEY or awskms:KEY#ADDRESS; vault:MOUNT/PATH#FIELD, a keystore in Vault; offline:DIR#ADDRESS, a key on "
    "another machine; node:ADDRESS, an account of a development node; custody:FILE#WALLET, see `stotoken custody`. A "
    "password is in STOTOKEN_PASSWORD or asked for.",
)

_uri = click.argument("uri", metavar="URI")


@COMMAND.told("new")
@click.argument("path", metavar="PATH")
def new(app: App, path: str) -> Report:
    """Make a key and write it to a new keystore."""
    from stotoken.chain.signer import KeystoreSigner

    signer = KeystoreSigner.create(path, _new_password())
    return Report(
        Pair(f"Wrote the key of {signer.address} to {path}.", f"{signer.address} の鍵を {path} に書き出しました。"),
        {"address": signer.address, "signer": f"keystore:{path}"},
        then=Pair(
            "Copy the keystore and keep its password elsewhere: whoever loses either loses the key.",
            "キーストアを複製し、パスワードは別の場所に保管してください。いずれかを失うと鍵は使えなくなります。",
        ),
    )


@COMMAND.told("show")
@_uri
def show(app: App, uri: str) -> Report:
    """The address of a key and what it can sign, without a password where there is none to be had."""
    signer: Any = app.opened(uri)
    address = signer.address
    found = {"address": address, "kind": signer.kind, "can_sign": ", ".join(signer.can_sign)}
    return Report(Pair(f"The key is that of {address}.", f"{address} の鍵です。"), found)


@COMMAND.told("health")
@_uri
def health(app: App, uri: str) -> Report:
    """Whether who keeps a key answers and has the key of the address; nothing is signed."""
    from stotoken.chain.faults import SignerError

    found = app.opened(uri).health()
    if not found.well:
        raise SignerError(found.problem or f"The key is not that of {found.address}.")
    return Report(Pair(f"The key of {found.address} is in order.", f"{found.address} の鍵は正常です。"), _of(found))


@COMMAND.told("sign")
@click.argument("file", metavar="FILE")
@values.option("--digest", help="Sign this and nothing else, as it was shown, without being asked.")
@click.option("--out", metavar="FILE", help="Where to; beside the request if not given.")
def sign(app: App, file: str, digest: str | None, out: str | None) -> Report:
    """Sign a request of another machine, once what it does was read."""
    from stotoken.chain.signers.offline import SIGNED, UNSIGNED, Request

    path = Path(file)
    request, _ = Request.read(path)
    target = Path(out) if out else path.with_name(path.name.removesuffix(UNSIGNED).removesuffix(".json") + SIGNED)
    if target.exists():
        raise ConfigError(f"{target} is there already; nothing was signed.")
    if not app.signer:
        raise ConfigError("Signing needs a key: give --signer keystore:PATH or another; nothing was signed.")
    shown = _shown(app, request)
    confirm(app, shown, to_hex(request.digest), digest)
    signature = request.sign(app.signer_of(app.signer))
    request.write(target, signature=to_hex(signature))
    return Report(
        Pair(f"Signed for {request.address}: {target}", f"{request.address} として署名しました: {target}"),
        {"signed": str(target), **shown},
        then=Pair(
            "Put it beside the request on the machine with the network, and run the same command there again.",
            "通信できる端末の依頼ファイルと同じフォルダに置き、同じコマンドを再実行してください。",
        ),
    )


@COMMAND.told("log")
@click.argument("verb", type=click.Choice(["verify"]))
@click.argument("file", metavar="FILE")
@values.option("--kept", metavar="SHA256", help="Of a line of before, kept elsewhere: it must still be there.")
def log(app: App, verb: str, file: str, kept: str | None) -> Report:
    """`log verify FILE`: whether a signing log is whole, line by line."""
    from stotoken.chain.signers.log import verify

    found = verify(Path(file), kept)
    then = None
    if found.torn:
        then = Pair(
            f"The last {found.torn} bytes are of a line that was not finished: its signature was never handed out.",
            f"末尾の {found.torn} バイトは書きかけの行です。その署名は渡されていません。",
        )
    return Report(
        Pair(f"The {found.lines} lines of {file} hold together.", f"{file} の {found.lines} 行は連続しています。"),
        {"lines": found.lines, "sha256": found.sha256, "torn": found.torn},
        then=then,
    )


def _of(found: Health) -> Mapping[str, object]:
    return {"address": found.address, "kind": found.kind, "can_sign": ", ".join(found.can_sign)}


def _new_password() -> str:
    from stotoken.chain.signer import PASSWORD_VARIABLE

    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE]
    if not sys.stdin.isatty():
        raise ConfigError(f"A keystore needs a password: set {PASSWORD_VARIABLE} or use a terminal; no key was made.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _shown(app: App, request: Request) -> dict[str, object]:
    """What a person is to read before it is signed: where it goes, what it does, what it may cost."""
    shown: dict[str, object] = {"signer": request.address, "chain_id": request.chain_id}
    envelope = request.envelope
    if envelope is None:
        message = dict(request.message or {})
        domain = message["domain"]
        shown |= {"contract": domain.get("verifyingContract"), "function": message["primaryType"]}
        return shown | {"arguments": shown_message(message["message"]), "digest": to_hex(request.digest)}
    shown |= shown_call(envelope.target, envelope.data)
    more = {"nonce": envelope.nonce, "value": envelope.value, "gas": envelope.gas, "most_fee": envelope.most_fee}
    return shown | more | {"digest": to_hex(request.digest)}
