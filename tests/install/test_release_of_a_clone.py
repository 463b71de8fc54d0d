"""A clone is released as a whole, with every file that a version consists of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.test_release import DATE, ROOT, git


@pytest.mark.install
@pytest.mark.timeout(600)
def test_a_clone_is_released_as_a_whole(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(ROOT), str(clone))
    git(clone, "checkout", "--quiet", "-B", "main")
    git(clone, "config", "user.name", "Somebody")
    git(clone, "config", "user.email", "somebody@example.org")
    done = subprocess.run(
        (sys.executable, "-m", "tools.release", "99.1.2", "--date", DATE),
        cwd=clone, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    folder = clone / "dist/99.1.2"
    assert {path.name for path in folder.iterdir()} == {
        "SHA256SUMS", "iot-https-99.1.2.cdx.json", "iot_https-99.1.2-py3-none-any.whl", "iot_https-99.1.2.tar.gz",
        "iot_https-fleet-99.1.2.tar.gz", "licenses.md", "requirements.txt",
    }  # fmt: skip
    subprocess.run(("sha256sum", "--check", "--quiet", "SHA256SUMS"), cwd=folder, check=True, timeout=60)
    assert f"## 99.1.2 ({DATE})" in (clone / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (git(clone, "status", "--porcelain"), git(clone, "tag", "--points-at", "HEAD")) == ("", "v99.1.2")
