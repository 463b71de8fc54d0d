"""Draw the picture of the README: the report of a check of the demo's fleet, as a terminal shows it.

`draw_report.py` writes docs/report.svg. The boxes are those of `make demo`; the dates are those of the day.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from iotbox_simulator import demo
from iotbox_simulator.fleet import Fleet
from iotbox_simulator.scenario import of_the_demo
from reconciler.model.desired import Mode
from reconciler.report import fleet_text

TARGET = Path(__file__).resolve().parent.parent / "docs" / "report.svg"
COLUMNS = 100
LINES = 52
"""As much as tells what a report looks like."""


def report() -> str:
    """Return what a terminal gets, colours included."""
    fleet = Fleet.opened(of_the_demo(), datetime.now(UTC))
    console = Console(width=COLUMNS, force_terminal=True, color_system="standard", highlight=False, emoji=False)
    return fleet_text.render(demo.run_fleet(fleet, Mode.CHECK), console)


def main() -> int:
    """Write the picture."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), highlight=False, emoji=False)
    for line in report().splitlines()[:LINES]:
        console.print(Text.from_ansi(line))
    # fonts of the reader's own machine: a picture must not fetch any
    plain = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    TARGET.write_text(console.export_svg(title="iot-https check", theme=MONOKAI, code_format=plain), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
