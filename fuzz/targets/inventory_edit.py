"""A file of an inventory to which an entry is added: YAML from anybody, with secrets that a diff must not show."""

from __future__ import annotations

from pathlib import Path

from reconciler.inventory_files.document import Document
from reconciler.inventory_files.nodes import NotEditable
from reconciler.inventory_files.opened import Edit
from reconciler.inventory_files.showing import shown_edits
from reconciler.inventory_files.values import Vaulted

from ..oracle import check_refusal, check_secret, planted

_PLANTED = "iot_https_token: @@\n"
_VAULTED = Vaulted("$ANSIBLE_VAULT;1.1;AES256\n6162\n")


def seeds() -> list[bytes]:
    """Inventories as people write them, and what YAML can hold besides."""
    return [
        b"all:\n  hosts:\n    a:  # one\n    b: {ansible_host: 192.0.2.1}\n  vars: &v {x: 1}\nother: *v\n",
        b"a: |+\n  text\n\n\n# end\nb: !unsafe '{{ x }}'\n",
        b"k:\r\n  - 1\r\n  - {a: b}\r\n\r\n",
        b"---\n# nothing\n...\n",
        b"a: >-\n  folded\n  text\n...\n---\nb: 1\n",
        b"? [a]\n: b\n? |\n  x\n: y\n",
        b"<<: &m {a: 1}\nb: *m\n",
        b"{all: {hosts: {a: }}, }",
        "a: é # \u2028 x: y\n".encode(),
        b"\t- x\n",
        b"a:\n",
        b"",
    ]


def one_input(data: bytes) -> None:
    """Every byte that was there is there, in its order, or nothing is changed; no secret is shown."""
    try:
        before = planted(data.replace(b"@@", b"") + f"\n{_PLANTED}".encode()).decode()
    except UnicodeDecodeError:
        return
    for path, value in ((("new_key",), "v"), (("all", "hosts", "new"), None), (("new_secret",), _VAULTED)):
        try:
            document = Document(before)
            document.put(path, value)
            after = document.text
        except NotEditable as refusal:
            check_refusal(str(refusal))
            continue
        _check_kept(before, after)
        check_secret(shown_edits([Edit(Path("hosts.yml"), before.encode(), after.encode())]))


def _check_kept(before: str, after: str) -> None:
    added = len(after) - len(before)
    same = next((at for at, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), len(before))
    assert added > 0
    assert after[len(after) - (len(before) - same) :] == before[same:], "more than one place changed"
