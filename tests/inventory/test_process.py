"""What Ansible decides once per process: its configuration, and what importing it costs and prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Write, encrypted

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
import json, sys
from reconciler.inventory import InventoryError, load
assert not any(name.partition(".")[0] in ("ansible", "jinja2", "yaml") for name in sys.modules)
try:
    inventory = load()
except InventoryError as error:
    print(json.dumps({"problems": error.problems}))
else:
    print(json.dumps({
        "ssh": [[each.name, each.ssh.user, each.ssh.port, each.ssh.proxy_jump, each.ssh.python, each.ssh.become]
                for each in inventory.targets],
        "invalid": [[each.name, *each.problems] for each in inventory.invalid],
        "warnings": inventory.warnings,
    }))
"""


def _show(folder: Path, **environment: str) -> dict[str, list[object]]:
    """Load what the configuration names, in a process of its own that prints nothing but the result."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", SHOW],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert result.stderr == ""
    assert result.returncode == 0
    shown: dict[str, list[object]] = json.loads(result.stdout)
    return shown


def test_configuration_file_is_honoured(write: Write, password_file: Path) -> None:
    folder = write(
        {
            "ansible.cfg": f"""\
                [defaults]
                inventory = boxes
                remote_user = tech
                remote_port = 2222
                interpreter_python = /usr/bin/python3
                vault_password_file = {password_file}
                [ssh_connection]
                ssh_args = -o ControlMaster=auto -J gate
                """,
            "boxes/hosts.yml": "all: {hosts: {a: , b: {ansible_port: 22}}}",
            "boxes/host_vars/a.yml": f"iot_https_serial: {encrypted('s')}",
        }
    )

    assert _show(folder) == {
        "ssh": [
            ["a", "tech", 2222, "gate", "/usr/bin/python3", True],
            ["b", "tech", 22, "gate", "/usr/bin/python3", True],
        ],
        "invalid": [],
        "warnings": [],
    }


def test_configuration_that_switches_off_host_keys_is_refused(write: Write) -> None:
    folder = write(
        {
            "ansible.cfg": "[defaults]\ninventory = hosts.yml\nhost_key_checking = False\n",
            "hosts.yml": "all: {hosts: {a: }}",
        }
    )

    (box,) = _show(folder)["invalid"]

    assert isinstance(box, list)
    assert box[1].startswith("host_key_checking in ansible.cfg is false, and host keys are always checked here")


def test_become_that_is_switched_off_in_the_configuration_counts(write: Write) -> None:
    folder = write(
        {
            "ansible.cfg": "[defaults]\ninventory = h.yml\n[privilege_escalation]\nbecome = False\n",
            "h.yml": "all: {hosts: {a: {ansible_user: root}, b: , c: {ansible_become: yes}}, vars: {ansible_user: pi}}",
        }
    )

    shown = _show(folder)

    assert shown["ssh"] == [["a", "root", 22, None, "python3", False], ["c", "pi", 22, None, "python3", True]]
    assert shown["invalid"] == [
        ["b", "become in ansible.cfg is false, and boxes need root: remove it, or log in as root"]
    ]


def test_what_a_box_told_a_cache_of_facts_is_not_what_it_should_be(write: Write) -> None:
    """Plays may keep facts in files, which this program reads as Ansible does."""
    folder = write(
        {
            "ansible.cfg": "[defaults]\ninventory = h.yml\nfact_caching = jsonfile\nfact_caching_connection = facts\n",
            "h.yml": "all: {hosts: {a: {iot_https_serial: s}, b: }}",
        }
    )
    remember = [sys.executable, "-m", "ansible", "adhoc", "b", "-m", "set_fact"]
    words = ["-a", "iot_https_serial=s cacheable=true"]
    subprocess.run([*remember, *words], cwd=folder, env={**os.environ, "HOME": str(folder)}, check=True)
    assert list((folder / "facts").iterdir())

    shown = _show(folder)

    assert [box[0] for box in shown["ssh"] if isinstance(box, list)] == ["a"]
    assert str(shown["invalid"]).startswith("[['b', 'iot_https_serial set by a fact of the box: ")


@pytest.mark.parametrize("content", ["[defaults\n", "[defaults]\nforks = hunter2\n"])
def test_configuration_that_is_wrong_is_an_error_of_one_line(write: Write, content: str) -> None:
    assert _show(write({"ansible.cfg": content})) == {
        "problems": ["ansible.cfg or an ANSIBLE_ variable is wrong: ansible-config dump says which"]
    }


def test_no_inventory_at_all_is_an_error(tmp_path: Path) -> None:
    if Path("/etc/ansible/hosts").exists():
        pytest.skip("this machine has an inventory of its own in /etc/ansible/hosts")

    (tmp_path / "ansible.cfg").write_text("[defaults]\n")

    begin = "begin with iot-https project init"
    assert _show(tmp_path) == {
        "problems": [f"/etc/ansible/hosts does not exist, and no -i was given: name an inventory, or {begin}"]
    }


def test_folder_of_a_project_is_named_from_below_it(write: Write) -> None:
    if Path("/etc/ansible/hosts").exists():
        pytest.skip("this machine has an inventory of its own in /etc/ansible/hosts")
    project = write({"ansible.cfg": "[defaults]\n", "inventory/hosts.yml": "", "playbooks/a/check.yml": ""})

    where = f"ansible.cfg of {project} counts there only, cd {project}"
    assert _show(project / "playbooks/a") == {
        "problems": [f"/etc/ansible/hosts does not exist, and no -i was given: {where}"]
    }


def test_debugging_ansible_goes_to_standard_error(write: Write) -> None:
    folder = write({"hosts.yml": "all: {hosts: {a: }}"})

    result = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ANSIBLE_DEBUG": "1",
            "ANSIBLE_INVENTORY": str(folder / "hosts.yml"),
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(result.stdout.splitlines()) == 1
    assert "Examining possible inventory source" in result.stderr
