"""Custody (clause 6.1.2): who keeps which wallet how, within what limits, and whether it is all there.

    custodian = Custodian(Book.load("custody.toml"), lambda: system)
    Sender(connection, custodian.signer(wallet)).send(…)     the tier's signer, its limits, its approvals
    custodian.freeze(wallet, "INC-7")
    reconcile(custodian.book, customers, system)             customer ledger against the chain

book          the custody file: tiers, wallets, approvers
custodian     the one way to a wallet: list, sign, limits, freeze
approvals     what a second person says yes to, signed
reconcile     breaks between the customer ledger, the custody file and the chain
bundle        the same for an auditor, in both languages
"""

from stotoken.custody.book import Book, Owner, Tier, Wallet
from stotoken.custody.custodian import Custodian
from stotoken.custody.reconcile import Break, Reconciled, reconcile

__all__ = ["Book", "Break", "Custodian", "Owner", "Reconciled", "Tier", "Wallet", "reconcile"]
