"""Commands in remedies: marked, so that no line ends inside of one; understood by a shell; without open questions."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from reconciler.codes import CATALOGUE
from reconciler.outcome import remedies

TEXTS = {
    f"{name} {variant or ''} {who}".strip(): text
    for name, code in CATALOGUE.items()
    for variant, who, text in (
        (None, "", code.remedy),
        (None, "software", code.software),
        (None, "in a play", code.in_a_play or ""),
        *((variant, "", entry.remedy or "") for variant, entry in code.variants.items()),
        *((variant, "in a play", entry.in_a_play or "") for variant, entry in code.variants.items()),
    )
    if text
} | {name: getattr(remedies, name) for name in ("GIVEN", "NOTHING_NEWER", "REFUSED", "FAILED")}
MARKED = re.compile(r"`([^`]+)`")
PROGRAMS = (
    r"sudo (-[a-z]|systemctl|service|nginx|mount|chage|usermod|sshd|grep|chown|[a-z]+ [-/])"
    r"|ssh-keygen -|ssh-copy-id |systemctl \w|journalctl -|visudo -|getent \w|connmanctl \w|nginx -[ts]"
    r"|iot-https (host-keys|reconcile|check|diagnose|schedule)"
)
COMMANDS = sorted({command for text in TEXTS.values() for command in MARKED.findall(text)})


@pytest.mark.parametrize("name", TEXTS)
def test_a_command_is_marked(name: str) -> None:
    assert re.findall(PROGRAMS, MARKED.sub("", TEXTS[name])) == []


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if MARKED.search(text)])
def test_what_stands_for_something_else_is_explained(name: str) -> None:
    text = TEXTS[name]
    words = {word for command in MARKED.findall(text) for word in re.findall(r"\b[A-Z]{3,}\b", command)}
    assert {word for word in words if not re.search(rf"\b{word} (stands )?for\b", MARKED.sub("", text))} == set()


@pytest.mark.parametrize("command", [each for each in COMMANDS if "{" not in each])
def test_a_shell_understands_it(command: str) -> None:
    shell = shutil.which("bash") or "/bin/sh"
    read = subprocess.run([shell, "-n", "-c", command], capture_output=True, text=True, check=False, timeout=20)
    assert (read.returncode, read.stderr) == (0, "")


def test_there_are_commands_to_test() -> None:
    assert len(COMMANDS) > 20
