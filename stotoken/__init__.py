"""The core system for security tokens on a consortium EVM chain: deployment, client, register.

Names are loaded when first used, so that `import stotoken` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stotoken.chain.abi import Call as Call
    from stotoken.chain.connection import Connection as Connection
    from stotoken.chain.devnode import DevNode as DevNode
    from stotoken.chain.sender import Sender as Sender
    from stotoken.chain.signer import EnvSigner as EnvSigner
    from stotoken.chain.signer import KeystoreSigner as KeystoreSigner
    from stotoken.chain.signer import LocalSigner as LocalSigner
    from stotoken.chain.signer import Signer as Signer
    from stotoken.chain.signer import signer_from_uri as signer_from_uri
    from stotoken.client.authority import Authority as Authority
    from stotoken.client.deployment import Deployment as Deployment
    from stotoken.client.orders import Orders as Orders
    from stotoken.client.system import System as System
    from stotoken.client.token import Token as Token
    from stotoken.deploy import Plan as Plan
    from stotoken.deploy import apply as apply
    from stotoken.errors import Reverted as Reverted
    from stotoken.errors import StotokenError as StotokenError
    from stotoken.terms import TokenSpec as TokenSpec

__version__ = "0.1.0"

_HOMES = {
    "Call": "stotoken.chain.abi",
    "Connection": "stotoken.chain.connection",
    "Sender": "stotoken.chain.sender",
    "EnvSigner": "stotoken.chain.signer",
    "KeystoreSigner": "stotoken.chain.signer",
    "LocalSigner": "stotoken.chain.signer",
    "Signer": "stotoken.chain.signer",
    "signer_from_uri": "stotoken.chain.signer",
    "Authority": "stotoken.client.authority",
    "Deployment": "stotoken.client.deployment",
    "Orders": "stotoken.client.orders",
    "System": "stotoken.client.system",
    "Token": "stotoken.client.token",
    "Plan": "stotoken.deploy",
    "apply": "stotoken.deploy",
    "DevNode": "stotoken.chain.devnode",
    "TokenSpec": "stotoken.terms",
    "Reverted": "stotoken.errors",
    "StotokenError": "stotoken.errors",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'stotoken' has no attribute '{name}'")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
