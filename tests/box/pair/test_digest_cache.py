"""What follows from contents alone is found once."""

from __future__ import annotations

import pytest

from reconciler.box.pair import digest_cache, trial
from reconciler.box.pair.digest_cache import DigestCache
from reconciler.box.pair.parse import PemPair, parse_pair
from reconciler.model.observed import ChainState

from ...support import runs


class Asked:
    """Answers with a length, and remembers what it was asked about."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []
        self.cache: DigestCache[int] = DigestCache()

    def length(self, content: bytes) -> int:
        def find() -> int:
            self.contents.append(content)
            return len(content)

        return self.cache.answer((content,), find)


def test_the_same_contents_are_asked_about_once() -> None:
    asked = Asked()
    assert [asked.length(content) for content in (b"one", b"one", b"other")] == [3, 3, 5]
    assert asked.contents == [b"one", b"other"]


def test_contents_that_are_divided_otherwise_are_others() -> None:
    cache: DigestCache[str] = DigestCache()
    assert cache.answer((b"ab", b"c"), lambda: "first") == "first"
    assert cache.answer((b"a", b"bc"), lambda: "second") == "second"


def test_an_error_is_not_kept() -> None:
    cache: DigestCache[str] = DigestCache()

    def fails() -> str:
        raise OSError("not now")

    with pytest.raises(OSError, match="not now"):
        cache.answer((b"content",), fails)
    assert cache.answer((b"content",), lambda: "found") == "found"


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest_cache, "_MOST", 3)
    asked = Asked()
    for number in range(10):
        asked.length(bytes(number))
    assert len(asked.contents) == 10
    assert len(asked.cache._answers) <= 3


def test_a_run_tries_each_pair_on_a_client_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two copies of it, and looks before and after the repairs: each trial reads the whole trust store."""
    fleet = runs.due("ro_ini")
    new = runs.renewed(fleet)
    tried: list[str] = []
    attempt = trial._try

    def counted(pair: PemPair, certificate_pem: bytes, roots_pem: bytes, name: str) -> trial.Trial:
        tried.append(pair.leaf.fingerprint)
        return attempt(pair, certificate_pem, roots_pem, name)

    monkeypatch.setattr(trial, "_TRIALS", DigestCache())
    monkeypatch.setattr(trial, "_try", counted)
    old = runs.leaf_of(fleet.box, "")
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert fleet.box.host.read("/etc/ssl/certs/nginx-cert.crt").decode() == new.certificate_pem
    assert tried == [old, runs.leaf_of(fleet.box, "")]


def test_another_trust_store_is_another_trial() -> None:
    pair = runs.renewed(runs.managed("ro_ini"))
    parsed = parse_pair(pair.certificate_pem.encode(), pair.private_key_pem.encode())
    name = runs.SUBJECT.replace("*", "10-0-0-1")
    assert trial.try_on_client(parsed, runs.CA.root_pem.encode(), name)[0] is ChainState.OK
    assert trial.try_on_client(parsed, b"", name)[0] is not ChainState.OK
