"""A path is walked in two ways, fast where nothing is in between: both lead to the same place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from iotbox_simulator.machine import mounts
from iotbox_simulator.machine.inode import Inode
from iotbox_simulator.machine.mounts import ROOT, Credentials, WalkEnd

from ...support import runs

PI = Credentials(1000, (1000,))
STRANGER = Credentials(1234, (1234,))
LONG = f"/{'x' * 256}"
ODD = ("/", "//", "", "etc/passwd", "/etc/", "/etc/hosts/", "/etc/../home", "/./etc//hosts", "/no/such", LONG)
MADE_ANEW = ("/proc", "/sys")


def paths(inode: Inode, at: str = "") -> Iterator[str]:
    for name, child in inode.entries.items():
        yield f"{at}/{name}"
        yield f"{at}/{name}/below"
        yield from paths(child, f"{at}/{name}")


def walked(namespace: mounts.Namespace, path: str, credentials: Credentials, *, follow: bool) -> WalkEnd | str:
    try:
        return namespace.walk(path, credentials, follow=follow, careful=credentials is ROOT)
    except OSError as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("follow", [True, False])
@pytest.mark.parametrize("credentials", [ROOT, PI, STRANGER], ids=["root", "pi", "stranger"])
def test_a_straight_walk_leads_where_every_walk_does(
    monkeypatch: pytest.MonkeyPatch, credentials: Credentials, *, follow: bool
) -> None:
    namespace = runs.managed("ro_ini").box.storage.host
    below = [path for each in namespace.mounts.values() for path in paths(each.top, each.point.rstrip("/"))]
    tried = [*ODD, *(path for path in below if not path.startswith(MADE_ANEW))]
    fast = [walked(namespace, path, credentials, follow=follow) for path in tried]
    straight = [mounts._straight(namespace.mounts, path, credentials, follow=follow) for path in tried]
    monkeypatch.setattr(mounts, "_straight", lambda *_, **__: None)
    assert fast == [walked(namespace, path, credentials, follow=follow) for path in tried]
    assert sum(place is not None for place in straight) > len(tried) // 3, "hardly any of these was straight"


def test_proc_is_walked_as_it_is_now() -> None:
    box = runs.managed("ro_ini").box
    before = box.host.read("/proc/uptime")
    box.sleep(10)
    assert box.host.read("/proc/uptime") != before
    box.storage.make_read_only(cups=False)
    assert b" / ext4 ro," in box.host.read("/proc/mounts")
    box.storage.make_writable()
    assert b" / ext4 rw," in box.host.read("/proc/mounts")
