"""The pictures of docs/architecture.md are those of the import contracts and of what is sent to a box."""

from __future__ import annotations

import re

import pytest

from reconciler.connections import carrier
from tools import generate_layers as layers

from .pages import ROOT

PAGE = layers.PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLOW = BLOCK.search(PAGE.partition("## The flow")[2])
BORDER = re.compile(r"^={20,}.*$", re.MULTILINE)
ROOM = re.compile(r"(?<![\w./])([a-z_]+)(?:/(?![a-z])|\.py\b)")
"""A room of the house as it is drawn: `checks/`, `diff.py`."""
INNER = re.compile(r"\b([a-z_]+/[a-z_]+)/")
WIDEST = 100
OTHER = """
[[tool.importlinter.contracts]]
name = "The rooms of a box"
type = "layers"
containers = ["reconciler.box"]
layers = ["run", "(repair)", "look | services : notes"]
[[tool.importlinter.contracts]]
name = "Something else"
type = "forbidden"
"""


def rooms_of(contract: layers.Contract) -> set[str]:
    """Return the rooms of the house that a contract names."""
    return {module.split(".")[1] for module in contract.modules if module.startswith("reconciler.")}


def drawn(text: str) -> set[str]:
    """Return the rooms in a picture; one in which only a part is drawn counts, too."""
    return {*ROOM.findall(text), *(inner.split("/")[0] for inner in INNER.findall(text))}


@pytest.fixture(scope="module")
def flow() -> str:
    """Return the picture of the flow."""
    assert FLOW is not None
    return FLOW[1]


def test_the_layers_are_those_of_the_contracts() -> None:
    assert layers.page() == PAGE, "run make generated"
    assert all(f"### {contract.name}\n" in PAGE for contract in layers.contracts())
    assert all(f"- {name}.\n" in PAGE for name in layers.others())
    assert len(layers.contracts()) + len(layers.others()) > 10


def test_every_room_of_the_contract_is_in_the_flow_and_no_other(flow: str) -> None:
    (house, *_) = layers.contracts()
    assert drawn(flow) == rooms_of(house)


def test_every_room_of_the_house_is_in_the_contract() -> None:
    (house, *_) = layers.contracts()
    there = {
        path.stem
        for path in (ROOT / "reconciler").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert there - {"__init__"} == rooms_of(house)


def test_what_is_drawn_on_the_box_is_what_is_sent_to_it(flow: str) -> None:
    _, on_the_box, _ = BORDER.split(flow)
    sent = {part.removesuffix(".py") for part in carrier._PARTS} - {"__init__"}
    assert drawn(on_the_box) == sent


def test_rooms_within_rooms_are_there(flow: str) -> None:
    assert INNER.findall(flow)
    assert all((ROOT / "reconciler" / name / "__init__.py").is_file() for name in INNER.findall(flow))


def test_the_flow_fits_a_terminal(flow: str) -> None:
    assert max(map(len, flow.splitlines())) <= WIDEST


def test_a_contract_of_rooms_within_a_room_is_understood() -> None:
    (only,) = layers.contracts(OTHER)
    assert layers.others(OTHER) == ("Something else",)
    assert only.name == "The rooms of a box"
    assert only.layers == (
        ("reconciler.box.run",),
        ("reconciler.box.repair",),
        ("reconciler.box.look", "reconciler.box.services", "reconciler.box.notes"),
    )
    lines = layers.section((only,)).splitlines()
    assert lines[2:4] == ["### The rooms of a box", ""]
    assert [line.split()[0] for line in lines if line.startswith(("look/", "repair/", "run"))] == [
        "run",
        "repair/",
        "look/",
    ]


def test_a_contract_about_a_module_that_is_gone_is_one_line() -> None:
    gone = layers.Contract("Rooms", (("reconciler.gone",),))
    with pytest.raises(SystemExit, match=r"names reconciler/gone\.py, which is not there"):
        layers.section((gone,))


def test_a_layer_that_is_not_drawn_is_noticed(flow: str) -> None:
    (house, *_) = layers.contracts()
    more = layers.Contract(house.name, (*house.layers, ("reconciler.machine.posix",)))
    assert "machine/posix/" in layers.section((house,))
    assert layers.section((more,)) != layers.section((house,))
    assert drawn(flow.replace("probe/", "prober")) != rooms_of(house)


def test_words_of_the_glossary_are_told_once() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]* \|$", PAGE.partition("## Glossary")[2], re.MULTILINE)
    words = [word for row in rows[1:] for word in row.split(", ")]
    assert len(words) > 40
    assert sorted(set(words)) == sorted(words)
