"""Jobs: one act on all rows of a table, every row exactly once, whatever is cut off in between.

    with Journal.open(folder, deployment) as journal:
        outcome = Runner(deployment, sender, journal).run(job)

The table is read and checked whole, every lot is tried on the chain, and only then is the first sent. A transaction is
in the journal, signed, before the node sees it; `running` says how a run goes, `flight` how what was sent is followed.
"""

from stotoken.jobs.faults import JournalBusy, JournalFault, NonceTaken, Refusal, RowsRefused, UnitsChanged
from stotoken.jobs.job import Job, Row
from stotoken.jobs.journal import Entry, Journal
from stotoken.jobs.ordered import KINDS
from stotoken.jobs.running import Outcome, Preview, Runner, preview

__all__ = [
    "KINDS",
    "Entry",
    "Job",
    "Journal",
    "JournalBusy",
    "JournalFault",
    "NonceTaken",
    "Outcome",
    "Preview",
    "Refusal",
    "Row",
    "RowsRefused",
    "Runner",
    "UnitsChanged",
    "preview",
]
