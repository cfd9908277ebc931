"""The bench is a folder of scripts: its modules are found here as it finds them itself."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))
