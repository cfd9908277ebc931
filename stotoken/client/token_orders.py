"""What needs two people to be done to a token: each method gives the act that `Orders.propose` carries."""

from __future__ import annotations

from collections.abc import Sequence

from stotoken.chain.abi import Call
from stotoken.client import proofs
from stotoken.client.act import Act
from stotoken.client.policy import PolicyView
from stotoken.client.token_views import Partition, TokenViews, When, from_start, partition_bytes, until_end
from stotoken.errors import InputError
from stotoken.terms import DEFAULT_PARTITION
from stotoken.types import (
    ZERO32,
    ZERO_ADDRESS,
    Address,
    Basis,
    Bytes32,
    InvestorClass,
    Units,
    format_jst,
    partition_name,
    to_hex,
)


class OrderedActs(TokenViews):
    """Acts through the queue of orders. Nothing here is sent."""

    # --- issue --------------------------------------------------------------------------------------------------------

    def issue(self, to: Address, units: Units, partition: Partition = DEFAULT_PARTITION, data: bytes = b"") -> Act:
        where, shown = _where(partition)
        return Act(
            self.bind.issue_by_partition(where, to, units, data), Basis.ISSUANCE,
            f"Issue {units} units of {shown} to {to}.",
            f"{to} に {shown} を {units} 口発行する。",
        )  # fmt: skip

    def batch_issue(self, partition: Partition, rows: Sequence[tuple[Address, Units]], data: bytes = b"") -> Act:
        """To many at once; all rows or none."""
        where, shown = _where(partition)
        wallets, units = [wallet for wallet, _ in rows], [units for _, units in rows]
        return Act(
            self.bind.batch_issue(where, wallets, units, data), Basis.ISSUANCE,
            f"Issue {sum(units)} units of {shown} to {len(rows)} wallets.",
            f"{len(rows)} 件のウォレットに {shown} を計 {sum(units)} 口発行する。",
        )  # fmt: skip

    def allot(self, units: Units, partition: Partition = DEFAULT_PARTITION) -> Act:
        """How many units the agent may distribute from the treasury; replaces what was left."""
        where, shown = _where(partition)
        return Act(
            self.bind.allot(where, units), Basis.ISSUANCE,
            f"Allot {units} units of {shown} for distribution.",
            f"{shown} の配布割当を {units} 口とする。",
        )  # fmt: skip

    def raise_authorised_units(self, units: Units) -> Act:
        return Act(
            self.bind.raise_authorised_units(units), Basis.ISSUANCE,
            f"Raise the authorised units to {units}.",
            f"発行可能数を {units} 口に引き上げる。",
        )  # fmt: skip

    def finalize_issuance(self) -> Act:
        return Act(self.bind.finalize_issuance(), Basis.ISSUANCE, "Close issuance for ever.", "発行を永久に終了する。")

    # --- restrictions -------------------------------------------------------------------------------------------------

    def set_policy(
        self, receive_classes: InvestorClass, holder_cap: int, approval_required: bool, whole_only: bool | None = None
    ) -> Act:
        """`whole_only`: whether a holding moves as a whole or not at all; as it is now when not given."""
        classes = "+".join(found.name or "" for found in receive_classes)
        whole = PolicyView.of(self.bind.policy()).whole_only if whole_only is None else whole_only
        return Act(
            self.bind.set_policy(receive_classes, holder_cap, approval_required, whole), Basis.POLICY,
            f"Admit {classes}, cap {holder_cap} holders, issuer approval {'on' if approval_required else 'off'}, "
            f"whole holdings only {'on' if whole else 'off'}.",
            f"受領可能区分 {classes}、保有者上限 {holder_cap}、発行者承認 {'要' if approval_required else '不要'}、"
            f"一括移転のみ {'要' if whole else '不要'}。",
        )  # fmt: skip

    def set_lockup(self, until: When | None, partition: Partition | None = None, holder: Address | None = None) -> Act:
        """Lock up the token, a partition, or a holding, until an instant or the end of a day in Japan; None ends it."""
        if holder is not None and partition is None:
            raise InputError("A lock-up of one holder names the partition too; no order was made.")
        end = until_end(until)
        where, shown = (ZERO32, "the token") if partition is None else _where(partition)
        whose, dare = (f" of {holder}", f"{holder} の") if holder else ("", "")
        return Act(
            self.bind.set_lockup(where, holder or ZERO_ADDRESS, end), Basis.POLICY,
            f"Lock up {shown}{whose} until {format_jst(end)}." if end else f"End the lock-up of {shown}{whose}.",
            f"{dare}{shown} を {format_jst(end)} までロックする。" if end else f"{dare}{shown} のロックを解除する。",
        )  # fmt: skip

    def lock_lot(
        self,
        holder: Address,
        units: Units,
        until: When,
        partition: Partition = DEFAULT_PARTITION,
        *,
        start: When | None = None,
        cliff: When | None = None,
    ) -> Act:
        """Lock some units of one holding; they become free by themselves, all at once at the end. With `start` they do
        evenly from `start` to the end, but none before `cliff`, when those are free that are due by then."""
        where, shown = _where(partition)
        end = until_end(until)
        if start is None and cliff is not None:
            raise InputError("A cliff of a lot goes with a start to count from; no order was made.")
        begins = end if start is None else from_start(start)
        first = begins if cliff is None else from_start(cliff)
        if not begins <= first <= end:
            raise InputError(
                f"A lot starts before its cliff and ends after it: {format_jst(begins)}, {format_jst(first)} and "
                f"{format_jst(end)} do not come in this order; no order was made."
            )
        en, ja = f"until {format_jst(end)}", f"{format_jst(end)} まで"
        if first < end:
            en = f"until {format_jst(first)}, then evenly fewer, counted from {format_jst(begins)}, {en}"
            ja = f"{format_jst(first)} まで全て、以後は {format_jst(begins)} から起算して均等に減らしながら {ja}"
        return Act(
            self.bind.lock_lot(where, holder, units, begins, first, end), Basis.POLICY,
            f"Lock {units} units of {shown} of {holder} {en}.",
            f"{holder} の {shown} {units} 口を {ja}ロックする。",
        )  # fmt: skip

    def release_lot(self, holder: Address, index: int, partition: Partition = DEFAULT_PARTITION) -> Act:
        """End a locked lot before its time; `index`: its place in `lots_of`, from 0. The order binds the lot that is
        there now."""
        where, shown = _where(partition)
        lots = self.bind.lots_of(where, holder)
        if index >= len(lots):
            raise InputError(f"{holder} has {len(lots)} lots in {shown}, none at place {index}; nothing was proposed.")
        lot = lots[index]
        units = lot.units * (self.bind.epoch_of(self.current_epoch()).factor // self.bind.epoch_of(lot.epoch).factor)
        return Act(
            self.bind.release_lot(where, holder, index, lot), Basis.POLICY,
            f"Release the lot of {units} units of {shown} of {holder} that ends {format_jst(lot.end)}.",
            f"{holder} の {shown} {units} 口のロット({format_jst(lot.end)} まで)を解除する。",
        )  # fmt: skip

    def set_treasury(self, treasury: Address) -> Act:
        """Distribute from another wallet of the issuer from now on; it must be of the same investor."""
        return Act(
            self.bind.set_treasury(treasury), Basis.POLICY,
            f"Make {treasury} the treasury.",
            f"{treasury} を自己口(トレジャリー)とする。",
        )  # fmt: skip

    def set_frozen(
        self, account: Address, units: Units, partition: Partition = DEFAULT_PARTITION, basis: Basis = Basis.POLICY
    ) -> Act:
        """Set the frozen units of a holding in either direction; compliance alone may only freeze more (`freeze`)."""
        where, shown = _where(partition)
        return Act(
            self.bind.set_frozen_by_partition(where, account, units), basis,
            f"Set the frozen units of {shown} of {account} to {units}.",
            f"{account} の {shown} の凍結口数を {units} 口とする。",
        )  # fmt: skip

    def unpause(self) -> Act:
        return Act(self.bind.unpause(), Basis.RESUME, "Let the token run again.", "トークンの一時停止を解除する。")

    # --- splits and record dates --------------------------------------------------------------------------------------

    def split(self, ratio: int, start: When | None = None) -> Act:
        """Every unit becomes `ratio` units, from an instant or the start of a day in Japan on; None: when executed."""
        begin = from_start(start)
        return Act(
            self.bind.split(ratio, begin), Basis.CORPORATE_ACTION,
            f"Split 1:{ratio}, {_at(begin, 'when executed')}.",
            f"1:{ratio} の分割を行う({_at(begin, '執行時')})。",
        )  # fmt: skip

    def schedule_record_date(self, day: When | None = None) -> Act:
        """Fix the register as it is when a day is over in Japan, or just before an instant; None: when executed."""
        begin = until_end(day)
        return Act(
            self.bind.schedule_record_date(begin), Basis.CORPORATE_ACTION,
            f"Fix the register just before {_at(begin, 'the execution')}.",
            f"基準日を設ける({_at(begin, '執行時')} の直前時点)。",
        )  # fmt: skip

    def cancel_last_epoch(self) -> Act:
        return Act(
            self.bind.cancel_last_epoch(), Basis.CORPORATE_ACTION,
            "Take the last date ahead off the calendar.", "暦上の最後の予定を取り消す。",
        )  # fmt: skip

    # --- force --------------------------------------------------------------------------------------------------------

    def force_by_partition(
        self,
        partition: Partition,
        from_: Address,
        to: Address,
        units: Units,
        basis: Basis,
        data: bytes = b"",
        note: bytes = b"",
    ) -> Act:
        """Move units without the holder's consent; `basis` says on what ground."""
        where, shown = _where(partition)
        return self._force(
            self.bind.force_by_partition(where, from_, to, units, data, note), shown, from_, to, units, basis
        )

    def controller_transfer(
        self, from_: Address, to: Address, units: Units, basis: Basis, data: bytes = b"", note: bytes = b""
    ) -> Act:
        """As `force_by_partition` on the default partition, by the function of ERC-1644."""
        call = self.bind.controller_transfer(from_, to, units, data, note)
        return self._force(call, DEFAULT_PARTITION, from_, to, units, basis)

    def forced_transfer(self, from_: Address, to: Address, units: Units, basis: Basis) -> Act:
        """As `force_by_partition` on the default partition, by the function of ERC-7943."""
        return self._force(self.bind.forced_transfer(from_, to, units), DEFAULT_PARTITION, from_, to, units, basis)

    def controller_redeem(
        self,
        holder: Address,
        units: Units,
        basis: Basis = Basis.REDEMPTION,
        data: bytes = b"",
        note: bytes = b"",
        partition: Partition = DEFAULT_PARTITION,
    ) -> Act:
        """Extinguish units without the holder's consent."""
        where, shown = _where(partition)
        call = self.bind.controller_redeem_by_partition(where, holder, units, data, note)
        return Act(
            call, basis,
            f"Redeem {units} units of {shown} of {holder} without its consent.",
            f"{holder} の {shown} {units} 口を同意なく償還する。",
        )  # fmt: skip

    def redeem_matured(self, partition: Partition, holders: Sequence[Address], data: bytes = b"") -> Act:
        """After maturity, extinguish whole holdings, whatever state they are in."""
        where, shown = _where(partition)
        return Act(
            self.bind.redeem_matured(where, holders, data), Basis.REDEMPTION,
            f"Redeem the whole {shown} of {len(holders)} holders at maturity.",
            f"満期により {len(holders)} 名の {shown} 全口を償還する。",
        )  # fmt: skip

    # --- loss and error -----------------------------------------------------------------------------------------------

    def dismiss_loss(self, id: Bytes32, basis: Basis = Basis.POLICY) -> Act:
        return Act(
            self.bind.dismiss_loss(id), basis,
            f"End loss {to_hex(id)}, which was none.",
            f"消失記録 {to_hex(id)} を取り下げる。",
        )  # fmt: skip

    def reissue(self, id: Bytes32, to: Address, basis: Basis = Basis.KEY_LOSS) -> Act:
        """Make a loss good to a wallet of the same investor."""
        return Act(
            self.bind.reissue(id, to), basis,
            f"Make loss {to_hex(id)} good to {to}.",
            f"消失記録 {to_hex(id)} の分を {to} に再発行する。",
        )  # fmt: skip

    def reversal_of(
        self,
        tx_hash: str,
        log_index: int | None = None,
        units: Units | None = None,
        basis: Basis = Basis.ERRONEOUS_TRANSFER,
    ) -> Act:
        """Return units of an earlier transfer to its sender, all that is left of it when no number is given.

        `log_index` may be left out where the transaction made only one move. The transfer is proved from its receipt;
        InputError when the log is no ordinary transfer of this token.
        """
        proof = proofs.prove_transfer(self.deployment, self.connection, self.address, tx_hash, log_index)
        move, left = proof.move, proof.units_today - self.reversed(proof.origin)
        wanted = left if units is None else units
        if not 0 < wanted <= left:
            raise InputError(f"Of log {move.log_index} of {tx_hash} {left} units are left to return, not {wanted}.")
        call = self.bind.reverse(proof.origin, move.partition, move.to, move.from_, move.units, proof.epoch, wanted)
        return Act(
            call, basis,
            f"Return {wanted} units of {move.partition_name} from {move.to} to {move.from_}, "
            f"moved by log {move.log_index} of {tx_hash}.",
            f"取引 {tx_hash} のログ {move.log_index} による移転のうち {wanted} 口({move.partition_name})を "
            f"{move.to} から {move.from_} へ戻す。",
        )  # fmt: skip

    # --- inside -------------------------------------------------------------------------------------------------------

    def _force(self, call: Call, shown: str, from_: Address, to: Address, units: Units, basis: Basis) -> Act:
        return Act(
            call, basis,
            f"Move {units} units of {shown} from {from_} to {to} by force.",
            f"{from_} から {to} へ {shown} {units} 口を強制移転する。",
        )  # fmt: skip


def _where(partition: Partition) -> tuple[Bytes32, str]:
    where = partition_bytes(partition)
    return where, partition_name(where)


def _at(instant: int, now: str) -> str:
    return format_jst(instant) if instant else now
