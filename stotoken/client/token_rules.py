"""The rules that only some tokens have: what they are, the orders that set them, and all that refuses a transfer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stotoken.chain.decoder import typed_revert
from stotoken.client.act import Act
from stotoken.client.bindings import structs
from stotoken.client.token_views import Partition, TokenViews, When, from_start, partition_bytes, until_end
from stotoken.errors import InputError, Reverted
from stotoken.terms import DEFAULT_PARTITION, TokenSpec
from stotoken.types import ZERO32, ZERO_ADDRESS, Address, Basis, Bytes32, Units, format_jst, partition_name

#: Seconds of a day of a closed period.
DAY = 86_400


@dataclass(frozen=True, slots=True)
class LimitsView:
    """In units of today; 0: no limit."""

    minimum: Units
    maximum: Units
    lot_size: Units


@dataclass(frozen=True, slots=True)
class CountriesView:
    """Numbers of ISO 3166-1 whose investors alone may receive (`admitted`) or may not; none: no rule."""

    countries: tuple[int, ...]
    admitted: bool


@dataclass(frozen=True, slots=True)
class FurtherRules:
    """`closed_period`: seconds before a record date; `sanctions_oracle`: None when there is none."""

    closed_period: int
    sanctions_oracle: Address | None
    rules: tuple[Address, ...]


class RuleActs(TokenViews):
    """A scope is the token (no partition), a partition, or one holding (partition and holder)."""

    # --- asking -------------------------------------------------------------------------------------------------------

    def explain(
        self,
        from_: Address,
        to: Address,
        units: Units,
        partition: Partition = DEFAULT_PARTITION,
        *,
        operator: Address | None = None,
    ) -> tuple[Reverted, ...]:
        """Every reason why a transfer would be refused now, in the order of asking; none: it would happen.

        What a third party's rule says is in the `inner` of its `RuleRefused`. `operator`: who would move the units,
        when it is not the holder.
        """
        asking = operator or (from_ if from_ != ZERO_ADDRESS else None)
        return tuple(map(typed_revert, self.bind.explain(partition_bytes(partition), from_, to, units, sender=asking)))

    def limits(self, partition: Partition | None = None) -> LimitsView:
        found = self.bind.limits_of(_scope(partition)[0])
        ratio = self.bind.epoch_of(self.current_epoch()).factor // self.bind.epoch_of(found.epoch).factor
        return LimitsView(found.minimum * ratio, found.maximum * ratio, found.lot_size * ratio)

    def countries(self, partition: Partition | None = None) -> CountriesView:
        return CountriesView(*self.bind.countries_of(_scope(partition)[0]))

    def window(self, partition: Partition | None = None, holder: Address | None = None) -> structs.Window:
        """UTC seconds: `opens`, `closes` (first second no longer open), `shut_from`, `shut_until`; 0: no bound."""
        return self.bind.window_of(_scope(partition)[0], holder or ZERO_ADDRESS)

    def further_rules(self) -> FurtherRules:
        closed, oracle, rules = self.bind.further_rules()
        return FurtherRules(closed, None if oracle == ZERO_ADDRESS else oracle, rules)

    # --- setting ------------------------------------------------------------------------------------------------------

    def set_limits(
        self, minimum: Units = 0, maximum: Units = 0, lot_size: Units = 0, partition: Partition | None = None
    ) -> Act:
        """How many units a holding may have and a move may carry, in units of today; 0 takes a limit back."""
        where, of, no = _scope(partition)
        none = not (minimum or maximum or lot_size)
        return Act(
            self.bind.set_limits(where, minimum, maximum, lot_size), Basis.POLICY,
            f"Take back the limits {of}." if none
            else f"Limit holdings {of}: {limits_in_words(minimum, maximum, lot_size, 'en')}.",
            f"{no}保有口数の制限を解除する。" if none
            else f"{no}保有口数を制限する({limits_in_words(minimum, maximum, lot_size, 'ja')})。",
        )  # fmt: skip

    def set_countries(self, countries: Sequence[int], admitted: bool, partition: Partition | None = None) -> Act:
        """Admit investors of these countries (ISO 3166-1 numbers) alone, or refuse them; none takes the rule back."""
        where, of, no = _scope(partition)
        listed = country_list(countries)
        return Act(
            self.bind.set_countries(where, countries, admitted), Basis.POLICY,
            f"Let investors of any country receive units {of}." if not listed
            else f"{'Admit only' if admitted else 'Refuse'} receivers {of} who are of {listed}.",
            f"{no}国の制限を解除する。" if not listed
            else f"{no}取得者を{'次の国に限る' if admitted else '次の国について拒否する'}: {listed}。",
        )  # fmt: skip

    def set_window(
        self,
        opens: When | None = None,
        closes: When | None = None,
        shut_from: When | None = None,
        shut_until: When | None = None,
        partition: Partition | None = None,
        holder: Address | None = None,
    ) -> Act:
        """When units may be transferred: from a day or instant on, until a day is over; and not in a period in between.
        Nothing given takes the window back."""
        if holder is not None and partition is None:
            raise InputError("A window of one holder names the partition too; no order was made.")
        where, of, no = _scope(partition)
        window = structs.Window(from_start(opens), until_end(closes), from_start(shut_from), until_end(shut_until))
        whose, dare = (f" of {holder}", f"{holder} の") if holder else ("", "")
        none = not any(window.values())
        return Act(
            self.bind.set_window(where, holder or ZERO_ADDRESS, window), Basis.POLICY,
            f"Let units {of}{whose} be transferred at any time." if none
            else f"Let units {of}{whose} be transferred {window_in_words(window, 'en')}.",
            f"{dare}{no}移転時期の制限を解除する。" if none
            else f"{dare}{no}移転時期を制限する({window_in_words(window, 'ja')})。",
        )  # fmt: skip

    def set_closed_period(self, seconds: int) -> Act:
        """Close transfers for so long before every record date; 0 takes the rule back."""
        en, ja = span_in_words(seconds)
        return Act(
            self.bind.set_closed_period(seconds), Basis.POLICY,
            f"Close transfers for {en} before every record date." if seconds else "End closed periods.",
            f"各基準日前 {ja}を移転停止期間とする。" if seconds else "移転停止期間を廃止する。",
        )  # fmt: skip

    def set_sanctions_oracle(self, oracle: Address | None) -> Act:
        """Look both sides up in a list of sanctions (`isSanctioned(address)`); None takes the rule back."""
        return Act(
            self.bind.set_sanctions_oracle(oracle or ZERO_ADDRESS), Basis.POLICY,
            f"Look both sides up in the list of sanctions {oracle}." if oracle else "Look up no list of sanctions.",
            f"双方を制裁対象リスト {oracle} と照合する。" if oracle else "制裁対象リストとの照合をやめる。",
        )  # fmt: skip

    def set_rules(self, rules: Sequence[Address]) -> Act:
        """Ask these third parties' rules (see `contracts/interfaces/IRule.sol`), at most 8, and no others."""
        return Act(
            self.bind.set_rules(rules), Basis.POLICY,
            f"Ask the rules {', '.join(rules)}." if rules else "Ask no rule of a third party.",
            f"外部ルール {'、'.join(rules)} を適用する。" if rules else "外部ルールの適用をやめる。",
        )  # fmt: skip

    def further_acts(self, spec: TokenSpec) -> tuple[Act, ...]:
        """The orders that a token of these terms needs after it was created, in their order."""
        acts = []
        if spec.minimum or spec.maximum or spec.lot_size:
            acts.append(self.set_limits(spec.minimum, spec.maximum, spec.lot_size))
        if countries := spec.admitted_countries or spec.refused_countries:
            acts.append(self.set_countries(countries, bool(spec.admitted_countries)))
        if any(spec.transfer_window):
            acts.append(self.set_window(*spec.transfer_window))
        if spec.closed_period_days:
            acts.append(self.set_closed_period(spec.closed_period_days * DAY))
        if spec.sanctions_oracle:
            acts.append(self.set_sanctions_oracle(spec.sanctions_oracle))
        if spec.rules:
            acts.append(self.set_rules(spec.rules))
        return tuple(acts)


def country_list(countries: Sequence[int]) -> str:
    """`036 392`"""
    return " ".join(f"{code:03}" for code in sorted(countries))


def window_in_words(window: structs.Window, lang: str) -> str:
    en, ja = [], []
    if window.opens:
        en.append(f"from {format_jst(window.opens)}")
        ja.append(f"{format_jst(window.opens)} から")
    if window.closes:
        en.append(f"until {format_jst(window.closes)}")
        ja.append(f"{format_jst(window.closes)} まで")
    if window.shut_until:
        start = format_jst(window.shut_from) if window.shut_from else ""
        end = format_jst(window.shut_until)
        en.append(f"but not from {start} until {end}" if start else f"but not until {end}")
        ja.append(f"{start} から {end} までを除く" if start else f"{end} までを除く")
    return "、".join(ja) if lang == "ja" else ", ".join(en).replace(", until", " until")


def span_in_words(seconds: int) -> tuple[str, str]:
    """In both languages, whole days as days."""
    if seconds % DAY:
        return f"{seconds} seconds", f"{seconds} 秒"
    days = seconds // DAY
    return f"{days} day{'' if days == 1 else 's'}", f"{days} 日間"


def limits_in_words(minimum: Units, maximum: Units, lot_size: Units, lang: str) -> str:
    """Those that there are."""
    en, ja = ("minimum", "maximum", "lots of"), ("最低", "最高", "取引単位")
    if lang == "ja":
        return "、".join(
            f"{word} {units} 口" for word, units in zip(ja, (minimum, maximum, lot_size), strict=True) if units
        )
    return ", ".join(f"{word} {units}" for word, units in zip(en, (minimum, maximum, lot_size), strict=True) if units)


def _scope(partition: Partition | None) -> tuple[Bytes32, str, str]:
    """Its bytes on chain, and in words: `of class-a`."""
    if partition is None:
        return ZERO32, "of the token", "トークンの"
    where = partition_bytes(partition)
    return where, f"of {partition_name(where)}", f"{partition_name(where)} の"
