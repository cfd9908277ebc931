"""Fixtures of the ledger's tests. What they share with the bench is found where the bench has it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))
