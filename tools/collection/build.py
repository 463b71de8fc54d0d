"""Build `dist/iot_https-fleet-VERSION.tar.gz`, what `ansible-galaxy collection install` takes: always the same bytes.

`build.py [FOLDER]`, `dist` by default. `ansible-galaxy collection build` would do, but for the order, in which a folder
happens to be read, and the time, which it writes into each member and into the archive.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DATE = 315532800
"""1980-01-01, as in the zip that goes to boxes: one date for every member."""
_TEXTS = ("license_file", "repository", "documentation", "homepage", "issues")
"""What galaxy.yml may leave out, and the manifest has."""


def build(root: Path, folder: Path) -> Path:
    """Build the archive from a checkout, and return its path.

    Args:
        root: of the checkout.
        folder: where the archive goes; it is made.
    """
    from tools.collection.stage import stage

    information = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))
    name = "{namespace}-{name}-{version}.tar.gz".format(**information)
    with tempfile.TemporaryDirectory(prefix="iot-https-collection-") as temporary:
        staged = Path(temporary, "staged")
        stage(root, staged)
        archive = packed(staged, information)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(archive)
    return folder / name


def packed(staged: Path, information: Mapping[str, Any]) -> bytes:
    """Return a folder as an archive of a collection."""
    paths = sorted(path for path in staged.rglob("*") if path.relative_to(staged) != Path("galaxy.yml"))
    files = _json({"files": [_entry(staged, path) for path in (staged, *paths)], "format": 1})
    buffer = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, buffer, 0) as zipped, tarfile.open(fileobj=zipped, mode="w") as archive:
        _add(archive, "MANIFEST.json", _json(_manifest(information, files)))
        _add(archive, "FILES.json", files)
        for path in paths:
            _add(archive, path.relative_to(staged).as_posix(), path.read_bytes() if path.is_file() else None)
    return buffer.getvalue()


def _manifest(information: Mapping[str, Any], files: bytes) -> Mapping[str, object]:
    known = {**dict.fromkeys(_TEXTS), **information}
    known.pop("build_ignore", None)
    listed = {"name": "FILES.json", "ftype": "file", "chksum_type": "sha256", "chksum_sha256": _digest(files)}
    return {"collection_info": known, "file_manifest_file": {**listed, "format": 1}, "format": 1}


def _entry(staged: Path, path: Path) -> Mapping[str, object]:
    name = path.relative_to(staged).as_posix()
    if path.is_dir():
        return {"name": name, "ftype": "dir", "chksum_type": None, "chksum_sha256": None, "format": 1}
    digest = _digest(path.read_bytes())
    return {"name": name, "ftype": "file", "chksum_type": "sha256", "chksum_sha256": digest, "format": 1}


def _add(archive: tarfile.TarFile, name: str, content: bytes | None) -> None:
    """Add a file, or a folder where there is no content; owner, group and date are nobody's."""
    member = tarfile.TarInfo(name)
    member.mtime, member.mode = DATE, 0o644
    if content is None:
        member.type, member.mode = tarfile.DIRTYPE, 0o755
    member.size = len(content or b"")
    archive.addfile(member, io.BytesIO(content or b""))


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str]) -> int:
    """Build it, and print where it is."""
    folder = Path(arguments[0]) if arguments else ROOT / "dist"
    print(build(ROOT, folder.resolve()))
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
