"""Boxes that were broken into, as Ansible meets them: what such a box prints in place of its module's answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from reconciler.model import wire
from reconciler.model.desired import Mode
from reconciler.model.framing import frame
from reconciler.model.repair import RepairKind
from reconciler.model.severity import FindingClass
from reconciler.model.statement import told as told_text
from reconciler.results.finding import Finding
from reconciler.results.result import Repair, RepairOutcome, RepairStatus, Result
from tests.support.claims import claimed
from tests.support.observed import healthy

NOW: Final = datetime(2026, 3, 2, tzinfo=UTC)
MARK: Final = "it-ran-on-the-control-machine"
"""Name of the file that would be there."""
TERMINAL: Final = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202egnp.exe\u2066"
"""Sets the title, the colour, clears the screen by a C1 control, and turns the direction of writing."""


def pipe(folder: Path) -> str:
    """Return a template that leaves a mark where somebody renders it."""
    return f"{{{{ lookup('ansible.builtin.pipe', 'touch {folder / MARK}') }}}}"


def told(text: str, **changes: object) -> Result:
    """Return a result that says a text wherever a box may say one."""
    found = claimed("IOT_HTTPS_WRONG_BOX", FindingClass.PENDING, text, variant=text)
    # and one of a code that nobody knows
    unknown = Finding(**{**{name: getattr(found, name) for name in Finding.__slots__}, "code": "IOT_HTTPS_NEW"})
    repair = Repair(kind=RepairKind.WRITE_STORE, because=(text, found.code), diff=(f"- {text}", f"+ {text}", text))
    fields: dict[str, Any] = {
        "name": text,
        "mode": Mode.CHECK,
        "started_at": NOW,
        "seconds": 1.0,
        "before": (found,),
        "after": (found, unknown),
        "plan": (repair,),
        "outcomes": (RepairOutcome(repair=repair, status=RepairStatus.DONE, seen=(told_text(text),)),),
        "observed": healthy(NOW),
        "changed": True,
        **changes,
    }
    return Result(**fields)


def module(reply: object, **more: object) -> str:
    """Return what a module prints that answers so."""
    return json.dumps({"changed": False, "reply": reply, **more})


def replied(result: Result, **more: object) -> str:
    """Return what a module prints whose reply can be decoded."""
    return module(frame({"result": wire.encode(result)}).decode(), **more)


def outputs(folder: Path) -> Mapping[str, str]:
    """Return what hostile boxes print, by what they are after.

    Args:
        folder: where their marks would be, on the control machine.
    """
    pwn = pipe(folder)
    everything = {
        "ansible_facts": {
            "iot_https_results_folder": str(folder / "host_vars"),
            "iot_https_serial": "another",
            "iot_https_result": {"msg": pwn},
            "pwn": pwn,
        },
        "_ansible_facts_cacheable": True,
        "warnings": [TERMINAL, pwn],
        "deprecations": [{"msg": pwn, "version": "9"}],
        "exception": TERMINAL,
        "invocation": {"module_args": {"x": pwn}},
        "diff": [{"before": TERMINAL, "after": pwn}],
        "msg": pwn,
        "report": {"boxes": [pwn]},
        "state": pwn,
        "findings": [],
        "add_host": {"host_name": "x", "host_vars": {"ansible_connection": "local"}},
        "add_group": "customer_other",
        "_ansible_no_log": False,
        "unreachable": True,
        "skipped": True,
        "results": [pwn],
        "results_folder": str(folder / "host_vars"),
    }
    typed = {"__ansible_type": "TrustedAsTemplate", "value": pwn}
    return MappingProxyType(
        {
            "facts and keys of Ansible beside a reply": replied(told("x"), **everything),
            "facts and keys of Ansible without a reply": json.dumps(everything),
            "templates in every text": replied(told(pwn)),
            "terminal commands in every text": replied(told(TERMINAL)),
            "a value that says it may be templated": module(typed, msg=typed),
            "terminal commands after the answer": replied(told("x")) + f"\n{TERMINAL}{pwn}",
            "terminal commands and nothing else": TERMINAL + pwn,
            "a reply of terminal commands": module(f"\nIOT-HTTPS-REPLY 3\n{TERMINAL}"),
            "a reply that is nested without end": module(f"\nIOT-HTTPS-REPLY 100000\n{'[' * 100_000}"),
            "a million values": module("\nIOT-HTTPS-REPLY 9999999\n" + "[0," * 999_999),
            "no JSON": "{" * 5000,
            "a failure of Ansible": json.dumps({"failed": True, "msg": TERMINAL + pwn, "rc": 1}),
            "a job in the background": json.dumps({"ansible_job_id": "../../x", "started": 1, "finished": 0}),
        }
    )
