"""The custody file and the customer ledger: read whole or not at all, every fault in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from stotoken.custody import Book, Owner
from stotoken.errors import ConfigError, InputError
from stotoken.tables import read_customers

HOT, COLD, DESK, SECOND, TO = ("0x" + digits * 20 for digits in ("11", "22", "33", "44", "55"))
FILE = f"""
chains = [31337]
state = "state"

[tiers.hot]
units_per_act = 100
units_per_day = 500
[tiers.cold]
approvals = 2

[[approver]]
name = "desk-1"
address = "{DESK}"
[[approver]]
name = "desk-2"
address = "{SECOND}"

[[wallet]]
address = "{HOT}"
owner = "customer"
omnibus = true
tier = "hot"
signer = "keystore:hot.json"
withdraw_to = ["{TO}"]
units_per_day = 50

[[wallet]]
address = "{COLD}"
owner = "own"
tier = "cold"
signer = "offline:requests#{COLD}"
"""


def test_a_custody_file_says_how_each_wallet_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "custody.toml"
    path.write_text(FILE)
    book = Book.load(path)
    hot, cold = book.wallets.values()
    assert (hot.owner, hot.omnibus, hot.withdraw_to) == (Owner.CUSTOMER, True, {TO})
    assert (hot.tier.units_per_act, hot.tier.units_per_day, hot.tier.approvals) == (100, 50, 0)
    assert (cold.owner, cold.tier.approvals, cold.tier.units_per_act, cold.withdraw_to) == (Owner.OWN, 2, None, None)
    assert book.state == tmp_path / "state"
    assert book.approvers == {DESK: "desk-1", SECOND: "desk-2"}
    assert "hot.json" not in repr(book)
    with pytest.raises(ConfigError, match=f"has no wallet {TO}; nothing was done"):
        book.wallet(TO)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("chains = [31337]", "chains = 31337", "chains must be a list"),
        ('state = "state"', "", "it: state is missing"),
        ("[tiers.hot]", "[tiers.lukewarm]", "there is no tier lukewarm, only hot, warm, cold"),
        ("approvals = 2", "approvals = 1", "tiers.cold must ask for 2 approvals or more, not 1"),
        ("approvals = 2", "", "tiers.cold must ask for 2 approvals or more, not 0"),
        ("approvals = 2", "approvals = 3", "tiers.cold asks for 3 approvals of 2 approvers"),
        ("units_per_act = 100", "units_per_act = 1.5", "tiers.hot: units_per_act must be a whole number"),
        ("units_per_day = 50\n", "units_a_day = 50\n", "wallet 1 has a setting units_a_day"),
        (f'address = "{SECOND}"', f'address = "{DESK}"', "approver 2 stands twice"),
        ('name = "desk-2"', 'name = "desk-1"', "approver 2 stands twice"),
        (f'address = "{COLD}"', f'address = "{HOT}"', f"wallet 2: {HOT} stands twice"),
        (f'address = "{COLD}"', f'address = "{DESK}"', "is an approver: nobody approves for himself"),
        (f'address = "{COLD}"', 'address = "0x12"', "wallet 2: '0x12' is not an address"),
        ('owner = "own"', 'owner = "mine"', 'wallet 2: owner must be "customer" or "own"'),
        ('owner = "customer"', 'owner = "own"', "omnibus must be true or false, and is for wallets of customers alone"),
        ('tier = "cold"', 'tier = "warm"', "wallet 2: the file has no tier warm"),
        (f'["{TO}"]', f'"{TO}"', "wallet 1: withdraw_to must be a list of addresses"),
        ('"keystore:hot.json"', '"custody:a.toml#0x1"', "signer must be a key, not another custody file"),
        ('"keystore:hot.json"', '""', "wallet 1: signer is missing"),
        ("[[wallet]]", "[[purse]]", "it has a setting purse"),
        ("[tiers.cold]", "[tiers.hot]", "is not TOML"),
    ],
)
def test_a_custody_file_with_a_fault_is_refused_whole(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "custody.toml"
    assert old in FILE
    path.write_text(FILE.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        Book.load(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"Custody file {path}")
    assert str(caught.value).endswith("; nothing was done.")


def test_a_custody_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory; nothing was done"):
        Book.load(tmp_path / "none.toml")


LEDGER = f"customer,wallet,token,partition,units\nC-1,{HOT},JP0000000001,default,10\nC-2,{HOT},{TO},class-a,5\n"


def test_a_customer_ledger_names_no_person(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(LEDGER)
    first, second = read_customers(path)
    assert (first.customer, first.wallet, first.token, first.partition, first.units) == (
        "C-1", HOT, "JP0000000001", "default", 10,
    )  # fmt: skip
    assert second.token == TO
    path.write_text(LEDGER.replace("C-1", "山田太郎"))
    with pytest.raises(InputError, match="row 2, column customer: holds characters other than ASCII") as caught:
        read_customers(path)
    assert "山田" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("C-2,", "C 2,", "row 3, column customer: must be the firm's number of the customer"),
        ("JP0000000001", "JP1", "row 2, column token: must be an address"),
        (",10\n", ",0\n", "row 2, column units: Units must be 1 or more, not 0"),
        (f"C-2,{HOT},{TO},class-a", f"C-1,{HOT},JP0000000001,default", "row 3: has the same customer, wallet, token"),
        ("partition,", "", "column partition: is missing from the header"),
    ],
)
def test_a_customer_ledger_with_a_fault_is_refused_whole(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(LEDGER.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_customers(path)
    assert said in str(caught.value)
