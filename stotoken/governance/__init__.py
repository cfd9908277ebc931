"""Governance as a plan: what a file wants, what the chain has, what differs, and the orders that set it right.

governance = Governance.load("governance.toml")       rows and members; the package's own rows without a path
chain = read_rights(deployment, connection)           rows and members as the events have them
differences(governance, chain)                        empty when they agree
plan(governance, chain, connection)                   the acts, in a safe order
apply(governance, deployment, sender)                 what this sender may do of them next
access_review(chain)                                  who holds what, since when, by whom
"""

from stotoken.governance.apply import NotInvolved, Progress, State, apply
from stotoken.governance.difference import Difference, differences, grant_words
from stotoken.governance.file import Governance, parse_roles
from stotoken.governance.matrix import CONTRACTS, EVERY_TOKEN, Matrix, MatrixRow, mask, roles_in, row_words
from stotoken.governance.plan import Step, plan
from stotoken.governance.review import Access, access_review, review_csv
from stotoken.governance.rights import Grant, Rights, Seat, read_rights
from stotoken.governance.rules import check, check_members

__all__ = [
    "CONTRACTS",
    "EVERY_TOKEN",
    "Access",
    "Difference",
    "Governance",
    "Grant",
    "Matrix",
    "MatrixRow",
    "NotInvolved",
    "Progress",
    "Rights",
    "Seat",
    "State",
    "Step",
    "access_review",
    "apply",
    "check",
    "check_members",
    "differences",
    "grant_words",
    "mask",
    "parse_roles",
    "plan",
    "read_rights",
    "review_csv",
    "roles_in",
    "row_words",
]
