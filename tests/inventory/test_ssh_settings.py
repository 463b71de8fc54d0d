"""Every setting of Ansible's plugins has a decision: used, refused by name, or of no effect, and told so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible.plugins.loader import become_loader, connection_loader

from reconciler.inventory.options import NO_EFFECT, resolved
from reconciler.model.target import Ssh

from .conftest import Read, ssh_of

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "inventory.md").read_text()
PLUGINS = (("connection", connection_loader, "ssh"), ("become", become_loader, "sudo"))


def definitions(kind: str) -> dict[str, Any]:
    """Return the settings that the installed version of Ansible has."""
    loader, name = next((loader, name) for known, loader, name in PLUGINS if known == kind)
    loader.get(name, class_only=True)
    return dict(constants.config.get_configuration_definitions(plugin_type=kind, name=name))


def variables(kind: str, setting: str) -> list[str]:
    return [each["name"] for each in definitions(kind)[setting].get("vars", ()) if "[" not in each["name"]]


@pytest.mark.parametrize("kind", ["connection", "become"])
def test_each_setting_of_the_installed_ansible_is_decided_on(kind: str) -> None:
    of_no_effect = NO_EFFECT if kind == "connection" else frozenset()
    assert not resolved(kind) & of_no_effect
    assert set(definitions(kind)) == resolved(kind) | of_no_effect


@pytest.mark.parametrize(
    "variable",
    [
        variable
        for kind in ("connection", "become")
        for setting in sorted(definitions(kind))
        for variable in variables(kind, setting)
        if variable != "inventory_hostname"
    ],
)
def test_each_variable_is_told_in_the_docs(variable: str) -> None:
    assert re.search(rf"`{variable}`", DOCS), f"docs/inventory.md does not say what becomes of {variable}"


@pytest.mark.parametrize(
    "variable", [variable for setting in sorted(NO_EFFECT) for variable in variables("connection", setting)]
)
def test_what_has_no_effect_makes_no_box_invalid(read: Read, variable: str) -> None:
    files = {"hosts.yml": f"all: {{hosts: {{till-1: {{{variable}: '1'}}}}}}"}
    assert ssh_of(read(files), "till-1") == Ssh(host="till-1", host_key_alias="till-1")
