"""Write the bill of materials of what a user installs, in CycloneDX: `python -m tools.sbom FILE`.

It follows from requirements/user.txt and pyproject.toml alone, so that whoever makes it again gets the same bytes.
The time in it is SOURCE_DATE_EPOCH, where that is set; a release sets it to the time of its commit.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import licenses, lock, packages, pins
from tools.packages import Package

PYTHON = "iot-https:python"
"""The property with the versions of Python for which a package is installed."""


def bill(project: Mapping[str, Any], every: Sequence[Package], made: datetime | None) -> str:
    """Return the bill of materials of a project with its packages.

    Raises:
        ValueError: it is not what the schema of CycloneDX asks for.
    """
    bom = Bom(components=(components := {each.pin: _component(each) for each in every}).values())
    root = _root(project)
    bom.metadata.component = root
    bom.metadata.tools.components.add(this_component())
    bom.metadata.timestamp = made  # type: ignore[assignment] # optional in CycloneDX, not in the type of its setter
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_OID, f"{root.purl} {sorted(map(_name, every))}")
    wanted = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    bom.register_dependency(root, [each for pin, each in components.items() if pin.name in wanted])
    for package in every:
        bom.register_dependency(components[package.pin], [components[pin] for pin in _needed(package.needs.values())])
    text: str = JsonV1Dot6(bom).output_as_string(indent=2)
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"no CycloneDX: {error}")
    return text + "\n"


def _root(project: Mapping[str, Any]) -> Component:
    purl = PackageURL("pypi", name=project["name"], version=project["version"])
    return Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=purl.to_string(),
        purl=purl,
        description=project["description"],
        licenses=_licenses(project["license"]),
    )


def _component(package: Package) -> Component:
    purl = PackageURL("pypi", name=package.pin.name, version=package.pin.version)
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=each.rpartition(":")[2]) for each in package.pin.hashes]
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(purl.to_string()),
        comment="the files from which it may be installed",
        hashes=hashes,
    )
    return Component(
        name=package.pin.name,
        version=package.pin.version,
        bom_ref=purl.to_string(),
        purl=purl,
        description=package.summary or None,
        licenses=_licenses(package.license),
        external_references=[files],
        properties=[Property(name=PYTHON, value=", ".join(package.pythons))],
    )


def _licenses(expression: str) -> Iterator[License]:
    if expression:
        yield LicenseFactory().make_from_string(expression)


def _needed(each_python: Iterable[Sequence[pins.Pin]]) -> list[pins.Pin]:
    return sorted({pin for needs in each_python for pin in needs}, key=lambda pin: (pin.name, pin.version))


def _name(package: Package) -> str:
    return f"{package.pin.name}=={package.pin.version}"


def main(arguments: list[str]) -> int:
    """Write the bill; refuse it where a licence is not allowed, since it would be published."""
    every = packages.of_lock("user")
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    made = datetime.fromtimestamp(int(epoch), UTC) if epoch else None
    text = bill(lock.project()["project"], every, made)
    if found := licenses.refused(every):
        raise SystemExit("\n".join(found))
    for name in arguments:
        Path(name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
