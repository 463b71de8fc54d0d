"""The image of a control machine: Debian 13 with an environment for each version of ansible-core to be tested."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from . import machine
from .build import HERE, REPOSITORY, debian, digest, from_recipe, is_there, tag_of, tell
from .machine import BoxesError, cache_dir
from .podman import last_line

CONTROL = "control"
CHECKOUT = "/srv/iot-https"
"""Where the environments look for the collection, as a checkout's own environment does (`control/setup.sh`)."""
SUITE = "trixie"
PYTHON = "3.13"
PACKAGES = (
    "ca-certificates",
    "git",
    "iproute2",
    "jq",
    "openssh-client",
    "openssl",
    "procps",
    "python3",
    "python3-venv",
    "sudo",
)
_PIN = re.compile(r"^ansible-core==(?P<version>(?P<series>\d+\.\d+)\.\d+(?P<candidate>[a-z]\w*)?)", re.MULTILINE)
_PINNED_BY_ANSIBLE_TEST = re.compile(r"ansible_test/_data/requirements/sanity\.[\w.-]+\.txt")


def locks() -> dict[str, Path]:
    """Return the requirements of each environment by the series of ansible-core that they pin, oldest first."""
    found = {path.stem.removeprefix("ansible-"): path for path in (REPOSITORY / "requirements").glob("ansible-*.txt")}
    return {series: found[series] for series in sorted(found, key=lambda text: tuple(map(int, text.split("."))))}


def pinned(series: str) -> str:
    """Return the version of ansible-core that an environment has.

    Raises:
        BoxesError: its file pins none of that series.
    """
    found = _PIN.search(locks()[series].read_text(encoding="utf-8"))
    if found is None or found["series"] != series:
        raise BoxesError(f"{locks()[series].name} does not pin ansible-core {series}")
    return found["version"]


def is_candidate(series: str) -> bool:
    """Tell whether an environment has a version that is not released yet."""
    return re.fullmatch(r"[\d.]+", pinned(series)) is None


def newest_release() -> str:
    """Return the newest series of which the environment has a release; its `ansible-test` is used."""
    return [series for series in locks() if not is_candidate(series)][-1]


def environment(series: str) -> str:
    """Return where an environment is in the image."""
    return f"/opt/ansible-{series}"


def build(*, say: bool = True) -> str:
    """Make sure that the image is there, and return its tag.

    Wheels are fetched by pip on this machine, with its settings, and installed without any network.

    Raises:
        BoxesError: it cannot be made here.
    """
    machine.require("podman", "mmdebstrap")
    sanity = newest_release()
    with machine.locked("build"):
        base = debian(SUITE, PACKAGES, say=say)
    # a lock of its own: boxes need not wait for this image to be started
    with machine.locked(CONTROL):
        sources = [HERE / "control", *locks().values()]
        tag = tag_of(CONTROL, base, sanity, sources)
        if not is_there(tag):
            wheels = _wheels(sanity, say=say)
            tell(
                f"building the image of a control machine with ansible-core {', '.join(map(pinned, locks()))}", say=say
            )
            from_recipe("control", base, tag, [*sources, *wheels], {"SANITY": f"ansible-{sanity}"})
    return tag


def _wheels(sanity: str, *, say: bool) -> list[Path]:
    """Return all that is installed into the image, fetched once."""
    content = b"\0".join(path.read_bytes() for path in locks().values())
    folder = cache_dir() / "wheels" / f"control-{PYTHON}-{digest(content)}"
    if not folder.exists():
        tell(f"downloading what {', '.join(path.name for path in locks().values())} name with pip", say=say)
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache_dir()) as partial:
            fetched = Path(partial) / "wheels"
            for path in locks().values():
                _fetch(path, fetched)
            for number, pins in enumerate(rounds(_pinned_by_ansible_test(fetched, pinned(sanity)))):
                path = Path(partial) / f"ansible-test-{number}.txt"
                path.write_text("\n".join(pins), encoding="utf-8")
                _fetch(path, fetched)
            fetched.chmod(0o755)
            fetched.rename(folder)
    return sorted(folder.glob("*.whl"))


def _pinned_by_ansible_test(wheels: Path, version: str) -> Iterator[str]:
    """Yield what a version of ansible-test installs for its tests, each with its version."""
    (wheel,) = wheels.glob(f"ansible_core-{version}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in filter(_PINNED_BY_ANSIBLE_TEST.fullmatch, archive.namelist()):
            yield from (line for line in archive.read(name).decode().splitlines() if "==" in line)


def rounds(pins: Iterable[str]) -> list[list[str]]:
    """Return what is pinned in as few lists as can be downloaded, pip taking one version of a package at a time."""
    versions: dict[str, list[str]] = {}
    for pin in sorted(set(pins)):
        versions.setdefault(re.split(r"[\s=;\[]", pin)[0].lower(), []).append(pin)
    return [[pin for pin in each if pin] for each in zip_longest(*versions.values(), fillvalue="")]


def _fetch(requirements: Path, folder: Path) -> None:
    options: Sequence[str] = ("--no-deps", "--only-binary=:all:", f"--python-version={PYTHON}", "--dest", str(folder))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *options]
    done = subprocess.run([*command, "--requirement", str(requirements)], capture_output=True, check=False)
    if done.returncode:
        raise BoxesError(f"pip download of {requirements.name} failed: {last_line(done.stderr)}")
