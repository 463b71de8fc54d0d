"""The command at boxes that have no SSH: every generation on real ports, through inventory, engine and report."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli import collecting, main
from tests.support.shop import CODE, KINDS, TOKEN, UUID, Shop, shop

__all__ = ["shop"]


def _run(verb: str, shop: Shop, folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    given = [verb, "-i", str(shop.inventory(folder)), "--no-probe", "--output", "json", *more]
    status = main(given)
    said = capsys.readouterr()
    for secret in (CODE, TOKEN, UUID):
        assert secret not in said.out + said.err
    return {**json.loads(said.out), "status": status}


def _states(report: dict[str, Any]) -> set[str]:
    return {each["state"] for each in report["boxes"]}


def test_fresh_boxes_of_all_generations_come_in_sync_and_stay_so(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looked = _run("check", shop, tmp_path, capsys)
    assert [each["problems"] for each in looked["boxes"] if each["problems"]] == []
    assert (_states(looked), looked["status"], shop.authority.count) == ({"differs"}, 2, 0)
    assert {each["serial"] for each in looked["boxes"]} != {None}

    changed = _run("reconcile", shop, tmp_path, capsys, "--yes", "--max-changed", "20")
    problems = {each["name"]: each["findings"] for each in changed["boxes"] if each["findings"]}
    assert (problems, _states(changed), changed["status"]) == ({}, {"changed"}, 2)

    starts, asked = shop.starts, shop.authority.count
    again = _run("reconcile", shop, tmp_path, capsys, "--yes")
    checked = _run("check", shop, tmp_path, capsys)
    for report in (again, checked):
        assert (_states(report), report["status"]) == ({"in_sync_as_seen"}, 0)
        assert report["summary"]["in_sync_as_seen"] == len(KINDS)
    assert (shop.starts, shop.authority.count) == (starts, asked)
    (unseen,) = {tuple(sorted(set(each["unseen"]) & {"resolvers", "nginx"})) for each in checked["boxes"]}
    assert unseen == ("nginx", "resolvers")


def test_the_text_says_once_what_was_not_seen(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "-i", str(shop.inventory(tmp_path)), "--no-probe"])
    said = " ".join(capsys.readouterr().out.split())
    assert said.count("Not seen by homepage") == 1
    assert "file owners, resolvers, nginx configuration, disk space." in said


@pytest.mark.parametrize(
    "case",
    [("box-ro-flat", False), ("box-ro-ini", True), ("box-17-0", True), ("box-19-0", True)],
    ids=lambda each: each[0],
)
def test_a_support_bundle_of_a_box_without_ssh(
    case: tuple[str, bool],
    shop: Shop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box, raised = case
    odoo, levels = shop.boxes[box].box.odoo, []

    async def pass_by(_: float) -> None:
        levels.append(odoo.levels.of_logger("odoo.addons.hw_drivers"))

    monkeypatch.setattr(collecting, "wait", pass_by)
    odoo.print(f"a line with {CODE} and token={TOKEN}, {UUID}\n")
    before, archive = odoo.levels.of_logger("odoo.addons.hw_drivers"), tmp_path / "bundle.tar.gz"

    inventory = str(shop.inventory(tmp_path))
    status = main(["support-bundle", "-i", inventory, box, "--log-level", "debug", "--file", str(archive)])

    said = capsys.readouterr()
    with tarfile.open(archive) as bundle:
        texts = {each.name.rpartition("/")[2]: (bundle.extractfile(each) or io.BytesIO()).read() for each in bundle}
    assert (status, levels) == ((0, ["DEBUG"]) if raised else (4, [])), said.err
    assert odoo.levels.of_logger("odoo.addons.hw_drivers") == before
    assert b"a line with ********" in texts["odoo.log"]
    for secret in (CODE, TOKEN, UUID):
        assert not [name for name, text in texts.items() if secret.encode() in text]
    if not raised:
        assert "set it on the box's homepage" in said.err
    if box[4:6] in ("17", "19"):
        assert b'"system": "windows"' in texts["versions.json"] or b'"image": "W' in texts["versions.json"]
