"""Logins that come to no command, by a real sshd, PAM, sudo and bash; and a key that comes onto a read-only root."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncssh
import pytest

import boxes
from reconciler.codes import CATALOGUE, CodeName, Variant

from .lab import Lab, Unit, codes, names
from .test_ssh import run, way

C, V = CodeName, Variant
RULE = "/etc/sudoers.d/zz-test"
KEYS = "/home/pi/.ssh/authorized_keys"
BASHRC = "/home/pi/.bashrc"
SECONDS = 30
ROOT_OPTIONS = "findmnt -no OPTIONS /; findmnt -no OPTIONS /root_bypass_ramdisks/etc/cups"


@dataclass(frozen=True)
class Case:
    """What is done to a box, how it is undone, and what the next run says; `needs` is a program, which not all have."""

    what: str
    do: str
    undo: str
    code: CodeName
    variant: Variant | None = None
    needs: str = "/bin/sh"


def _file(what: str, path: str, edit: str, code: CodeName, variant: Variant | None = None) -> Case:
    """Change a file, whose owner and mode stay, and put it back."""
    return Case(what, f"cp -p {path} {path}.kept; {edit}", f"mv {path}.kept {path}", code, variant)


CASES = (
    Case(
        "requiretty",
        f"echo 'Defaults requiretty' > {RULE}; chmod 440 {RULE}",
        f"rm {RULE}",
        C.SUDO_REFUSED,
        V.TERMINAL_DEMANDED,
    ),
    Case(
        "a file of rules of somebody else",
        "chown pi /etc/sudoers",
        "chown root /etc/sudoers",
        C.SUDO_REFUSED,
        V.SUDOERS_BROKEN,
    ),
    Case(
        "a sudo that is not of root",
        "chmod u-s /usr/bin/sudo",
        "chmod 4755 /usr/bin/sudo",
        C.SUDO_REFUSED,
        V.SUDO_BROKEN,
    ),
    Case("an expired password", "chage -d 0 pi", "chage -d 20000 pi", C.LOGIN_BLOCKED, V.PASSWORD_EXPIRED),
    Case("an expired account", "chage -E 0 pi", "chage -E -1 pi", C.LOGIN_BLOCKED, V.ACCOUNT_EXPIRED),
    Case("/etc/nologin", "echo 'Closed' > /etc/nologin", "rm /etc/nologin", C.CONNECTION_FAILED, V.CLOSED_AT_LOGIN),
    Case(
        "a shell that is nologin",
        "usermod -s /usr/sbin/nologin pi",
        "usermod -s /bin/bash pi",
        C.LOGIN_BLOCKED,
        V.NO_LOGIN_SHELL,
        needs="/usr/sbin/nologin",
    ),
    _file("a forced command", KEYS, f"sed -i 's/^/command=\"echo backup\" /' {KEYS}", C.LOGIN_BLOCKED),
    _file("a forced command that repeats what comes", KEYS, f"sed -i 's/^/command=\"cat\" /' {KEYS}", C.LOGIN_BLOCKED),
    _file("a .bashrc that exits", BASHRC, f"echo 'exit 0' > {BASHRC}", C.LOGIN_BLOCKED),
    _file("exec fish without fish", BASHRC, f"echo 'exec fish' > {BASHRC}", C.LOGIN_BLOCKED, V.SHELL_MISSING),
)


@pytest.fixture
def unit(lab: Lab, kind: str) -> Unit:
    return lab.converged(kind, "work")


@contextmanager
def writable(unit: Unit) -> Iterator[None]:
    """Have the root mounted read-write meanwhile, and then as it was."""
    was = unit.box.shell("findmnt -no OPTIONS /").split(",")[0]
    unit.box.shell("mount -o remount,rw /; mount -o remount,rw /root_bypass_ramdisks")
    try:
        yield
    finally:
        if was == "ro":
            unit.box.shell("mount -o remount,ro /; mount -o remount,rw /root_bypass_ramdisks/etc/cups")


@pytest.mark.parametrize("kind", ["ro_ini", "rw_newest"])
def test_a_login_that_comes_to_nothing_has_its_cause(unit: Unit, tmp_path: Path) -> None:
    through = way(unit, tmp_path)
    cases = [each for each in CASES if unit.box.shell(f"command -v {each.needs}", check=False)]
    assert len(cases) >= len(CASES) - 1
    found = {}
    with writable(unit):
        for case in cases:
            unit.box.shell(case.do)
            try:
                (first, *others) = run(unit, through).after
            finally:
                unit.box.shell(case.undo)
            assert not others
            found[case.what] = (first.code, first.variant)
            assert f"pi@{unit.box.address}" in first.evidence
    assert found == {each.what: (str(each.code), each.variant) for each in cases}
    assert codes(run(unit, through).after) == []


@pytest.mark.parametrize("kind", ["ro_ini", "rw_newest"])
def test_a_key_comes_onto_the_box_by_the_command_that_is_given(unit: Unit, tmp_path: Path) -> None:
    new = asyncssh.generate_private_key("ssh-ed25519")
    new.write_private_key(tmp_path / "id_new")
    (tmp_path / "id_new").chmod(0o600)
    new.write_public_key(tmp_path / "id_new.pub")
    through = way(unit, tmp_path)
    ours = replace(through, identity_files=(str(tmp_path / "id_new"),))
    assert names(run(unit, ours).after) == [str(C.AUTHENTICATION_FAILED)]

    before = unit.box.shell(ROOT_OPTIONS, check=False)
    ((_, line),) = CATALOGUE[C.AUTHENTICATION_FAILED].recipes
    login = shlex.join(
        [
            *("ssh", "-F", "none", "-i", str(unit.box.ssh_key), "-o", f"HostKeyAlias={unit.box.name}"),
            *("-o", f"UserKnownHostsFile={through.known_hosts[0]}", f"pi@{unit.box.address}"),
        ]
    )
    # a person logs in by the password of the homepage, the test by the lab's key
    command = line.replace("ssh -o PubkeyAuthentication=no pi@BOX", login)
    command = command.replace("~/.ssh/id_ed25519.pub", str(tmp_path / "id_new.pub"))
    assert login in command
    assert "id_new.pub" in command
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert unit.box.shell(ROOT_OPTIONS, check=False) == before
    assert codes(run(unit, ours).after) == []
    assert unit.box.shell(f"stat -c %U {KEYS}").strip() == "pi"
    boxes.wait_for(unit.box.odoo_answers, "Odoo does not answer", 30)
