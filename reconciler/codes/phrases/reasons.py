"""Why something could not be done or read: reasons of ours, which any sentence may hold in one of its places."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ON_THE_MACHINE: Final = {
    "at_path": "{path}: {why}",
    "did_not_end": "{program} did not end within {seconds:short} s and was killed",
    "foreign_link": "a link to {target}, in a folder that others than root may change",
    "foreign_hard_link": "a file with {names} names (hard links), in a folder that others than root may change",
    "foreign_place": "others than root may put another file there",
    "exchanged": "somebody exchanged it meanwhile",
    "no_plain_file": "Not a regular file",
    "longer_than": "Longer than {limit} bytes",
    "too_many_names": "Holds more than {limit} names",
    "holds_strange": "holds {name}, which this program never put there",
    "cannot_remount": "Cannot remount: {reason}",
    "ended_with": "exit status {exit_status}",
    "in_namespace": "{reason} (private mount namespace)",
    "no_authorities": "The box has no trusted certificate authorities",
    "no_certificate_in": "{path} holds no readable PEM certificate",
}
_ON_A_BOX: Final = {
    "page_names_no_box": "no page of this generation says which box it is",
    "no_account": "the box has no account {name}",
    "nginx_does_not_start": "nginx does not start: {reason:or no reason given}",
    "nm_does_not_reload": "NetworkManager does not reload: {reason:or no reason given}",
    "timer_not_set": "cannot set the timer that would wake Odoo: {reason:or no reason given}",
    "odoo_keeps_writing": "Odoo kept writing its files for {seconds:short} s; nothing was changed",
    "generations_full": "a thousand generations of this name exist",
    "no_server_given": "no DNS server is given; a box without one resolves nothing",
    "nm_needs_servers": "NetworkManager needs at least one DNS server, and addresses without a scope such as %eth0",
    "no_server_address": "{server} is not the address of a DNS server",
}
_OF_A_PAIR: Final = {
    "openssl_says": "{why} (OpenSSL: {reason})",
    "asks_for_password": "nginx would ask for a password that nobody types",
    "keys_differ": "the public keys differ",
    "keys_differ_and": "the public keys differ; {why}",
    "undecodable_certificate": "the certificate cannot be decoded",
    "undecodable_in_file": "a certificate in the file cannot be decoded",
    "undecodable_part": "a part of the certificate cannot be decoded",
    "undecodable_key": "the private key cannot be decoded",
    "pem_empty": "the file is empty",
    "pem_nul": "the file holds {count} NUL bytes and nothing else, as after a power cut",
    "pem_der": "the file is DER, nginx needs PEM",
    "pem_no_block": "the file holds no such PEM block",
    "pem_cr": "its lines end in CR alone, nginx needs LF or CR LF",
    "pem_joined": "two PEM blocks are joined without a line break (line {line})",
    "pem_indented": "a PEM block is indented (line {line})",
    "pem_text_before": "there is text before -----BEGIN on its line (line {line})",
    "pem_cut_off": "a PEM block has no END line: the file is cut off",
    "pem_headers": "there are headers inside a PEM block",
    "name_for_nobody": "the certificate's name is none that a client can ask for",
    "handshake_failed": "the handshake failed",
    "handshake_endless": "the handshake did not come to an end",
    "unknown_key_kind": "its key is of a kind that is not known",
    "key_too_long": "its key is longer than {bits} bits",
}
REASONS: Final[Mapping[str, str]] = MappingProxyType({**_ON_THE_MACHINE, **_ON_A_BOX, **_OF_A_PAIR})
