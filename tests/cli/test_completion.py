"""What is shipped completes the command in a real shell, and its man page is one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from reconciler.cli import completion, main
from reconciler.cli.arguments import family
from reconciler.cli.parser import VERBS, make_parser

SHARE = Path(__file__).parents[2] / "share"
MAN = SHARE / "man/man1/iot-https.1"
BASH = """\
source "$1"
COMP_LINE="$2"
read -ra COMP_WORDS <<< "$2"
[[ $2 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_POINT=${#COMP_LINE}
function_of_it=$(complete -p iot-https | sed 's/.*-F \\([^ ]*\\).*/\\1/')
"$function_of_it"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def in_bash(line: str) -> set[str]:
    """Return what bash offers at the end of a line."""
    script = SHARE / completion.SHELLS["bash"]
    done = subprocess.run(
        ["bash", "--norc", "-c", BASH, "bash", str(script), line],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=SHARE,
    )
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_what_is_printed_is_what_is_shipped(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert capsys.readouterr().out == (SHARE / completion.SHELLS[shell]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("iot-https ", {verb.name for verb in VERBS}),
        ("iot-https ch", {"check"}),
        ("iot-https check --list", {"--list-hosts"}),
        ("iot-https check -v till-1 --jit", {"--jitter"}),
        ("iot-https check --output ", {"text", "json"}),
        ("iot-https check -i ma", {"man"}),
        ("iot-https explain IOT_HTTPS_EXP", {"IOT_HTTPS_EXPIRED"}),
        ("iot-https explain IOT_HTTPS_EXPIRED IOT_HTTPS_KEY_MIS", {"IOT_HTTPS_KEY_MISMATCH", "IOT_HTTPS_KEY_MISSING"}),
        ("iot-https schedule ", {"install", "rehearse", "show", "remove"}),
        ("iot-https schedule install --verb d", {"diagnose"}),
        ("iot-https completion z", {"zsh"}),
    ],
)
def test_bash_offers_what_fits(line: str, offered: set[str]) -> None:
    assert in_bash(line) == offered


@pytest.mark.parametrize("shell", [each for each in completion.SHELLS if shutil.which(each)])
def test_a_shell_that_is_here_reads_its_own(shell: str) -> None:
    script = str(SHARE / completion.SHELLS[shell])
    done = subprocess.run([shell, "-n", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_each_shell_is_told_every_verb_and_option(shell: str) -> None:
    text = (SHARE / completion.SHELLS[shell]).read_text(encoding="utf-8")
    options = {name for parser in family(make_parser()) for name in parser._option_string_actions if name[:2] == "--"}
    # fish names them without dashes
    assert [name for name in options if (name[2:] if shell == "fish" else name) not in text] == []
    assert [verb.name for verb in VERBS if verb.name not in text] == []


def test_the_man_page_names_every_option_and_verb() -> None:
    plain = MAN.read_text(encoding="utf-8").replace("\\-", "-")
    options = {name for parser in family(make_parser()) for name in parser._option_string_actions}
    assert [name for name in options - {"-h", "--help"} if f"\\fB{name}\\fR" not in plain and name != "--version"] == []
    assert [verb.name for verb in VERBS if f"\n.B iot-https {verb.name}\n" not in plain] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff here")
def test_the_man_page_is_one_without_a_warning() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-z", str(MAN)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
