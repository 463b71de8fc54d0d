"""Vault passwords come from files, scripts, prompts and ids; one that is missing or wrong is told once, or per box."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from reconciler.inventory import InventoryError, VaultOptions, load
from reconciler.model.secret import Secret
from reconciler.project.contents import VAULT_PASSWORD

from .conftest import PASSWORD, Read, Write, encrypted, invalid, target, vault_text

NOT_GIVEN = (
    "is encrypted, and no vault password was given: use --vault-password-file, --vault-id or --ask-vault-password"
)


def _files(**secrets: str) -> dict[str, str]:
    return {
        "hosts.yml": f"all: {{hosts: {{{', '.join(f'{name}: ' for name in secrets)}}}}}\n",
        **{f"host_vars/{name}.yml": f"iot_https_db_uuid: {text}\n" for name, text in secrets.items()},
    }


UUID = "11111111-2222-3333-4444-555555555555"
ONE = _files(box=encrypted(UUID))


def _executable(path: Path, content: str) -> str:
    path.write_text(content)
    path.chmod(0o755)
    return str(path)


def test_password_of_a_file_decrypts(read: Read) -> None:
    assert target(read(ONE), "box").desired.db_uuid == Secret(UUID)


def test_password_of_a_script_decrypts(read: Read, tmp_path: Path) -> None:
    script = _executable(tmp_path / "script", f"#!/bin/sh\necho '{PASSWORD}'\n")

    assert target(read(ONE, vault=VaultOptions(password_files=(script,))), "box").desired.db_uuid == Secret(UUID)


def test_script_of_many_passwords_is_told_the_id(read: Read, tmp_path: Path) -> None:
    script = _executable(
        tmp_path / "keys-client", f"#!/bin/sh\n[ \"$1 $2\" = '--vault-id acme' ] && echo '{PASSWORD}'\n"
    )

    inventory = read(ONE, vault=VaultOptions(ids=(f"acme@{script}",)))

    assert target(inventory, "box").desired.db_uuid == Secret(UUID)


@pytest.mark.parametrize("vault", [VaultOptions(ask=True), VaultOptions(ids=("acme@prompt",))])
def test_password_of_a_prompt_decrypts(read: Read, monkeypatch: pytest.MonkeyPatch, vault: VaultOptions) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: PASSWORD if prompt.startswith("Vault password (") else "")

    assert target(read(ONE, vault=vault), "box").desired.db_uuid == Secret(UUID)


def test_each_id_decrypts_its_own(read: Read, tmp_path: Path, password_file: Path) -> None:
    (tmp_path / "second").write_text("second password")
    files = _files(one=encrypted(UUID, vault_id="one"), two=encrypted(UUID, "second password", vault_id="two"))

    inventory = read(files, vault=VaultOptions(ids=(f"one@{password_file}", f"two@{tmp_path}/second")))

    assert len(inventory.targets) == 2


def test_environment_names_a_password_file(write: Write, password_file: Path) -> None:
    from ansible import constants

    with pytest.MonkeyPatch.context() as patch:
        # Ansible reads this variable when it is imported, once per process.
        patch.setattr(constants, "DEFAULT_VAULT_PASSWORD_FILE", str(password_file), raising=False)

        assert len(load([str(write(ONE))]).targets) == 1


def test_password_that_no_box_can_use_is_told_once(read: Read, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("wrong")
    files = _files(one=encrypted(UUID), two=encrypted(UUID))

    with pytest.raises(InventoryError) as told:
        read(files, vault=VaultOptions(password_files=(str(tmp_path / "wrong"),)))

    assert told.value.problems == (
        "no box can be used: a value cannot be decrypted with the vault passwords given: give the right one",
    )


def test_password_that_is_missing_is_told_once_with_the_ways_to_give_it(read: Read) -> None:
    with pytest.raises(InventoryError) as told:
        read(_files(one=encrypted(UUID), two=encrypted(UUID)), vault=VaultOptions())

    assert told.value.problems == (f"no box can be used: a value {NOT_GIVEN}",)


def test_password_of_a_project_is_named_in_its_folder(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / VAULT_PASSWORD).touch()

    with pytest.raises(InventoryError, match=f"use --vault-password-file {VAULT_PASSWORD}$"):
        read(_files(one=encrypted(UUID), two=encrypted(UUID)), vault=VaultOptions())


def test_box_without_secrets_goes_on_without_a_password(read: Read) -> None:
    inventory = read({**_files(one=encrypted(UUID), two="null")}, vault=VaultOptions())

    assert [each.name for each in inventory.targets] == ["two"]
    assert invalid(inventory, "one").problems[0].startswith(f"iot_https_db_uuid {NOT_GIVEN}")


def test_id_of_a_value_that_cannot_be_decrypted_is_named(read: Read) -> None:
    files = _files(one=encrypted(UUID, "other", vault_id="acme"), two=encrypted(UUID))

    (said,) = invalid(read(files), "one").problems

    assert "with the vault passwords given: give the right one for its vault id acme (" in said


def test_damaged_value_stops_its_own_host_only(read: Read) -> None:
    inventory = read(_files(one=encrypted(UUID).replace("AES256\\n", "AES256\\nzz"), two=encrypted(UUID)))

    assert [each.name for each in inventory.targets] == ["two"]
    assert "is not a value of ansible-vault that can be read: encrypt it again" in invalid(inventory, "one").problems[0]


@pytest.mark.parametrize("password", ["wrong", None])
def test_inventory_that_is_encrypted_as_a_whole_needs_the_password(
    read: Read, tmp_path: Path, password: str | None
) -> None:
    (tmp_path / "other").write_text("wrong")
    vault = VaultOptions(password_files=(str(tmp_path / "other"),) if password else ())
    files = {"hosts.yml": vault_text("all: {hosts: {a: }}")}

    assert len(read(files).targets) == 1
    with pytest.raises(InventoryError, match=r"hosts\.yml (cannot be decrypted|is encrypted, and no vault password)"):
        read(files, vault=vault)


@pytest.mark.parametrize(
    ("content", "mode", "problem"),
    [
        (
            None,
            0o600,
            "vault password file {} does not exist: correct --vault-id, --vault-password-file or ansible.cfg",
        ),
        ("", 0o600, "vault password file {} cannot be read, or is empty: check its owner, mode and content"),
        ("#!/bin/sh\necho hunter2 >&2; exit 3\n", 0o700, "vault password script {} gives no password: run it by hand"),
        (
            "no script",
            0o700,
            "vault password script {} gives no password: run it by hand; if it is no script, chmod a-x it",
        ),
    ],
)
def test_source_without_a_password_is_refused_by_name(
    read: Read, tmp_path: Path, content: str | None, mode: int, problem: str
) -> None:
    path = tmp_path / "source"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)

    with pytest.raises(InventoryError) as told:
        read(ONE, vault=VaultOptions(ids=(f"x@{path}",)))

    assert told.value.problems[0].startswith(problem.format(path))
    assert "hunter2" not in str(told.value)


def test_directory_is_no_password_file(read: Read, tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="is a directory: name a file in it"):
        read(ONE, vault=VaultOptions(password_files=(str(tmp_path),)))


def test_empty_prompt_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda _: "")

    with pytest.raises(InventoryError, match="no vault password was given at the prompt"):
        read(ONE, vault=VaultOptions(ask=True))


def test_source_that_fails_beside_one_that_works_is_a_warning(read: Read, password_file: Path) -> None:
    inventory = read(ONE, vault=VaultOptions(ids=("x@/no/file", f"y@{password_file}")))

    assert len(inventory.targets) == 1
    assert inventory.warnings == (
        "vault password file /no/file does not exist: correct --vault-id, --vault-password-file or ansible.cfg",
    )


def test_passwords_of_an_earlier_call_are_forgotten(read: Read) -> None:
    assert len(read(ONE).targets) == 1

    with pytest.raises(InventoryError, match="no vault password was given"):
        read(ONE, vault=VaultOptions())
    assert len(read(ONE).targets) == 1
