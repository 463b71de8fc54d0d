"""Whom a machine trusts with TLS: its own authorities and one file more, if nobody but root can exchange it."""

from __future__ import annotations

import os
import shutil
import ssl
from pathlib import Path

import pytest

from reconciler.machine.guarded import ForeignFile
from reconciler.machine.posix.trust import trusting_context
from tests.support.trusted import bundle, ca_file

__all__ = ["bundle", "ca_file"]


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
def test_a_ca_file_that_is_none_is_named(tmp_path: Path, bundle: str, content: bytes | None) -> None:
    path = tmp_path / "mine.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OSError, match=r"mine\.pem"):
        trusting_context(str(path), bundle)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give folders away")
def test_a_ca_file_that_others_may_exchange_is_refused(tmp_path: Path, bundle: str, ca_file: str) -> None:
    folder = tmp_path / "of-pi"
    folder.mkdir()
    copied = str(shutil.copy(ca_file, folder))
    trusting_context(copied, bundle)
    os.chown(folder, 1000, 1000)
    with pytest.raises(ForeignFile, match="others than root may put another file there"):
        trusting_context(copied, bundle)


def test_a_pipe_in_the_place_of_what_is_trusted_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "bundle.pem")
    with pytest.raises(OSError, match=r"bundle\.pem"):
        trusting_context(None, str(tmp_path / "bundle.pem"))


def test_without_a_bundle_the_place_openssl_was_built_for_is_used(
    tmp_path: Path, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_in = ssl.get_default_verify_paths()._replace(openssl_cafile=bundle)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: built_in)
    context = trusting_context(bundle=str(tmp_path / "absent"))
    assert [ca["subject"] for ca in context.get_ca_certs()] == [((("commonName", "Somebody else"),),)]


def test_nothing_to_trust_is_an_error(tmp_path: Path, ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = str(tmp_path / "absent")
    built_in = ssl.get_default_verify_paths()._replace(openssl_cafile=absent, openssl_capath=absent)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: built_in)
    with pytest.raises(OSError, match="no trusted certificate authorities"):
        trusting_context(bundle=absent)
    assert len(trusting_context(ca_file, absent).get_ca_certs()) == 1


def test_a_context_verifies_chain_and_name_from_tls_1_2_on(bundle: str) -> None:
    context = trusting_context(bundle=bundle)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
