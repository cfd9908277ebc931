"""What can be in the way of a job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from stotoken.errors import ConfigError, Reverted, StotokenError
from stotoken.jobs.units import Split
from stotoken.types import format_jst

_SHOWN = 20


class Refusal(NamedTuple):
    """A row, by its place in the table, and why the chain would refuse it."""

    line: int
    wallet: str
    reason: Reverted


class RowsRefused(StotokenError):
    """Rows that the chain would refuse, and nothing was sent; or that it refused, and the others were done."""

    exit_code: ClassVar[int] = 10

    def __init__(
        self, source: str, rows: int, refusals: Sequence[Refusal], *, sent: bool = False, left: int = 0
    ) -> None:
        super().__init__(source, rows, tuple(refusals))
        self.source, self.rows, self.refusals, self.sent, self.left = source, rows, tuple(refusals), sent, left

    def __str__(self) -> str:
        return self.message()

    def message(self, lang: str = "en") -> str:
        count = len(self.refusals)
        more = max(0, count - _SHOWN)
        if lang == "ja":
            held = f"同じ取引の {self.left} 行は未実行です。" if self.left else ""
            sent = f"拒否されました。{held}他の行は実行済みです。"
            what = sent if self.sent else "拒否されます。何も送信していません。"
            head = f"{self.rows} 行のうち {count} 行が{what}"
            tail = [f"ほか {more} 行"] if more else []
        else:
            held = f"{self.left} more in the same transactions were not done; " if self.left else ""
            what = f"were refused; {held}the others were done" if self.sent else "would be refused; nothing was sent"
            head = f"{count} of {self.rows} rows {what}."
            tail = [f"and {more} more"] if more else []
        lines = (f"{self.source}, row {each.line}: {_why(each.reason, lang)}" for each in self.refusals[:_SHOWN])
        return "\n  ".join([head, *lines, *tail])

    def to_dict(self) -> dict[str, object]:
        told = [{"row": each.line, "wallet": each.wallet} | each.reason.to_dict() for each in self.refusals]
        found = super().to_dict() | {"message_ja": self.message("ja"), "file": self.source, "rows": told}
        return found | {"left": self.left}


def _why(reason: Reverted, lang: str) -> str:
    if lang == "ja":
        return reason.message(lang) + (f"(条項 {reason.clause})" if reason.clause else "")
    return reason.message(lang) + (f" Clause {reason.clause}." if reason.clause else "")


class UnitsChanged(StotokenError):
    """A split makes rows count otherwise than they were meant: `left` of them were not sent, and `late` ones were done
    at its start or after it."""

    exit_code: ClassVar[int] = 13

    def __init__(self, id: str, source: str, split: Split, left: int, late: int = 0, *, kept: bool = False) -> None:
        super().__init__(id, source, split, left, late)
        self.id, self.source, self.split, self.left, self.late, self.kept = id, source, split, left, late, kept

    def __str__(self) -> str:
        return self.message()

    def message(self, lang: str = "en") -> str:
        ratio, at = self.split.ratio, format_jst(self.split.start)
        if lang == "ja":
            late = f"分割以後に {self.late} 行が実行されています。内容を確認してください。" if self.late else ""
            how = f"(stotoken job show {self.id} --left CSV で書き出せます)" if self.kept else ""
            left = (
                f"{self.left} 行は送信していません。分割の開始後に、分割後の口数の別の表として実行してください{how}。"
                if self.left else ""
            )  # fmt: skip
            return (
                f"{at} に 1:{ratio} の分割があり、ジョブ {self.id}({self.source})の口数は分割前のものです。{late}{left}"
            )
        late = f" {self.late} of them were done at its start or after it, and are to be looked at." if self.late else ""
        how = f" (stotoken job show {self.id} --left CSV writes them)" if self.kept else ""
        left = (
            f" {self.left} were not sent: give them once it has begun, in units of after, as another table{how}."
            if self.left else ""
        )  # fmt: skip
        return (
            f"The token is split 1:{ratio} at {at}, and the rows of job {self.id}, {self.source}, count units of "
            f"before.{late}{left}"
        )

    def to_dict(self) -> dict[str, object]:
        found = super().to_dict() | {"message_ja": self.message("ja"), "job": self.id, "file": self.source}
        return found | {"ratio": self.split.ratio, "start": self.split.start, "left": self.left, "late": self.late}


class JournalBusy(StotokenError):
    """Somebody else runs a job of this journal."""

    exit_code: ClassVar[int] = 16


class JournalFault(ConfigError):
    """The journal cannot be read or written; what is not in it is not sent."""


class NonceTaken(StotokenError):
    """Another transaction took the place of one of a job's, which therefore never happens."""

    exit_code: ClassVar[int] = 17

    def __init__(self, message: str, *, tx_hash: str) -> None:
        super().__init__(message)
        self.tx_hash = tx_hash

    def to_dict(self) -> dict[str, object]:
        return super().to_dict() | {"tx_hash": self.tx_hash}
