"""The file of variables after `--desired`: YAML from whoever wrote it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reconciler.model.desired import Desired
from reconciler.variables_file import BadVariables, load

from ..oracle import check_refusal, check_secret, planted

_PLANTED = b"\niot_https_token: @@\n"


def seeds() -> list[bytes]:
    """The README's file, and what YAML can hold besides."""
    return [
        b"iot_https_server_url: https://db.example\niot_https_resolvers: [1.1.1.1, 8.8.8.8]\n",
        b'iot_https_db_uuid: "11111111-2222-3333-4444-555555555555"\niot_https_enterprise_code: M210101\n',
        b"? [a]\n: b\n",
        b"iot_https_https_port: 0xffff\na: !!int ''\nb: !!timestamp x\nc: !!bool x\n",
        b"a: 1\na: 2\n",
        b"iot_https_token: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n",
        b"&a [*a, *a]",
        b"a: 1:1:1:1\n<<: {x: 1}\n",
        b"\xff\xfe\0a",
        b"- - - -",
        b"",
    ]


def one_input(data: bytes) -> None:
    """A desired state, or problems in one line each; the token never shows."""
    with tempfile.NamedTemporaryFile(prefix="fuzz-desired-", suffix=".yml") as file:
        file.write(planted(data.replace(b"@@", b"") + _PLANTED))
        file.flush()
        try:
            desired = load(Path(file.name), "till-1", {})
        except BadVariables as refused:
            assert refused.problems
            for problem in refused.problems:
                check_refusal(problem)
            return
    assert isinstance(desired, Desired)
    check_secret(repr(desired))
