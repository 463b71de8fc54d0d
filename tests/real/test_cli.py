"""The command on the box itself: what an integrator with a shell on a box would run."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml

from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret

from .lab import SERVER, TOKEN, Lab, Unit

KINDS = ("ro_ini", "rw_newest")
REPOSITORY = Path(__file__).resolve().parents[2]
OPT = "/tmp/opt"  # a ramdisk: the only place of a read-only box where a person can put something for a moment
DESIRED = f"{OPT}/box.yml"

pytestmark = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def unit(lab: Lab, kind: str) -> Unit:
    """A box in sync that carries the command and its desired state."""
    unit = lab.converged(kind, "work")
    unit.box.exec(["sh", "-c", f"mkdir -p {OPT} && tar -xf - -C {OPT}"], input=_package())
    unit.box.exec(["sh", "-c", f"umask 077; cat > {DESIRED}"], input=yaml.safe_dump(_variables(unit)))
    return unit


def iot_https(unit: Unit, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = [f"PYTHONPATH={OPT}", "PYTHONDONTWRITEBYTECODE=1"]
    return unit.box.exec(["env", *environment, "python3", "-m", "reconciler.cli", *arguments], check=False)


def run(unit: Unit, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
    return iot_https(unit, verb, "--connection", "local", "--desired", DESIRED, "--name", "till", *options)


def break_store(unit: Unit) -> None:
    script = "mount -o remount,rw /; sed -i 's/^enterprise_code = .*/enterprise_code = M000000/' /home/pi/odoo.conf"
    unit.box.exec(["unshare", "-m", "sh", "-c", script])


def test_box_in_sync_ends_with_0(unit: Unit) -> None:
    done = run(unit, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("till: in sync")


def test_differences_end_with_2_and_are_mended_with_2_and_then_are_gone(unit: Unit) -> None:
    break_store(unit)
    seen = run(unit, "check", "--diff")
    assert seen.returncode == 2
    assert "IOT_HTTPS_CREDENTIALS_DIFFER" in seen.stdout
    mended = run(unit, "reconcile", "--yes")
    assert mended.returncode == 2
    assert "now in sync" in mended.stdout
    assert run(unit, "reconcile", "--yes").returncode == 0


def test_json_holds_the_same_and_no_secret(unit: Unit) -> None:
    break_store(unit)
    done = run(unit, "check", "--output", "json", "--diff")
    assert done.returncode == 2
    assert "IOT_HTTPS_CREDENTIALS_DIFFER" in json.dumps(json.loads(done.stdout))
    desired = unit.desired
    for secret in (desired.token, desired.db_uuid, desired.enterprise_code, Secret("M000000")):
        assert secret is not None
        assert reveal(secret) not in done.stdout + done.stderr
    assert run(unit, "reconcile", "--yes").returncode == 2


def test_box_that_is_another_one_is_not_changed_and_is_told(unit: Unit) -> None:
    other = {**_variables(unit), "iot_https_serial": "10000000deadbeef"}
    unit.box.exec(["sh", "-c", f"umask 077; cat > {DESIRED}"], input=yaml.safe_dump(other))
    break_store(unit)
    done = run(unit, "reconcile", "--yes")
    assert done.returncode == 10
    assert "IOT_HTTPS_WRONG_BOX" in done.stdout
    assert "M000000" in unit.box.read("/home/pi/odoo.conf")


def test_box_that_another_run_holds_is_busy(unit: Unit) -> None:
    holder = "import fcntl, time; f = open('/run/iot-https/lock', 'a'); fcntl.flock(f, fcntl.LOCK_EX); time.sleep(30)"
    pid = unit.box.shell(f'mkdir -p /run/iot-https; python3 -c "{holder}" > /dev/null 2>&1 & echo $!').strip()
    try:
        unit.box.shell("until ! flock -n /run/iot-https/lock true; do :; done")
        done = run(unit, "check")
        assert done.returncode == 0
        assert "busy" in done.stdout
        assert "IOT_HTTPS_BUSY" in done.stdout
        assert run(unit, "reconcile", "--yes").returncode == 4
    finally:
        unit.box.shell(f"kill {pid}")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["mend"],
        ["check"],
        ["check", "--connection", "local", "--desired", "/nowhere.yml"],
        ["check", "--connection", "carrier-pigeon", "--desired", DESIRED],
        ["reconcile", "--connection", "local", "--desired", DESIRED],
    ],
)
def test_usage_errors_end_with_1(unit: Unit, arguments: list[str]) -> None:
    if arguments[:1] == ["reconcile"]:
        break_store(unit)  # only then there is something to ask about
    done = iot_https(unit, *arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def _variables(unit: Unit) -> dict[str, object]:
    desired = unit.desired
    assert desired.db_uuid is not None
    assert desired.enterprise_code is not None
    return {
        "iot_https_serial": unit.box.serial,
        "iot_https_server_url": SERVER,
        "iot_https_token": TOKEN,
        "iot_https_db_name": desired.db_name,
        "iot_https_db_uuid": reveal(desired.db_uuid),
        "iot_https_enterprise_code": reveal(desired.enterprise_code),
        "iot_https_resolvers": list(desired.resolvers or ()),
    }


def _package() -> bytes:
    """The package, and PyYAML without its compiled part, which fits only the interpreter that it was made for."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, folder in (("reconciler", REPOSITORY / "reconciler"), ("yaml", Path(yaml.__file__).parent)):
            for path in sorted(folder.rglob("*.py")):
                archive.add(path, f"{name}/{path.relative_to(folder)}")
    return buffer.getvalue()
