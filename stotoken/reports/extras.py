"""Libraries that only some formats need: found when they are used, or named in one sentence."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import stotoken
from stotoken.errors import ConfigError
from stotoken.reports.asked import Format

#: What each format needs: module and the name that it is installed by.
_XLSX, _PDF, _CHART, _FONT = (
    ("xlsxwriter", "xlsxwriter"), ("fpdf", "fpdf2"), ("matplotlib", "matplotlib"),
    ("matplotlib_fontja", "matplotlib-fontja"),
)  # fmt: skip
_NEEDED = {
    Format.XLSX: (_XLSX,), Format.PDF: (_PDF, _FONT), Format.SVG: (_CHART, _FONT), Format.PNG: (_CHART, _FONT),
}  # fmt: skip


def require(format: Format) -> None:
    """ConfigError when what a format needs is not installed."""
    for module, name in _NEEDED.get(format, ()):
        if find_spec(module) is None:
            raise ConfigError(
                f"{name} is not installed, which {format} needs: pip install stotoken[reports]. Nothing was written."
            )


def made_with(format: Format) -> dict[str, str]:
    """Versions of what writes a format."""
    return {"stotoken": stotoken.__version__} | {name: version(name) for _, name in _NEEDED.get(format, ())}


def load(module: str) -> Any:
    """A module of one of these libraries; none of them has types."""
    return import_module(module)


def font() -> Path:
    """IPAex Gothic, whose licence lets it be embedded. Its package is not imported: it would load matplotlib whole."""
    spec = find_spec("matplotlib_fontja")
    assert spec is not None  # noqa: S101 - required before
    return Path(str(spec.origin)).parent / "fonts" / "ipaexg.ttf"
