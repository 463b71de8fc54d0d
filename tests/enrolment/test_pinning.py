"""Serial numbers are pinned together; what cannot be pinned is named with the line to add."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.enrolment.pinning import pin
from reconciler.model.errors import PermanentFailure

GOOD = "10000000a1b2c3d4"


class Files:
    """Takes values, but for one box."""

    def __init__(self, refused: str | None = None, *, writes: bool = True) -> None:
        self.set: dict[str, str] = {}
        self._refused = refused
        self._writes = writes

    def set_host(self, host: str, variable: str, value: str) -> bool:
        if host == self._refused:
            raise PermanentFailure("it is declared elsewhere")
        self.set[f"{host}.{variable}"] = value
        return True

    def write(self) -> tuple[Path, ...]:
        if not self._writes:
            raise PermanentFailure("hosts.yml was changed meanwhile")
        return (Path("hosts.yml"),)


def test_all_are_written_at_once() -> None:
    files = Files()
    done = pin({"till-1": GOOD, "till-2": "10000000a1b2c3d5"}, lambda: files)
    assert (done.written, done.names, done.problems) == ((Path("hosts.yml"),), ("till-1", "till-2"), ())
    assert files.set["till-1.iot_https_serial"] == GOOD


@pytest.mark.parametrize("said", ["{{ lookup('pipe', 'id') }}", "a b", "", "x" * 65, "!unsafe x", "short"])
def test_what_is_no_serial_number_is_written_nowhere(said: str) -> None:
    files = Files()
    done = pin({"till-1": said}, lambda: files)
    assert files.set == {}
    assert "is not pinned: it says" in done.problems[0]


def test_one_that_is_refused_stops_no_other() -> None:
    done = pin({"till-1": GOOD, "till-2": "10000000a1b2c3d5"}, lambda: Files("till-1"))
    assert done.names == ("till-2",)
    assert done.problems == (
        f"till-1: its serial number is not pinned (it is declared elsewhere); add iot_https_serial: {GOOD} by hand",
    )


def test_files_that_cannot_be_written_are_said_for_each_box() -> None:
    done = pin({"till-1": GOOD}, lambda: Files(writes=False))
    assert (done.written, done.names) == ((), ())
    assert "hosts.yml was changed meanwhile" in done.problems[0]


def test_an_inventory_that_cannot_be_edited_is_said_for_each_box() -> None:
    def refuse() -> Files:
        raise PermanentFailure("the inventory is a program")

    assert "the inventory is a program" in pin({"till-1": GOOD}, refuse).problems[0]
