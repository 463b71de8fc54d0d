"""`support-bundle`: one archive with what is known of a box, and nothing in it that must not be sent away."""

from __future__ import annotations

import base64
import io
import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from reconciler.box.__main__ import answer
from reconciler.cli import collecting, main
from reconciler.codes import CodeName
from reconciler.connections import errand_reply, local
from reconciler.connections.carrier import message
from reconciler.engine.lock import one_run
from reconciler.engine.state_folder import state_directory
from reconciler.model.desired import Request
from reconciler.model.errand import Errand
from reconciler.model.statement import say
from reconciler.model.status import FAILED, UNREACHED
from reconciler.results.finding import finding
from reconciler.results.result import Result

from .conftest import NOW, Machines

CONF = "/home/pi/odoo.conf"
LOG_FILE = "/var/log/odoo/odoo-server.log"

UUID = "11111111-2222-3333-4444-555555555555"
PASSWORD = "correct horse %battery"
CANARIES = {
    "token": "canary-token-9f",
    "uuid": UUID,
    "contract": "CANARY210101",
    "session": "5d41402abc4b2a76b9719d911017c592a1b2c3d4",
    "wifi": PASSWORD,
    "sudo": "become-canary-77",
    "proxy": "proxy-canary-55",
    "key": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
}
OTHERS = ("phobakery", "phobakery-till-1", "pho.example.com", "danang-shop", "phodatabase")
HOSTS = f"""\
all:
  vars: {{iot_https_connection: local, ansible_connection: local}}
  children:
    ours:
      vars:
        iot_https_customer: lotus
        iot_https_store: hanoi
        iot_https_server_url: https://db.example
        iot_https_token: {CANARIES["token"]}
        iot_https_db_uuid: {UUID}
        iot_https_enterprise_code: {CANARIES["contract"]}
        iot_https_proxy: http://user:{CANARIES["proxy"]}@10.0.0.1:3128
        ansible_become_password: {CANARIES["sudo"]}
      hosts: {{till-1: {{}}, till-2: {{}}}}
    theirs:
      vars:
        iot_https_customer: phobakery
        iot_https_store: danang-shop
        iot_https_server_url: https://pho.example.com
        iot_https_db_name: phodatabase
        iot_https_token: pho-token-31
      hosts: {{phobakery-till-1: {{}}}}
"""
LOG = f"""\
2026-03-02 09:00:01,000 74 ERROR ? odoo.addons.hw_drivers: token {CANARIES["token"]} for {UUID}
POST /iot/setup {{"params": {{"token": "{CANARIES["token"]}", "db_uuid": "{UUID}"}}}}
{{\\"enterprise_code\\": \\"{CANARIES["contract"]}\\", \\"password\\": \\"hunter2-canary\\"}}
Cookie: session_id={CANARIES["session"]}; lang=en
GET /websocket?session={CANARIES["session"]}&db_uuid={UUID} HTTP/1.1
https://db.example|{CANARIES["token"]}|{UUID}|{CANARIES["contract"]}
nmcli device wifi connect shop password hunter3-canary
new password for pi is hunter4-canary
url {quote(PASSWORD)} {base64.b64encode(CANARIES["token"].encode()).decode()} {UUID.upper()}
\x1b[31mcan\x1b[0mary-tok\x07en-9f and cana\u200bry-token-9f
-----BEGIN PRIVATE KEY-----
{CANARIES["key"]}
{CANARIES["key"][::-1]}
Authorization: Bearer hunter5-canary
http://admin:hunter6-canary@192.168.1.1/
see phobakery-till-1 of PHOBAKERY at https://pho.example.com/web, database phodatabase in danang-shop
\x1b]0;title\x07\x1b[2J the last line
"""


@pytest.fixture
def bundles(machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    """Answer errands, too, from simulated boxes; the inventory has two customers."""

    async def run_errand(errand: Errand) -> errand_reply.Carried:
        box, raw = machines.of(errand.desired.name), message(errand)
        program = int.from_bytes(raw[:8], "big")
        return errand_reply.read(b"motd\n" + answer(raw[16 + program :], box), errand)

    monkeypatch.setattr(local, "run_errand", run_errand)
    (tmp_path / "two.yml").write_text(HOSTS)
    monkeypatch.chdir(tmp_path)
    return machines


@pytest.fixture
def bundle(bundles: Machines, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the verb; return status, standard output and standard error."""

    def run(*options: str, box: str = "till-1") -> tuple[int, str, str]:
        status = main(["support-bundle", "-i", "two.yml", box, *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def unpacked(path: str) -> dict[str, str]:
    with tarfile.open(path) as archive:
        return {
            member.name.partition("/")[2]: (archive.extractfile(member) or io.BytesIO()).read().decode()
            for member in archive
        }


def write_log(box: SimulatedBox, text: str) -> None:
    box.host.write(LOG_FILE, text.encode())


def test_a_bundle_has_each_part_and_no_canary(bundle: Callable[..., tuple[int, str, str]], bundles: Machines) -> None:
    box = bundles.of("till-1")
    write_log(box, LOG)
    conf = box.host.read(CONF).decode()
    doubled = PASSWORD.replace("%", "%%")
    box.host.write(CONF, f"{conf}\n[iot.box]\nwifi_password = {doubled}\n".encode())

    status, out, err = bundle()

    files = unpacked(out.strip())
    assert status == 0, err
    assert list(files) == [
        "README.txt",
        "diagnosis.txt",
        "diagnosis.json",
        "certificate.json",
        "declared.json",
        "versions.json",
        "configuration.txt",
        "resolv.conf",
        "nginx.conf",
        "odoo.log",
    ]
    for name, text in files.items():
        assert not [each for each in CANARIES.values() if each.lower() in text.lower()], name
        assert "canary" not in text.lower(), (name, text)
        assert quote(PASSWORD) not in text
        assert not [each for each in OTHERS if each in text.lower()], name
        assert "\x1b" not in text
    assert "the last line" in files["odoo.log"]
    assert "server_wide_modules" in files["configuration.txt"]
    assert json.loads(files["diagnosis.json"])["boxes"][0]["name"] == "till-1"


def test_an_archive_is_private_and_never_replaces_a_file(
    bundle: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    there = tmp_path / "mine.tar.gz"
    there.write_text("kept")

    status, out, err = bundle("--file", str(there))

    assert (status, out) == (1, "")
    assert "is there already" in err
    assert there.read_text() == "kept"
    (tmp_path / "link.tar.gz").symlink_to(tmp_path / "elsewhere")
    assert bundle("--file", "link.tar.gz")[0] == 1
    assert not (tmp_path / "elsewhere").exists()

    status, out, _ = bundle("--file", "new.tar.gz")
    assert (status, out.strip()) == (0, "new.tar.gz")
    assert stat.S_IMODE((tmp_path / "new.tar.gz").stat().st_mode) == 0o600
    assert not [each for each in tmp_path.iterdir() if each.name.endswith(".part")]


def test_a_folder_that_is_not_there_is_one_line(bundle: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = bundle("--file", "nowhere/new.tar.gz")

    assert (status, out) == (1, "")
    assert "nowhere/new.tar.gz: No such file or directory: name another file by --file" in err


def test_a_box_that_is_not_reached_has_a_bundle_of_what_is_known(
    bundle: Callable[..., tuple[int, str, str]], bundles: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(request: Request) -> Result:
        why = finding(CodeName.CONNECTION_TIMEOUT, say("no_answer", address="192.168.1.143", seconds=10.0))
        return Result.unobserved(request.desired.name, request.mode, NOW, why)

    monkeypatch.setattr(local, "run", gone)

    status, out, err = bundle()

    files = unpacked(out.strip())
    assert status == UNREACHED
    assert "The box was not reached" in files["README.txt"]
    assert "Not in it: configuration.txt, resolv.conf, nginx.conf, odoo.log." in files["README.txt"]
    assert "IOT_HTTPS_CONNECTION_TIMEOUT" in files["diagnosis.txt"]
    assert "The box was not reached" in err


def test_of_a_box_that_is_somebody_elses_nothing_is_collected(
    bundle: Callable[..., tuple[int, str, str]], bundles: Machines
) -> None:
    box = bundles.of("till-1")
    write_log(box, "a line of theirs\n")
    box.host.write(CONF, box.host.read(CONF) + b"\n[iot.box]\nremote_server = https://pho.example.com\n")

    status, out, err = bundle()

    files = unpacked(out.strip())
    assert status == FAILED
    assert "odoo.log" not in files
    assert "Nothing was collected on the box: IOT_HTTPS_LINKED_ELSEWHERE" in err
    assert not [name for name, text in files.items() for each in OTHERS if each in text.lower()]


@pytest.mark.parametrize("box", ["nobody", "lotus", "../../till-1", "all"])
def test_a_box_that_is_not_in_the_inventory_is_one_line(bundle: Callable[..., tuple[int, str, str]], box: str) -> None:
    status, out, err = bundle(box=box)

    assert (status, out) == (1, "")
    assert f"{box} is no box of this inventory" in err


def test_how_long_is_of_a_log_level_only(bundle: Callable[..., tuple[int, str, str]]) -> None:
    assert "give --log-level too" in bundle("--for", "3")[2]


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let time pass at once, and note how long it would have been."""
    seconds: list[float] = []

    async def pass_by(each: float) -> None:
        seconds.append(each)

    monkeypatch.setattr(collecting, "wait", pass_by)
    return seconds


def test_the_log_level_is_raised_while_the_log_is_written_and_put_back(
    bundle: Callable[..., tuple[int, str, str]], bundles: Machines, waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, levels = bundles.of("till-1"), []

    async def pass_by(each: float) -> None:
        waited.append(each)
        levels.append(level(box))

    monkeypatch.setattr(collecting, "wait", pass_by)
    before = level(box)

    status, out, err = bundle("--log-level", "debug", "--for", "7")

    assert (status, waited, levels) == (0, [420.0], ["debug"]), err
    assert level(box) == before
    assert f"log level: debug (it was {before})" in unpacked(out.strip())["README.txt"]


def test_an_interrupt_while_it_waits_puts_the_level_back(
    bundle: Callable[..., tuple[int, str, str]], bundles: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def interrupted(_: float) -> None:
        raise KeyboardInterrupt("SIGINT")

    box = bundles.of("till-1")
    before = level(box)
    monkeypatch.setattr(collecting, "wait", interrupted)

    status, out, _ = bundle("--log-level", "debug")

    assert (status, out) == (1, "")
    assert level(box) == before


def test_a_level_that_a_killed_run_left_is_put_back_by_the_next(
    bundle: Callable[..., tuple[int, str, str]], bundles: Machines, waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    box = bundles.of("till-1")
    before = level(box)
    put_back = collecting.Errands._put_back

    async def killed(_: collecting.Errands) -> None:
        return

    monkeypatch.setattr(collecting.Errands, "_put_back", killed)
    bundle("--log-level", "debug", "--file", "first.tar.gz")
    assert level(box) == "debug"
    monkeypatch.setattr(collecting.Errands, "_put_back", put_back)

    status, out, _ = bundle("--file", "second.tar.gz")

    assert status == 0
    assert level(box) == before
    assert f"log level: {before} again" in unpacked(out.strip())["README.txt"]


def test_while_a_reconcile_is_under_way_the_level_stays_as_it_is(
    bundle: Callable[..., tuple[int, str, str]], bundles: Machines, waited: list[float], tmp_path: Path
) -> None:
    box = bundles.of("till-1")
    before = level(box)

    with one_run(state_directory([str(tmp_path / "two.yml")])):
        status, out, err = bundle("--log-level", "debug")

    assert status == FAILED
    assert "the log level stays as it is: another run for this inventory is under way" in err
    assert "odoo.log" in unpacked(out.strip())
    assert level(box) == before


def test_without_a_place_for_its_notes_the_level_stays_and_the_rest_is_collected(
    bundle: Callable[..., tuple[int, str, str]], bundles: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = bundles.of("till-1")
    before = level(box)
    (tmp_path / "no-folder").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no-folder"))

    status, out, err = bundle("--log-level", "debug")

    assert status == FAILED
    assert "the log level stays as it is" in err
    assert "odoo.log" in unpacked(out.strip())
    assert level(box) == before


def level(box: SimulatedBox) -> str:
    body = box.get("http://127.0.0.1:8069/iot_drivers/log_levels", 5.0, 1 << 16).body
    return str(json.loads(body)["odoo_current_log_level"])
