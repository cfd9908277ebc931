"""Every error of the package, each with the exit code of the command line.

    StotokenError 1
    ├── InputError 2            what was given is wrong: one sentence, with file, row and column where there are such
    ├── ConfigError 3           the setting is wrong: another chain, a missing key, an unknown contract
    ├── NodeError 4             the node is down, answers nonsense or refuses the request
    ├── OutcomeUnknown 5        sent, no receipt: the transaction may still be mined, it is never sent again blindly
    ├── NotTold 6               done, but the result could not be written
    ├── SignerError 7, SignatureAwaited 8, PolicyRefused 9      of who signs: `stotoken.chain.faults`
    ├── LedgerStale 20          the ledger is behind the chain
    ├── ChainReorganised 21     blocks already read are no longer part of the chain
    └── Reverted                the chain said no
        ├── Refused 10          a rule, a restriction or a halt
        ├── Unauthorized 11     the sender may not do this
        ├── LedgerError 12      the holdings do not allow it
        ├── StateError 13       not in this state of the token, the order or the system
        ├── Panicked 14         a failed assertion inside a contract
        ├── UnknownRevert 15    revert data that no known error explains
        └── RejectedInput 2     the chain's own check of an argument (also an InputError)

The command line ends with 70 on a fault of its own, which is none of these, and with 130 when it is interrupted.

`stotoken.reverts` holds one generated class per custom error of the contracts, each a child of a family above
(`FAMILIES` maps the `@custom:family` tag to it). A generated class is class attributes and annotations only;
`Reverted` does the rest:

    class WalletFrozen(Refused):
        signature = "WalletFrozen(address)"         canonical
        selector = bytes.fromhex("...")             4 bytes
        inputs = ("address",)                       ABI types in order, tuples written out
        fields = ("wallet",)                        `field_name()` of each parameter
        clause = "6.1.1.7"                          guideline clause, "" when none
        status = 0x56                               ERC-1400 status byte, 0x50 when none
        reason = "ADDR_FROZEN"                      short code, "" when none
        template_en = "Wallet {wallet} is frozen."  placeholders by the name in Solidity or in Python
        template_ja = "..."
        wallet: str

and `BY_SELECTOR: dict[bytes, type[Reverted]]` names them all.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import ClassVar, Self


class StotokenError(Exception):
    """Root of all errors this package raises on purpose."""

    exit_code: ClassVar[int] = 1

    def message(self, lang: str = "en") -> str:
        """The sentence for a person; only reverts have a Japanese one of their own."""
        return str(self)

    def to_dict(self) -> dict[str, object]:
        """JSON-ready form for `--json`."""
        return {"error": type(self).__name__, "exit_code": self.exit_code, "message": self.message()}


class InputError(StotokenError):
    """Something given by the caller is wrong."""

    exit_code = 2
    file: str | None = None
    row: int | None = None
    column: str | None = None

    def __init__(self, message: str, *, file: object = None, row: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.file = None if file is None else str(file)
        self.row = row
        self.column = column

    def __str__(self) -> str:
        sentence = str(self.args[0])
        place = [self.file] if self.file else []
        place += [f"row {self.row}"] if self.row is not None else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place)}: {sentence}" if place else sentence

    def at(self, *, file: object = None, row: int | None = None, column: str | None = None) -> Self:
        """The same error with the place filled in where it had none."""
        placed = copy.copy(self)
        placed.file = self.file or (None if file is None else str(file))
        placed.row = row if self.row is None else self.row
        placed.column = self.column or column
        return placed

    def to_dict(self) -> dict[str, object]:
        return super().to_dict() | {"file": self.file, "row": self.row, "column": self.column}


class ConfigError(StotokenError):
    """A setting is wrong or missing."""

    exit_code = 3


class NodeError(StotokenError):
    """The node cannot be reached (`answered` is False) or refuses the request (`answered` is True)."""

    exit_code = 4

    def __init__(self, message: str, *, answered: bool = False, code: int | None = None) -> None:
        super().__init__(message)
        self.answered = answered
        self.code = code

    def to_dict(self) -> dict[str, object]:
        return super().to_dict() | {"answered": self.answered, "code": self.code}


class OutcomeUnknown(StotokenError):
    """A transaction was sent and no receipt came in time."""

    exit_code = 5

    def __init__(self, message: str, *, tx_hash: str | None = None) -> None:
        super().__init__(message)
        self.tx_hash = tx_hash

    def to_dict(self) -> dict[str, object]:
        return super().to_dict() | {"tx_hash": self.tx_hash}


class NotTold(StotokenError):
    """Everything was done, but its result could not be written where it was to go."""

    exit_code = 6

    def __init__(self, message: str, *, tx_hash: str | None = None) -> None:
        super().__init__(message)
        self.tx_hash = tx_hash

    def to_dict(self) -> dict[str, object]:
        return super().to_dict() | {"tx_hash": self.tx_hash}


class LedgerStale(StotokenError):
    """The ledger has not read as far as the question needs."""

    exit_code = 20


class ChainReorganised(StotokenError):
    """Blocks the ledger has read are no longer part of the chain."""

    exit_code = 21


class Reverted(StotokenError):
    """A call or transaction the chain turned down.

    `args` are the error's values in order; each is also an attribute, named in `fields`.
    """

    family: ClassVar[str] = ""
    signature: ClassVar[str] = ""
    selector: ClassVar[bytes] = b""
    inputs: ClassVar[tuple[str, ...]] = ()
    fields: ClassVar[tuple[str, ...]] = ()
    clause: ClassVar[str] = ""
    status: ClassVar[int] = 0x50
    reason: ClassVar[str] = ""
    template_en: ClassVar[str] = ""
    template_ja: ClassVar[str] = ""
    #: Selector to name, for errors that name functions.
    functions: ClassVar[Mapping[bytes, str]] = {}

    #: Hash of the mined transaction that failed; None when the refusal came before anything was sent.
    tx_hash: str | None = None
    #: The error that this one carries as bytes, when it is a known one; such as why a third party's rule refused.
    inner: Reverted | None = None

    def __init__(self, *values: object) -> None:
        if len(values) != len(self.fields):
            raise TypeError(f"{type(self).__name__} takes {len(self.fields)} values, {len(values)} given")
        Exception.__init__(self, *values)
        for name, value in zip(self.fields, values, strict=True):
            setattr(self, name, value)

    @classmethod
    def from_data(cls, data: bytes) -> Self:
        """Read revert data of this error; InputError when it is of another error or cut short."""
        from stotoken.types import decode_values

        if data[:4] != cls.selector:
            raise InputError(f"Revert data 0x{data[:4].hex()} is not that of {cls.signature}.")
        return cls(*decode_values(cls.inputs, data[4:]))

    @property
    def values(self) -> dict[str, object]:
        """Field name to value."""
        return dict(zip(self.fields, self.args, strict=True))

    @property
    def message_en(self) -> str:
        return self._fill(self.template_en, "en")

    @property
    def message_ja(self) -> str:
        return self._fill(self.template_ja or self.template_en, "ja")

    def message(self, lang: str = "en") -> str:
        if lang not in ("en", "ja"):
            raise InputError(f"Language '{lang}' is not one of en, ja.")
        return self.message_ja if lang == "ja" else self.message_en

    def __str__(self) -> str:
        return self.message_en

    def to_dict(self) -> dict[str, object]:
        return (
            super().to_dict()
            | {
                "message_ja": self.message_ja,
                "family": self.family,
                "signature": self.signature,
                "arguments": {name: _json(value) for name, value in self.values.items()},
                "clause": self.clause,
                "status": f"0x{self.status:02x}",
                "reason": self.reason,
                "tx_hash": self.tx_hash,
            }
            | ({"inner": self.inner.to_dict()} if self.inner else {})
        )

    def _fill(self, template: str, lang: str) -> str:
        values = self.values
        if not template:
            shown = ", ".join(f"{name}={_shown(value)}" for name, value in values.items())
            return f"The chain refused the call: {self.signature.partition('(')[0]}({shown})."

        def placeholder(match: re.Match[str]) -> str:
            name = match[1] if match[1] in values else field_name(match[1])
            return self._in_words(name, values[name], lang) if name in values else match[0]

        return re.sub(r"\{(\w+)\}", placeholder, template)

    def _in_words(self, name: str, value: object, lang: str) -> str:
        """A value as a sentence shows it: an instant as a time in Japan, classes by name, a country in three digits, a
        selector as the function's name, a known error as its own sentence. Deadlines count in running time and stay."""
        from stotoken.types import InvestorClass, format_jst

        kind = dict(zip(self.fields, self.inputs, strict=True))[name]
        if kind == "bytes" and self.inner:
            return self.inner.message(lang).rstrip(".。")
        if kind == "uint40" and name != "deadline" and isinstance(value, int) and value:
            return format_jst(value)
        if kind == "bytes4" and isinstance(value, bytes) and value in self.functions:
            return self.functions[value]
        if name in ("classes", "admitted") and isinstance(value, int):
            names = "+".join(found.name or "" for found in InvestorClass(value))
            return names or ("なし" if lang == "ja" else "none")
        if name == "country" and isinstance(value, int):
            return f"{value:03}"
        return _shown(value)


class Refused(Reverted):
    """A rule, a restriction or a halt is in the way."""

    exit_code = 10
    family = "refused"


class Unauthorized(Reverted):
    """The sender does not hold the role or the right."""

    exit_code = 11
    family = "unauthorized"


class LedgerError(Reverted):
    """Balances, encumbrances, allowances or caps do not allow it."""

    exit_code = 12
    family = "ledger"


class StateError(Reverted):
    """Not possible in the present state."""

    exit_code = 13
    family = "state"


class RejectedInput(Reverted, InputError):
    """An argument the chain turned down."""

    exit_code = 2
    family = "input"


class Panicked(Reverted):
    """Solidity's Panic(uint256): a failed assertion inside a contract."""

    exit_code = 14
    family = "panic"
    signature = "Panic(uint256)"
    selector = bytes.fromhex("4e487b71")
    inputs = ("uint256",)
    fields = ("code",)
    code: int

    UNKNOWN: ClassVar[tuple[str, str]] = ("an unknown cause", "原因不明")
    MEANINGS: ClassVar[Mapping[int, tuple[str, str]]] = {
        0x00: ("a generic compiler panic", "一般的なコンパイラパニック"),
        0x01: ("a failed assertion", "表明(assert)の失敗"),
        0x11: ("an arithmetic overflow or underflow", "算術オーバーフローまたはアンダーフロー"),
        0x12: ("a division by zero", "ゼロ除算"),
        0x21: ("a value outside its enumeration", "列挙型の範囲外の値"),
        0x22: ("a badly encoded storage byte array", "ストレージのバイト列の符号化不正"),
        0x31: ("a pop from an empty array", "空の配列からの取り出し"),
        0x32: ("an array index out of bounds", "配列の添字が範囲外"),
        0x41: ("too much memory asked for", "メモリの過大な割当て"),
        0x51: ("a call to an uninitialised function", "未初期化の関数の呼出し"),
    }

    @property
    def meaning(self) -> str:
        return self.MEANINGS.get(self.code, self.UNKNOWN)[0]

    @property
    def message_en(self) -> str:
        return f"A contract stopped on {self.meaning} (panic 0x{self.code:02x})."

    @property
    def message_ja(self) -> str:
        meaning = self.MEANINGS.get(self.code, self.UNKNOWN)[1]
        return f"コントラクトが停止しました: {meaning} (panic 0x{self.code:02x})。"


class UnknownRevert(Reverted):
    """Revert data no known error explains: none at all, a plain string, or a foreign selector.

    `text` is what the string or the node said.
    """

    exit_code = 15
    family = "unknown"
    fields = ("data", "text")
    data: bytes
    text: str

    def __init__(self, data: bytes = b"", text: str = "") -> None:
        super().__init__(data, text)

    @property
    def message_en(self) -> str:
        if self.text:
            return f"The call reverted: {self.text}"
        if self.data:
            return f"The call reverted with data that no known error explains: {_shown(self.data)}."
        return "The call reverted without a reason."

    @property
    def message_ja(self) -> str:
        if self.text:
            return f"呼出しが差し戻されました: {self.text}"
        if self.data:
            return f"呼出しが未知のエラーで差し戻されました: {_shown(self.data)}。"
        return "呼出しが理由なしに差し戻されました。"


#: `@custom:family` tag to base class, for the generated module.
FAMILIES: Mapping[str, type[Reverted]] = {
    family.family: family for family in (Refused, Unauthorized, LedgerError, StateError, RejectedInput)
}


def field_name(solidity_name: str) -> str:
    """Attribute name of an error's parameter: snake case, with `_` behind it where `Reverted` uses the name itself."""
    from stotoken.types import python_name

    name = python_name(solidity_name)
    return f"{name}_" if hasattr(RejectedInput, name) else name


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        name = value.rstrip(b"\0")
        if len(value) == 32 and name and name.isascii() and name.decode().isprintable():
            return name.decode()
        return f"0x{value.hex()}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(_shown(item) for item in value)}]"
    return str(value)


def _json(value: object) -> object:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, tuple | list):
        return [_json(item) for item in value]
    return value
