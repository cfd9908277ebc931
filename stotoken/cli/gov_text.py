"""How governance is told: tables of 100 columns in both languages, and the same as rows for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from stotoken.cli.report import Pair, Report
from stotoken.terminal import WIDTH, padded, wrapped
from stotoken.types import Role, format_jst

if TYPE_CHECKING:
    from stotoken.client.bindings.structs import Row
    from stotoken.governance import Access, Difference, Progress, Rights, Step

#: Heading of each role's column, and what it stands for in Japanese.
_ROLES = {
    Role.SYS_ADMIN: ("ADM", "管理", "システム管理者"),
    Role.EMERGENCY: ("EMG", "緊急", "緊急停止担当"),
    Role.ISSUER: ("ISS", "発行", "発行者"),
    Role.ISSUING_AGENT: ("AGT", "引受", "発行代理人"),
    Role.REGISTRAR: ("REG", "原簿", "原簿管理人"),
    Role.COMPLIANCE: ("CMP", "法令", "コンプライアンス"),
    Role.KYC_PROVIDER: ("KYC", "KYC", "本人確認事業者"),
    Role.CUSTODIAN: ("CUS", "保管", "カストディアン"),
    Role.SETTLEMENT_AGENT: ("SET", "決済", "決済代理人"),
    Role.PAYING_AGENT: ("PAY", "支払", "支払代理人"),
    Role.AUDITOR: ("AUD", "監査", "監査人"),
}
_DAY = 86_400
_COLUMN = 5
_SEAT_COLUMNS = (16, 42, 16, 8, 0)
_HEADS = ("role", "account", "since", "block", "by")
_INDENT = " " * 4
_MAY = {
    "execute": Pair("executes alone", "単独執行"),
    "propose": Pair("proposes", "提案"),
    "approve": Pair("approves", "承認"),
    "veto": Pair("vetoes", "却下"),
}


class MatrixTable(Report):
    """Functions by roles. `rows`: each function's name with its row."""

    def __init__(self, rows: Sequence[tuple[str, Row]]) -> None:
        super().__init__(Pair("", ""), rows=[_row_values(*each) for each in rows], rows_name="functions")
        self._rows = rows

    def text(self, lang: str) -> str:
        from stotoken.governance.matrix import names_in

        used = 0
        for _, row in self._rows:
            used |= row.executors | row.proposers | row.approvers
        others = [number for number in range(64) if used >> number & 1 and number not in set(Role)]
        numbers = [*Role, *others]
        names = max((len(name.partition(".")[2]) for name, _ in self._rows), default=0) + 4
        titles = [_ROLES[Role(number)][lang == "ja"] if number in set(Role) else f"r{number}" for number in numbers]
        heads = [padded(title, _COLUMN) for title in titles]
        heads += [padded(Pair("delay", "待機").in_(lang), 7), Pair("halt", "停止中").in_(lang)]
        lines, section = [(" " * names + "".join(heads)).rstrip()], ""
        for name, row in self._rows:
            where, _, function = name.partition(".")
            lines += [where] if where != section else []
            section = where
            marks = "".join(padded(_mark(row, number), _COLUMN) for number in numbers)
            halt = Pair("yes", "可").in_(lang) if row.during_halt else ""
            lines.append(f"{padded('  ' + function, names)}{marks}{padded(_delay(row, lang), 7)}{halt}".rstrip())
        return "\n".join([*lines, "", *_legend(lang), *(f"r{n} {names_in(1 << n)[0]}" for n in others)])


class Diff(Report):
    """What differs, what the file wants and what the chain has."""

    def __init__(self, name: str, found: Sequence[Difference]) -> None:
        rows = [
            {"kind": each.kind, "what": each.what(), "expected": each.expected(), "on_chain": each.found()}
            for each in found
        ]
        super().__init__(Pair("", ""), rows=rows, rows_name="differences")
        self._name, self._found = name, found

    def text(self, lang: str) -> str:
        count, name = len(self._found), self._name
        if not count:
            return Pair(
                f"No difference: the chain is as {name} wants it.", f"差異なし: チェーンは {name} のとおりです。"
            ).in_(lang)
        said = Pair(f"{_counted(count, 'difference')} from {name}:", f"{name} との差異 {count} 件:").in_(lang)
        labels = Pair("expected", "ファイル").in_(lang), Pair("on chain", "チェーン").in_(lang)
        lines = [said]
        for each in self._found:
            lines.append(f"  {each.what(lang)}")
            for label, value in zip(labels, (each.expected(lang), each.found(lang)), strict=True):
                lines += _block(f"{_INDENT}{label}  ", value)
        return "\n".join(lines)


class Steps(Report):
    """A plan: each order with its exact call, who proposes and who approves it."""

    def __init__(self, name: str, steps: Sequence[Step]) -> None:
        super().__init__(Pair("", ""), rows=list(map(_step_values, steps)), rows_name="steps")
        self._name, self._steps = name, steps

    def text(self, lang: str) -> str:
        if not self._steps:
            return _nothing(self._name).in_(lang)
        count, name = len(self._steps), self._name
        said = Pair(
            f"{_counted(count, 'order')} {'lead' if count > 1 else 'leads'} from the chain to {name}:",
            f"チェーンを {name} のとおりにする命令 {count} 件:",
        )
        lines = [said.in_(lang)]
        for place, step in enumerate(self._steps, 1):
            call = f"authority.{step.function.partition('(')[0]}"
            lines += _block(f"{place:>3}  ", step.act.text(lang))
            lines += _block("     ", f"{call}({', '.join(map(_argument, step.arguments.values()))})")
            lines += _block("     ", _sides(step, lang))
        return "\n".join(lines)


class Applied(Report):
    """What one run of `gov apply` did, and who is to do what next."""

    def __init__(self, name: str, progress: Sequence[Progress]) -> None:
        rows = [
            {**_step_values(each.step), "state": each.state, "order": each.order, "hash": each.step.act.hash}
            | {"moved": each.moved, "ready_at": each.ready_at or None}
            for each in progress
        ]
        super().__init__(Pair("", ""), rows=rows, rows_name="steps")
        self._name, self._progress = name, progress

    def text(self, lang: str) -> str:
        if not self._progress:
            return _nothing(self._name).in_(lang)
        count = _counted(len(self._progress), "step")
        lines = [Pair(f"{self._name}, {count}:", f"{self._name}、{len(self._progress)} 段階:").in_(lang)]
        for place, each in enumerate(self._progress, 1):
            lines += _block(f"{place:>3}  ", each.step.act.text(lang))
            lines += _block("     ", _standing(each).in_(lang))
        return "\n".join([*lines, *_next(self._name, self._progress, lang)])


class Review(Report):
    """Who holds what since when, by whom it was given, and what it lets the holder do."""

    def __init__(self, chain: Rights, review: Sequence[Access]) -> None:
        super().__init__(Pair("", ""), rows=[access.values for access in review], rows_name="access")
        self._chain, self._review = chain, review

    def text(self, lang: str) -> str:
        block = self._chain.block
        at = (block.number, format_jst(block.timestamp)) if block else (0, "")
        id = self._chain.deployment.chain_id
        heads = ("役割", "保持者", "付与日時", "ブロック", "根拠") if lang == "ja" else _HEADS
        lines = [
            Pair(f"Chain {id} at block {at[0]}, {at[1]}; times in Japan.",
                 f"チェーン {id}、ブロック {at[0]}、{at[1]}(日本時間)").in_(lang)
        ]  # fmt: skip
        token: str | None = ""
        for access in self._review:
            if access.token != token:
                token = access.token
                shown = f"{access.identifier} {token}".strip()
                scope = (
                    Pair(f"Token {shown}", f"トークン {shown}") if token else Pair("The whole system", "システム全体")
                )
                lines += ["", scope.in_(lang), _seat_line(heads)]
            grant = access.grant
            since = format_jst(grant.since)[:16].replace("T", " ")
            by = Pair("deployment", "配備").in_(lang) if grant.order is None else f"{_order(lang)} {grant.order}"
            lines.append(_seat_line((access.role, access.account, since, str(grant.block_number), by)))
            lines += _block(f"{_INDENT}{Pair('granted by', '付与者').in_(lang)}  ", _by(grant.by, lang))
            lines += self._powers(access, lang)
        return "\n".join(lines)

    def _powers(self, access: Access, lang: str) -> Iterator[str]:
        """What the seat lets its holder do; of a contract of the system, which one it is."""
        from stotoken.governance.review import by_section

        contracts = {address: name for name, address in self._chain.deployment.addresses.items()}
        if name := contracts.get(access.account):
            yield f"{_INDENT}{Pair('contract', 'コントラクト').in_(lang)}  {name}"
        sides = {_MAY[side].in_(lang): names for side, names in access.functions.items()}
        approves, vetoes = (_MAY[side].in_(lang) for side in ("approve", "veto"))
        vetoed = sides.pop(vetoes)
        if vetoed and vetoed == sides[approves]:
            sides[f"{approves}{Pair(', ', '・').in_(lang)}{vetoes}"] = sides.pop(approves)
        for side, names in sides.items():
            shown = "; ".join(f"{section}: {', '.join(listed)}" for section, listed in by_section(names))
            if shown:
                yield from _block(f"{_INDENT}{side}  ", shown)
        if len(vetoed) > len(access.functions["approve"]):
            every = Pair("every order that does not run during a halt", "停止中に執行できない命令すべて")
            yield f"{_INDENT}{vetoes}  {every.in_(lang)}"


def _seat_line(cells: Sequence[str]) -> str:
    return ("  " + " ".join(map(padded, cells, _SEAT_COLUMNS))).rstrip()


def _by(parties: Sequence[str], lang: str) -> str:
    """The two people of an order, or the deployer."""
    did = Pair("proposed, approved", "提案、承認").in_(lang).replace("、", ", ").split(", ")
    return " ".join(parties) if len(parties) < 2 else ", ".join(map(" ".join, zip(parties, did, strict=True)))


def _row_values(name: str, row: Row) -> dict[str, object]:
    from stotoken.governance.matrix import guardians_in, names_in

    sides = {"execute": row.executors, "propose": row.proposers, "approve": row.approvers, "veto": guardians_in(row)}
    found: dict[str, object] = {side: names_in(bits) for side, bits in sides.items()}
    return {"function": name, **found, "delay": row.delay, "during_halt": row.during_halt}


def _step_values(step: Step) -> dict[str, object]:
    return {
        "act": step.act.en,
        "target": step.act.target,
        "function": step.function,
        "arguments": step.arguments,
        "proposers": step.proposers,
        "approvers": step.approvers,
        "delay": step.row.delay,
    }


def _mark(row: Row, number: int) -> str:
    sides = {"X": row.executors, "P": row.proposers, "A": row.approvers}
    return "".join(mark for mark, bits in sides.items() if bits >> number & 1) or "."


def _delay(row: Row, lang: str) -> str:
    if not row.delay:
        return ""
    days, rest = divmod(row.delay, _DAY)
    amount, unit = (row.delay, Pair(" s", "秒")) if rest else (days, Pair(" d", "日"))
    return f"{amount}{unit.in_(lang)}"


def _legend(lang: str) -> Iterator[str]:
    yield Pair(
        "X executes alone, P proposes, A approves what another proposed; approvers and COMPLIANCE may veto.",
        "X 単独執行、P 提案、A 他者の提案の承認。承認者と COMPLIANCE は却下もできる。",
    ).in_(lang)
    yield Pair(
        "delay: between approval and execution; halt: runs during a halt too, and nobody else may veto.",
        "待機: 承認から執行まで。停止中: システム停止中も執行でき、第三者は却下できない命令。",
    ).in_(lang)
    titles = [
        f"{ja} {role.name}({meaning})" if lang == "ja" else f"{en} {role.name}"
        for role, (en, ja, meaning) in _ROLES.items()
    ]
    yield from wrapped([*(f"{title}," for title in titles[:-1]), titles[-1]], WIDTH)


def _sides(step: Step, lang: str) -> str:
    proposers, approvers, delay = " or ".join(step.proposers), " or ".join(step.approvers), step.row.delay
    en = f"proposed by {proposers}, approved by {approvers}"
    ja = f"提案 {'・'.join(step.proposers)}、承認 {'・'.join(step.approvers)}"
    if delay:
        en, ja = f"{en}, carried out {_delay(step.row, 'en')} later", f"{ja}、待機 {_delay(step.row, 'ja')}"
    return Pair(en, ja).in_(lang)


def _standing(each: Progress) -> Pair:
    """Where a step stands, in a sentence."""
    id, state = each.order, each.state.name
    was, ima = ("was", "今回") if each.moved else ("is", "")
    now = " just now" if each.moved else ""
    proposers, approvers = each.step.proposers, each.step.approvers
    when = format_jst(each.ready_at)
    told = {
        "PROPOSAL": Pair("not proposed yet", "未提案"),
        "APPROVAL": Pair(f"order {id} {was} proposed{now}", f"命令 {id}: {ima}提案済み"),
        "READING": Pair(
            f"order {id} rests on another document than this file and was left alone: stotoken order show {id}",
            f"命令 {id}: このファイルとは別の文書に基づくため承認していません: stotoken order show {id}",
        ),
        "DELAY": Pair(
            f"order {id} is approved; it can be carried out from {when} on",
            f"命令 {id}: 承認済み、{when} 以降に執行可能",
        ),
        "EXECUTION": Pair(f"order {id} {was} approved{now}", f"命令 {id}: {ima}承認済み"),
        "DONE": Pair(f"order {id} was carried out just now", f"命令 {id}: 今回執行済み"),
    }[state]
    if state == "PROPOSAL":
        return Pair(
            f"{told.en}: {' or '.join(proposers)} proposes it", f"{told.ja}: {'・'.join(proposers)} が提案します"
        )
    if state == "APPROVAL":
        return Pair(
            f"{told.en}: {' or '.join(approvers)} approves it", f"{told.ja}: {'・'.join(approvers)} が承認します"
        )
    return told


def _next(name: str, progress: Sequence[Progress], lang: str) -> Iterator[str]:
    """Who is to run the same command next, and for what."""
    from stotoken.governance import State

    left = [each for each in progress if each.state != State.DONE]
    if not left:
        yield Pair(f"The chain is as {name} wants it.", f"チェーンは {name} のとおりになりました。").in_(lang)
    waits = {each.state for each in left}
    proposers = " or ".join(dict.fromkeys(role for each in left for role in each.step.proposers))
    approvers = " or ".join(dict.fromkeys(role for each in left for role in each.step.approvers))
    if State.PROPOSAL in waits:
        yield Pair(
            f"Next: {proposers} runs the same command, to propose.", f"次: {proposers} が同じコマンドで提案します。"
        ).in_(lang)
    elif State.APPROVAL in waits:
        orders = ", ".join(str(each.order) for each in left if each.state == State.APPROVAL)
        yield from _block("", Pair(
            f"Next: {approvers} runs the same command with the same file, to approve: {orders}.",
            f"次: {approvers} が同じファイルと同じコマンドで承認します: {orders}",
        ).in_(lang))  # fmt: skip
    elif State.EXECUTION in waits or State.DELAY in waits:
        yield Pair(
            f"Next: {proposers} runs the same command, to carry them out in this order.",
            f"次: {proposers} が同じコマンドで順に執行します。",
        ).in_(lang)


def _nothing(name: str) -> Pair:
    return Pair(
        f"Nothing to do: the chain is as {name} wants it.",
        f"何もする必要はありません: チェーンは {name} のとおりです。",
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count != 1 else ''}"


def _order(lang: str) -> str:
    return Pair("order", "命令").in_(lang)


def _argument(value: object) -> str:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_argument, value))}]"
    return str(value)


def _block(label: str, text: str) -> Iterable[str]:
    """The text in lines of the terminal, all behind the label's columns."""
    from stotoken.terminal import width

    columns = width(label)
    lines = list(wrapped(text.split(), WIDTH - columns)) or [""]
    return [(label if place == 0 else " " * columns) + line for place, line in enumerate(lines)]
