"""The archive of the collection: the same bytes wherever it is built, and what ansible-galaxy would have built."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tools.collection.build import DATE, build
from tools.collection.stage import FILES, FOLDERS, stage

from .core import ROOT


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


def read(archive: Path) -> dict[str, bytes | None]:
    """Return the members with their content, `None` for folders."""
    with tarfile.open(archive) as opened:
        files = {each.name: opened.extractfile(each) for each in opened.getmembers()}
        return {name: found.read() if found else None for name, found in files.items()}


def document(archive: Path, name: str) -> Any:
    return json.loads(read(archive)[name] or b"")


def test_it_is_the_same_bytes_from_another_folder_at_another_umask_and_time(archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "another/place"
    ignore = shutil.ignore_patterns(".*", "__pycache__")
    for folder in (*FOLDERS, "reconciler", "tools"):
        shutil.copytree(ROOT / folder, copy / folder, symlinks=True, ignore=ignore)
    for name in FILES:
        shutil.copyfile(ROOT / name, copy / name)
    for path in sorted(copy.rglob("*"), reverse=True):
        if not path.is_symlink():
            os.utime(path, (1e9, 1e9))
    command = [sys.executable, "tools/collection/build.py", str(tmp_path / "dist")]
    done = subprocess.run(
        command, cwd=copy, capture_output=True, text=True, check=True, timeout=60, umask=0o077, env={"TZ": "Asia/Tokyo"}
    )
    again = Path(done.stdout.strip())
    assert again.name == archive.name == "iot_https-fleet-{version}.tar.gz".format(**_information(archive))
    assert again.read_bytes() == archive.read_bytes()


def _information(archive: Path) -> dict[str, str]:
    found: dict[str, str] = document(archive, "MANIFEST.json")["collection_info"]
    return found


def test_nothing_in_it_is_of_this_machine(archive: Path) -> None:
    content = archive.read_bytes()
    assert content[4:8] == bytes(4)  # when it was compressed
    with tarfile.open(fileobj=io.BytesIO(content)) as opened:
        members = opened.getmembers()
    assert {(each.uid, each.gid, each.uname, each.gname, each.mtime) for each in members} == {(0, 0, "", "", DATE)}
    assert {(each.isdir(), each.mode) for each in members} == {(True, 0o755), (False, 0o644)}
    assert [each.name for each in members[2:]] == sorted(each.name for each in members[2:])


def test_it_is_what_ansible_galaxy_builds_of_the_same_files(archive: Path, tmp_path: Path) -> None:
    stage(ROOT, tmp_path / "staged")
    command = [sys.executable, "-m", "ansible", "galaxy", "collection", "build", "--output-path", str(tmp_path)]
    done = subprocess.run(
        command, cwd=tmp_path / "staged", capture_output=True, text=True, check=False, timeout=60, env=_calm(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    theirs = tmp_path / archive.name
    assert {**read(theirs), **_described()} == {**read(archive), **_described()}
    ours, built = (document(each, "FILES.json") for each in (archive, theirs))
    assert ours["files"][0] == built["files"][0]
    assert sorted(ours.pop("files"), key=str) == sorted(built.pop("files"), key=str)
    assert ours == built
    manifest, other = (document(each, "MANIFEST.json") for each in (archive, theirs))
    digest = hashlib.sha256(read(archive)["FILES.json"] or b"").hexdigest()
    assert manifest["file_manifest_file"].pop("chksum_sha256") == digest
    other["file_manifest_file"].pop("chksum_sha256")
    assert manifest == other


def _described() -> dict[str, bytes | None]:
    """Return what is compared by itself: theirs lists files as they happen to be read."""
    return {"FILES.json": None, "MANIFEST.json": None}


def _calm(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}
