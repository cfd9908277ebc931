"""What can come between an act and its signature. Nothing was sent in any of these cases."""

from __future__ import annotations

from stotoken.errors import StotokenError


class SignerError(StotokenError):
    """Who keeps the key cannot be reached, refuses, or gave back something else than was asked for."""

    exit_code = 7


class _Told(StotokenError):
    """A sentence in both languages."""

    def __init__(self, en: str, ja: str) -> None:
        super().__init__(en)
        self.ja = ja

    def message(self, lang: str = "en") -> str:
        return self.ja if lang == "ja" else str(self)

    def to_dict(self) -> dict[str, object]:
        return super().to_dict() | {"message_ja": self.ja}


class SignatureAwaited(_Told):
    """Nothing is wrong: what was written to the file `request` is to be signed or approved, then it goes on."""

    exit_code = 8

    def __init__(self, en: str, ja: str, *, request: object) -> None:
        super().__init__(en, ja)
        self.request = str(request)

    def to_dict(self) -> dict[str, object]:
        return super().to_dict() | {"request": self.request}


class PolicyRefused(_Told):
    """The signing policy or a limit of custody does not allow it; nothing was signed."""

    exit_code = 9
