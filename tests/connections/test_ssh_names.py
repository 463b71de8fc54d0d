"""Hosts and users are data: whatever they are called, no shell between here and the box acts on them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from reconciler.codes import CodeName
from reconciler.connections import ssh_config
from reconciler.model.names import host_problem, user_problem
from tests.support.ssh_servers import REQUEST, SshLab, visited

HOSTS = [
    "x;touch {mark}",
    "$(touch {mark})",
    "`touch {mark}`",
    "x|touch {mark}",
    "x&touch {mark}",
    "x\ntouch {mark}",
    "x>{mark}",
    "-oProxyCommand=touch {mark}",
    "x'y",
    'x"y',
    "${{HOME}}",
    "a b",
    "",
    "x" * 300,
    "x\x1b[31m",
    "x\u202ey",
    "~root",
    "*",
]
"""Of hosts and of users; where there is a mark, a shell has run."""
PROXY = "cat %h %r %p"
CONFIGS = {
    "a proxy command of the inventory": "",
    "a proxy command of ssh_config": "Host *\n  ProxyCommand cat %h %r\n",
    "a command that ssh_config asks": 'Match exec "cat %h %r %n"\n  Compression yes\n',
}


@pytest.mark.parametrize("field", ["host", "user", "proxy_jump"])
@pytest.mark.parametrize("config", CONFIGS)
def test_no_shell_acts_on_a_host_or_a_user(ssh_lab: SshLab, tmp_path: Path, config: str, field: str) -> None:
    mark = tmp_path / "mark"
    file = tmp_path / "config"
    file.write_text(CONFIGS[config])
    for template in HOSTS:
        text = template.format(mark=mark)
        changes: dict[str, object] = {field: text, "config_files": (str(file),)}
        if field == "proxy_jump":
            if not text or "," in text:
                continue
        elif not CONFIGS[config]:
            changes["proxy_command"] = PROXY
        result = asyncio.run(visited(ssh_lab.target(9, **changes), REQUEST))
        (found,) = result.after
        assert found.code in (CodeName.CONNECTION_FAILED, CodeName.JUMP_HOST_FAILED), (text, found)
        assert "cannot be used" in found.evidence, (text, found)
        assert found.evidence.isprintable()
        assert not mark.exists(), text


@pytest.mark.parametrize(
    "name", ["10.0.0.5", "fe80::1%eth0", "till-1.lan", "kasse-süd.example", "_tcp.example", "1001", "1.example"]
)
def test_a_host_may_be_called(name: str) -> None:
    assert host_problem(name) is None
    assert ssh_config.expand("nc %h %p", name, 22, "pi") == f"nc {name} 22"


@pytest.mark.parametrize("name", ["192.168.1", "192.168.1.256", "192.168.1.2.3", "192.168.001.20"])
def test_an_address_with_a_number_too_few_is_none(name: str) -> None:
    """The system would connect to another one: 192.168.1 is 192.168.0.1 to it."""
    assert host_problem(name) == "is no IPv4 address, which is four numbers up to 255: correct it"


@pytest.mark.parametrize("name", ["pi", "DOMAIN\\anna", "anna@example.com", "_svc", "a.b-c"])
def test_a_user_may_be_called(name: str) -> None:
    assert user_problem(name) is None


@pytest.mark.parametrize(("host", "user"), [("x;id", "pi"), ("x", "pi;id"), ("x", "pi\\"), ("$x", "pi")])
def test_a_name_of_ssh_config_is_checked_where_it_is_filled_in(host: str, user: str) -> None:
    with pytest.raises(ValueError, match=r"correct it|use letters"):
        ssh_config.expand("nc %h %p %r", host, 22, user)


def test_a_host_name_of_ssh_config_is_checked(ssh_lab: SshLab, tmp_path: Path) -> None:
    mark, file = tmp_path / "mark", tmp_path / "config"
    file.write_text(f"Host *\n  HostName x;touch${{IFS}}{mark}\n  ProxyCommand cat %h\n")
    result = asyncio.run(visited(ssh_lab.target(9, config_files=(str(file),)), REQUEST))
    assert "cannot be used" in result.after[0].evidence
    assert not mark.exists()
