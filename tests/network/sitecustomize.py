"""Run by every interpreter that a test starts: see ``network_guard``."""

from __future__ import annotations

import network_guard  # type: ignore[import-not-found]

network_guard.install()
