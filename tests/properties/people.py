"""The system around a token, as the model sees it: what time it is, whether it stands still, and who everybody is."""

from __future__ import annotations

from dataclasses import dataclass, field

ZERO = "zero"
NORMAL, RESTRICTED, HALTED = 0, 1, 2
JAPAN = 392

Faults = set[str]

#: Who of `world.People` may do alone what one role may do alone.
MAY = {
    "register": {"compliance"},
    "freezeWallet": {"compliance", "emergency"},
    "halt": {"emergency", "registrar", "compliance"},
    "distribute": {"agent"},
    "approveTransferRequest": {"issuer", "registrar"},
    "rejectTransferRequest": {"issuer", "registrar"},
    "setFrozen": {"compliance"},
    "pause": {"emergency", "issuer", "registrar", "compliance"},
    "reportLoss": {"agent", "registrar", "custodian"},
}


@dataclass
class Registered:
    investor: str
    classes: int
    until: int
    country: int = JAPAN


@dataclass
class System:
    """Every act gives back the names of the errors that may answer it; none means that it was done."""

    now: int
    level: int = NORMAL
    stopped_at: int = 0
    stopped: int = 0
    registered: dict[str, Registered] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)

    @property
    def running(self) -> int:
        """The clock that stands still while the system is stopped."""
        return (self.now if self.level == NORMAL else self.stopped_at) - self.stopped

    def investor(self, wallet: str) -> str | None:
        return self.registered[wallet].investor if wallet in self.registered else None

    def invalid(self, wallet: str) -> Faults:
        """Why the wallet's registration does not let it send or receive."""
        if wallet not in self.registered:
            return {"WalletUnregistered"}
        return set() if self.now < self.registered[wallet].until else {"InvestorExpired"}

    def not_allowed(self, by: str, act: str) -> Faults:
        """A role's act, which a halt stops too."""
        return ({"AccessRefused"} if by not in MAY[act] else set()) | self.halted()

    def halted(self) -> Faults:
        return {"SystemHalted"} if self.level == HALTED else set()

    def register(self, by: str, wallet: str, investor: str, classes: int, until: int, country: int) -> Faults:
        faults = self.not_allowed(by, "register")
        if wallet == ZERO or not investor or self.investor(wallet) not in (None, investor):
            faults |= {"WalletTaken"}
        if not faults:
            self.registered[wallet] = Registered(investor, classes, until, country)
        return faults

    def freeze_wallet(self, by: str, wallet: str) -> Faults:
        faults = self.not_allowed(by, "freezeWallet")
        faults |= set() if wallet in self.registered else {"WalletUnregistered"}
        if not faults:
            self.frozen.add(wallet)
        return faults

    def unfreeze_wallet(self, wallet: str) -> Faults:
        faults = self.halted()
        if not faults:
            self.frozen.discard(wallet)
        return faults

    def halt(self, by: str, to: int) -> Faults:
        faults = set() if by in MAY["halt"] else {"AccessRefused"}
        if to <= self.level:
            faults |= {"HaltLevelWrong"}
        if not faults:
            if self.level == NORMAL:
                self.stopped_at = self.now
            self.level = to
        return faults

    def resume(self, to: int) -> Faults:
        if to >= self.level:
            return {"HaltLevelWrong"}
        if to == NORMAL:
            self.stopped += self.now - self.stopped_at
        self.level = to
        return set()
