"""What people type out of habit, from Ansible and other tools, and our word for it: a row each.

What stands here is not taken, because it would promise what is not there; what could be taken is an option.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Habit:
    """One thing that is called otherwise here.

    Args:
        words: what is typed.
        answer: what is here instead.
        command: a command line that does it.
        verbs: where this is so; empty for every verb that is given boxes.
    """

    words: tuple[str, ...]
    answer: str
    command: str
    verbs: tuple[str, ...] = ()

    def reply(self, word: str) -> str:
        """Return the line that somebody reads who typed this word."""
        return f"{word}: {self.answer}: `{self.command}`"


_NO_TASKS: Final = "there are no tasks here; a check shows what would be changed on each box"

OPTIONS: Final = (
    Habit(
        ("-C", "--check", "--dry-run"),
        "nothing is changed anyway; each change that a reconcile would make is shown by --diff",
        "iot-https check --diff",
        verbs=("check", "diagnose"),
    ),
    Habit(("-n", "--noop"), "what a reconcile would do is shown by --check", "iot-https reconcile --check"),
    Habit(
        ("-t", "--tags", "--skip-tags"),
        "there are no tags here; what a variable declares is kept, what it does not is left alone",
        "iot-https check --diff",
    ),
    Habit(
        ("--syntax-check", "--validate"),
        "the inventory is read, and no box connected to, by --list-hosts",
        "iot-https check --list-hosts",
    ),
    Habit(
        ("--step", "--start-at-task", "--list-tasks", "--list-tags", "--force-handlers"),
        _NO_TASKS,
        "iot-https check --diff",
    ),
    Habit(
        ("-o", "--one-line", "--short"),
        "a check prints one line for each box; --quiet leaves out those in sync",
        "iot-https check --quiet",
    ),
    Habit(("--json", "--format", "--pretty"), "the format is chosen with --output", "iot-https check --output json"),
    Habit(("--fix", "--repair", "--apply", "--renew"), "boxes are repaired by reconcile", "iot-https reconcile"),
    Habit(
        ("--force", "--auto-approve", "--assume-yes", "--no-confirm"),
        "--yes leaves out the question; what protects a wrong box stays",
        "iot-https reconcile --yes",
    ),
    Habit(
        ("--serial", "--batch", "--percentage"),
        "how many boxes may be changed is bounded by --max-changed",
        "iot-https reconcile --max-changed 5",
    ),
    Habit(
        ("-T", "--timeout"),
        "how long connecting may take is a variable; how long a box may take is --deadline",
        "iot-https check -e ansible_timeout=30",
    ),
    Habit(("--task-timeout",), "how long a box may take is --deadline", "iot-https check --deadline 240"),
    Habit(
        ("--ssh-common-args", "--ssh-extra-args", "--ssh-args"),
        "arguments of ssh are variables",
        "iot-https check -e ansible_ssh_common_args='-o ProxyJump=gateway'",
    ),
    Habit(
        ("--sftp-extra-args", "--scp-extra-args"),
        "no file is copied to a box; arguments of ssh are variables",
        "iot-https check -e ansible_ssh_common_args='-o ProxyJump=gateway'",
    ),
    Habit(
        ("-c",),
        "how a box is reached is a variable, ssh or local",
        "iot-https check -e iot_https_connection=ssh",
    ),
    Habit(
        ("--become-user", "--become-method"),
        "boxes are worked on as root, by sudo",
        "iot-https check --become",
    ),
    Habit(
        ("--become-password-file", "--become-pass-file", "--connection-password-file", "--conn-pass-file"),
        "a password that is not asked for is a variable, such as ansible_become_password, in a vaulted file",
        "iot-https check -e @passwords.yml",
    ),
    Habit(
        ("-m", "--module-name", "-a", "--args", "-M", "--module-path", "-B", "--background", "-P", "--poll"),
        "modules are run by Ansible itself",
        "ansible all -m ansible.builtin.ping",
    ),
    Habit(
        ("--playbook-dir", "--flush-cache"),
        "nothing is remembered of a box and no playbook is read; the inventory is all",
        "iot-https check --list-hosts",
    ),
    Habit(
        ("--host", "--hosts", "-H", "--box", "--target"),
        "boxes and groups are named after the verb, without an option",
        "iot-https check hanoi-till-1 hanoi-till-2",
    ),
    Habit(("-s", "--silent"), "--quiet leaves out what is in sync", "iot-https check --quiet"),
    Habit(("--all", "-A"), "all boxes of the inventory are meant where none is named", "iot-https check"),
    Habit(
        ("--no-color", "--no-colour", "--color", "--colour"), "colours follow NO_COLOR", "NO_COLOR=1 iot-https check"
    ),
    Habit(("-V",), "the version is shown by --version", "iot-https --version"),
)
"""Options that no verb has, or none that they are typed for."""

VERBS: Final = (
    Habit(
        ("apply", "run", "repair", "fix", "deploy", "converge", "sync", "renew", "update", "up", "mend"),
        "boxes are repaired by reconcile, which shows a plan and asks",
        "iot-https reconcile",
    ),
    Habit(
        ("plan", "diff", "preview", "dry-run"),
        "what would be changed is shown by check, line by line with --diff",
        "iot-https check --diff",
    ),
    Habit(
        ("status", "verify", "test", "audit", "health", "show", "ping", "report"),
        "how boxes stand is shown by check",
        "iot-https check",
    ),
    Habit(
        ("list", "ls", "hosts", "boxes", "graph"),
        "the boxes of an inventory are listed by --list-hosts",
        "iot-https check --list-hosts",
    ),
    Habit(
        ("doctor", "why", "debug", "troubleshoot", "analyse", "analyze"),
        "why HTTPS does not work is explained by diagnose",
        "iot-https diagnose",
    ),
    Habit(
        ("find", "search", "scan", "network", "nmap", "detect"),
        "the boxes of a network are found by discover",
        "iot-https discover 192.168.1.0/24",
    ),
    Habit(("lint", "validate"), "an inventory is checked by inventory", "iot-https inventory lint"),
    Habit(("import", "csv"), "boxes of a CSV are added by inventory", "iot-https inventory import boxes.csv"),
    Habit(
        ("ssh-copy-id", "trust", "join", "password", "authorize"),
        "a key is let in on a box by enroll",
        "iot-https enroll hanoi-till-1",
    ),
    Habit(("take-over", "takeover", "learn"), "what boxes have becomes the desired state by adopt", "iot-https adopt"),
    Habit(
        ("logs", "log", "bundle", "sosreport", "support"),
        "the log of a box comes with support-bundle",
        "iot-https support-bundle hanoi-till-1",
    ),
    Habit(("code", "codes", "error", "errors"), "a code is explained by explain", "iot-https explain"),
    Habit(("keys", "known-hosts", "keyscan", "ssh-keyscan"), "host keys are added by host-keys", "iot-https host-keys"),
    Habit(
        ("init", "new", "create", "scaffold", "setup"),
        "a folder with an inventory and playbooks is written by project",
        "iot-https project init shops",
    ),
    Habit(("cron", "timer", "timers", "at"), "runs at fixed times are shown by schedule", "iot-https schedule show"),
    Habit(("simulate", "try", "simulator"), "a simulated fleet is run by demo", "iot-https demo"),
    Habit(("playbook", "play"), "playbooks are run by Ansible itself", "ansible-playbook iot_https.fleet.check"),
    Habit(("version",), "the version is shown by --version", "iot-https --version"),
)
"""Verbs of other tools."""
