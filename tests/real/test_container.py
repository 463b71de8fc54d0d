"""The image of a control machine is built from what a release has, without a network, and works as nobody."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from realbox import build, control, machine
from realbox.podman import LABEL, podman, query
from tools import build_packages, pins

ROOT = Path(__file__).resolve().parents[2]
USER = "10001"
RUN = ("run", "--network=none", *machine.limits())
PATIENCE = 120
"""Seconds until twelve boxes are up."""


def release(folder: Path) -> Path:
    """Return a folder with the files of a release that the image is made from, and the wheels that it needs."""
    build_packages.build(folder)
    lock = pins.path_of("user").read_text(encoding="utf-8")
    (folder / "requirements.txt").write_text(lock, encoding="utf-8")
    # pip judges markers by the Python that it runs with, also where it downloads for another one
    wanted = folder / "wanted.txt"
    wanted.write_text(
        "".join(
            f"{pin.name}=={pin.version} {' '.join(pin.hashes)}\n"
            for pin in pins.installed(lock, control.PYTHON).values()
        ),
        encoding="utf-8",
    )
    words = ["download", "--quiet", "--no-deps", "--only-binary=:all:", f"--python-version={control.PYTHON}"]
    words += ["--require-hashes", "--requirement", str(wanted), "--dest", str(folder / "wheels")]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True, timeout=600)
    return folder


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the tag of an image that goes away."""
    tag = f"localhost/iot-https-container:{uuid.uuid4().hex[:12]}"
    with machine.locked("build"):
        base = build.debian(control.SUITE, control.PACKAGES, say=False)
    podman(
        "build",
        *("--network=none", "--pull=never", "--squash", "--label", LABEL, *machine.limits()),
        *(f"--build-arg=BASE={base}", "--build-arg=PIP_OPTIONS=--no-index --find-links=/release/wheels"),
        *("--tag", tag, "--file", str(ROOT / "packaging/Containerfile")),
        str(release(tmp_path_factory.mktemp("release"))),
    )
    yield tag
    podman("rmi", "--force", tag)


@pytest.fixture(scope="module")
def served(image: str) -> Iterator[str]:
    """Return the name of a container in which simulated boxes are up, with their inventory in `/project/demo`."""
    name = f"iot-https-container-{uuid.uuid4().hex[:12]}"
    podman(*RUN, "--detach", "--name", name, image, "demo", "--serve", "/project/demo")
    try:
        deadline = time.monotonic() + PATIENCE
        while podman("exec", name, "test", "-e", "/project/demo/hosts.yml", check=False).returncode:
            assert time.monotonic() < deadline, podman("logs", name).stderr
            time.sleep(0.2)
        yield name
    finally:
        podman("rm", "--force", "--volumes", name)


def test_it_prints_its_version(image: str) -> None:
    said = query(*RUN, "--rm", image, "--version")
    assert said.startswith(f"iot-https {pins.ROOT.joinpath('galaxy.yml').read_text().split('version: ')[1].split()[0]}")
    assert f"Python {control.PYTHON}" in said


def test_without_words_it_helps(image: str) -> None:
    assert query(*RUN, "--rm", image).startswith("usage: iot-https")


def test_it_is_not_root_and_changes_nothing_of_the_program(served: str) -> None:
    assert query("exec", served, "id", "-u") == USER
    assert podman("exec", served, "touch", "/opt/iot-https/new", check=False).returncode != 0
    assert query("exec", served, "sh", "-c", "touch /project/new /state/new && echo written") == "written"


def test_it_checks_a_simulated_box(served: str) -> None:
    words = ("iot-https", "check", "-i", "demo", "--no-probe", "hanoi-till-1")
    done = podman("exec", served, *words, check=False)
    assert done.returncode in (0, 2), done.stderr
    assert b"hanoi-till-1" in done.stdout
    assert b"Traceback" not in done.stderr


def test_ansible_finds_the_collection_and_an_ssh_client(served: str) -> None:
    said = query("exec", served, "ansible-doc", "--type", "module", "iot_https.fleet.iot_https")
    assert "iot_https.fleet.iot_https" in said
    assert podman("exec", served, "ssh", "-V").stderr.startswith(b"OpenSSH")
