"""What people type out of habit, or misspell, is answered in one line with a command that works."""

from __future__ import annotations

import re
import shlex

import pytest

from reconciler.cli import habits, main
from reconciler.cli.arguments import Parser
from reconciler.cli.parser import VERBS, make_parser

RUNS = ("check", "reconcile", "diagnose")


def told(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line with which a command line is refused."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out, printed.err.count("\n")) == (1, "", 1)
    return printed.err.rstrip("\n")


def options_of(verb: str) -> set[str]:
    (verbs,) = [each for each in make_parser()._actions if isinstance(each.choices, dict)]
    assert isinstance(verbs.choices, dict)
    return set(verbs.choices[verb]._option_string_actions)


OPTION_ROWS = [(word, habit) for habit in habits.OPTIONS for word in habit.words]
VERB_ROWS = [(word, habit) for habit in habits.VERBS for word in habit.words]


@pytest.mark.parametrize(("word", "habit"), OPTION_ROWS, ids=[word for word, _ in OPTION_ROWS])
def test_an_option_of_habit_is_answered(word: str, habit: habits.Habit, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in habit.verbs or RUNS:
        for typed in (word, f"{word}=value" if word.startswith("--") else f"{word}value"):
            assert told([verb, typed], capsys) == f"iot-https {verb}: {habit.reply(word)}"


@pytest.mark.parametrize(("word", "habit"), VERB_ROWS, ids=[word for word, _ in VERB_ROWS])
def test_a_verb_of_habit_is_answered(word: str, habit: habits.Habit, capsys: pytest.CaptureFixture[str]) -> None:
    assert told([word, "-i", "hosts.yml"], capsys) == f"iot-https: {habit.reply(word)}"


@pytest.mark.parametrize("habit", [*habits.OPTIONS, *habits.VERBS], ids=lambda habit: habit.words[0])
def test_the_command_of_an_answer_is_understood(habit: habits.Habit) -> None:
    words = [word for word in shlex.split(habit.command) if not re.match(r"[A-Z_]+=", word)]
    if words[0] == "iot-https" and words[1] != "--version":
        assert callable(make_parser().parse_args(words[1:]).run)
    else:
        assert words[0] in ("ansible", "ansible-playbook", "iot-https")


def test_nothing_that_is_answered_is_an_option_where_it_is_answered() -> None:
    assert not {word for word, habit in OPTION_ROWS for verb in habit.verbs or RUNS if word in options_of(verb)}
    assert not {word for word, _ in VERB_ROWS} & {verb.name for verb in VERBS}


def test_no_word_has_two_answers() -> None:
    assert len({word for word, _ in OPTION_ROWS}) == len(OPTION_ROWS)
    assert len({word for word, _ in VERB_ROWS}) == len(VERB_ROWS)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("chekc", "iot-https: no verb is called chekc: did you mean check?"),
        ("diag hanoi-till-1", "iot-https: no verb is called diag: did you mean diagnose?"),
        ("CHECK", "iot-https: no verb is called CHECK: did you mean check?"),
        ("frob", "iot-https: no verb is called frob: `iot-https --help` lists them"),
        ("iot_https_expired", "iot-https: a code is explained by explain: `iot-https explain iot_https_expired`"),
        ("schedule instal", "iot-https schedule: no action is called instal: did you mean install?"),
        ("check --dif", "iot-https check: no option is called --dif: did you mean --diff?"),
        ("check --frob=1", "iot-https check: no option is called --frob: `iot-https check --help` lists them"),
        (
            "check --vault x",
            "iot-https check: no option is called --vault: did you mean --vault-id, --vault-pass-file or ",
        ),
        ("diagnose --diff", "iot-https diagnose: --diff is an option of iot-https check and iot-https reconcile"),
        ("check --yes", "iot-https check: --yes is an option of iot-https reconcile, iot-https host-keys, "),
        (
            "check --max-chnaged 3",
            "iot-https check: no option is called --max-chnaged: did you mean --max-changed? --max-changed is an ",
        ),
        ("check --calendar daily", "iot-https check: --calendar is an option of iot-https schedule install"),
        ("check --version", "iot-https check: --version is an option of iot-https"),
        ("host-keys --check", "iot-https host-keys: --check is an option of iot-https reconcile"),
        ("--check", "iot-https: --check is an option of iot-https reconcile, and stands behind the verb"),
        ("-i hosts.yml check", "iot-https: -i is an option of iot-https check, iot-https reconcile, "),
        ("-v --limit=x check", "iot-https: --limit is an option of iot-https check, iot-https reconcile, "),
        ("-vi hosts.yml check", "iot-https: -i is an option of iot-https check, iot-https reconcile, "),
        (
            "schedule --calendar daily install",
            "iot-https schedule: --calendar is an option of iot-https schedule install",
        ),
        ("-x check", "iot-https: no option is called -x: `iot-https --help` lists them"),
        ("check -tb", "iot-https check: -t: there are no tags here;"),
        ("demo one.yml two.yml", "iot-https demo: there is no place for two.yml: `iot-https demo --help` shows"),
        (
            "inventory lint .",
            "iot-https inventory lint: there is no place for .: an inventory is named with -i, `-i .`",
        ),
        (
            "inventory lint nowhere",
            "iot-https inventory lint: there is no place for nowhere: `iot-https inventory lint ",
        ),
        (
            "support-bundle x --log-level dbug",
            "iot-https support-bundle: argument --log-level: dbug is not one of debug, ",
        ),
        ("check --output jsn", "iot-https check: argument --output: jsn is not one of text, json: did you mean json?"),
        ("check --output html", "iot-https check: argument --output: html is not one of text, json: choose one"),
    ],
)
def test_what_is_not_known_is_answered(line: str, answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(shlex.split(line), capsys).startswith(answer)


@pytest.mark.parametrize(
    "line", ["-v check", "check -v", "check -vvv", "check --debug", "--debug check", "check --verbose"]
)
def test_more_is_told_before_and_after_the_verb(line: str) -> None:
    assert make_parser().parse_args(line.split()).debug is True


def test_nothing_more_is_told_unasked() -> None:
    assert make_parser().parse_args(["check"]).debug is False


@pytest.mark.parametrize(
    "line",
    [
        "check a b -D -l x",
        "check a -D b -l x",
        "check -D a -l x b",
        "check -D -l x a b",
        "check a -l x b -D",
        "check -D -l x -- a b",
    ],
)
def test_patterns_may_stand_anywhere(line: str) -> None:
    meant = make_parser().parse_args(line.split())
    assert (sorted(meant.patterns), meant.diff, meant.limit) == (["a", "b"], True, "x")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("help", "usage: iot-https [-v] VERB"),
        ("help check", "usage: iot-https check "),
        ("help schedule install", "usage: iot-https schedule install "),
        ("check --help", "usage: iot-https check "),
        ("--version check", "iot-https "),
    ],
)
def test_help_is_given_as_it_is_asked_for(line: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(shown)


def test_help_of_what_is_no_verb_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(["help", "chekc"], capsys) == "iot-https: no verb is called chekc: did you mean check?"


def test_a_parser_of_its_own_is_its_whole() -> None:
    alone = Parser(prog="alone")
    assert alone.whole is alone
