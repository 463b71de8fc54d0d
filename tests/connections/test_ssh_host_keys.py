"""Who a box is over SSH: the key that is known by its inventory name, and what a person is told about another one."""

from __future__ import annotations

import asyncssh
import pytest

from reconciler.codes import CATALOGUE, CodeName, Variant
from reconciler.results.finding import Finding
from tests.connections.test_ssh_known_hosts import hashed
from tests.support.ssh_servers import GOOD, LOOPBACK, NAME, REPLY, REQUEST, HostKey, SshLab, go, said, visited

OTHER = asyncssh.generate_private_key("ssh-ed25519")
RSA = asyncssh.generate_private_key("ssh-rsa", key_size=2048)


def outcome(lab: SshLab, *host_keys: HostKey, **changes: object) -> Finding | None:
    """Connect to a server with these keys; return the finding if the box program did not run."""
    found: list[Finding | None] = []

    async def scenario() -> None:
        async with lab.serve(said(REPLY), host_keys=host_keys) as served:
            result = await visited(lab.target(served, **changes), REQUEST)
            assert bool(served.users) is (result == GOOD), "a stranger was told who we are"
            found.append(None if result == GOOD else result.after[0])

    go(scenario())
    return found[0]


def forget(lab: SshLab, *lines: str) -> None:
    lab.known_hosts.write_text("".join(f"{line}\n" for line in lines))


def line(name: str, key: asyncssh.SSHKey) -> str:
    return f"{name} {key.export_public_key().decode().strip()}"


def test_unknown_names_have_one_remedy_for_all_boxes(ssh_lab: SshLab) -> None:
    forget(ssh_lab)
    one, other = outcome(ssh_lab), outcome(ssh_lab, OTHER, host_key_alias="till-8")
    assert one is not None
    assert other is not None
    assert one.code == other.code == CodeName.HOST_KEY_UNKNOWN
    assert ssh_lab.host_key.get_fingerprint() in one.evidence
    assert OTHER.get_fingerprint() in other.evidence
    assert one.remedy == other.remedy == CATALOGUE[CodeName.HOST_KEY_UNKNOWN].remedy


def test_key_that_is_known_for_the_address_only_is_unknown(ssh_lab: SshLab) -> None:
    forget(ssh_lab, line(LOOPBACK, ssh_lab.host_key))
    found = outcome(ssh_lab)
    assert found is not None
    assert found.code == CodeName.HOST_KEY_UNKNOWN
    assert f"the key is that of {LOOPBACK}" in (found.whose or "")


def test_another_key_gets_the_command_to_forget_the_old_one(ssh_lab: SshLab) -> None:
    found = outcome(ssh_lab, OTHER)
    assert found is not None
    assert found.code == CodeName.HOST_KEY_CHANGED
    assert OTHER.get_fingerprint() in found.evidence
    assert f"({ssh_lab.known_hosts}:1)" in found.evidence
    assert f"`ssh-keygen -R {NAME} -f {ssh_lab.known_hosts}`" in found.remedy
    assert found.variant is Variant.KEY_REPLACED


@pytest.mark.parametrize(("name", "shown"), [("till-8", "till-8"), (hashed("till-8"), "a hidden name")])
def test_key_of_another_box_tells_that_addresses_were_swapped(ssh_lab: SshLab, name: str, shown: str) -> None:
    forget(ssh_lab, line(NAME, ssh_lab.host_key), line(name, OTHER))
    found = outcome(ssh_lab, OTHER)
    assert found is not None
    assert found.code == CodeName.HOST_KEY_CHANGED
    assert f"the key is that of {shown} ({ssh_lab.known_hosts}:2)" in (found.whose or "")
    assert found.variant is Variant.KEY_SWAPPED


@pytest.mark.parametrize("name", [hashed(NAME), f"{NAME[:-1]}*", f"other,{NAME}"])
def test_other_ways_to_write_a_name(ssh_lab: SshLab, name: str) -> None:
    forget(ssh_lab, line(name, ssh_lab.host_key))
    assert outcome(ssh_lab) is None


def test_hashed_line_counts_beside_an_outdated_plain_one(ssh_lab: SshLab) -> None:
    forget(ssh_lab, line(NAME, RSA), line(hashed(NAME), OTHER))
    assert outcome(ssh_lab, OTHER) is None


@pytest.mark.parametrize("known", [RSA, OTHER])
def test_server_with_several_keys_is_asked_for_the_one_that_is_known(ssh_lab: SshLab, known: asyncssh.SSHKey) -> None:
    forget(ssh_lab, line(NAME, known))
    assert outcome(ssh_lab, RSA, OTHER) is None
    forget(ssh_lab, line(hashed(NAME), known))
    assert outcome(ssh_lab, RSA, OTHER) is None


def test_server_without_the_known_type_shows_another_key(ssh_lab: SshLab) -> None:
    found = outcome(ssh_lab, RSA)
    assert found is not None
    assert found.code == CodeName.HOST_KEY_CHANGED
    assert "ssh-rsa SHA256:" in found.evidence


def test_revoked_key_is_refused(ssh_lab: SshLab) -> None:
    forget(ssh_lab, line(NAME, ssh_lab.host_key), line("@revoked *", ssh_lab.host_key))
    found = outcome(ssh_lab)
    assert found is not None
    assert found.code == CodeName.HOST_KEY_CHANGED
    assert "revoked" in found.evidence


@pytest.mark.parametrize(("principal", "is_let_in"), [(NAME, True), ("till-8", False)])
def test_host_certificate_of_a_known_authority(ssh_lab: SshLab, principal: str, *, is_let_in: bool) -> None:
    authority = asyncssh.generate_private_key("ssh-ed25519")
    forget(ssh_lab, line("@cert-authority till-*", authority))
    certificate = authority.generate_host_certificate(OTHER, "till", principals=[principal])
    assert (outcome(ssh_lab, (OTHER, certificate)) is None) is is_let_in


def test_files_of_the_user_are_used_where_none_are_named(ssh_lab: SshLab) -> None:
    found = outcome(ssh_lab, known_hosts=())
    assert found is not None
    assert found.code == CodeName.HOST_KEY_UNKNOWN
    folder = ssh_lab.folder / "home" / ".ssh"
    folder.mkdir()
    (folder / "known_hosts2").write_text(line(NAME, ssh_lab.host_key))
    assert outcome(ssh_lab, known_hosts=()) is None
