"""nginx serves what it has read, dies of a bad pair, and is held down by systemd after too many starts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from iotbox_simulator.boxes.arrange import install_pair
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import Pair, mismatched
from reconciler.box.services import nginx as tool
from reconciler.machine.deadline import Deadline

from .conftest import MakeBox


def der(pair: Pair) -> bytes:
    leaf = x509.load_pem_x509_certificate(pair.certificate_pem.encode())
    return leaf.public_bytes(serialization.Encoding.DER)


def served(box: SimulatedBox) -> bytes:
    return box.served_certificate("127.0.0.1", 443, "name", 5.0)


def put(box: SimulatedBox, pair: Pair) -> None:
    box.host.write(CERTIFICATE, pair.certificate_pem.encode())
    box.host.write(KEY, pair.private_key_pem.encode())


def test_new_files_are_served_only_after_a_reload_and_a_moment(box: SimulatedBox, pair: Pair) -> None:
    before = served(box)
    put(box, pair)
    box.sleep(60)
    assert served(box) == before
    assert box.run(("nginx", "-s", "reload"), 5.0).status == 0
    assert served(box) == before
    box.sleep(0.1)
    assert served(box) == der(pair)


def test_leaf_of_a_chain_is_served(box: SimulatedBox, pair: Pair) -> None:
    assert pair.certificate_pem.count("BEGIN CERTIFICATE") == 2
    install_pair(box, pair)
    assert served(box) == der(pair)


Spoil = Callable[[SimulatedBox], object]
BAD: dict[str, tuple[Spoil, str]] = {
    "certificate missing": (lambda box: box.host.remove(CERTIFICATE), 'cannot load certificate "/etc/ssl/certs/'),
    "key missing": (lambda box: box.host.remove(KEY), 'cannot load certificate key "/etc/ssl/private/'),
    "certificate empty": (lambda box: box.host.write(CERTIFICATE, b""), "PEM_read_bio_X509_AUX() failed"),
    "key empty": (lambda box: box.host.write(KEY, b""), "PEM_read_bio_PrivateKey() failed"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_pair_fails_test_reload_and_start(box: SimulatedBox, name: str) -> None:
    spoil, message = BAD[name]
    before = served(box)
    spoil(box)
    assert message in box.run(("nginx", "-t"), 5.0).errors
    assert message in box.run(("nginx", "-s", "reload"), 5.0).errors
    box.sleep(1)
    assert served(box) == before  # the old master goes on
    assert box.run(("systemctl", "restart", "nginx"), 30.0).status == 1
    with pytest.raises(ConnectionRefusedError):
        served(box)


def test_key_of_another_certificate_fails(box: SimulatedBox, pair: Pair) -> None:
    put(box, mismatched(pair))
    tested = box.run(("nginx", "-t"), 5.0)
    assert tested.status == 1
    assert "key values mismatch" in tested.errors


def test_port_80_goes_down_with_it(box: SimulatedBox) -> None:
    assert box.get("http://127.0.0.1/hw_proxy/hello", 5.0, 64).status == 200
    box.run(("systemctl", "stop", "nginx"), 5.0)
    with pytest.raises(ConnectionRefusedError):
        box.get("http://127.0.0.1/hw_proxy/hello", 5.0, 64)


@pytest.mark.parametrize("kind", ["ro_flat", "rw_newest"])
@pytest.mark.parametrize("text", ["server {\n", "}\n", "listen 80\n"])
def test_syntax_error_in_its_configuration_is_not_a_pair_error(make_box: MakeBox, kind: LayoutKind, text: str) -> None:
    box = make_box(kind)
    box.host.write(box.spec.image.nginx_file, text.encode())
    assert box.run(("nginx", "-t"), 5.0).status == 1
    assert tool.configuration_error(box, Deadline.after(box, 60)) is not None


def test_sixth_start_in_ten_seconds_is_refused_until_it_is_reset(box: SimulatedBox) -> None:
    box.sleep(60)
    statuses = [box.run(("service", "nginx", "restart"), 30.0).status for _ in range(6)]
    assert statuses == [0, 0, 0, 0, 0, 1]
    assert box.run(("systemctl", "show", "-p", "Result", "--value", "nginx"), 5.0).output == "start-limit-hit\n"
    box.sleep(60)
    assert box.run(("systemctl", "start", "nginx"), 30.0).status == 1
    box.run(("systemctl", "reset-failed", "nginx"), 5.0)
    assert box.run(("systemctl", "start", "nginx"), 30.0).status == 0


def test_slow_restarts_are_fine(box: SimulatedBox) -> None:
    for _ in range(12):
        box.sleep(3)
        assert box.run(("systemctl", "restart", "nginx"), 30.0).status == 0


def test_reload_of_a_stopped_nginx_fails_both_ways(box: SimulatedBox) -> None:
    box.run(("systemctl", "stop", "nginx"), 5.0)
    assert box.run(("systemctl", "reload", "nginx"), 5.0).status == 1
    assert "/run/nginx.pid" in box.run(("nginx", "-s", "reload"), 5.0).errors


def test_started_by_hand_it_is_reloaded_by_hand_only(box: SimulatedBox, pair: Pair) -> None:
    box.run(("systemctl", "stop", "nginx"), 5.0)
    assert box.run(("nginx",), 5.0).status == 0
    assert box.run(("systemctl", "is-active", "nginx"), 5.0).output == "inactive\n"
    put(box, pair)
    assert box.run(("nginx", "-s", "reload"), 5.0).status == 0
    box.sleep(1)
    assert served(box) == der(pair)
    assert box.run(("service", "nginx", "restart"), 5.0).status == 1
    assert box.nginx.running
    assert "nginx.pid" not in box.host.list("/run")


@pytest.mark.parametrize(("number", "pid_file"), [(9, True), (15, False)])
def test_killed_nginx_leaves_its_pid_file(box: SimulatedBox, number: int, *, pid_file: bool) -> None:
    box.nginx.signal(number)
    assert not tool.running(box)
    assert ("nginx.pid" in box.list("/run")) is pid_file
    assert box.run(("nginx", "-s", "reload"), 5.0).status == 1


def test_the_tools_own_load_works(box: SimulatedBox, pair: Pair) -> None:
    put(box, pair)
    assert tool.load(box, Deadline.after(box, 60)) == "reloaded"
    box.run(("systemctl", "stop", "nginx"), 5.0)
    assert tool.load(box, Deadline.after(box, 60)) == "started"
    assert served(box) == der(pair)


@pytest.mark.parametrize("how", ["unit", "signal"])
def test_unit_and_signal_reload_like_the_program(box: SimulatedBox, pair: Pair, how: str) -> None:
    put(box, pair)
    if how == "unit":
        assert box.run(("systemctl", "reload", "nginx"), 5.0).status == 0
    else:
        box.nginx.signal(1)
    box.sleep(0.1)
    assert served(box) == der(pair)


def test_configuration_without_a_pair_is_refused(box: SimulatedBox) -> None:
    box.host.write(box.spec.image.nginx_file, b"server {\n    listen 443 ssl;\n}\n")
    assert 'no "ssl_certificate" is defined' in box.run(("nginx", "-t"), 5.0).errors
