"""One target in a process of its own: `python -m fuzz.child TARGET CORPUS -OPTION=VALUE...`, options of libFuzzer."""

from __future__ import annotations

import importlib
import sys


def main() -> None:
    """Instrument the package, then hand the process over to the fuzzer, which ends it."""
    import atheris

    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["reconciler"]):
        target = importlib.import_module("fuzz.registry").load(name)
    # What is made once, keys and tables of Ansible among it, must not count as the time of an input.
    for seed in target.seeds():
        target.one_input(seed)
    atheris.Setup(sys.argv, target.one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
