"""OpenSSL, as nginx uses it, judges a pair: the box program and the simulated nginx differ from it in no form."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from iotbox_simulator.machine.image import CERTIFICATE, KEY
from reconciler.box.pair.parse import BadPair, fingerprint_of, parse_pair
from reconciler.codes import CodeName

from ...support import runs
from ...support.handshake import presented
from ..table_faults import put
from .table_pem import FORMS, LOADED, REFUSED, Form, files

BY_TITLE = {form.title: form for form in FORMS}


def loaded_from_files(form: Form, folder: Path) -> ssl.SSLContext:
    """Load a pair as nginx does, from files on the disk."""
    certificate, key = files(form)
    (folder / "certificate").write_bytes(certificate)
    (folder / "key").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key", lambda: "another password")
    return context


def test_no_two_forms_have_one_title() -> None:
    assert len(BY_TITLE) == len(FORMS)


@pytest.mark.parametrize("title", BY_TITLE)
def test_a_form_is_judged_as_openssl_judges_it(title: str, tmp_path: Path) -> None:
    form = BY_TITLE[title]
    if form.problem is None:
        leaf = presented(loaded_from_files(form, tmp_path))
        assert parse_pair(*files(form)).leaf.fingerprint == fingerprint_of(leaf)
        return
    with pytest.raises(ssl.SSLError):
        loaded_from_files(form, tmp_path)
    with pytest.raises(BadPair) as caught:
        parse_pair(*files(form))
    assert caught.value.problem is form.problem
    assert form.why in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("title", BY_TITLE)
def test_the_simulated_nginx_takes_what_openssl_takes(title: str) -> None:
    form, fleet = BY_TITLE[title], runs.managed("rw_ini")
    for path, content in zip((CERTIFICATE, KEY), files(form), strict=True):
        put(path, content)(fleet)
    assert (fleet.box.nginx.test().status == 0) is (form.problem is None)


@pytest.mark.parametrize("form", LOADED, ids=lambda form: form.title)
def test_what_openssl_loads_is_not_called_malformed(form: Form) -> None:
    fleet = runs.managed("rw_ini")
    for path, content in zip((CERTIFICATE, KEY), files(form), strict=True):
        put(path, content)(fleet)
    found = {*runs.codes(runs.check(fleet.box))}
    assert found <= {CodeName.SUBJECT_MISMATCH, CodeName.NOT_SERVED, CodeName.CHAIN_INCOMPLETE}
    assert CodeName.NOT_SERVED in found


@pytest.mark.parametrize("form", REFUSED, ids=lambda form: form.title)
def test_what_openssl_refuses_is_named_and_replaced(form: Form) -> None:
    fleet = runs.managed("rw_ini")
    for path, content in zip((CERTIFICATE, KEY), files(form), strict=True):
        put(path, content)(fleet)
    found = runs.codes(runs.check(fleet.box))
    assert len({*found} & {CodeName.CERTIFICATE_MALFORMED, *_OF_THE_KEY}) == 1, found
    assert CodeName.CHAIN_UNTRUSTED not in found
    assert CodeName.NGINX_CONFIG_BROKEN not in found
    assert runs.codes(runs.reconcile(fleet.box)) == []
    fleet.box.reboot()
    assert runs.codes(runs.check(fleet.box)) == []


_OF_THE_KEY = (CodeName.KEY_MALFORMED, CodeName.KEY_MISMATCH, CodeName.KEY_ENCRYPTED)
