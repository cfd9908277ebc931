"""`stotoken node`"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from stotoken.cli.app import App
from stotoken.cli.frame import told
from stotoken.cli.report import Pair, Report
from stotoken.errors import ConfigError

if TYPE_CHECKING:
    from stotoken.chain.devnode import DevAccount

_LOOK_EVERY = 1.0
#: Of scrypt: the keys of a local node are public knowledge, so that opening them may be quick.
_WORK = 2


@click.option("--engine", type=click.Choice(["anvil", "ganache"]), default="anvil", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8545, show_default=True, help="0 takes a free one.")
@click.option("--hardfork", help="Rules of the chain, such as berlin or london; the engine's newest if not given.")
@click.option("--block-time", type=click.IntRange(min=1), help="Seconds between blocks; else one for each transaction.")
@click.option("--free-gas", is_flag=True, help="Transactions cost nothing, as on consortium chains.")
@click.option("--accounts", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--keys", metavar="DIR", help="Write a keystore for each account; its password is in STOTOKEN_PASSWORD.")
def run_node(
    app: App,
    engine: Literal["anvil", "ganache"],
    port: int,
    hardfork: str | None,
    block_time: int | None,
    free_gas: bool,
    accounts: int,
    keys: str | None,
) -> None:
    """Run a local chain in the foreground, until Ctrl-C. It forgets everything when it ends."""
    from stotoken.chain.devnode import CHAIN_ID, DevNode

    options = {"hardfork": hardfork, "block_time": block_time, "zero_gas_price": free_gas, "accounts": accounts}
    password = _password() if keys else ""
    # Both, because a shell starts programs in the background with SIGINT ignored.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        with DevNode(engine, port=port, chain_id=app.chain_id or CHAIN_ID, **options) as node:
            written = _write_keystores(Path(keys), node.accounts, password) if keys else ()
            _report(node.url, node.chain_id, node.accounts, written).tell(app)
            while True:
                time.sleep(_LOOK_EVERY)
                node.rpc("eth_chainId")
    except KeyboardInterrupt:
        click.echo({"en": "The node was ended.", "ja": "ノードを終了しました。"}[app.lang], err=True)


def _report(url: str, chain_id: int, accounts: Iterable[DevAccount], keystores: Iterable[Path]) -> Report:
    values = {"url": url, "chain_id": chain_id, "accounts": [account.address for account in accounts]}
    first = next(iter(keystores), None)
    if first is None:
        en = "Keys: end it and start it again with --keys DIR, which writes a keystore for each account."
        ja = "鍵: --keys DIR を付けて起動すると、各アカウントのキーストアを書き出します。"
    else:
        values["keystores"] = [str(path) for path in keystores]
        en = f"Keys: export STOTOKEN_SIGNER=keystore:{first}, and so on; the password is in STOTOKEN_PASSWORD."
        ja = f"鍵: export STOTOKEN_SIGNER=keystore:{first} など。パスワードは STOTOKEN_PASSWORD です。"
    return Report(
        Pair(f"A local chain runs at {url}; Ctrl-C ends it.", f"ローカルチェーン: {url}(Ctrl-C で終了)"),
        values,
        then=Pair(f"Use it: export STOTOKEN_NODE={url}\n{en}", f"使い方: export STOTOKEN_NODE={url}\n{ja}"),
    )


def _password() -> str:
    import os

    from stotoken.chain.signer import PASSWORD_VARIABLE

    if not os.environ.get(PASSWORD_VARIABLE):
        raise ConfigError(f"Keystores need a password: set {PASSWORD_VARIABLE}. No node was started.")
    return os.environ[PASSWORD_VARIABLE]


def _write_keystores(folder: Path, accounts: Iterable[DevAccount], password: str) -> tuple[Path, ...]:
    """One keystore an account; one that is there already is left as it is when it is of the same account."""
    from stotoken.chain.signer import KeystoreSigner

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be used for keystores: {error.strerror}. No node was started.") from None
    written = []
    for place, account in enumerate(accounts):
        path = folder / f"account-{place}.json"
        signer = KeystoreSigner(path) if path.exists() else None
        if signer is None:
            signer = KeystoreSigner.create(path, password, account.key, work=_WORK)
        if signer.address != account.address:
            raise ConfigError(f"{path} is the keystore of another account, {signer.address}; the node was ended.")
        written.append(path)
    return tuple(written)


COMMAND = told("node")(run_node)
