"""Builds the images: one Debian per suite from its archive, and the kinds on top without any network.

Every image carries the hash of its recipe in its tag, so a second build finds it and does nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from . import machine
from .kinds import KINDS, PEERS, Kind
from .machine import BoxesError, cache_dir
from .podman import LABEL, exists, last_line, podman

HERE = Path(__file__).resolve().parent.parent
REPOSITORY = HERE.parent.parent
PACKAGES = (
    "ca-certificates",
    "dbus",
    "dnsmasq-base",
    "iproute2",
    "libpam-systemd",
    "netbase",
    "network-manager",
    "nginx-full",
    "openssh-server",
    "procps",
    "python3",
    "python3-cryptography",
    "python3-requests",
    "rsync",
    "sudo",
    "systemd",
    "systemd-sysv",
    "systemd-timesyncd",
)
LEAVE_OUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")

_TRUSTING = """FROM {image}
COPY authority.crt /usr/local/share/ca-certificates/iot-https-lab.crt
RUN update-ca-certificates
"""
_SEEN: set[str] = set()


def build(kinds: Iterable[str] = (), *, say: bool = True) -> dict[str, str]:
    """Make sure that the images of these kinds (all by default, peers included) are there; returns their tags."""
    names = list(kinds) or [*KINDS, PEERS]
    if unknown := [name for name in names if name not in (*KINDS, PEERS)]:
        raise BoxesError(f"no such kind: {', '.join(unknown)} (there are {', '.join((*KINDS, PEERS))})")
    machine.require("podman", "mmdebstrap")
    with machine.locked("build"):
        return {name: _peers(say=say) if name == PEERS else _box(KINDS[name], say=say) for name in names}


def trusting(kind: str, ca_pem: str) -> str:
    """Return the tag of a kind's image that trusts an authority; it is made when the first box needs it."""
    image = build([kind])[kind]
    tag = f"{image}-{digest(ca_pem.encode())}"
    with machine.locked("build"):
        if not is_there(tag):
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "authority.crt").write_text(ca_pem)
                (Path(folder) / "Containerfile").write_text(_TRUSTING.format(image=image))
                podman("build", *_offline(), "--tag", tag, folder)
    return tag


def debian(suite: str, packages: Sequence[str] = PACKAGES, *, say: bool) -> str:
    """Return the tag of an image with these packages of a suite; it is made from Debian's archive once."""
    recipe = json.dumps([suite, packages, LEAVE_OUT, _mirror()])
    tag = f"localhost/iot-https-base-{suite}:{digest(recipe.encode())}"
    if is_there(tag):
        return tag
    archive = cache_dir() / f"base-{suite}-{digest(recipe.encode())}.tar"
    if not archive.exists():
        tell(f"building Debian {suite} with {len(packages)} packages and what they need: ~30 s, 250 MB", say=say)
        _bootstrap(suite, packages, archive)
    podman("import", "--change", f"LABEL {LABEL}", str(archive), tag)
    return tag


def _bootstrap(suite: str, packages: Sequence[str], archive: Path) -> None:
    partial = archive.with_suffix(".partial.tar")
    left_out = [f"--dpkgopt=path-exclude={pattern}" for pattern in LEAVE_OUT]
    command = ["mmdebstrap", "--variant=apt", *left_out, f"--include={','.join(packages)}", suite, str(partial)]
    done = subprocess.run([*command, *_mirror()], capture_output=True, check=False)
    if done.returncode:
        partial.unlink(missing_ok=True)
        raise BoxesError(f"mmdebstrap {suite} failed: {last_line(done.stderr)}")
    partial.rename(archive)


def _mirror() -> list[str]:
    named = os.environ.get("IOT_HTTPS_DEBIAN_MIRROR")
    return [named] if named else []


def _box(kind: Kind, *, say: bool) -> str:
    base = debian(kind.suite, say=say)
    wheels = [wheel for pin in kind.wheels for wheel in _wheel(pin, say=say)]
    sources = [HERE / "box", HERE / "vendor", REPOSITORY / "iotbox_simulator" / "pki.py", *wheels]
    tag = tag_of(kind.name, base, json.dumps(asdict(kind)), sources)
    if not is_there(tag):
        tell(f"building the image of {kind.name} ({kind.image_version}, code {kind.code_branch})", say=say)
        from_recipe("box", base, tag, sources, kind.build_arguments())
    return tag


def _peers(*, say: bool) -> str:
    base = debian("bookworm", say=say)
    sources = [HERE / "peers", *sorted((REPOSITORY / "iotbox_simulator").glob("*.py"))]
    tag = tag_of(PEERS, base, "", sources)
    if not is_there(tag):
        tell("building the image of peers (DNS, authority, databases)", say=say)
        from_recipe("peers", base, tag, sources, {})
    return tag


def _wheel(pin: str, *, say: bool) -> list[Path]:
    folder = cache_dir() / "wheels" / pin.replace("==", "-")
    if not folder.exists():
        tell(f"downloading {pin} with pip", say=say)
        fetched = Path(tempfile.mkdtemp(dir=cache_dir()))
        # Only its compiled core needs cffi at run time, and Debian's python3-cryptography already brings that.
        options = ["--no-deps", "--only-binary=:all:", "--python-version=3.11", "--dest", str(fetched)]
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", *options, pin], capture_output=True, check=False
        )
        if done.returncode:
            raise BoxesError(f"pip download {pin} failed: {last_line(done.stderr)}")
        folder.parent.mkdir(exist_ok=True)
        fetched.rename(folder)
    return sorted(folder.glob("*.whl"))


def from_recipe(recipe: str, base: str, tag: str, sources: list[Path], arguments: dict[str, str]) -> None:
    """Build an image by the Containerfile of a folder, with copies of these sources beside it, and no network."""
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder)
        (context / "wheels").mkdir()
        for source in sources:
            target = context / ("wheels" if source.suffix == ".whl" else "") / source.name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        values = [f"--build-arg={key}={value}" for key, value in {"BASE": base, **arguments}.items()]
        podman("build", *_offline(), *values, "--tag", tag, "--file", str(context / recipe / "Containerfile"), folder)


def _offline() -> list[str]:
    return ["--network=none", "--pull=never", "--squash", "--label", LABEL, *machine.limits()]


def is_there(tag: str) -> bool:
    """Whether an image is there; of one that was, it is not asked again."""
    if tag not in _SEEN and exists("image", tag):
        _SEEN.add(tag)
    return tag in _SEEN


def tag_of(name: str, base: str, facts: str, sources: list[Path]) -> str:
    """Return the tag of an image, which is another one where anything is that it is made of."""
    made_of = hashlib.sha256(f"{base}\0{facts}".encode())
    for path in sorted(file for source in sources for file in _files(source)):
        made_of.update(f"\0{path.name}\0{path.stat().st_mode & 0o777:o}\0".encode() + path.read_bytes())
    return f"localhost/iot-https-{name}:{made_of.hexdigest()[:12]}"


def _files(source: Path) -> Iterable[Path]:
    if source.is_file():
        return [source]
    # links are followed, as they are when it is copied
    found = (Path(folder, name) for folder, _, names in os.walk(source, followlinks=True) for name in names)
    return [path for path in found if "__pycache__" not in path.parts]


def digest(data: bytes) -> str:
    """Return a short name for content."""
    return hashlib.sha256(data).hexdigest()[:12]


def tell(text: str, *, say: bool) -> None:
    """Say on standard error what takes a while, if wanted."""
    if say:
        print(text, file=sys.stderr, flush=True)
