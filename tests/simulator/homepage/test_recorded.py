"""The simulated boxes answer as the real ones were recorded to; what still differs is named, here and in the docs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from iotbox_simulator.machine.image import INI
from iotbox_simulator.machine.spec import LayoutKind

from .boxes import DB_UUID, Lab, call, in_state, lab

ROOT = Path(__file__).parents[3]
RECORDED = ROOT / "tests" / "recorded"
FILES = sorted(str(path.relative_to(RECORDED)) for path in RECORDED.rglob("*") if path.is_file())
KINDS: dict[str, LayoutKind] = {"15.0": "ro_oldest", "17.0-late": "ro_ini", "19.0": "rw_ini"}
STATUS = {"17.0-late": "/hw_posbox_homepage", "19.0": "/iot_drivers"}
NOT_REPLAYED = {"README.md": "says what the others are"}
DIFFERENCES = {
    "17.0-late/data_no_server.json": "`iot_device_status` is always empty; the real box lists a distant display",
    "17.0-late/odoo.conf": "no key `iotbox_version`, which the real box writes when it takes over flat files",
    "19.0/data_no_server.headers": "`Content-Length`: the recorded body was of a box with more to say",
}
"""What is left out of a comparison below; `docs/simulator.md` lists the same."""
TOKEN = f"https://db.example|1234567890|{DB_UUID}|M210101"
OF_THE_BOX = {"hostname", "ip", "mac", "mac_address", "identifier"}
_ROW = re.compile(r'<tr class="[^"]*">\s*<td class="heading">HTTPS certificate</td>.*?</tr>', re.DOTALL)
_CHANGING = (
    (re.compile(r"\x1b\[[\d;]*m"), ""),  # the recorded ones come from units that do not colour the log
    (re.compile(r"\*\.[0-9a-f]+\.odoo-iot\.com"), "*.<subdomain>.odoo-iot.com"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "), "<time> <pid> "),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "<time>"),
)


def recorded(name: str) -> str:
    return (RECORDED / name).read_text()


def plain(text: str) -> str:
    """Put words in the place of what is another on every box and day, and leave blank lines out."""
    for pattern, word in _CHANGING:
        text = pattern.sub(word, text)
    return "\n".join(line for line in text.splitlines() if line.strip())


def shape(value: object) -> object:
    """Say of what kind a value is, down to the last one in it."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value).__name__


def same_json(name: str, body: bytes) -> None:
    real, ours = json.loads(recorded(name)), json.loads(body)
    assert list(ours) == list(real)
    if name == "17.0-late/data_no_server.json":
        assert ours.pop("iot_device_status") == []
        real.pop("iot_device_status")
    assert shape(ours) == shape(real)
    for key in set(real) - OF_THE_BOX - {"network_interfaces"}:
        if isinstance(real[key], str):
            assert plain(ours[key]) == plain(real[key]), key
        elif not isinstance(real[key], float):
            assert ours[key] == real[key], key


def state_of(name: str) -> tuple[str, Lab]:
    folder, _, file = name.partition("/")
    state = file.partition("_")[2].rpartition(".")[0]
    return folder, in_state(KINDS[folder], state)


def data(name: str) -> None:
    """The status route, as JSON or as the page of its crash."""
    folder, made = state_of(name)
    reply = made.get(f"{STATUS[folder]}/data")
    if name.endswith(".html"):
        assert (reply.status, plain(reply.body.decode())) == (500, plain(recorded(name)))
        return
    assert reply.status == 200
    same_json(name, reply.body)


def home(name: str) -> None:
    """The row of the status page, or the page of its crash."""
    _, made = state_of(name)
    reply = made.get("/")
    crashed = "Internal Server Error" in recorded(name)
    assert reply.status == (500 if crashed else 200)
    text = reply.body.decode()
    row = None if crashed else _ROW.search(text)
    assert plain(row[0] if row else text) == plain(recorded(name))


def log(name: str) -> None:
    """The lines of the log that name the certificate; of two states only the last one was kept."""
    _, made = state_of(name)
    ours = [line for line in made.log() if "certificate" in line]
    real = recorded(name).rstrip("\n").splitlines()
    if len(real) == 1 and "Maximum" in real[0]:
        ours = [line for line in ours if "File" not in line]
        assert [plain(line).split()[2] for line in ours] == ["WARNING"] * 6 + ["ERROR"]
        ours = ours[-1:]
    assert plain("\n".join(ours)) == plain("\n".join(real))


def log_format(name: str) -> None:
    made = in_state("rw_ini", "ok")
    began = next(number for number, line in enumerate(made.log()) if "Initiating" in line)
    assert plain("\n".join(made.log()[began : began + 3])) == plain(recorded(name))


def text_of(path: str) -> Callable[[str], None]:
    def compare(name: str) -> None:
        reply = lab(KINDS[name.partition("/")[0]]).get(path)
        assert (reply.status, reply.body.decode()) == (200, recorded(name).rstrip("\n"))

    return compare


def ping(name: str) -> None:
    folder = name.partition("/")[0]
    same_json(name, lab(KINDS[folder]).get(f"{STATUS[folder]}/ping").body)


def restart(name: str) -> None:
    same_json(name, lab("rw_ini").get("/iot_drivers/restart_odoo_service").body)


def rpc(route: str, **params: object) -> Callable[[str], None]:
    def compare(name: str) -> None:
        folder = name.partition("/")[0]
        assert lab(KINDS[folder]).call(f"{STATUS[folder]}/{route}", **params) == json.loads(recorded(name))

    return compare


def list_credential(name: str) -> None:
    page = in_state("ro_oldest", "ok").get("/list_credential").body.decode().splitlines()
    where = [page.index(line) for line in recorded(name).rstrip("\n").splitlines()]
    assert where == sorted(where)


def odoo_conf(name: str) -> None:
    """The file of the box after linking, saving credentials and one renewal."""
    folder = name.partition("/")[0]
    made = lab(KINDS[folder])
    prefix = STATUS[folder]
    credentials = {"db_uuid": DB_UUID, "enterprise_code": "M210101"}
    if folder == "19.0":
        made.call(f"{prefix}/save_credential", **credentials)
        query = f"token=1234567890&db_uuid={DB_UUID}&enterprise_code=M210101&db_name=prod"
        made.call(f"{prefix}/connect_to_server", token=f"https://db.example?{query}")
    else:
        made.call(f"{prefix}/connect_to_server", token=f"https://db.example|tok123|{DB_UUID}|M210101")
        made.call(f"{prefix}/save_credential", **credentials)
    made.box.sleep(20)
    real = recorded(name)
    if name in DIFFERENCES:
        real = real.replace("iotbox_version = 24.10\n", "")
    assert plain(made.box.host.read(INI).decode()) == plain(real)


def headers(name: str) -> None:
    made = lab("rw_ini")
    if name == "19.0/connect_to_server.headers":
        reply = call(made.box, "/iot_drivers/connect_to_server", {"token": TOKEN})
    else:
        reply = made.get("/iot_drivers/data" if "data" in name else "/iot_drivers/ping")
    first, *lines = recorded(name).strip().splitlines()
    assert f"HTTP/1.1 {reply.status} {reply.reason}" == first
    real = [tuple(line.split(": ", 1)) for line in lines]
    ours = [*reply.headers, ("Connection", "close")]
    assert [each[0] for each in ours] == [each[0] for each in real]
    left_out = {"Date"} | ({"Content-Length"} if name in DIFFERENCES else set())
    assert [each for each in ours if each[0] not in left_out] == [each for each in real if each[0] not in left_out]


BY_FILE: dict[str, Callable[[str], None]] = {
    "hello.txt": text_of("/hw_proxy/hello"),
    "get_version.txt": text_of("/hw_proxy/get_version"),
    "ping.json": ping,
    "restart.json": restart,
    "connect_to_server.json": rpc("connect_to_server", token=TOKEN),
    "connect_invalid.json": rpc("connect_to_server", token="nonsense"),
    "save_credential.json": rpc("save_credential", db_uuid=DB_UUID, enterprise_code="M210101"),
    "save_credential_missing_param.json": rpc("save_credential", db_uuid=DB_UUID),
    "list_credential.html": list_credential,
    "odoo.conf": odoo_conf,
    "log_format.txt": log_format,
}
BY_BEGINNING = {"data_": data, "home_": home, "log_": log}


def how(name: str) -> Callable[[str], None] | None:
    """Return what replays a recorded file; None where nothing does."""
    file = name.rpartition("/")[2]
    if file.endswith(".headers"):
        return headers
    return BY_FILE.get(file) or next((each for begin, each in BY_BEGINNING.items() if file.startswith(begin)), None)


@pytest.mark.parametrize("name", [name for name in FILES if how(name)])
def test_answer_is_as_recorded(name: str) -> None:
    replay = how(name)
    assert replay is not None
    replay(name)


def test_every_recorded_file_is_replayed_or_named() -> None:
    assert {name for name in FILES if not how(name)} == set(NOT_REPLAYED)
    assert set(DIFFERENCES) <= set(FILES)
    assert len(FILES) > 50


def test_documentation_lists_the_same_differences() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", (ROOT / "docs" / "simulator.md").read_text(), re.MULTILINE)
    assert {name: reason for name, reason in rows if name in FILES} == {**NOT_REPLAYED, **DIFFERENCES}
