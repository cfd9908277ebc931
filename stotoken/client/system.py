"""The core system: its halt level, its investors, its tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender
from stotoken.client import bindings
from stotoken.client.act import Act
from stotoken.client.base import Client
from stotoken.client.bindings import structs
from stotoken.client.deployment import Deployment
from stotoken.client.events import happened, only
from stotoken.client.orders import Executed
from stotoken.client.results import LevelChanged, Registered, WalletFrozen
from stotoken.client.standing import Standing
from stotoken.client.token import Token
from stotoken.errors import InputError
from stotoken.types import ZERO_ADDRESS, Address, Basis, Bytes32, HaltLevel, to_hex


class System(Client):
    """One deployment, as its operator sees it."""

    def __init__(self, deployment: Deployment, via: Sender | Connection, address: Address | None = None) -> None:
        super().__init__(deployment, via, address or deployment.system)
        self.bind = bindings.CoreSystem(self.connection, self.address)

    # --- halt ---------------------------------------------------------------------------------------------------------

    def level(self) -> HaltLevel:
        return HaltLevel(self.bind.level())

    def running_time(self) -> int:
        """UTC seconds less all time spent stopped: the clock of deadlines."""
        return self.bind.running_time()

    def halt(self, to: HaltLevel, incident: Bytes32) -> LevelChanged:
        """Stop every token of the system, alone and at once; `incident`: hash or number of the incident report."""
        receipt = self._send(self.bind.halt(to, incident))
        values = only(self.deployment, receipt, "HaltLevelChanged", self.address).values
        return LevelChanged(
            receipt=receipt,
            from_=HaltLevel(values["from"]),
            to=HaltLevel(values["to"]),
            by=values["by"],
            incident=values["incident"],
        )

    def resume(self, to: HaltLevel, incident: Bytes32) -> Act:
        return Act(
            self.bind.resume(to, incident),
            Basis.RESUME,
            f"Resume to halt level {to.name} after incident {to_hex(incident)}.",
            f"事象 {to_hex(incident)} の後、停止レベルを {to.name} に戻す。",
        )

    # --- investors ----------------------------------------------------------------------------------------------------

    def register(self, rows: Iterable[tuple[Address, Standing]]) -> Registered:
        """Register wallets, or change what is known of them, in one transaction; a frozen wallet stays frozen."""
        pairs = list(rows)
        if not pairs:
            raise InputError("There is no wallet to register; nothing was sent.")
        call = self.bind.register([wallet for wallet, _ in pairs], [standing.word for _, standing in pairs])
        receipt = self._send(call)
        changed = [event for event in happened(self.deployment, receipt) if event.name == "StandingChanged"]
        return Registered(receipt=receipt, wallets=tuple(event.values["wallet"] for event in changed))

    def freeze_wallet(self, wallet: Address) -> WalletFrozen:
        """Freeze a wallet in every token, alone and at once."""
        return WalletFrozen(receipt=self._send(self.bind.freeze_wallet(wallet)), wallet=wallet, frozen=True)

    def unfreeze_wallet(self, wallet: Address, basis: Basis = Basis.POLICY) -> Act:
        return Act(
            self.bind.unfreeze_wallet(wallet),
            basis,
            f"Unfreeze wallet {wallet} in every token.",
            f"全トークンにおけるウォレット {wallet} の凍結を解除する。",
        )

    def standing_of(self, wallet: Address) -> Standing | None:
        """What is known of a wallet; None when it is not registered."""
        word = self.bind.look(wallet, wallet)[1]
        return Standing.of(word) if word >> 128 else None

    def is_verified(self, wallet: Address) -> bool:
        """Registered, valid and not frozen."""
        return self.bind.is_verified(wallet)

    # --- tokens -------------------------------------------------------------------------------------------------------

    def create_token(self, terms: structs.Terms) -> Act:
        """A new token; `token.terms_from` makes the terms. The client of it: `created(orders.execute(id))`."""
        return Act(
            self.bind.create_token(terms),
            Basis.ISSUANCE,
            f"Create the token {terms.symbol} ({terms.name}) of {terms.authorised_units} authorised units.",
            f"トークン {terms.symbol}({terms.name}、発行可能数 {terms.authorised_units} 口)を作成する。",
        )

    def created(self, executed: Executed) -> Token:
        """The token that an order created."""
        return self._token(executed.event("TokenCreated").values["token"])

    def set_implementation(self, implementation: Address) -> Act:
        return Act(
            self.bind.set_implementation(implementation),
            Basis.GOVERNANCE,
            f"Make new tokens clones of {implementation}.",
            f"新規トークンの実装を {implementation} とする。",
        )

    def standings(self, wallets: Sequence[Address]) -> tuple[Standing | None, ...]:
        """What is known of each wallet, in one question; None: not registered."""
        words = self.bind.look_many(ZERO_ADDRESS, [int(wallet, 16) for wallet in wallets])[2]
        return tuple(Standing.of(word) if word >> 128 else None for word in words)

    def tokens(self) -> tuple[Token, ...]:
        """All tokens in order of creation."""
        return tuple(map(self._token, self.bind.tokens()))

    def token(self, which: str) -> Token:
        """A token by its address or by its identifier of 12 characters; InputError when the system has none such."""
        if which.startswith("0x"):
            if self.bind.is_token(which):
                return self._token(which)
        elif len(which) == 12 and which.isascii():
            address = self.bind.token_of(which.encode())
            if int(address, 16):
                return self._token(address)
        raise InputError(f"This system has no token {which}.")

    def _token(self, address: Address) -> Token:
        return Token(self.deployment, self.sender or self.connection, address)
