"""A V3 keystore kept in HashiCorp Vault's key-value store, version 2, and opened in memory.

Vault's own transit engine does not know the curve. Address and token are Vault's own variables, VAULT_ADDR and
VAULT_TOKEN; VAULT_NAMESPACE and VAULT_CACERT where they are set. The keystore's password is not in Vault.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from stotoken.chain.faults import SignerError
from stotoken.chain.keystore import keystore_in
from stotoken.chain.signer import PASSWORD_VARIABLE, StoredKey
from stotoken.errors import ConfigError

TIMEOUT = 10


class VaultSigner(StoredKey):
    kind = "keystore in Vault"

    def __init__(
        self,
        name: str,
        *,
        password_variable: str = PASSWORD_VARIABLE,
        prompt: Callable[[str], str] | None = None,
        timeout: int = TIMEOUT,
    ) -> None:
        """`name`: MOUNT/PATH#FIELD."""
        path, _, self._field = name.partition("#")
        self._mount, _, self._path = path.strip("/").partition("/")
        if not (self._mount and self._path and self._field):
            raise ConfigError("vault: takes MOUNT/PATH#FIELD, such as secret/stotoken/issuer#keystore.")
        super().__init__(f"Keystore {name} of Vault", password_variable, prompt)
        self._client = _client(timeout)
        self._read: Mapping[str, Any] | None = None

    def _keystore(self) -> Mapping[str, Any]:
        if self._read is None:
            held = self._secret().get(self._field)
            found = keystore_in(held if isinstance(held, str) else json.dumps(held))
            if found is None:
                raise SignerError(f"{self.where} is not a version 3 keystore; nothing was signed.")
            self._read = found
        return self._read

    def _probe(self) -> bool:
        self._read = None
        return super()._probe()

    def _secret(self) -> Mapping[str, Any]:
        import hvac.exceptions as refused
        import requests

        try:
            answer = self._client.secrets.kv.v2.read_secret_version(
                self._path, mount_point=self._mount, raise_on_deleted_version=True
            )
            return dict(answer["data"]["data"])
        except refused.InvalidPath:
            problem = "is not there"
        except (refused.Forbidden, refused.Unauthorized):
            problem = "is not shown to this token"
        except refused.VaultError as error:
            problem = f"cannot be read ({type(error).__name__})"
        except requests.Timeout:
            problem = "cannot be read: Vault did not answer in time"
        except requests.exceptions.SSLError:
            problem = "cannot be read: Vault has no certificate that is trusted"
        except (requests.RequestException, OSError):
            problem = "cannot be read: Vault cannot be reached"
        except (KeyError, TypeError, ValueError, AttributeError):
            problem = "cannot be read: Vault answered something that is no secret"
        raise SignerError(f"{self.where} {problem}; nothing was signed.")


def _client(timeout: int) -> Any:
    try:
        import hvac
    except ImportError:
        raise ConfigError("vault: needs hvac: pip install 'stotoken[vault]'. Nothing was done.") from None
    missing = [name for name in ("VAULT_ADDR", "VAULT_TOKEN") if not os.environ.get(name)]
    if missing:
        raise ConfigError(f"vault: needs {' and '.join(missing)} in the environment; nothing was done.")
    return hvac.Client(
        url=os.environ["VAULT_ADDR"],
        token=os.environ["VAULT_TOKEN"],
        namespace=os.environ.get("VAULT_NAMESPACE"),
        verify=os.environ.get("VAULT_CACERT") or True,
        timeout=timeout,
        allow_redirects=False,
    )
