"""The call of the box program is recognised by what is really sent, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from reconciler.connections import ssh_command
from reconciler.connections.ssh_command import BoxCommand
from reconciler.machine.posix.surroundings import PATH

ENGLISH = f"/usr/bin/env LC_ALL=C PATH={PATH}"
CALLS = (
    BoxCommand("python3"),
    BoxCommand("/usr/bin/python3"),
    BoxCommand("python3", become=False),
    BoxCommand("/opt/my python's/bin/python3 -I -c x"),
    BoxCommand("python3", word="00ff"),
    BoxCommand.asking("/usr/bin/python3"),
)


@pytest.mark.parametrize("call", CALLS, ids=("plain", "by path", "without sudo", "quoted", "with a word", "asking"))
def test_what_is_written_is_read(call: BoxCommand) -> None:
    assert ssh_command.read(call.text) == call


@pytest.mark.parametrize(
    "text",
    [
        "",
        "uname -a",
        f"{ENGLISH} sudo -n python3 -I -c true",
        f"{ENGLISH} sudo -n 'python3 -I -c true",
        BoxCommand("python3").text.replace("memfd_create", "memfd_creatE"),
        BoxCommand("python3").text + "; id",
        "id; " + BoxCommand("python3").text,
        BoxCommand("python3").text.replace("sudo -n", "sudo"),
        BoxCommand("python3").text.replace("sudo -n python3", "sudo -n python3 -B"),
        BoxCommand("python3", word="00ff").text.replace("00ff-ready", "00fe-ready"),
    ],
    ids=lambda text: text[:60],
)
def test_other_commands_are_not_taken_for_it(text: str) -> None:
    assert ssh_command.read(text) is None


def test_two_calls_have_words_of_their_own() -> None:
    assert BoxCommand.asking("python3").prompt != BoxCommand.asking("python3").prompt
