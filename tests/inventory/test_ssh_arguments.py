"""Argument strings for the program ssh: each option is used, of no effect here, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.inventory.ssh_arguments import Arguments

HOME = str(Path.home())


def _collect(*texts: str) -> Arguments:
    arguments = Arguments()
    for text in texts:
        arguments.text("ansible_ssh_common_args", text)
    return arguments


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("-o Port=2222", {"port": "2222"}),
        ("-oPort=2222", {"port": "2222"}),
        ("-o 'Port 2222'", {"port": "2222"}),
        ("-o 'port = 2222'", {"port": "2222"}),
        ("-p 2222", {"port": "2222"}),
        ("-p2222", {"port": "2222"}),
        ("-Cp 2222", {"port": "2222"}),
        ("-p 1 -p 2", {"port": "1"}),
        ("-l pi", {"user": "pi"}),
        ("-o User=pi", {"user": "pi"}),
        ("-J a@gate:22,b", {"proxyjump": "a@gate:22,b"}),
        ("-o ProxyJump=gate", {"proxyjump": "gate"}),
        ("-o ProxyCommand='ssh -W %h:%p gate'", {"proxycommand": "ssh -W %h:%p gate"}),
        ('-o ProxyCommand="ssh -W %h:%p -q gate"', {"proxycommand": "ssh -W %h:%p -q gate"}),
        ("-J gate -o ProxyCommand=other", {"proxyjump": "gate"}),
        ("-o ProxyCommand=none -J gate", {"proxycommand": "none"}),
        ("-o IdentitiesOnly=YES", {"identitiesonly": "yes"}),
        ("-o UserKnownHostsFile=/etc/known", {"userknownhostsfile": "/etc/known"}),
        ("-o UserKnownHostsFile='~/a /b'", {"userknownhostsfile": f"{HOME}/a /b"}),
        ("-o ConnectTimeout=7", {"connecttimeout": "7"}),
        ("-o ServerAliveInterval=0 -o ServerAliveCountMax=2", {"serveraliveinterval": "0", "serveralivecountmax": "2"}),
        ("-o HostKeyAlias=till-1", {"hostkeyalias": "till-1"}),
        ("-o StrictHostKeyChecking=yes", {"stricthostkeychecking": "yes"}),
        ("-o StrictHostKeyChecking=accept-new", {"stricthostkeychecking": "accept-new"}),
    ],
)
def test_option_is_used(text: str, values: dict[str, str]) -> None:
    arguments = _collect(text)

    assert arguments.problems == []
    assert arguments.values == values


def test_identity_files_add_up_in_order() -> None:
    arguments = _collect("-i ~/one -o IdentityFile=/two", "-o 'IdentityFile=\"/th ree\"'")

    assert arguments.identity_files == [f"{HOME}/one", "/two", "/th ree"]
    assert arguments.problems == []


@pytest.mark.parametrize(("text", "file"), [("-F ~/c", f"{HOME}/c"), ("-F none", "none"), ("-F /a -F /b", "/b")])
def test_config_file_is_the_last_one_given(text: str, file: str) -> None:
    assert _collect(text).config_file == file


@pytest.mark.parametrize(
    "text",
    [
        "-C -o ControlMaster=auto -o ControlPersist=60s",
        "-o ControlPath=/tmp/x -S /tmp/y",
        "-o Compression=yes -q -v -vvv",
        "-o ForwardAgent=yes -A -a -x -X -Y -t -tt -T -n",
        "-o BatchMode=yes -o KbdInteractiveAuthentication=no",
        "-o GSSAPIAuthentication=no -o PubkeyAuthentication=yes",
        "-o CheckHostIP=no -o UpdateHostKeys=no -o LogLevel=ERROR -o controlmaster=no",
    ],
)
def test_option_without_effect_here_is_accepted(text: str) -> None:
    arguments = _collect(text)

    assert arguments.problems == []
    assert arguments.values == {}


CHECKED = "host keys are always checked here: remove it, and record the box's key under its inventory name"

REFUSED = (
    ("-o StrictHostKeyChecking=no", f"-o StrictHostKeyChecking must be yes, ask or accept-new, {CHECKED}"),
    ("-o stricthostkeychecking=off", f"-o stricthostkeychecking must be yes, ask or accept-new, {CHECKED}"),
    ("-o UserKnownHostsFile=/dev/null", f"-o UserKnownHostsFile is /dev/null, which knows no keys, and {CHECKED}"),
    ("-o UserKnownHostsFile=none", "-o UserKnownHostsFile is none, which cannot be said here: remove it"),
    ("-o UserKnownHostsFile=%d/x", "-o UserKnownHostsFile has a file name with % in it"),
    ("-o UserKnownHostsFile=", "-o UserKnownHostsFile has no value: name a file"),
    ("-o 'UserKnownHostsFile=\"/x'", "-o UserKnownHostsFile has a quote that is not closed"),
    ("-o HostName=10.0.0.1", "-o HostName cannot be used by this program: set ansible_host"),
    ("-o Ciphers=aes128-ctr", "-o Ciphers cannot be used by this program: set it in ~/.ssh/config"),
    ("-o LocalForward=1:a:2", "-o LocalForward cannot be used by this program: remove it"),
    ("-o PermitLocalCommand=yes", "-o PermitLocalCommand cannot be used by this program: remove it"),
    ("-o Nonsense=1", "-o Nonsense cannot be used by this program: remove it"),
    ("-o PubkeyAuthentication=no", "-o PubkeyAuthentication can only be yes here: remove it"),
    ("-o GSSAPIAuthentication=yes", "-o GSSAPIAuthentication can only be no here: remove it"),
    ("-o Port=0", "-o Port must be a whole number from 1 to 65535: correct it"),
    ("-p 65536", "-p must be a whole number from 1 to 65535: correct it"),
    ("-o ConnectTimeout=soon", "-o ConnectTimeout must be a whole number from 1 to 3600: correct it"),
    ("-o IdentitiesOnly=maybe", "-o IdentitiesOnly must be yes or no: correct it"),
    ("-i %d/key", "-i has a file name with % in it, which is not replaced here: write the name out"),
    ("-l 'a b'", "-l has a value with spaces: correct it"),
    ("-J ''", "ends with -J, which needs a value: add it"),
    ("-o Port", "-o Port has no value: write -o Name=value"),
    ("-o '%$&'", "-o has no value: write -o Name=value"),
    ("-4", "-4 cannot be used by this program: remove it"),
    ("-L 1:a:2", "-L cannot be used by this program: remove it"),
    ("-W %h:%p", "-W cannot be used by this program: remove it"),
    ("-NF /x", "-N cannot be used by this program: remove it"),
)


@pytest.mark.parametrize(("text", "problem"), REFUSED)
def test_option_is_refused_by_name_with_the_way_out(text: str, problem: str) -> None:
    problems = _collect(text).problems

    assert len(problems) == 1
    assert problem in problems[0]
    assert problems[0].startswith("ansible_ssh_common_args")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-o 'Port=1", "ansible_ssh_common_args has a quote that is not closed: close it"),
        ("hunter2", "ansible_ssh_common_args has a word that is not an option: only options of ssh may stand there, "),
        ("-C -- hunter2", "ansible_ssh_common_args has a word that is not an option"),
        ("-o", "ansible_ssh_common_args ends with -o, which needs a value: add it"),
        ("-C -p", "ansible_ssh_common_args ends with -p, which needs a value: add it"),
    ],
)
def test_text_that_is_not_options_is_refused_without_quoting_it(text: str, problem: str) -> None:
    (said,) = _collect(text).problems

    assert said.startswith(problem)
    assert "hunter2" not in said


def test_all_problems_are_told_at_once() -> None:
    assert len(_collect("-4 -o Ciphers=x -o StrictHostKeyChecking=no -p 22 -L 1:a:2").problems) == 4


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "-i ~no-such-user-here/key",
            "ansible_ssh_common_args: -i names the home of a user that this machine does not",
        ),
        ("-F ~no-such-user-here/config", "ansible_ssh_common_args: -F names the home of a user that this machine"),
        ("-o UserKnownHostsFile=~no-such-user-here/x", "ansible_ssh_common_args: -o UserKnownHostsFile names the home"),
        ("-F '\0'", "ansible_ssh_common_args: -F has control characters in the name of a file"),
        ("-'\n'", "ansible_ssh_common_args: a control character after - cannot be used"),
    ],
)
def test_what_no_file_system_has_is_a_problem_in_one_line(text: str, problem: str) -> None:
    (found,) = _collect(text).problems

    assert found.startswith(problem)
    assert found.isprintable()
