"""A file of variables that YAML itself stumbles over is refused in lines, never with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.variables_file import BadVariables, load


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"? [a]\n: b\n", "line 1, column 3: not YAML"),
        (b"? {a: b}\n: c\n", "line 1, column 3: not YAML"),
        (b"a: !!int ''\n", "not YAML that can be read"),
        (b"a: !!float ''\n", "not YAML that can be read"),
        (b"a: !!bool canary\n", "not YAML that can be read"),
        (b"a: !!timestamp canary\n", "not YAML that can be read"),
        (b"[" * 5000, "not YAML that can be read"),
        (b"a: x\na: y\n", "line 2: a stands there twice"),
        (b'{"a\\nb canary": 1, "a\\nb canary": 2}', "line 1: a key stands there twice"),
        (
            b"iot_https_https_port: 0x" + b"f" * 4000,
            "iot_https_https_port is a huge number, it must be from 1 to 65535",
        ),
        (b'"iot_https_\\ncanary": 1', "a name that begins with iot_https_ holds other characters than letters"),
        (b"a: " + b"1:" * 40000 + b"1", "longer than 65536 bytes, is this the right file?"),
        (b"iot_https_server_url: https://.", "iot_https_server_url is not a web address"),
    ],
)
def test_it_is_refused_in_one_line(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "desired.yml"
    path.write_bytes(content)
    with pytest.raises(BadVariables) as caught:
        load(path, "till-1", {})
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"{path}: {problem}")
    assert caught.value.problems[0].isprintable()
    assert "canary" not in str(caught.value)
