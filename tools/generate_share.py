"""Write share/: the man page, and what completes the command in shells; a package puts them where these look.

`generate_share.py` writes the files, `generate_share.py --check` only says whether they are up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from reconciler.cli import completion  # noqa: E402 - found above
from reconciler.cli.parser import make_parser  # noqa: E402
from tools.man_page import man_page  # noqa: E402

FOLDER = ROOT / "share"


def files() -> dict[str, str]:
    """Return the text of every file by its path below `share`."""
    scripts = {path: completion.script(shell, make_parser()) for shell, path in completion.SHELLS.items()}
    return {**scripts, "man/man1/iot-https.1": man_page(make_parser())}


def outdated() -> list[str]:
    """Return the paths of files that are missing, otherwise than they should be, or made by nobody."""
    wanted = files()
    there = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.is_file()
    }
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main(arguments: list[str]) -> int:
    """Write the files, or compare them."""
    if arguments == ["--check"]:
        for name in outdated():
            print(f"share/{name} is out of date: run {Path(__file__).name}", file=sys.stderr)
        return int(bool(outdated()))
    wanted = files()
    for name in set(outdated()) - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
