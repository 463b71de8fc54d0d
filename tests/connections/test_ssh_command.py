"""The call of the box program is recognised by what is really sent, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from reconciler.connections import ssh_command
from reconciler.connections.ssh_command import Command
from reconciler.machine.posix.surroundings import PATH

ENGLISH = f"/usr/bin/env LC_ALL=C PATH={PATH}"
CALLS = (
    Command("python3"),
    Command("/usr/bin/python3"),
    Command("python3", become=False),
    Command("/opt/my python's/bin/python3 -I -c x"),
    Command("python3", word="00ff"),
    Command.asking("/usr/bin/python3"),
)


@pytest.mark.parametrize("call", CALLS, ids=("plain", "by path", "without sudo", "quoted", "with a word", "asking"))
def test_what_is_written_is_read(call: Command) -> None:
    assert ssh_command.read(call.text) == call


@pytest.mark.parametrize(
    "text",
    [
        "",
        "uname -a",
        f"{ENGLISH} sudo -n python3 -I -c true",
        f"{ENGLISH} sudo -n 'python3 -I -c true",
        Command("python3").text.replace("memfd_create", "memfd_creatE"),
        Command("python3").text + "; id",
        "id; " + Command("python3").text,
        Command("python3").text.replace("sudo -n", "sudo"),
        Command("python3").text.replace("sudo -n python3", "sudo -n python3 -B"),
        Command("python3", word="00ff").text.replace("00ff-ready", "00fe-ready"),
    ],
    ids=lambda text: text[:60],
)
def test_other_commands_are_not_taken_for_it(text: str) -> None:
    assert ssh_command.read(text) is None


def test_two_calls_have_words_of_their_own() -> None:
    assert Command.asking("python3").prompt != Command.asking("python3").prompt
