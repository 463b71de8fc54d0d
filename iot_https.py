"""Where the command `iot-https` and `python -m iot_https` begin, since `reconciler` may be another project's package.

The package beside this file is taken, whatever is in the working directory or on PYTHONPATH.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

DISTRIBUTION = "iot-https"
PACKAGE = "reconciler"
HERE = Path(__file__).resolve().parent
CANNOT = 1
"""Exit status: the job could not be done (reconciler/model/status.py, which may be out of reach here)."""


class NotOurs(Exception):
    """The package beside this file is missing, or is another project's; the text says so and names the way out."""


def main() -> int:
    """Run the command and return its exit status."""
    try:
        claim()
    except NotOurs as error:
        sys.stderr.write(f"{DISTRIBUTION}: {error}\n")
        return CANNOT
    from reconciler.cli import main as command

    return command()


def become(module: str) -> None:
    """Run another program of ours as `python -m` does, with the right package."""
    import runpy

    claim()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def claim(folder: Path = HERE) -> None:
    """Import the package from a folder, so that every later import finds this one.

    Raises:
        NotOurs: it is another project's, or is gone.
    """
    loaded = sys.modules.get(PACKAGE)
    if loaded is not None and getattr(loaded, "DISTRIBUTION", None) == DISTRIBUTION:
        return
    spec = PathFinder.find_spec(PACKAGE, [str(folder)])
    if spec is None or spec.loader is None:
        raise NotOurs(f"its package {PACKAGE} is gone from {folder}: install {DISTRIBUTION} again, {_apart()}")
    module = module_from_spec(spec)
    sys.modules[PACKAGE] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise NotOurs(_belongs(folder)) from error
    if getattr(module, "DISTRIBUTION", None) != DISTRIBUTION:
        raise NotOurs(_belongs(folder))


def _belongs(folder: Path) -> str:
    from importlib.metadata import packages_distributions

    owners = sorted(set(packages_distributions().get(PACKAGE, ())) - {DISTRIBUTION})
    whose = f"the project {' and '.join(owners)}" if owners else "another project"
    return f"the package {PACKAGE} in {folder} belongs to {whose}: install {DISTRIBUTION} {_apart()}"


def _apart() -> str:
    return f"in an environment of its own, as pipx install {DISTRIBUTION} makes it"


if __name__ == "__main__":
    sys.exit(main())
