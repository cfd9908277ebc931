"""A sheet as bytes. The same sheet gives the same bytes: nothing in them is of the clock or of the machine."""

from __future__ import annotations

from typing import BinaryIO

from stotoken.reports.asked import Format
from stotoken.reports.extras import require
from stotoken.reports.manifest import Manifest
from stotoken.reports.sheet import Sheet, Style


def write(sheet: Sheet, manifest: Manifest, style: Style, out: BinaryIO) -> None:
    """In the format that was asked for. ConfigError when its library is missing, InputError when a character cannot be
    written in it."""
    format = manifest.asked.format
    require(format)
    match format:
        case Format.CSV:
            from stotoken.reports.formats import delimited

            delimited.write(sheet, manifest, style, out)
        case Format.JSON:
            from stotoken.reports.formats import data

            data.write(sheet, manifest, style, out)
        case Format.TXT:
            from stotoken.reports.formats import plain

            plain.write(sheet, manifest, style, out)
        case Format.XLSX:
            from stotoken.reports.formats import excel

            excel.write(sheet, manifest, style, out)
        case Format.PDF:
            from stotoken.reports.formats import paper

            paper.write(sheet, manifest, style, out)
        case Format.SVG | Format.PNG:
            from stotoken.reports.formats import charts

            charts.write(sheet, manifest, style, out)
