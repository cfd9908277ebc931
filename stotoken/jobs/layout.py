"""Call data of the batch functions, laid out by hand: a thousand times as fast as the codec, and equal to it."""

from __future__ import annotations

from collections.abc import Sequence

from stotoken.jobs.job import Row

_PAD = bytes(12)


def two_lists(selector: bytes, rows: Sequence[Row], before: Sequence[bytes] = (), after: Sequence[bytes] = ()) -> bytes:
    """`f(before…, address[], uint256[], after…)` of the wallets and values; `before` and `after` are whole words."""
    count = len(rows)
    first = 32 * (len(before) + 2 + len(after))
    length = _word(count)
    parts = [selector, *before, _word(first), _word(first + 32 * (count + 1)), *after, length]
    parts += [_PAD + bytes.fromhex(row.wallet[2:]) for row in rows]
    parts.append(length)
    parts += [row.value.to_bytes(32, "big") for row in rows]
    return b"".join(parts)


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")
