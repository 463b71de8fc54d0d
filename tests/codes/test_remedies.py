"""What a remedy must name, whatever its words: a command, a variable, a line of a page of Odoo's."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from reconciler.codes import CATALOGUE, CodeName, Variant

C, V = CodeName, Variant


@dataclass(frozen=True)
class Row:
    """One entry of the catalogue. `lacks`: what would lead astray there."""

    code: CodeName
    variant: Variant | None
    names: tuple[str, ...]
    lacks: tuple[str, ...] = ()


ROWS = (
    Row(C.LOAD_REQUEST_NO_RESULT, None, ("production", "In Progress", "IoT Box subscription line")),
    Row(C.LOAD_REQUEST_STATUS, V.MAINTENANCE, ("wait",)),
    Row(C.LOAD_REQUEST_EXCEPTION, V.CONTROL_MACHINE, ("nothing is wrong at the box",)),
    Row(C.ANSWER_NOT_FROM_ODOO, None, ("network administrator", "Exempt www.odoo.com")),
    Row(C.ANSWER_NOT_FROM_ODOO, V.INSPECTED, ("network administrator", "firewall or proxy")),
    Row(C.ANSWER_NOT_FROM_ODOO, V.INSPECTED_BY_PROXY, ("network administrator", "iot_https_proxy")),
    Row(C.ANSWER_NOT_FROM_ODOO, V.ANOTHER_SERVER, ("network administrator", "login page of a guest network")),
    Row(C.ANSWER_NOT_FROM_ODOO, V.OUT_OF_DATE, ("ended or is not valid yet",)),
    Row(C.CLIENT_DNS_REBIND, V.LIKELY_ASKED, ("name them in iot_https_client_resolvers",)),
    Row(C.CLIENT_DNS_REBIND, None, (), lacks=("name them in iot_https_client_resolvers",)),
    Row(C.CONNECTION_FAILED, V.HOST_UNREACHABLE, ("shop",)),
    Row(C.CONNECTION_FAILED, V.NETWORK_UNREACHABLE, ("shop",)),
    Row(
        C.AUTHENTICATION_FAILED,
        None,
        ("sudo mount -o remount,rw /", "sudo mount -o remount,rw /root_bypass_ramdisks/etc/cups"),
        lacks=("ansible_user: pi",),
    ),
    Row(C.AUTHENTICATION_FAILED, V.OTHER_USER, ("ansible_user: pi",)),
    Row(C.AUTHENTICATION_FAILED, V.KEY_FILE_MISSING, ("ansible_ssh_private_key_file",), lacks=("authorized_keys",)),
    Row(C.AUTHENTICATION_FAILED, V.KEY_FILE_UNUSABLE, ("ansible_ssh_private_key_file",), lacks=("authorized_keys",)),
    Row(C.SUDO_REFUSED, V.WRONG_PASSWORD, ("ansible_become_password",)),
    Row(C.NOT_OBSERVED, V.NO_FOLDER, ("ansible_remote_tmp",)),
    Row(C.HOST_KEY_UNKNOWN, None, ("`iot-https host-keys`",)),
    Row(C.HOST_KEY_CHANGED, V.KEY_REPLACED, (), lacks=("swapped",)),
    Row(C.HOST_KEY_CHANGED, V.KEY_SWAPPED, ("see whether addresses were swapped",)),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.code.name}, {row.variant}")
def test_a_remedy_names_what_helps(row: Row) -> None:
    remedy = CATALOGUE[row.code].remedy_of(row.variant)
    assert [each for each in row.names if each not in remedy] == []
    assert [each for each in row.lacks if each in remedy] == []
