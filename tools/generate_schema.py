"""Write the enumerations of the JSON report's schema from those of the program, so that each value stands once.

`generate_schema.py` writes them, `generate_schema.py --check` only says whether they are up to date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from reconciler.codes import CodeName, Variant  # noqa: E402 - found above
from reconciler.model.desired import Mode  # noqa: E402
from reconciler.model.observed import PairProblem  # noqa: E402
from reconciler.model.repair import (  # noqa: E402
    CopyDirection,
    RepairKind,
    RestartCondition,
    StoreKey,
)
from reconciler.model.severity import FindingClass, Severity  # noqa: E402
from reconciler.model.step_name import StepName  # noqa: E402
from reconciler.report.json_report import SCHEMA_VERSION  # noqa: E402
from reconciler.report.work_order import Scope  # noqa: E402
from reconciler.results.diagnosis import StepState  # noqa: E402
from reconciler.results.fleet import BoxState  # noqa: E402
from reconciler.results.result import RepairStatus  # noqa: E402

SCHEMA = ROOT / "reconciler/report/report.schema.json"
ENUMERATIONS: Final[Mapping[str, type[StrEnum]]] = MappingProxyType(
    {
        "mode": Mode,
        "state": BoxState,
        "severity": Severity,
        "class": FindingClass,
        "code": CodeName,
        "variant": Variant,
        "repair_kind": RepairKind,
        "repair_status": RepairStatus,
        "store_key": StoreKey,
        "copy_direction": CopyDirection,
        "restart_condition": RestartCondition,
        "certificate_problem": PairProblem,
        "step_name": StepName,
        "step_state": StepState,
        "scope": Scope,
    }
)


def wanted(text: str) -> str:
    """Return the schema with the values and the version of this program."""
    schema: dict[str, Any] = json.loads(text)
    schema["$id"] = f"urn:iot-https:report:{SCHEMA_VERSION}"
    schema["properties"]["schema_version"]["const"] = SCHEMA_VERSION
    for name, enumeration in ENUMERATIONS.items():
        schema["$defs"][name]["enum"] = [each.value for each in enumeration]
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schema, or compare it."""
    there = SCHEMA.read_text(encoding="utf-8")
    if arguments == ["--check"]:
        if there != wanted(there):
            print(f"{SCHEMA.relative_to(ROOT)} is out of date: run {Path(__file__).name}", file=sys.stderr)
        return int(there != wanted(there))
    SCHEMA.write_text(wanted(there), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
