"""The man page of the command, from its parser: for `generate_share.py`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping

from reconciler.cli.arguments import actions_of, groups_of, verbs_of
from reconciler.cli.parser import VERBS
from reconciler.cli.runs import RUNS
from reconciler.cli.verb import Verb
from reconciler.model.status import MEANINGS

DESCRIPTION = (
    "keeps HTTPS working on fleets of Odoo IoT boxes. One Ansible inventory says what each box should be. The command "
    "reports each difference with a code and a remedy, and repairs what software can repair. The result goes to "
    "standard output, everything else to standard error."
)
ENVIRONMENT: Mapping[str, str] = {
    "ANSIBLE_CONFIG, ANSIBLE_*": "what they are to Ansible, which reads the inventory and the settings of SSH.",
    "COLUMNS": "how wide texts are; the terminal decides where it is not set.",
    "NO_COLOR": "no colours.",
    "SSH_AUTH_SOCK": "the agent whose keys are offered to boxes.",
    "SSL_CERT_FILE": "authorities that the control machine trusts, where it asks www.odoo.com in place of boxes.",
    "XDG_STATE_HOME": "where the folder of runs is, ~/.local/state where it is not set.",
}
FILES: Mapping[str, str] = {
    "~/.local/state/iot-https/": (
        "what runs over an inventory leave for the next one: lock, journal, missed runs, a report that was lost."
    ),
    "ansible.cfg": "names the inventory where -i is not given.",
}


def man_page(parser: argparse.ArgumentParser) -> str:
    """Return the page in the macros of man(7), without date and version, so that the same command gives the same."""
    verbs = verbs_of(parser)
    parts = [
        '.TH IOT-HTTPS 1 "" "iot-https" "User Commands"\n.nh\n.ad l',
        ".SH NAME\niot\\-https \\- keep the HTTPS of Odoo IoT boxes as declared",
        ".SH SYNOPSIS",
        *(f".B iot\\-https {_text(verb.name)}\n{_text(verb.usage)}\n.br" for verb in VERBS),
        ".B iot\\-https \\-\\-version",
        f".SH DESCRIPTION\n.B iot\\-https\n{_text(DESCRIPTION)}",
        ".SH VERBS",
        *(_item(_bold(verb.name), f"{verb.summary}.") for verb in VERBS),
        *_runs(verbs),
        *(part for verb in VERBS if verb not in RUNS for part in _verb(verb, verbs[verb.name])),
        ".SH EXIT STATUS\nThat of check, reconcile and diagnose is a sum.",
        "That of the others is 0 or 1, where nothing else stands there.",
        *(_item(_bold(str(status)), f"{meaning}.") for status, meaning in MEANINGS.items()),
        ".SH ENVIRONMENT",
        *(_item(_bold(name), text) for name, text in ENVIRONMENT.items()),
        ".SH FILES",
        *(_item(_bold(name), text) for name, text in FILES.items()),
        ".SH EXAMPLES",
        *(_example(line, purpose) for verb in VERBS for line, purpose in verb.examples),
        ".SH SEE ALSO",
        ".BR ansible\\-inventory (1),\n.BR ansible\\-playbook (1),\n.BR ansible\\-vault (1),\n.BR ssh (1)",
    ]
    return "\n".join(parts) + "\n"


def _runs(verbs: Mapping[str, argparse.ArgumentParser]) -> Iterator[str]:
    """Describe what three verbs share once, then what each has for itself."""
    three = [verbs[verb.name] for verb in RUNS]
    shared = set.intersection(*(set(map(_name, actions_of(each))) for each in three))
    yield ".SH OPTIONS OF CHECK, RECONCILE AND DIAGNOSE"
    for title, group in groups_of(three[0]).items():
        actions = [each for each in group if _name(each) in shared]
        if actions and not _is_help(actions):
            yield f".SS {_text(title.capitalize())}"
            yield from map(_action, actions)
    for verb in RUNS:
        own = [each for each in actions_of(verbs[verb.name]) if _name(each) not in shared]
        yield f".SS Of {_text(verb.name)}"
        yield from map(_action, own)


def _verb(verb: Verb, parser: argparse.ArgumentParser, of: str = "iot-https") -> Iterator[str]:
    full = f"{of} {verb.name}"
    yield f".SH {_text(full.removeprefix('iot-https ').upper())}\n{_text(_sentence(verb.summary))}"
    if verb.more:
        yield f".PP\n{_text(verb.more)}"
    for name, one in verbs_of(parser).items():
        yield f".SS {_text(full)} {_text(name)}\n{_text(str(one.description))}"
        yield from _actions(one)
    yield from _actions(parser)


def _actions(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in actions_of(parser):
        if not isinstance(action.choices, dict) and not _is_help([action]):
            yield _action(action)


def _action(action: argparse.Action) -> str:
    metavar = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    value = "" if action.nargs == 0 else f" \\fI{_text(str(metavar))}\\fR"
    names = ", ".join(map(_bold, action.option_strings))
    shown = f"{names}{value}" if names else value.strip()
    return _item(shown, _sentence((action.help or "") % {**vars(action), "prog": "iot-https"}))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _item(head: str, text: str) -> str:
    return f".TP\n{head}\n{_text(text)}"


def _example(line: str, purpose: str) -> str:
    return f".TP\n{_text(_sentence(purpose))}\n.nf\n{_text(line)}\n.fi"


def _bold(text: str) -> str:
    return f"\\fB{_text(text)}\\fR"


def _text(text: str) -> str:
    """Return a text as roff takes it: a dash that can be copied, and nothing that begins a request."""
    escaped = (
        text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha").replace("`", "\\(ga")
    )
    escaped = escaped.replace("'", "\\(aq").replace('"', "\\(dq")
    return re.sub(r"^([.'])", r"\\&\1", "\n".join(line for line in escaped.splitlines() if line), flags=re.MULTILINE)


def _name(action: argparse.Action) -> str:
    return action.option_strings[0] if action.option_strings else action.dest


def _is_help(actions: Iterable[argparse.Action]) -> bool:
    return all(action.dest == "help" for action in actions)
