"""Release a version: `python -m tools.release VERSION [--check]`, from a clean checkout of main.

All is made in a worktree of its own: changelog, version, commit, then every file for users from that commit. Only when
all of it is there do dist/VERSION, main and the tag follow, in this order. So a release that ends in the middle has
changed nothing, or is completed by the same command. Nothing is pushed; what to type for that is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tools import versions

ROOT = Path(__file__).resolve().parent.parent
BRANCH = "main"
SUMS = "SHA256SUMS"
BIN = Path(sys.executable).parent


class ReleaseError(Exception):
    """There is no release; the text says why, in one line."""


@dataclass(frozen=True)
class State:
    """What a release begins with.

    Args:
        changed: files that differ from the last commit, or that git does not know.
        tags: all tags.
        places: the version that stands in each file.
        released: versions in changelogs/changelog.yaml.
        fragments: how many changes are not released.
    """

    branch: str
    changed: tuple[str, ...]
    tags: frozenset[str]
    places: dict[str, str]
    released: tuple[str, ...]
    fragments: int

    def committed(self, version: str) -> bool:
        """Say whether the last commit is that of a version, as after a release that ended before its tag."""
        return version in self.released and set(self.places.values()) == {version} and not self.fragments


def tag_of(version: str) -> str:
    """Return the name of a version's tag."""
    return f"v{version}"


def state(root: Path) -> State:
    """Look at a checkout."""
    recorded = root / "changelogs/changelog.yaml"
    releases = yaml.safe_load(recorded.read_text(encoding="utf-8"))["releases"] if recorded.exists() else {}
    return State(
        branch=git(root, "branch", "--show-current"),
        changed=tuple(line[3:] for line in git(root, "status", "--porcelain").splitlines()),
        tags=frozenset(git(root, "tag").split()),
        places=versions.found(root),
        released=tuple(releases),
        fragments=len(list((root / "changelogs/fragments").glob("*.y*ml"))),
    )


def refusals(now: State, version: str) -> Iterator[str]:
    """Yield what keeps a version from being released."""
    try:
        number = versions.numbers(version)
    except ValueError as error:
        yield str(error)
        return
    if now.branch != BRANCH:
        yield f"a release is made from {BRANCH}, this is {now.branch or 'no branch'}"
    if now.changed:
        yield f"not committed: {', '.join(now.changed)}"
    if tag_of(version) in now.tags:
        yield f"{tag_of(version)} is there already: a version is released once"
    if len(set(now.places.values())) > 1:
        yield f"the version is not the same in {', '.join(f'{name} ({each})' for name, each in now.places.items())}"
    if now.committed(version):
        return
    if later := [each for each in now.released if versions.numbers(each) >= number]:
        yield f"{later[0]} is released already: a version comes after all before it"
    if not now.fragments:
        yield "changelogs/fragments has nothing to release"


Say = Callable[[str], None]


def release(root: Path, version: str, date: str, say: Say) -> Path:
    """Make a release, or complete one, and return the folder of its files.

    Args:
        date: the day of the release, as in 2026-01-31.

    Raises:
        ReleaseError: it is refused, or a step failed; the checkout is as it was, or has the commit without its tag.
    """
    now, folder = state(root), root / "dist" / version
    if found := list(refusals(now, version)):
        raise ReleaseError("; ".join(found))
    with worktree(root) as copy:
        if not now.committed(version):
            say(f"1. commit: changelog and version {version}")
            prepare(copy, version, date)
        commit = git(copy, "rev-parse", "HEAD")
        say(f"2. files for users, from {commit[:12]}")
        built = root / "dist" / f".{version}.partial"
        shutil.rmtree(built, ignore_errors=True)
        built.mkdir(parents=True)
        build(copy, built, version)
        shutil.rmtree(folder, ignore_errors=True)
        built.rename(folder)
    say(f"3. {BRANCH} and tag {tag_of(version)}")
    git(root, "merge", "--quiet", "--ff-only", commit)
    git(root, "tag", "--annotate", "--message", f"iot-https {version}", tag_of(version), commit)
    return folder


@contextmanager
def worktree(root: Path) -> Iterator[Path]:
    """Yield a checkout of the last commit in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="iot-https-release-") as folder:
        copy = Path(folder, "iot-https")
        git(root, "worktree", "prune")
        git(root, "worktree", "add", "--quiet", "--detach", str(copy), "HEAD")
        try:
            yield copy
        finally:
            git(root, "worktree", "remove", "--force", str(copy))


def prepare(copy: Path, version: str, date: str) -> None:
    """Commit the version and what it brings."""
    versions.put(copy, version)
    run(copy, sys.executable, "-m", "antsibull_changelog", "release", "--version", version, "--date", date)
    run(copy, sys.executable, "tools/generate_changelog.py")
    git(copy, "add", "--all")
    git(copy, "commit", "--quiet", "--no-verify", "--message", f"Release {version}")


def build(copy: Path, into: Path, version: str) -> None:
    """Write all that a version consists of into a folder, each by the tool that its commit has."""
    moment = git(copy, "show", "--no-patch", "--format=%ct", "HEAD")
    run(copy, sys.executable, "-m", "tools.build_packages", str(into), SOURCE_DATE_EPOCH=moment)
    run(copy, sys.executable, "tools/collection/build.py", str(into))
    run(copy, sys.executable, "-m", "tools.sbom", str(into / f"iot-https-{version}.cdx.json"), SOURCE_DATE_EPOCH=moment)
    run(copy, sys.executable, "-m", "tools.licenses", str(into / "licenses.md"))
    shutil.copyfile(copy / "requirements/user.txt", into / "requirements.txt")
    files = sorted(path for path in into.iterdir() if path.is_file() and path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (into / SUMS).write_text("".join(lines), encoding="utf-8")


def git(root: Path, *words: str) -> str:
    """Run git, and return what it printed.

    Raises:
        ReleaseError: it refused.
    """
    return run(root, "git", *words).rstrip("\n")


def run(folder: Path, *command: str, **environment: str) -> str:
    """Run a command, and return what it printed.

    Raises:
        ReleaseError: it failed; its last line tells why.
    """
    surroundings = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **environment}
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()
        raise ReleaseError(f"{' '.join(Path(word).name for word in command[:4])}: {said[-1]}")
    return done.stdout


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Release, or say what it would take."""
    parser = argparse.ArgumentParser(prog="release", description="release a version of iot-https")
    parser.add_argument("version", metavar="VERSION")
    parser.add_argument("--check", action="store_true", help="say what would be refused or done, and do nothing")
    parser.add_argument("--date", help="the day of the release, today by default", default=_today())
    options = parser.parse_args(arguments)
    try:
        if options.check:
            return _check(root, options.version)
        folder = release(root, options.version, options.date, lambda line: print(line, flush=True))
    except ReleaseError as error:
        print(f"no release: {error}", file=sys.stderr)
        return 1
    print(f"\n{folder.relative_to(root)}/\n{(folder / SUMS).read_text(encoding='utf-8')}")
    print(f"Nothing has been pushed. To publish it:\n\n  git push --atomic origin {BRANCH} {tag_of(options.version)}")
    return 0


def _check(root: Path, version: str) -> int:
    now = state(root)
    if found := list(refusals(now, version)):
        print(*(f"refused: {line}" for line in found), sep="\n")
        return 1
    todo = "tag of the last commit" if now.committed(version) else f"{now.fragments} fragments, commit, tag"
    print(f"{version} can be released: {todo}; files into dist/{version}")
    return 0


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
