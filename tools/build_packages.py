"""Build wheel and sdist, and show that a second build gives the same bytes.

`build_packages.py FOLDER`. The first build is made from this checkout, the second one from the sdist of the first: in
another folder, with other times of files, umask, time zone and language. Exit status: 0 both are the same, 1 they
differ or could not be built. hatchling is the one that is installed here, as the locks have it; nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OTHERWISE = {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C", "PYTHONHASHSEED": "1"}


class BuildError(Exception):
    """There is no build, or there are two; the text says which."""


@dataclass(frozen=True)
class Packages:
    """What a build leaves for users."""

    wheel: Path
    sdist: Path

    @property
    def both(self) -> tuple[Path, Path]:
        """Return their files."""
        return self.wheel, self.sdist


def build(into: Path, root: Path = ROOT, *, umask: int = 0o022, **environment: str) -> Packages:
    """Build both, and change nothing of the folder from which they are built.

    Args:
        into: a folder without packages; it is made if need be.
        root: a checkout, or an unpacked sdist.

    Raises:
        BuildError: hatchling refuses; its last line tells why.
    """
    command = (sys.executable, "-m", "hatchling", "build", "-d", str(into.absolute()))
    done = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()
        raise BuildError(f"{root}: {said[-1]}")
    return Packages(_only(into, "*.whl"), _only(into, "*.tar.gz"))


def build_twice(into: Path, root: Path = ROOT) -> Packages:
    """Build both, and once more from the sdist in other surroundings; return the first ones.

    Raises:
        BuildError: it is not possible, or the bytes differ.
    """
    first = build(into, root)
    with tempfile.TemporaryDirectory(prefix="iot-https-again-") as folder:
        again = build(Path(folder, "dist"), unpacked(first, Path(folder)), umask=0o077, **OTHERWISE)
        differ = [one.name for one, other in zip(first.both, again.both, strict=True) if digest(one) != digest(other)]
    if differ:
        raise BuildError(f"built anew from the sdist, {' and '.join(differ)} would be other bytes")
    return first


def unpacked(packages: Packages, into: Path) -> Path:
    """Unpack the sdist into a folder; return its top folder."""
    subprocess.run(("tar", "-xzf", str(packages.sdist), "-C", str(into)), check=True)
    return into / packages.sdist.name.removesuffix(".tar.gz")


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise BuildError(f"{folder}: {len(found)} files {pattern} where one was to be: use an empty folder")
    return found[0]


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Build into a folder, and print what is there as sha256sum does."""
    if len(arguments) != 1:
        print("build_packages.py FOLDER", file=sys.stderr)
        return 1
    try:
        packages = build_twice(Path(arguments[0]), root)
    except BuildError as error:
        print(f"build_packages.py: {error}", file=sys.stderr)
        return 1
    for file in packages.both:
        print(f"{digest(file)}  {file.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
