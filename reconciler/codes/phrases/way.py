"""What may be seen on the way to a box. One way goes through several servers, so its codes share these sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

IN_PLACE_OF_A_REPLY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_reply": "the box program did not answer:",
        "nothing_printed": "nothing was printed",
        "flooded": "more came from it, or was announced, than any reply needs",
        "printed_too_much": "more came from it than any reply needs",
        "ended_by_signal": "it was ended by signal {signal}",
        "ran_too_long": "it ran longer than {seconds:whole} s",
        "exit_status": "exit status {exit_status}",
        "silent_end": "exit status {exit_status}, and nothing was printed",
        "printed_instead": "printed in place of an answer:",
    }
)
"""What came back where a program on the box was to answer."""

WAY: Final[Mapping[str, str]] = MappingProxyType(
    {
        **IN_PLACE_OF_A_REPLY,
        "failed": "{address}: {reason}",
        "settings": "the SSH settings cannot be used: {reason}",
        "no_host_name": "{host} cannot be a host name",
        "refuses": "{address} refuses connections",
        "no_answer": "{address}: there was no answer within {seconds:short} s",
        "no_ssh": "{address}: something accepted the connection and did not speak SSH within {seconds:short} s",
        "no_key_exchange": "{address}: the SSH server answered and did not finish the key exchange within "
        "{seconds:short} s",
        "no_login": "{address}: login began and did not end within {seconds:short} s",
        "dropped": "{address}: the connection was closed before an SSH server answered",
        "no_connection": "there was no connection",
        "at_jump_host": "jump host {jump_host}:",
        "no_forwarding": "the jump host does not forward to {address}: {reason:or it gives no reason}",
        "from_jump_host": "{address}, from the jump host: {reason:or it gives no reason}",
        "proxy_command": "the proxy command made no connection; it printed: {last:or nothing}",
        "unknown_key": "{address} shows {algorithm} {fingerprint}, and {name} is not known",
        "another_key": "{address} shows {algorithm} {fingerprint}, and {name} is known by another key ({places})",
        "key_of": "the key is that of {names} ({place})",
        "offered": "{login} was offered {files}",
        "offered_agent": "{login} was offered the agent's keys",
        "offered_password": "{login} was offered a password",
        "and_agent": ", the agent's keys",
        "and_password": ", a password",
        "offered_nothing": "{login} was offered nothing, there is no usable key",
        "key_file_missing": "{path} is not there",
        "key_file_unreadable": "{path} cannot be read: {reason}",
        "key_file_encrypted": "{path} is encrypted, and only an agent can use it (ssh-add {path})",
        "no_private_key": "{path} is not a private key: {reason}",
        "closed_at_login": "{login}: the server ended the connection during the login",
        "had_shown": "it had shown: {last}",
        "at": "{who}:",
        "no_session": "sshd opens no session for us: {reason}",
        "no_command": "the box's SSH server runs no command for us: {reason}",
        "wrong_password": "{who}: sudo does not accept the become password",
        "cut_off": "the connection ended after {size} bytes of the reply",
        "not_waited_for": "the run was ended without waiting for the program on the box",
        "no_program": "there is no {program} on this machine",
    }
)
