"""Deploy the whole system through Brownie, by the plan that `stotoken deploy` applies.

    brownie run scripts/deploy.py --network anvil
    brownie run scripts/deploy.py main FOLDER --network anvil      also keeps the record, as FOLDER/<chain id>.json

The first development account deploys and keeps no right; each role goes to one of those that follow.
"""

from __future__ import annotations

from contextlib import nullcontext
from tempfile import TemporaryDirectory

from brownie import accounts, network, rpc, web3

from stotoken.chain.connection import Connection
from stotoken.chain.devnode import MNEMONIC
from stotoken.chain.sender import Sender
from stotoken.chain.signer import LocalSigner
from stotoken.deploy import Deployment, Plan, apply
from stotoken.errors import ConfigError
from stotoken.types import Role


def main(folder: str | None = None) -> None:
    """Deploy and print what lies where; the record goes with a development chain, so it is kept on demand only."""
    with TemporaryDirectory() if folder is None else nullcontext(folder) as kept:
        deployment = deploy(kept)
    print(f"Chain {deployment.chain_id}, deployer {deployment.deployer}")
    for name, address in deployment.addresses.items():
        print(f"  {name:<16} {address}")
    for role, members in deployment.roles.items():
        print(f"  {role:<16} {', '.join(members)}")


def deploy(folder: str) -> Deployment:
    """Apply the plan on Brownie's network; the record is kept in `folder`."""
    if not rpc.is_active():
        raise ConfigError(
            f"Everybody knows the keys of development accounts: deploy to {network.show_active()} with "
            "`stotoken deploy apply`. Nothing was sent."
        )
    if len(accounts) <= len(Role):
        raise ConfigError(
            f"The node has {len(accounts)} accounts, but deployer and roles need {1 + len(Role)}: start it with more. "
            "Nothing was sent."
        )
    with Connection.open(web3.provider.endpoint_uri) as connection:
        sender = Sender(connection, LocalSigner(bytes.fromhex(accounts.from_mnemonic(MNEMONIC).private_key[2:])))
        members = {role: (account.address,) for role, account in zip(Role, accounts[1:], strict=False)}
        return apply(Plan.make(connection, sender.address, members), sender, folder)
