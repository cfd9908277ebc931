"""The gas table of the README: the snapshot's figures beside those of the peers."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
SNAPSHOT = ROOT / "tests" / "snapshots" / "gas.json"
PEERS = Path(__file__).with_name("peers.toml")
BEGIN, END = "<!-- gas:begin -->", "<!-- gas:end -->"

#: Acts that two people do: the figure is that of carrying the order out.
BY_ORDER = {
    "deploy_token",
    "issue_new",
    "issue_existing",
    "batch_issue_new_each",
    "forced_transfer_existing",
    "reverse",
    "reissue_lost_wallet",
    "record_date",
    "split",
    "split_10_holders",
}
#: Rows of the table, in order. Where a name is not here, the note speaks of it.
WORDS = {
    "deploy_token": "create a token",
    "register_investor": "register an investor",
    "register_batch_each": "register, in batches, each",
    "issue_new": "issue to a new holder",
    "issue_existing": "issue to a holder",
    "batch_issue_new_each": "issue to new holders, in batches, each",
    "transfer_new": "transfer to a new holder",
    "transfer_existing": "**transfer to a holder**",
    "transfer_existing_small_number": "the same, small-number placement",
    "transfer_by_partition_new": "transfer in a partition, new holder",
    "transfer_by_partition_existing": "transfer in a partition",
    "batch_transfer_new_each": "transfer to new holders, in batches, each",
    "batch_transfer_existing_each": "transfer to holders, in batches, each",
    "forced_transfer_existing": "force a transfer",
    "redeem_holder": "redeem, by the holder",
    "freeze_wallet": "freeze a wallet",
    "freeze_part": "freeze a part of a holding",
    "reissue_lost_wallet": "make a lost wallet good",
    "reverse": "reverse a transfer by reference",
    "split": "split, with 10,000 holders",
    "record_date": "set a record date",
    "first_transfer_after_record_date": "first transfer after a record date",
    "halt": "halt the whole system",
}

Row = Mapping[str, Any]


def render(rows: Sequence[Row]) -> str:
    """The table and its notes, as they stand between the markers."""
    peers = tomllib.loads(PEERS.read_text("utf-8"))
    found = {row["name"]: row for row in rows}
    none = ["–"] * len(peers["columns"])
    lines = [_line(["gas", "stotoken", "plain ERC-20", *peers["columns"]]), "|---|" + "--:|" * (len(none) + 2)]
    for name, words in WORDS.items():
        value, baseline = found[name]["value"], found[name]["baseline"]
        own = f"{value:,} \\*" if name in BY_ORDER else f"{value:,}"
        lines.append(_line([words, own, f"{baseline:,}" if baseline else "–", *peers["acts"].get(name, none)]))
    return "\n".join([*lines, "", _note(found), "", peers["source"]])


def put(text: str, rendered: str) -> str:
    """The README's text with the table between its markers, which come to its end where it has none."""
    if BEGIN not in text:
        text = text.rstrip("\n") + ("\n\n" if text.strip() else "") + f"{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{rendered}\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Put the snapshot's table into the README."""
    rows = json.loads(SNAPSHOT.read_text("utf-8"))
    README.write_text(put(README.read_text("utf-8"), render(rows)), "utf-8")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _note(found: Mapping[str, Row]) -> str:
    gas = {name: f"{row['value']:,}" for name, row in found.items()}
    return (
        "Batches are of 100. Plain ERC-20: OpenZeppelin's, in the same run, its batches bare loops.\n"
        f"\\* An act of two people: the figure is its execution. Proposing cost {gas['order_propose']} and approving "
        f"{gas['order_approve']} more\nfor the forced transfer, which buys the record of who did it on what ground. "
        f"A lost wallet is reported first ({gas['report_loss']}).\n"
        f"A split costs the same with 10 holders ({gas['split_10_holders']})."
    )


if __name__ == "__main__":
    main()
