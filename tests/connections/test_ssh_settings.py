"""Settings and keys: what `ssh_config`, the agent and certificates add to what the inventory says."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
import pytest

from reconciler.connections import ssh_config, ssh_hops, ssh_keys
from tests.support.ssh_servers import GOOD, LOOPBACK, NAME, REPLY, REQUEST, Served, SshLab, go, said, visited

needs_agent = pytest.mark.skipif(not shutil.which("ssh-agent"), reason="ssh-agent is not installed: openssh-client")


def configured(lab: SshLab, text: str) -> tuple[str]:
    path = lab.folder / "ssh_config"
    path.write_text(text)
    return (str(path),)


def fill_in(paths: tuple[str, ...], port: int) -> None:
    for path in map(Path, paths):
        path.write_text(path.read_text().replace("@PORT@", str(port)))


def lets_in(lab: SshLab, config_files: tuple[str, ...], **changes: object) -> Served:
    """Run the box program on a server and return what it saw."""
    seen: list[Served] = []

    async def scenario() -> None:
        async with lab.serve(said(REPLY)) as served:
            fill_in(config_files, served.port)
            assert await visited(lab.target(22, config_files=config_files, **changes), REQUEST) == GOOD
            seen.append(served)

    go(scenario())
    return seen[0]


def test_ssh_config_fills_in_what_the_inventory_leaves_open(ssh_lab: SshLab) -> None:
    files = configured(
        ssh_lab,
        f"""
Host shop-till
  HostName {LOOPBACK}
  Port @PORT@
  User canary-user
  IdentityFile {ssh_lab.identity}
  UserKnownHostsFile {ssh_lab.known_hosts}
  SendEnv *
  RemoteCommand /bin/false
  RequestTTY force
  HostKeyAlias another-name
""",
    )
    seen = lets_in(ssh_lab, host="shop-till", user=None, identity_files=(), known_hosts=(), config_files=files)
    assert seen.users == ["canary-user"]


def test_inventory_wins_over_ssh_config(ssh_lab: SshLab) -> None:
    files = configured(ssh_lab, "Host *\n User other\n IdentityFile /none\n UserKnownHostsFile /none\n Port @PORT@\n")
    assert lets_in(ssh_lab, config_files=files).users == ["pi"]


def test_users_ssh_config_is_read_where_none_is_named(ssh_lab: SshLab) -> None:
    folder = ssh_lab.folder / "home" / ".ssh"
    folder.mkdir()

    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY)) as served:
            (folder / "config").write_text(f"Host shop-till\n HostName {LOOPBACK}\n Port {served.port}\n")
            target = ssh_lab.target(22, host="shop-till", config_files=None)
            assert await visited(target, REQUEST) == GOOD

    go(scenario())


def test_jump_hosts_and_commands_of_ssh_config(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY)) as box, ssh_lab.serve(forwards=True) as jump:
            ssh_lab.know("gate", ssh_lab.host_key)
            text = f"""
Host {LOOPBACK}
  ProxyJump shop-gate
Host shop-gate
  HostName {LOOPBACK}
  Port {jump.port}
  User gate
  HostKeyAlias gate
"""
            files = configured(ssh_lab, text)
            assert await visited(ssh_lab.target(box, config_files=files), REQUEST) == GOOD
            assert (jump.users, jump.forwarded) == (["gate"], [(LOOPBACK, box.port)])
            assert await visited(ssh_lab.target(box, config_files=files, proxy_jump="none"), REQUEST) == GOOD
            assert len(jump.users) == 1

    go(scenario())


@contextmanager
def agent(monkeypatch: pytest.MonkeyPatch, folder: Path, *keys: Path) -> Iterator[None]:
    """Run an agent that holds these keys."""
    socket = str(folder / "agent")
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # it listens when it has said so
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        subprocess.run(["ssh-add", "-q", *map(str, keys)], check=True, capture_output=True)
        yield
    finally:
        process.terminate()
        process.communicate()


@needs_agent
def test_agent_signs_for_a_key_that_is_encrypted(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch) -> None:
    encrypted = ssh_lab.write_key("id_secret", ssh_lab.key, passphrase="canary-phrase")
    Path(f"{encrypted}.pub").write_bytes(ssh_lab.key.export_public_key())
    ways = ({"identity_files": (str(encrypted),), "identities_only": True}, {"identity_files": ()})

    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY)) as served:
            for way in ways:
                assert await visited(ssh_lab.target(served, **way), REQUEST) == GOOD

    with agent(monkeypatch, ssh_lab.folder, ssh_lab.identity):
        go(scenario())


@needs_agent
def test_agent_is_left_out_where_only_named_keys_may_be_offered(
    ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ssh_lab.write_key("id_other", asyncssh.generate_private_key("ssh-ed25519"))

    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY)) as served:
            for file in (str(other), "/none"):
                way = ssh_lab.target(served, identity_files=(file,), identities_only=True)
                result = await visited(way, REQUEST)
                assert "IOT_HTTPS_AUTHENTICATION_FAILED" in result.after[0].code

    with agent(monkeypatch, ssh_lab.folder, ssh_lab.identity):
        go(scenario())


def test_certificate_beside_a_key_is_offered(ssh_lab: SshLab) -> None:
    authority, key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    path = ssh_lab.write_key("id_certified", key)
    certificate = authority.generate_user_certificate(key, "shop", principals=["pi"])
    Path(f"{path}-cert.pub").write_bytes(certificate.export_certificate())
    ssh_lab.authorized.write_text(f"cert-authority {authority.export_public_key().decode()}")

    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY)) as served:
            assert await visited(ssh_lab.target(served, identity_files=(str(path),)), REQUEST) == GOOD

    go(scenario())


def test_usual_keys_are_offered_where_none_are_named(ssh_lab: SshLab) -> None:
    folder = ssh_lab.folder / "home" / ".ssh"
    folder.mkdir()
    ssh_lab.key.write_private_key(folder / "id_ed25519")

    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY)) as served:
            assert await visited(ssh_lab.target(served, identity_files=()), REQUEST) == GOOD

    go(scenario())


def test_keys_are_parsed_once_and_again_when_they_change(ssh_lab: SshLab) -> None:
    path = str(ssh_lab.identity)
    first = ssh_keys.load([path])
    assert ssh_keys.load([path]).files[0] is first.files[0]
    ssh_lab.write_key("id_lab", asyncssh.generate_private_key("ecdsa-sha2-nistp256"))
    assert ssh_keys.load([path]).identities != first.identities


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("gate", (None, "gate", None)),
        ("me@gate:2222", ("me", "gate", 2222)),
        ("me@corp@gate", ("me@corp", "gate", None)),
        ("[fd00::1]:22", (None, "fd00::1", 22)),
        ("[fd00::1]", (None, "fd00::1", None)),
        ("ssh://me@gate:22/", ("me", "gate", 22)),
    ],
)
def test_jump_host_is_taken_apart(text: str, parts: tuple[str | None, str, int | None]) -> None:
    assert ssh_config.split_login(text) == parts


@pytest.mark.parametrize("text", ["", "me@", "gate:ssh"])
def test_jump_host_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        ssh_config.split_login(text)


@pytest.mark.parametrize(
    ("command", "filled"),
    [
        ("nc %h %p", "nc 10.0.0.5 22"),
        ("ssh -W %h:%p -l %r gate", "ssh -W 10.0.0.5:22 -l pi gate"),
        ("echo 100%% %h%", "echo 100% 10.0.0.5%"),
        ("%%h %x", "%h %x"),
    ],
)
def test_tokens_of_a_proxy_command(command: str, filled: str) -> None:
    assert ssh_config.expand(command, "10.0.0.5", 22, "pi") == filled


def test_box_is_known_by_its_inventory_name_and_a_jump_host_by_its_own(ssh_lab: SshLab) -> None:
    way = ssh_lab.ssh(2222)
    assert ssh_hops.box(way).names == (NAME,)
    assert ssh_hops.jump_host(way, "gate:2222", None).names == ("[gate]:2222", "gate")
    assert ssh_hops.jump_host(way, "gate", None).names == ("gate",)
