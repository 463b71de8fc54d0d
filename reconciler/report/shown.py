"""What stands as evidence beside each code, for whoever reads about a code before meeting it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..codes import CodeName

C = CodeName
_LEAF: Final = (
    "the name in the certificate, or the intermediate above it, and when it ends, or ended, with the days in between"
)
_FILE: Final = "the path and the reason that the system gives"
_ADDRESS: Final = "address and port, and what happened to the connection"
_DNS: Final = (
    "the box's name and address, and what each server answered, with what public DNS answers where it was asked"
)

EVIDENCE: Final[Mapping[CodeName, str]] = MappingProxyType(
    {
        C.CHECK_NO_SERVER: "that no server is stored on the box, and which one it should be",
        C.CHECK_CERT_READ_EXCEPTION: _FILE,
        C.LOAD_NO_CREDENTIAL: "that no database UUID is stored, and whether the inventory gives one; never the value",
        C.LOAD_REQUEST_EXCEPTION: "the host, and what happened: no name, no connection, no answer in time",
        C.LOAD_REQUEST_STATUS: "the 3-digit status and its words, and whether the front page is down as well",
        C.LOAD_REQUEST_NO_RESULT: "the refusal in Odoo's own words, and the line of the box's log that says the same",
        C.UNSUPPORTED_LAYOUT: "which of the vendor's files is missing or unknown",
        C.UNSUPPORTED_PYTHON: "the version of Python on the box",
        C.WRONG_BOX: "the serial number that the box shows, the one that it should; beside it, whose it is",
        C.ACCESS_POINT_MODE: "the address of the box",
        C.WRONG_CLOCK: "by how much the clock is off and to which side, and whether network time is on",
        C.DISK_FULL: "the place and the space that is left there",
        C.FOREIGN_LINK: "each path with where its link leads, or how many names its file has",
        C.RESOLVERS_DIFFER: "the DNS servers that the box asks, and those that it should",
        C.RESOLVERS_NOT_PERSISTED: "the DNS servers that the next restart brings back",
        C.RESOLVERS_DO_NOT_WORK: "the DNS servers, the name that was looked up, and what came of it",
        C.RESOLVER_OWNER_UNSUPPORTED: "the DNS servers, and which program writes /etc/resolv.conf",
        C.STORE_UNREADABLE: _FILE,
        C.STORE_MALFORMED: "the path, the line and what is wrong with it",
        C.STORE_WARNING: "the path and what is read otherwise than it looks",
        C.LINKED_ELSEWHERE: "the server, or what of the database is not its customer's; beside it, whose that is",
        C.SERVER_DIFFERS: "the server on the box and the one that it should have",
        C.DB_NAME_DIFFERS: "the name on the box and the one that it should have",
        C.CREDENTIALS_DIFFER: "which of UUID and contract differ; never the values",
        C.DATABASE_UNREACHABLE: "the host of the database, and what happened to the connection",
        C.DATABASE_COPIED: "the addresses that the inventory gives to databases of the same UUID; never the UUID",
        C.DATABASE_FOR_TESTS: "the address, and what in it says so",
        C.CERTIFICATE_MISSING: "the path",
        C.CERTIFICATE_MALFORMED: "what is wrong with the file: empty, cut off, of another format",
        C.KEY_MISSING: "the path",
        C.KEY_UNREADABLE: _FILE,
        C.KEY_MALFORMED: "what is wrong with the file; never anything of the key",
        C.KEY_ENCRYPTED: "that the key is encrypted",
        C.KEY_MISMATCH: "that the public keys differ",
        C.TEMPORARY_CERTIFICATE: "the name in the certificate",
        C.EXPIRED: _LEAF,
        C.NOT_YET_VALID: "the name in the certificate and when it begins",
        C.RENEWAL_OVERDUE: _LEAF,
        C.RENEWAL_DUE: _LEAF,
        C.CERTIFICATE_REFUSED: "the issuer, and why a client refuses it",
        C.CHAIN_INCOMPLETE: "the issuer, and what a client on the box says of the chain",
        C.CHAIN_UNTRUSTED: "the issuer, and what a client on the box says of the chain",
        C.CERTIFICATE_WITHOUT_CN: "the name in the certificate and the branch, and until when the one in place serves",
        C.SUBJECT_MISMATCH: "the name that is stored and the one in the certificate",
        C.NOT_PERSISTED: "which pair the next restart brings back",
        C.NOT_SERVED: "the fingerprints of both certificates, or why there was no handshake",
        C.NOT_RENEWABLE: "the file or folder that Odoo's user cannot write, with mode and owner",
        C.KEY_EXPOSED: "the path of the key",
        C.NOTHING_NEWER: "when the authority was asked",
        C.NGINX_CONFIG_BROKEN: "the complaint of nginx -t, with file and line",
        C.NGINX_OTHER_CERTIFICATE: "the certificate file, and the file and line of the configuration that name it",
        C.NGINX_DOWN: "what a connection to the HTTPS port on the box meets",
        C.ODOO_STOPPED: "that the process is stopped by a signal",
        C.ODOO_DOWN: "the port that does not answer",
        C.ODOO_OPTIONS: "each option with its value, and what it does to tills",
        C.ODOO_MANAGER_DEAD: "that the log tells of the thread's end, or how many threads are left",
        C.ODOO_RESTART_PENDING: "that an earlier run changed what is read only at a start",
        C.NOT_OBSERVED: "the part, and why it was not read",
        C.ANSWER_NOT_FROM_ODOO: "whose certificate came back and who issued it, or how the answer begins",
        C.ODOO_DOWN_AFTER_REPAIR: "the reason that the system gives, and when the reconcile was",
        C.REPAIR_FAILED: "the repair and the reason, and when the reconcile was",
        C.REPAIR_UNDONE: "what was tried and which test it did not pass, and when the reconcile was",
        C.BUSY: "the process that holds the lock",
        C.DEADLINE: "the time that was left and what would have needed more",
        C.ADDRESS_NOT_FOUND: "the host name and what the resolver says",
        C.CONNECTION_REFUSED: _ADDRESS,
        C.CONNECTION_TIMEOUT: _ADDRESS,
        C.AUTHENTICATION_FAILED: "the user, the keys that were offered and what the server accepts",
        C.HOST_KEY_CHANGED: "the name under which the key is known, and the fingerprint of the new one",
        C.HOST_KEY_UNKNOWN: "the name under which the key is looked for, and its fingerprint",
        C.JUMP_HOST_FAILED: "the jump host and what happened there",
        C.LOGIN_BLOCKED: "the user, and what was printed in place of an answer",
        C.SUDO_REFUSED: "what sudo says",
        C.PYTHON_MISSING: "what the shell says",
        C.REPLY_CUT_OFF: "how far the answer came",
        C.CONNECTION_FAILED: _ADDRESS,
        C.HTTPS_UNREACHABLE: "the port and what happened to the connection",
        C.OTHER_CERTIFICATE_OUTSIDE: "the port, and whom the certificate names that came back",
        C.HTTPS_UNTRUSTED: "the name that was asked for and why the certificate is not accepted",
        C.HOMEPAGE_UNREACHABLE: "the port and what happened to the connection",
        C.NAME_NOT_RESOLVED: "the name and the address to which it should lead",
        C.NAME_LEADS_ELSEWHERE: "the name, the address to which it leads and the one to which it should",
        C.CLIENT_DNS_REBIND: _DNS,
        C.CLIENT_DNS_OUTAGE: _DNS,
        C.CLIENT_DNS_STALE: _DNS,
        C.CLIENT_DNS_WRONG: _DNS,
        C.CLIENT_DNS_UNKNOWN_NAME: _DNS,
    }
)
