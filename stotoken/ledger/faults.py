"""What can be wrong with a register."""

from __future__ import annotations

from collections.abc import Sequence

from stotoken.errors import LedgerStale


class RegisterDiffers(LedgerStale):
    """The register and the chain, or two events of the chain, do not agree: nothing may rest on this register."""

    def __init__(self, message: str, differences: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.differences = tuple(differences)

    def to_dict(self) -> dict[str, object]:
        return super().to_dict() | {"differences": [str(difference) for difference in self.differences]}
