"""Transactions on their way: signed into the journal, handed to the node, and followed until the chain has said of each
what became of it.

The chain alone is believed. Of every nonce in the journal it has a transaction of ours, which ends it; or one of
somebody else's, which is told and never guessed about; or none, and then the same bytes are sent again. No nonce is
signed a second time unless a higher fee is asked for, and then either of the two ends it; or a split made the rows
count otherwise before they were sent, and then an empty transaction takes their place.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from stotoken.chain.bulk import Mined, receipts
from stotoken.chain.connection import block_of, data_of, fee_fields, number_of
from stotoken.chain.sender import Sender
from stotoken.errors import InputError, NodeError, OutcomeUnknown, Reverted, StotokenError
from stotoken.jobs.faults import NonceTaken
from stotoken.jobs.job import Job
from stotoken.jobs.journal import Entry, Journal, Signed
from stotoken.jobs.kinds import Kind
from stotoken.jobs.overtaken import keep_block
from stotoken.jobs.rehearsal import Lot
from stotoken.types import Address, to_hex

#: The first look for receipts, and the longest wait between two; else a tenth of what was waited already.
_FIRST_LOOK, _LONGEST_WAIT = 0.002, 0.25
#: Seconds without news before everything is questioned, doubled each time up to the last.
_FIRST_DOUBT, _LAST_DOUBT = 1.5, 12.0
#: Doubts through which a nonce must be used up, and no transaction of ours be known for it.
_PATIENCE = 2


class Flight:
    """Of one sender, over one connection. `landed` is told of each lot that the chain has taken or turned down; `stale`
    tells whether one would do now what is not meant."""

    def __init__(
        self, sender: Sender, journal: Journal, landed: Callable[[Signed], None], stale: Callable[[Signed], bool]
    ) -> None:
        self.sender, self.connection, self.journal = sender, sender.connection, journal
        self._landed, self._stale = landed, stale
        #: Gas of a block, which is the most that is in flight: what one block cannot hold would wait for the next, and
        #: Anvil, which seals when a transaction arrives, leaves it in its pool for ever when none arrives any more.
        self._room = self.connection.block("latest").gas_limit
        #: Doubts in which a nonce was found used up without a transaction of ours.
        self._gone: dict[int, int] = {}
        #: What the journal is to be told at the next occasion: none of it is lost with it, for the chain knows it.
        self._ended: list[tuple[Signed, str, Sequence[object], Mapping[str, object] | None]] = []
        #: Lots that were mined and failed, and why.
        self.failures: list[tuple[Signed, Reverted]] = []

    # --- sign ---------------------------------------------------------------------------------------------------------

    def sign(self, entry: Entry, job: Job, kind: Kind, lots: Sequence[Lot], nonce: int) -> list[Signed]:
        """Sign lots for the nonces from `nonce` on; all are in the journal, on disk, when this returns."""
        fees, signed = self._fees(), []
        for place, lot in enumerate(lots):
            fields = self._fields(kind.to, kind.data(job, lot.places), nonce + place, lot.gas) | fees
            made = self.sender.signer.sign_transaction(fields)
            signed.append((lot.places, nonce + place, lot.gas, made.raw, made.hash))
        return self.journal.sign(entry, self.sender.address, signed)

    def raise_fees(self, lot: Signed, job: Job, kind: Kind, fees: dict[str, int]) -> Signed:
        """Sign the same once more for the same nonce, for a higher fee; nothing, where it would not be meant now."""
        if lot.empty or self._stale(lot):
            return self._emptied(lot, fees)
        fields = self._fields(kind.to, kind.data(job, self.journal.places(lot)), lot.nonce, lot.gas) | fees
        made = self.sender.signer.sign_transaction(fields)
        return lot if made.hash in lot.hashes else self.journal.sign_again(lot, made.raw, made.hash)

    def _emptied(self, lot: Signed, fees: dict[str, int]) -> Signed:
        """Sign for its nonce what does nothing: whichever is mined, the lot's place is taken once."""
        made = self.sender.signer.sign_transaction(self._fields(self.sender.address, b"", lot.nonce, lot.gas) | fees)
        return lot if made.hash in lot.hashes else self.journal.sign_again(lot, made.raw, made.hash, empty=True)

    def _fields(self, to: Address, data: bytes, nonce: int, gas: int) -> dict[str, Any]:
        chain = self.connection.chain_id
        return {"chainId": chain, "nonce": nonce, "gas": gas, "value": 0, "to": to, "data": data}

    def _fees(self) -> dict[str, int]:
        questions: list[tuple[str, list[object]]] = [
            ("eth_getBlockByNumber", ["latest", False]),
            ("eth_gasPrice", []),
            ("eth_getBalance", [self.sender.address, "latest"]),
        ]
        answers = self.connection.batch(questions)
        for answer in answers:
            if isinstance(answer, StotokenError):
                raise answer
        return fee_fields(block_of(answers[0]), number_of(answers[1]), number_of(answers[2]))

    def higher_fees(self, times: int = 2) -> dict[str, int]:
        """What is offered now, so many times."""
        return {name: value if name == "type" else max(1, value) * times for name, value in self._fees().items()}

    # --- land ---------------------------------------------------------------------------------------------------------

    def land(self, lots: Sequence[Signed], *, before: bool = False) -> None:
        """Send what is in the journal and follow it to its end; OutcomeUnknown when no news comes for too long.

        `before`: an earlier run may have sent it, so that the chain is asked first.
        """
        known = {lot.nonce: lot for lot in lots}
        try:
            self._follow(known if before else {}, {} if before else known)
        finally:
            self._tell_journal()

    def _follow(self, flying: dict[int, Signed], unsent: dict[int, Signed]) -> None:
        """Until nothing is on its way and nothing is left to send."""
        news = asked = time.monotonic()
        doubt = 0.0 if flying else _FIRST_DOUBT
        trouble = f"no receipt came within {self.sender.timeout:g} seconds"
        while flying or unsent:
            ended = False
            try:
                if self._send(flying, unsent):
                    asked = time.monotonic()
                ended = self._look(flying)
                waited = 0.0 if ended else time.monotonic() - max(news, asked)
                if not ended and waited >= doubt:
                    self._tell_journal()
                    doubt = min(2 * doubt or _FIRST_DOUBT, _LAST_DOUBT)
                    self._doubt(flying, unsent)
                    asked = time.monotonic()
            except NodeError as error:
                if error.answered:
                    raise
                trouble = str(error).rstrip(".")
            if ended:
                news, doubt = time.monotonic(), _FIRST_DOUBT
                continue
            if time.monotonic() - news > self.sender.timeout:
                raise self._unknown(flying | unsent, trouble)
            time.sleep(min(max(_FIRST_LOOK, (time.monotonic() - max(news, asked)) / 10), _LONGEST_WAIT))

    def verify(self, lots: Sequence[Signed]) -> bool:
        """Whether the chain still has all these lots, which it had; those that it has no more are open again.

        A lot whose receipt the node does not keep is taken to be there as long as its nonce is used up, and no other
        block stands where its own was.
        """
        numbers = sorted({lot.block_number for lot in lots})
        blocks = self.connection.batch([("eth_getBlockByNumber", [hex(number), False]) for number in numbers])
        there = {}
        for number, raw in zip(numbers, blocks, strict=True):
            if isinstance(raw, StotokenError):
                raise raw
            there[number] = None if raw is None else block_of(raw).hash
        moved = [lot for lot in lots if there[lot.block_number] != lot.block_hash]
        gone = [lot for lot, mined in zip(moved, self._receipts(moved), strict=True) if not self._settled(lot, mined)]
        used = self.connection.nonce(self.sender.address, pending=False) if gone else 0
        lost = [lot for lot in gone if lot.nonce >= used or there[lot.block_number] is not None]
        self._ended += [(lot, "open", (), None) for lot in lost]
        self._tell_journal()
        return not lost

    # --- inside -------------------------------------------------------------------------------------------------------

    def _send(self, flying: dict[int, Signed], unsent: dict[int, Signed]) -> bool:
        """Hand over what is next, as far as a block has room for all that is on its way; whether anything was."""
        before, stale = len(unsent), {}
        while unsent:
            lot = unsent[min(unsent)]
            if flying and lot.nonce > min(flying) and lot.gas + sum(each.gas for each in flying.values()) > self._room:
                break
            if lot.job not in stale:
                stale[lot.job] = self._is_stale(lot)
            if stale[lot.job] and not lot.empty:
                lot = self._emptied(lot, self._fees())
            del unsent[lot.nonce]
            flying[lot.nonce] = lot
            self._hand_over(lot)
        return len(unsent) < before

    def _is_stale(self, lot: Signed) -> bool:
        """A node that cannot say so now is asked again, and until then it waits: Anvil while it makes a block, or one
        that has come up anew, is not yet in step, and does not know the token."""
        try:
            return self._stale(lot)
        except NodeError as fault:
            raise NodeError(str(fault), code=fault.code) from None
        except InputError as fault:
            raise NodeError(str(fault)) from None

    def _hand_over(self, lot: Signed) -> None:
        """Give it to the node; NodeError when it is refused and the node does not have it. Each in a post of its own:
        a node takes the calls of one batch side by side, out of their order."""
        self.sender.handed_over = lot.hashes[-1]
        [refusal] = self.connection.batch([("eth_sendRawTransaction", [to_hex(lot.raw)])])
        if isinstance(refusal, NodeError) and not self._is_known(lot):
            raise NodeError(
                f"{str(refusal).rstrip('.')}: transaction {lot.hashes[-1]} with nonce {lot.nonce} is in the "
                "journal and not with the node. The job goes on with it when it is resumed.",
                answered=True,
                code=refusal.code,
            )

    def _is_known(self, lot: Signed) -> bool:
        """Whether the node has it, or the nonce is used up, which the next doubts look into."""
        known = any(self.connection.request("eth_getTransactionByHash", [tx_hash]) for tx_hash in lot.hashes)
        return known or self.connection.nonce(self.sender.address, pending=False) > lot.nonce

    def _receipts(self, lots: Sequence[Signed]) -> list[Mined | None]:
        """Of each lot, whichever of its transactions was mined."""
        hashes = [tx_hash for lot in lots for tx_hash in lot.hashes]
        found = iter(receipts(self.connection, hashes))
        return [next(filter(None, [next(found) for _ in lot.hashes]), None) for lot in lots]

    def _look(self, flying: dict[int, Signed]) -> bool:
        """Settle what was mined; whether anything was."""
        lots = list(flying.values())
        for lot, mined in zip(lots, self._receipts(lots), strict=True):
            if mined is not None and self._settled(lot, mined):
                del flying[lot.nonce]
                self._gone.pop(lot.nonce, None)
                if mined.tx_hash not in lot.empty:
                    self._landed(lot)
        return len(flying) < len(lots)

    def _settled(self, lot: Signed, mined: Mined | None) -> bool:
        """Whether the lot came to its end, which is kept."""
        if mined is None:
            return False
        kept = (mined.tx_hash, mined.block_number, mined.block_hash, mined.gas_used)
        if mined.tx_hash in lot.empty:
            self._ended.append((lot, "void", (), None))
        elif mined.status == 1:
            self._ended.append((lot, "done", kept, None))
        else:
            reason = self._why(lot, mined)
            self.failures.append((lot, reason))
            self._ended.append((lot, "failed", kept, reason.to_dict()))
        return True

    def _tell_journal(self) -> None:
        ended, self._ended = self._ended, []
        if ended:
            self.journal.settle(ended)

    def _doubt(self, flying: dict[int, Signed], unsent: dict[int, Signed]) -> None:
        """No news for a while: is a nonce of ours used up by another, did the chain or the node forget something?"""
        mined = self.connection.nonce(self.sender.address, pending=False)
        self._look(flying)
        for lot in flying.values():
            if lot.nonce < mined:
                self._gone[lot.nonce] = self._gone.get(lot.nonce, 0) + 1
                if self._gone[lot.nonce] > _PATIENCE:
                    keep_block(list(flying.values()), self.sender, self.journal)
                    raise self._taken(lot)
        if flying and mined < min(flying):
            unsent.update({lot.nonce: lot for lot in self._gone_back(mined, min(flying)) if lot.nonce not in unsent})
        for lot in [lot for lot in flying.values() if lot.nonce >= mined and not self._waits(lot)]:
            unsent[lot.nonce] = flying.pop(lot.nonce)

    def _waits(self, lot: Signed) -> bool:
        """Whether the node has what was signed for it last."""
        return self.connection.request("eth_getTransactionByHash", [lot.hashes[-1]]) is not None

    def _gone_back(self, mined: int, first: int) -> list[Signed]:
        """What was mined once before the first that is on its way, and the chain has no more: it is open again."""
        lots = self.journal.lots(sender=self.sender.address)
        behind = {lot.nonce: lot for lot in lots if mined <= lot.nonce < first and (lot.empty or lot.state != "void")}
        if len(behind) < first - mined:
            raise OutcomeUnknown(
                f"The chain waits for nonce {mined} of {self.sender.address}, which is of none of the journal's jobs: "
                f"what was sent from nonce {first} on cannot be mined before it."
            )
        self._ended += [(lot, "open", (), None) for lot in behind.values()]
        return list(behind.values())

    def _why(self, lot: Signed, mined: Mined) -> Reverted:
        sent = self.connection.request("eth_getTransactionByHash", [mined.tx_hash])
        again = partial(self.connection.call, sent["to"], data_of(sent["input"]), sender=self.sender.address)
        known = () if mined.gas_used < lot.gas else (f"used up its gas, {lot.gas}",)
        return self.sender.why(again, mined.tx_hash, mined.block_number, *known)

    def _taken(self, lot: Signed) -> NonceTaken:
        return NonceTaken(
            f"Another transaction of {self.sender.address} took nonce {lot.nonce}, so that {lot.hashes[-1]} never "
            "happens: somebody else sends with the same key. Look up what it did before the job's rows are sent anew, "
            "once it is final: stotoken job resume --overtaken.",
            tx_hash=lot.hashes[-1],
        )

    def _unknown(self, flying: Mapping[int, Signed], trouble: str) -> OutcomeUnknown:
        first = flying[min(flying)] if flying else None
        return OutcomeUnknown(
            f"{len(flying)} transactions were sent, but {trouble}. They may still be mined: the same command looks "
            "for them first and goes on after them.",
            tx_hash=first.hashes[-1] if first else None,
        )
