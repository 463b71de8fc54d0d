"""`support-bundle`: one archive with what is known of a box, and nothing in it that must not be sent away."""

from __future__ import annotations

import base64
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from reconciler.box.__main__ import answer
from reconciler.cli import main
from reconciler.connections import errand_reply, local
from reconciler.connections.carrier import message
from reconciler.model.errand import Errand

from .conftest import Machines

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
    box.host.write("/var/log/odoo/odoo-server.log", text.encode())


def test_a_bundle_has_each_part_and_no_canary(bundle: Callable[..., tuple[int, str, str]], bundles: Machines) -> None:
    box = bundles.of("till-1")
    write_log(box, LOG)
    conf = box.host.read("/home/pi/odoo.conf").decode()
    doubled = PASSWORD.replace("%", "%%")
    box.host.write("/home/pi/odoo.conf", f"{conf}\n[iot.box]\nwifi_password = {doubled}\n".encode())

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
