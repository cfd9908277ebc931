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
#: Nothing of the clock, of the machine or of chance in a file.
_SETTINGS = {"svg.hashsalt": "stotoken", "svg.fonttype": "path", "path.simplify": False, "axes.unicode_minus": False}


def write(sheet: Sheet, manifest: Manifest, style: Style, out: BinaryIO) -> None:
    matplotlib, figures = load("matplotlib"), load("matplotlib.figure")
    if sheet.chart is None:
        raise InputError("There is nothing to draw in this report; nothing was written.")
    with matplotlib.rc_context(_SETTINGS | {"font.family": [_face()]}):
        figure = figures.Figure(figsize=(10, 5.6), dpi=150, layout="constrained")
        axes = figure.add_subplot()
        if isinstance(sheet.chart, Curve):
            _curve(axes, sheet.chart, style)
        else:
            _parts(axes, sheet.chart, style)
        name = next(str(fact.value) for fact in sheet.facts if fact.key == "name")
        title = f"{style.said(sheet.chart.title)}  {name}  {manifest.as_of[:19].replace('T', ' ')}"
        axes.set_title(title, fontsize=13, color=_INK, loc="left", pad=14)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(_GRID)
        axes.tick_params(colors=_SOFT, length=0, pad=7)
        axes.set_axisbelow(True)
        _require(title, *(text.get_text() for text in axes.get_yticklabels()))
        svg = manifest.asked.format is Format.SVG
        metadata = {"Date": None, "Creator": "stotoken", "Title": title} if svg else {"Software": "stotoken"}
        figure.savefig(out, format=str(manifest.asked.format), metadata=metadata)


def _face() -> str:
    """The family of the font, known to matplotlib from now on."""
    fonts = load("matplotlib.font_manager")
    name = str(fonts.FontProperties(fname=str(font())).get_name())
    if all(entry.name != name for entry in fonts.fontManager.ttflist):
        fonts.fontManager.addfont(str(font()))
    return name


def _require(*texts: str) -> None:
    """The font must have every character: what it lacks would be drawn as a box."""
    glyphs = load("matplotlib.ft2font").FT2Font(str(font())).get_charmap()
    for character in "".join(texts):
        if ord(character) not in glyphs:
            raise InputError(
                f"A name has a character that the font of the chart does not have (U+{ord(character):04X}); "
                "leave the names file out. Nothing was written."
            )


def _curve(axes: Any, curve: Curve, style: Style) -> None:
    """Steps: what is in issue holds until it changes."""
    points = dict(curve.points)  # of one second, the last
    times, units = list(points), list(points.values())
    first, last = times[0], times[-1]
    axes.step(times, units, where="post", color=_FILL, lw=2)
    axes.fill_between(times, units, step="post", color=_FILL, alpha=0.12)
    axes.set_ylim(bottom=0)
    axes.set_xlim(first, max(last, first + 1))
    ticks = sorted({first + (last - first) * part // 5 for part in range(6)})
    days = [style.zone.day(tick) for tick in ticks]
    shown = days if len(set(days)) == len(days) else [style.zone.text(tick)[:19].replace(" ", "\n") for tick in ticks]
    axes.set_xticks(ticks, shown)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
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
