"""One scenario for each clause, in the order of the guideline."""

from stotoken.conformance.clauses.custody import custody
from stotoken.conformance.clauses.force import force
from stotoken.conformance.clauses.govern import govern
from stotoken.conformance.clauses.halt import halt
from stotoken.conformance.clauses.issue import distribute, issue, issue_more
from stotoken.conformance.clauses.redeem import redeem
from stotoken.conformance.clauses.register import register
from stotoken.conformance.clauses.reissue import reissue
from stotoken.conformance.clauses.restrict import restrict
from stotoken.conformance.clauses.reverse import reverse
from stotoken.conformance.clauses.split import split
from stotoken.conformance.clauses.transfer import transfer

SCENARIOS = (
    issue, distribute, transfer, redeem, issue_more, split, restrict, force, reissue, reverse, halt, custody, register,
    govern,
)  # fmt: skip
