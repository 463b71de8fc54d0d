"""Which public key is put on a box: the one that logs in from here, and nothing that could be meant otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from reconciler.enrolment.public_key import NoPublicKey, choose, read
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import SshLab

__all__ = ["ssh_lab"]
KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa")


def written(folder: Path, name: str, kind: str = "ssh-ed25519") -> tuple[Path, Path]:
    """Make a pair of files, and return them: private, public."""
    key = asyncssh.generate_private_key(kind, comment="ops@msp")
    private, public = folder / name, folder / f"{name}.pub"
    key.write_private_key(private)
    private.chmod(0o600)
    key.write_public_key(public)
    return private, public


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_read_as_it_is_written(tmp_path: Path, kind: str) -> None:
    _, public = written(tmp_path, "id", kind)
    key = read(str(public))
    assert f"{key.text} {key.comment}\n" == public.read_text()
    assert key.data == asyncssh.read_public_key(public).public_data


REFUSED = {
    "a private key": ("-----BEGIN OPENSSH PRIVATE KEY-----\n", "is a private key, which stays here"),
    "two keys": ("ssh-ed25519 AAAA a\nssh-ed25519 AAAA b\n", "holds 2 keys"),
    "none": ("# nothing\n", "holds 0 keys"),
    "something else": ("hello world\n", "is no public key of OpenSSH"),
    "bytes": ("\x00\x01\x02", "is no public key of OpenSSH"),
    "one with options": ('command="x" ssh-ed25519 AAAA', "is no public key of OpenSSH"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_none_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    content, said = REFUSED[name]
    path = tmp_path / "key.pub"
    path.write_text(content)
    with pytest.raises(NoPublicKey, match=said) as told:
        read(str(path))
    assert "\n" not in str(told.value)
    assert str(path) in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoPublicKey, match="No such file or directory: name a public key"):
        read(str(tmp_path / "no.pub"))


def test_a_comment_is_one_printable_line(tmp_path: Path) -> None:
    _, public = written(tmp_path, "id")
    path = tmp_path / "odd.pub"
    path.write_text(" ".join(public.read_text().split()[:2]) + " caf\u00e9 \x1b[31m" + "x" * 500 + "\n")
    comment = read(str(path)).comment
    assert comment.isascii()
    assert comment.isprintable()
    assert len(comment) == 100


def test_the_key_of_the_inventory_is_taken(ssh_lab: SshLab) -> None:
    private, public = written(ssh_lab.folder, "msp")
    found = choose(ssh_lab.ssh(22, identity_files=(str(private),)), None)
    assert f"{found.text} {found.comment}\n" == public.read_text()


def test_of_several_none_is_guessed(ssh_lab: SshLab) -> None:
    files = tuple(str(written(ssh_lab.folder, name)[0]) for name in ("one", "two"))
    with pytest.raises(NoPublicKey, match=r"several SSH keys log in from here \(.*one\.pub, .*two\.pub\): choose one"):
        choose(ssh_lab.ssh(22, identity_files=files), None)


def test_without_any_it_is_said_what_to_do(ssh_lab: SshLab) -> None:
    with pytest.raises(NoPublicKey, match="no SSH key here that logs in: make one with ssh-keygen"):
        choose(replace(ssh_lab.ssh(22), identity_files=()), None)


def test_a_key_whose_private_half_is_elsewhere_would_lock_nobody_in(ssh_lab: SshLab) -> None:
    _, public = written(ssh_lab.folder, "elsewhere")
    with pytest.raises(NoPublicKey, match=r"nothing here logs in with .*elsewhere\.pub"):
        choose(ssh_lab.ssh(22), read(str(public)))


def test_the_private_half_is_never_named_as_what_is_added(ssh_lab: SshLab) -> None:
    private, public = written(ssh_lab.folder, "msp")
    ssh = ssh_lab.ssh(22, identity_files=(str(private),))
    assert choose(ssh, None).source == str(public)
    public.unlink()
    assert choose(ssh, None).source == f"the public half of {private}"
