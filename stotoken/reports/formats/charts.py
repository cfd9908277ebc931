"""Charts as SVG or PNG: units in issue over time, and who has how much."""

from __future__ import annotations

from typing import Any, BinaryIO

from stotoken.errors import InputError
from stotoken.reports.asked import Format
from stotoken.reports.extras import font, load
from stotoken.reports.manifest import Manifest
from stotoken.reports.sheet import Curve, Parts, Sheet, Style, Words

#: So many holders have a bar of their own.
_BARS = 20
_INK, _SOFT, _FILL, _GRID = "#1c2430", "#5c6675", "#2f5d8a", "#dfe3e9"
_OTHERS = Words("{} others", "その他 {} 名")
_UNITS = Words("units", "口")
#: Nothing of the clock, of the machine or of chance in a file.
_SETTINGS = {"svg.hashsalt": "stotoken", "svg.fonttype": "path", "path.simplify": False, "axes.unicode_minus": False}


def write(sheet: Sheet, manifest: Manifest, style: Style, out: BinaryIO) -> None:
    matplotlib = load("matplotlib")
    figures, fonts = load("matplotlib.figure"), load("matplotlib.font_manager")
    face = fonts.FontProperties(fname=str(font()))
    if sheet.chart is None:
        raise InputError("There is nothing to draw in this report; nothing was written.")
    with matplotlib.rc_context(_SETTINGS):
        figure = figures.Figure(figsize=(10, 5.6), dpi=150, layout="constrained")
        axes = figure.add_subplot()
        if isinstance(sheet.chart, Curve):
            _curve(axes, sheet.chart, style)
        else:
            _parts(axes, sheet.chart, style)
        name = next(str(fact.value) for fact in sheet.facts if fact.key == "name")
        title = f"{style.said(sheet.chart.title)}  {name}  {manifest.as_of[:19].replace('T', ' ')}"
        axes.set_title(title, fontsize=13, color=_INK, loc="left", pad=14)
        _dress(axes, face)
        svg = manifest.asked.format is Format.SVG
        metadata = {"Date": None, "Creator": "stotoken", "Title": title} if svg else {"Software": "stotoken"}
        figure.savefig(out, format=str(manifest.asked.format), metadata=metadata)


def _dress(axes: Any, face: Any) -> None:
    """One font for all text, whose every character it must have, and quiet lines."""
    texts = [axes.title, axes.xaxis.label, axes.yaxis.label, axes._left_title, *axes.texts]
    axes.figure.draw_without_rendering()
    for text in [*texts, *axes.get_xticklabels(), *axes.get_yticklabels()]:
        size, colour = text.get_fontsize(), text.get_color()
        text.set_fontproperties(face)
        text.set_fontsize(size)
        text.set_color(colour)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_GRID)
    axes.tick_params(colors=_SOFT, length=0)
    axes.set_axisbelow(True)


def _curve(axes: Any, curve: Curve, style: Style) -> None:
    """Steps: what is in issue holds until it changes."""
    first, last = curve.points[0][0], curve.points[-1][0]
    axes.step([at for at, _ in curve.points], [units for _, units in curve.points], where="post", color=_FILL, lw=2)
    axes.fill_between(
        [at for at, _ in curve.points], [units for _, units in curve.points], step="post", color=_FILL, alpha=0.12
    )
    axes.set_ylim(bottom=0)
    axes.set_xlim(first, max(last, first + 1))
    ticks = sorted({first + (last - first) * part // 5 for part in range(6)})
    days = [style.zone.day(tick) for tick in ticks]
    shown = days if len(set(days)) == len(days) else [style.zone.text(tick)[:19].replace(" ", "\n") for tick in ticks]
    axes.set_xticks(ticks, shown)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_ylabel(style.said(_UNITS), color=_SOFT)
    axes.grid(axis="y", color=_GRID)


def _parts(axes: Any, chart: Parts, style: Style) -> None:
    """Bars, the largest on top, each with its units and percent."""
    total = sum(units for _, units in chart.parts)
    bars = [(style.said(who), units) for who, units in chart.parts[:_BARS]]
    if rest := chart.parts[_BARS:]:
        bars.append((style.said(_OTHERS).format(len(rest)), sum(units for _, units in rest)))
    places = range(len(bars))
    axes.barh(places, [units for _, units in bars], color=_FILL, height=0.62)
    axes.set_yticks(places, [who for who, _ in bars])
    axes.invert_yaxis()
    for place, (_, units) in zip(places, bars, strict=True):
        share = f"{units:,} ({units * 100 / total:.2f}%)"
        axes.text(units, place, f" {share}", va="center", fontsize=9, color=_SOFT)
    axes.margins(x=0.18)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.grid(axis="x", color=_GRID)
