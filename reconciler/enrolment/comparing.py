"""Which host keys may be trusted: known ones, those whose fingerprint was given, and those that a person is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ..connections.ssh_presented import Presented
from .endings import Ending, EnrolmentEnd
from .prospect import Prospect


def refused(
    prospects: Sequence[Prospect], fingerprints: Mapping[str, str], *, nobody_asked: bool
) -> Mapping[str, EnrolmentEnd]:
    """Return the boxes, by name, whose host key is not to be trusted.

    Args:
        fingerprints: that were compared beforehand, by box.
        nobody_asked: no person is going to compare what is shown; then only those count.
    """
    shown = {each.name: each.presented for each in prospects if each.presented is not None}
    times = Counter(each.key for each in shown.values())
    found = {}
    for name, key in shown.items():
        sharing = [other for other, each in shown.items() if each.key == key.key and other != name]
        why = _why(name, key, sharing if times[key.key] > 1 else [], fingerprints.get(name))
        if why is None and nobody_asked and name not in fingerprints:
            why = EnrolmentEnd(name, Ending.HOST_KEY_NOT_COMPARED, _values(key))
        if why is not None:
            found[name] = why
    return found


def _why(name: str, key: Presented, sharing: Sequence[str], given: str | None) -> EnrolmentEnd | None:
    values = _values(key)
    if given is not None and given != key.fingerprint:
        return EnrolmentEnd(name, Ending.FINGERPRINT_DIFFERS, {**values, "given": given})
    if key.owners:
        return EnrolmentEnd(name, Ending.HOST_KEY_OF_ANOTHER, {**values, "owners": ", ".join(key.owners[:3])})
    if sharing:
        return EnrolmentEnd(name, Ending.HOST_KEY_SHARED, {**values, "owners": ", ".join(sharing[:3])})
    return None if key.can_be_written else EnrolmentEnd(name, Ending.NAME_UNFIT)


def _values(key: Presented) -> dict[str, str]:
    return {"address": key.address, "fingerprint": key.fingerprint}
