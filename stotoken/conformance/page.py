"""A report as one page that needs nothing else: no script, no font, no picture from anywhere. Both languages are in it
and switched by style alone; what is shown is what is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from stotoken.conformance.evidence import Check, ClauseReport, Figure, Refusal, Report, Text, Transaction, number
from stotoken.conformance.table import bare, functions_of

_TITLE = Text("Conformance with the guideline", "ガイドライン適合性報告書")
_LEAD = Text(
    "Guideline of the Japan Security Token Offering Association on core systems, clause by clause: what was done on a "
    "local chain, what the figures were before and after, and what was refused.",
    "日本STO協会「電子記録移転権利等の発行市場を担う基幹システムのガイドライン」の条項ごとに、ローカルチェーン上で実行した操作、"
    "その前後の数値、および拒否された操作を示す。",
)
_PASSED, _FAILED = Text("passed", "適合"), Text("failed", "不適合")
_HEADINGS = (
    Text("Clause", "条項"), Text("Function", "機能"), Text("Checks", "検証"), Text("Transactions", "取引"),
    Text("Refused", "拒否"), Text("Verdict", "判定"),
)  # fmt: skip
_ACTS = (Text("Block", "ブロック"), Text("By", "実行者"), Text("Act", "操作"), Text("Outcome", "結果"))
_DONE, _NOT_SENT = Text("took effect", "成立"), Text("client", "クライアント")
_NOTHING_SENT = Text("nothing was sent", "送信せず")
_STORY = Text("story", "実演")
_EXERCISED, _REFUSED = Text("Functions exercised", "実行した機能"), Text("Only refused", "拒否のみ")
_SETTING = {
    "version": Text("Version", "バージョン"), "engine": Text("Engine", "エンジン"), "hardfork": Text("Rules", "ルール"),
    "node": Text("Node", "ノード"), "chain_id": Text("Chain", "チェーン"), "started_at": Text("Run at", "実行日時"),
    "artifacts": Text("Artifacts", "成果物"),
}  # fmt: skip

_STYLE = """
:root { --ink: #1c2430; --soft: #5c6675; --line: #dfe3e9; --back: #f6f7f9; --good: #1a6b3c; --bad: #a8231c; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 2rem 4rem; color: var(--ink); line-height: 1.55;
  font: 15px/1.55 system-ui, "Hiragino Kaku Gothic ProN", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic", sans-serif; }
input.lang { position: absolute; opacity: 0; }
.switch { float: right; font-size: .85rem; color: var(--soft); }
.switch label { cursor: pointer; padding: .15rem .6rem; border: 1px solid var(--line); border-radius: 1rem; }
#in-en:checked ~ .switch [for=in-en], #in-ja:checked ~ .switch [for=in-ja] { background: var(--ink); color: #fff; }
#in-en:checked ~ * [lang=ja], #in-ja:checked ~ * [lang=en] { display: none; }
h1 { font-size: 1.7rem; margin: 0 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 3rem 0 .6rem; padding-top: 1rem; border-top: 2px solid var(--ink); }
h2 .verdict { float: right; font-size: .95rem; }
p.lead { color: var(--soft); margin: 0 0 1.4rem; max-width: 46rem; }
dl { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: 0 0 1.6rem; font-size: .82rem; }
dl div { display: flex; gap: .4rem; } dt { color: var(--soft); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; font-size: .78rem; color: var(--soft); border-bottom: 1px solid var(--line); }
th, td { padding: .35rem .6rem .35rem 0; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; padding-right: 1.4rem; }
table.sum td { border-bottom: 1px solid var(--line); }
table.sum a { color: inherit; text-decoration: none; border-bottom: 1px solid var(--soft); }
.good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
.functions { font-size: .8rem; color: var(--soft); margin: 0 0 1rem; }
code { font: .92em ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; }
article { margin: 0 0 1.5rem; padding: .9rem 1.1rem 1rem; background: var(--back); border-radius: .4rem; }
article h3 { font-size: 1rem; font-weight: 600; margin: 0 0 .5rem; padding-left: 1.4rem; text-indent: -1.4rem; }
article h3 i { font-style: normal; display: inline-block; width: 1.4rem; text-indent: 0; }
.story { font-size: .75rem; font-weight: 500; color: var(--soft); border: 1px solid var(--soft);
  border-radius: .3rem; padding: 0 .35rem; text-indent: 0; }
ul.figures { list-style: none; margin: 0 0 .5rem 1.4rem; padding: 0; display: flex; flex-wrap: wrap; gap: .15rem 1.8rem;
  font-size: .88rem; }
ul.figures b { font-variant-numeric: tabular-nums; }
ul.faults { color: var(--bad); margin: 0 0 .5rem 1.4rem; padding-left: 1rem; }
table.acts { font-size: .8rem; margin-left: 1.4rem; width: calc(100% - 1.4rem); }
table.acts th { font-weight: 500; } table.acts td { border-top: 1px solid var(--line); overflow-wrap: anywhere; }
table.acts th:nth-child(1) { width: 7%; } table.acts th:nth-child(2) { width: 17%; }
table.acts th:nth-child(3) { width: 23%; }
table.acts small { display: block; color: var(--soft); font-size: .82em; }
@media print {
  @page { size: A4; margin: 15mm 13mm; }
  html { font-size: 11px; }
  body { padding: 0; max-width: none; font-size: 11px; } .switch { display: none; }
  tr, h3, ul { break-inside: avoid; } h2, h3, p.functions, thead { break-after: avoid; }
  article { background: none; border-left: 2px solid var(--line); border-radius: 0; }
}
"""


def page(report: Report, lang: str) -> str:
    checked = {each: " checked" if each == lang else "" for each in ("en", "ja")}
    return "".join(
        [
            f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(_TITLE.say(lang))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
            f'<input class="lang" type="radio" name="lang" id="in-en"{checked["en"]}>'
            f'<input class="lang" type="radio" name="lang" id="in-ja"{checked["ja"]}>\n'
            '<div class="switch"><label for="in-en">English</label> <label for="in-ja">日本語</label></div>\n',
            f'<header>\n<h1>{_both(_TITLE)}</h1>\n<p class="lead">{_both(_LEAD)}</p>\n{_setting(report)}</header>\n',
            f"<main>\n{_summary(report)}",
            *map(_section, report.clauses),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _both(text: Text) -> str:
    """Both languages, of which the style shows one; once where they are the same."""
    if text.en == text.ja:
        return escape(text.en)
    return f'<span lang="en">{escape(text.en)}</span><span lang="ja">{escape(text.ja)}</span>'


def _verdict(passed: bool) -> str:
    return f'<span class="verdict {"good" if passed else "bad"}">{_both(_PASSED if passed else _FAILED)}</span>'


def _setting(report: Report) -> str:
    named = ((_SETTING.get(name, Text(name, name)), value) for name, value in report.setting.items())
    items = (f"<div><dt>{_both(name)}</dt><dd>{escape(str(value))[:44]}</dd></div>" for name, value in named)
    return f"<dl>{''.join(items)}</dl>\n"


def _summary(report: Report) -> str:
    head = "".join(f"<th{' class=n' if 2 <= place <= 4 else ''}>{_both(h)}</th>" for place, h in enumerate(_HEADINGS))
    rows = "".join(map(_summary_row, report.clauses))
    return f'<table class="sum"><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>\n'


def _summary_row(clause: ClauseReport) -> str:
    checks = f"{sum(check.passed for check in clause.checks)}/{len(clause.checks)}"
    counted = (checks, f"{len(clause.transactions):,}", str(clause.refused))
    cells = "".join(f'<td class="n">{cell}</td>' for cell in counted)
    link = f'<a href="#c{clause.clause}">{clause.clause}</a>'
    return f"<tr><td>{link}</td><td>{_both(clause.title)}</td>{cells}<td>{_verdict(clause.passed)}</td></tr>\n"


def _section(clause: ClauseReport) -> str:
    named = ((_EXERCISED, functions_of(clause)), (_REFUSED, bare(clause.refused_functions)))
    functions = "".join(
        f'<p class="functions">{_both(title)}: {" ".join(f"<code>{escape(name)}</code>" for name in names)}</p>\n'
        for title, names in named
        if names
    )
    error = f'<p class="bad">{escape(clause.error)}</p>\n' if clause.error else ""
    return (
        f'<section>\n<h2 id="c{clause.clause}">{clause.clause} {_both(clause.title)} {_verdict(clause.passed)}</h2>\n'
        f"{functions}{error}"
        f"{''.join(map(_article, clause.checks))}</section>\n"
    )


def _article(check: Check) -> str:
    mark = '<i class="good">✓</i>' if check.passed else '<i class="bad">✗</i>'
    figures = "".join(f"<li>{_figure(figure)}</li>" for figure in check.figures)
    faults = "".join(f"<li>{escape(fault)}</li>" for fault in check.faults)
    story = f'<span class="story">{_both(_STORY)}</span> ' if check.story else ""
    return (
        f"<article>\n<h3>{mark}{story}{_both(check.text)}</h3>\n"
        + (f'<ul class="faults">{faults}</ul>\n' if faults else "")
        + (f'<ul class="figures">{figures}</ul>\n' if figures else "")
        + _acts(check)
        + "</article>\n"
    )


def _figure(figure: Figure) -> str:
    before = f"{escape(number(figure.before))} → " if figure.before is not None and figure.changed else ""
    return f"{_both(figure.label)} <b>{before}{escape(number(figure.after))}</b>"


def _acts(check: Check) -> str:
    rows = [*_sent(check), *(_not_sent(refusal) for refusal in check.refusals if refusal.tx_hash is None)]
    if not rows:
        return ""
    head = "".join(f"<th>{_both(heading)}</th>" for heading in _ACTS)
    return f'<table class="acts"><thead><tr>{head}</tr></thead><tbody>\n{"".join(rows)}</tbody></table>\n'


def _sent(check: Check) -> Iterator[str]:
    why = {refusal.tx_hash: refusal for refusal in check.refusals if refusal.tx_hash}
    for sent in check.transactions:
        outcome = _outcome(sent, why.get(sent.tx_hash))
        cells = (f"{sent.block:,}", _both(sent.by), f"<code>{escape(sent.shown)}</code>", outcome)
        yield _cells(cells)


def _outcome(sent: Transaction, refusal: Refusal | None) -> str:
    tx = f"<small><code>{sent.tx_hash}</code></small>"
    if not sent.refused:
        return f"{_both(_DONE)}{tx}"
    said = f" {_both(refusal.text)}" if refusal else ""
    return f"<b>{escape(sent.refused)}</b>{said}{tx}"


def _not_sent(refusal: Refusal) -> str:
    outcome = f"<b>{escape(refusal.error)}</b> {_both(refusal.text)}<small>{_both(_NOTHING_SENT)}</small>"
    return _cells(("—", _both(_NOT_SENT), "—", outcome))


def _cells(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"
