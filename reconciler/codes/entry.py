"""Names and shape of a finding code, apart from the texts, so that checks name codes without a typo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..model.result import FindingClass, Severity


class CodeName(StrEnum):
    """Every code once. Those with ERR are the vendor's and keep its meaning; ours never carry ERR."""

    CHECK_NO_SERVER = "ERR_IOT_HTTPS_CHECK_NO_SERVER"
    CHECK_CERT_READ_EXCEPTION = "ERR_IOT_HTTPS_CHECK_CERT_READ_EXCEPTION"
    LOAD_NO_CREDENTIAL = "ERR_IOT_HTTPS_LOAD_NO_CREDENTIAL"
    LOAD_REQUEST_EXCEPTION = "ERR_IOT_HTTPS_LOAD_REQUEST_EXCEPTION"
    LOAD_REQUEST_STATUS = "ERR_IOT_HTTPS_LOAD_REQUEST_STATUS"
    LOAD_REQUEST_NO_RESULT = "ERR_IOT_HTTPS_LOAD_REQUEST_NO_RESULT"

    UNSUPPORTED_LAYOUT = "IOT_HTTPS_UNSUPPORTED_LAYOUT"
    UNSUPPORTED_PYTHON = "IOT_HTTPS_UNSUPPORTED_PYTHON"
    WRONG_BOX = "IOT_HTTPS_WRONG_BOX"
    ACCESS_POINT_MODE = "IOT_HTTPS_ACCESS_POINT_MODE"
    WRONG_CLOCK = "IOT_HTTPS_WRONG_CLOCK"
    DISK_FULL = "IOT_HTTPS_DISK_FULL"
    FOREIGN_LINK = "IOT_HTTPS_FOREIGN_LINK"

    RESOLVERS_DIFFER = "IOT_HTTPS_RESOLVERS_DIFFER"
    RESOLVERS_NOT_PERSISTED = "IOT_HTTPS_RESOLVERS_NOT_PERSISTED"
    RESOLVERS_DO_NOT_WORK = "IOT_HTTPS_RESOLVERS_DO_NOT_WORK"
    RESOLVER_OWNER_UNSUPPORTED = "IOT_HTTPS_RESOLVER_OWNER_UNSUPPORTED"

    STORE_UNREADABLE = "IOT_HTTPS_STORE_UNREADABLE"
    STORE_MALFORMED = "IOT_HTTPS_STORE_MALFORMED"
    STORE_WARNING = "IOT_HTTPS_STORE_WARNING"
    LINKED_ELSEWHERE = "IOT_HTTPS_LINKED_ELSEWHERE"
    SERVER_DIFFERS = "IOT_HTTPS_SERVER_DIFFERS"
    DB_NAME_DIFFERS = "IOT_HTTPS_DB_NAME_DIFFERS"
    CREDENTIALS_DIFFER = "IOT_HTTPS_CREDENTIALS_DIFFER"
    DATABASE_UNREACHABLE = "IOT_HTTPS_DATABASE_UNREACHABLE"
    DATABASE_COPIED = "IOT_HTTPS_DATABASE_COPIED"
    DATABASE_FOR_TESTS = "IOT_HTTPS_DATABASE_FOR_TESTS"

    CERTIFICATE_MISSING = "IOT_HTTPS_CERTIFICATE_MISSING"
    CERTIFICATE_MALFORMED = "IOT_HTTPS_CERTIFICATE_MALFORMED"
    KEY_MISSING = "IOT_HTTPS_KEY_MISSING"
    KEY_UNREADABLE = "IOT_HTTPS_KEY_UNREADABLE"
    KEY_MALFORMED = "IOT_HTTPS_KEY_MALFORMED"
    KEY_ENCRYPTED = "IOT_HTTPS_KEY_ENCRYPTED"
    KEY_MISMATCH = "IOT_HTTPS_KEY_MISMATCH"
    TEMPORARY_CERTIFICATE = "IOT_HTTPS_TEMPORARY_CERTIFICATE"
    EXPIRED = "IOT_HTTPS_EXPIRED"
    NOT_YET_VALID = "IOT_HTTPS_NOT_YET_VALID"
    RENEWAL_OVERDUE = "IOT_HTTPS_RENEWAL_OVERDUE"
    RENEWAL_DUE = "IOT_HTTPS_RENEWAL_DUE"
    CERTIFICATE_REFUSED = "IOT_HTTPS_CERTIFICATE_REFUSED"
    CHAIN_INCOMPLETE = "IOT_HTTPS_CHAIN_INCOMPLETE"
    CHAIN_UNTRUSTED = "IOT_HTTPS_CHAIN_UNTRUSTED"
    CERTIFICATE_WITHOUT_CN = "IOT_HTTPS_CERTIFICATE_WITHOUT_CN"
    SUBJECT_MISMATCH = "IOT_HTTPS_SUBJECT_MISMATCH"
    NOT_PERSISTED = "IOT_HTTPS_NOT_PERSISTED"
    NOT_SERVED = "IOT_HTTPS_NOT_SERVED"
    NOT_RENEWABLE = "IOT_HTTPS_NOT_RENEWABLE"
    KEY_EXPOSED = "IOT_HTTPS_KEY_EXPOSED"
    NOTHING_NEWER = "IOT_HTTPS_NOTHING_NEWER"

    NGINX_CONFIG_BROKEN = "IOT_HTTPS_NGINX_CONFIG_BROKEN"
    NGINX_OTHER_CERTIFICATE = "IOT_HTTPS_NGINX_OTHER_CERTIFICATE"
    NGINX_DOWN = "IOT_HTTPS_NGINX_DOWN"
    ODOO_STOPPED = "IOT_HTTPS_ODOO_STOPPED"
    ODOO_OPTIONS = "IOT_HTTPS_ODOO_OPTIONS"
    ODOO_DOWN = "IOT_HTTPS_ODOO_DOWN"
    ODOO_MANAGER_DEAD = "IOT_HTTPS_ODOO_MANAGER_DEAD"
    ODOO_RESTART_PENDING = "IOT_HTTPS_ODOO_RESTART_PENDING"

    NOT_OBSERVED = "IOT_HTTPS_NOT_OBSERVED"
    ANSWER_NOT_FROM_ODOO = "IOT_HTTPS_ANSWER_NOT_FROM_ODOO"
    ODOO_DOWN_AFTER_REPAIR = "IOT_HTTPS_ODOO_DOWN_AFTER_REPAIR"
    REPAIR_FAILED = "IOT_HTTPS_REPAIR_FAILED"
    REPAIR_UNDONE = "IOT_HTTPS_REPAIR_UNDONE"
    BUSY = "IOT_HTTPS_BUSY"
    DEADLINE = "IOT_HTTPS_DEADLINE"

    ADDRESS_NOT_FOUND = "IOT_HTTPS_ADDRESS_NOT_FOUND"
    CONNECTION_REFUSED = "IOT_HTTPS_CONNECTION_REFUSED"
    CONNECTION_TIMEOUT = "IOT_HTTPS_CONNECTION_TIMEOUT"
    AUTHENTICATION_FAILED = "IOT_HTTPS_AUTHENTICATION_FAILED"
    HOST_KEY_CHANGED = "IOT_HTTPS_HOST_KEY_CHANGED"
    HOST_KEY_UNKNOWN = "IOT_HTTPS_HOST_KEY_UNKNOWN"
    JUMP_HOST_FAILED = "IOT_HTTPS_JUMP_HOST_FAILED"
    LOGIN_BLOCKED = "IOT_HTTPS_LOGIN_BLOCKED"
    SUDO_REFUSED = "IOT_HTTPS_SUDO_REFUSED"
    PYTHON_MISSING = "IOT_HTTPS_PYTHON_MISSING"
    REPLY_CUT_OFF = "IOT_HTTPS_REPLY_CUT_OFF"
    CONNECTION_FAILED = "IOT_HTTPS_CONNECTION_FAILED"

    HTTPS_UNREACHABLE = "IOT_HTTPS_HTTPS_UNREACHABLE"
    OTHER_CERTIFICATE_OUTSIDE = "IOT_HTTPS_OTHER_CERTIFICATE_OUTSIDE"
    HTTPS_UNTRUSTED = "IOT_HTTPS_HTTPS_UNTRUSTED"
    HOMEPAGE_UNREACHABLE = "IOT_HTTPS_HOMEPAGE_UNREACHABLE"
    NAME_NOT_RESOLVED = "IOT_HTTPS_NAME_NOT_RESOLVED"
    NAME_LEADS_ELSEWHERE = "IOT_HTTPS_NAME_LEADS_ELSEWHERE"

    CLIENT_DNS_REBIND = "IOT_HTTPS_CLIENT_DNS_REBIND"
    CLIENT_DNS_OUTAGE = "IOT_HTTPS_CLIENT_DNS_OUTAGE"
    CLIENT_DNS_STALE = "IOT_HTTPS_CLIENT_DNS_STALE"
    CLIENT_DNS_WRONG = "IOT_HTTPS_CLIENT_DNS_WRONG"
    CLIENT_DNS_UNKNOWN_NAME = "IOT_HTTPS_CLIENT_DNS_UNKNOWN_NAME"


class Variant(StrEnum):
    """What is known better than a code alone says. A box names one; what it means stands in the catalogue."""

    TIME_IS_BLOCKED = "time_is_blocked"
    MAINTENANCE = "maintenance"
    NO_MAINTENANCE = "no_maintenance"
    INSPECTED = "inspected"
    INSPECTED_BY_PROXY = "inspected_by_proxy"
    ANOTHER_SERVER = "another_server"
    OTHERS_ANSWER = "others_answer"
    NOT_ALL_ASKED = "not_all_asked"
    LIKELY_ASKED = "likely_asked"
    NEWER = "newer"
    STILL_REACHED = "still_reached"
    OPTIONS_FIRST = "options_first"
    LISTENS_ELSEWHERE = "listens_elsewhere"
    OWN_DNS_FAILS = "own_dns_fails"
    OWNER_TAILSCALE = "owner_tailscale"
    OWNER_NETBIRD = "owner_netbird"
    OWNER_VPNC = "owner_vpnc"
    OWNER_CLOUD_INIT = "owner_cloud_init"
    OWNER_OPENRESOLV = "owner_openresolv"
    OWNER_RESOLVCONF = "owner_resolvconf"
    OWNER_DHCPCD = "owner_dhcpcd"
    OWNER_DHCLIENT = "owner_dhclient"
    OWNER_CONNMAN = "owner_connman"
    OWNER_NETPLAN = "owner_netplan"
    OWNER_RESOLVED = "owner_resolved"
    OWNER_UNKNOWN = "owner_unknown"
    NO_IOT_SUBSCRIPTION = "no_iot_subscription"
    NOT_IN_PROGRESS = "not_in_progress"
    UNKNOWN_DATABASE = "unknown_database"
    NOT_PRODUCTION = "not_production"
    OTHER_CONTRACT = "other_contract"
    ASKED_TOO_OFTEN = "asked_too_often"
    SERVER_ERROR = "server_error"
    UNUSABLE = "unusable"
    OUT_OF_DATE = "out_of_date"
    CONTROL_MACHINE = "control_machine"
    NO_FOLDER = "no_folder"

    KEY_FILE_MISSING = "key_file_missing"
    KEY_FILE_UNUSABLE = "key_file_unusable"
    KEY_FILE_ENCRYPTED = "key_file_encrypted"
    NO_KEY = "no_key"
    OTHER_USER = "other_user"
    TOO_MANY_KEYS = "too_many_keys"
    PASSWORD_EXPIRED = "password_expired"  # noqa: S105 - a name
    ACCOUNT_EXPIRED = "account_expired"
    NO_LOGIN_SHELL = "no_login_shell"
    FORCED_COMMAND = "forced_command"
    SHELL_MISSING = "shell_missing"
    RESTRICTED_SHELL = "restricted_shell"
    TOO_MANY_LOGINS = "too_many_logins"
    NO_SESSION = "no_session"
    STARTING = "starting"
    DROPPED = "dropped"
    CLOSED_AT_LOGIN = "closed_at_login"
    TERMINAL_DEMANDED = "terminal_demanded"
    NO_RULE = "no_rule"
    OTHER_COMMANDS = "other_commands"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a name
    SUDOERS_BROKEN = "sudoers_broken"
    SUDO_BROKEN = "sudo_broken"
    SUDO_MISSING = "sudo_missing"
    RESTARTED_IN_VAIN = "restarted_in_vain"
    READ_BY_ROOT_ONLY = "read_by_root_only"


MOVED: Final = (FindingClass.DRIFTED, FindingClass.PENDING)
"""Classes of what was declared: the box moved, or the inventory did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a variant says otherwise than its code; `None` for what stays.

    Args:
        in_a_play: the remedy for who runs a play, where that of the command names an option of the command.
        when: where it applies, for the page of the code; empty where the remedy says it.
    """

    when: str = ""
    title: str | None = None
    cause: str | None = None
    remedy: str | None = None
    in_a_play: str | None = None
    severity: Severity | None = None
    finding_class: FindingClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One entry of the catalogue, in a technician's words.

    Args:
        name: how reports call it.
        finding_class: the class where a check does not know better.
        title: what is wrong, as a headline.
        cause: how a box gets there.
        remedy: what a person does, when it does not go away by itself.
        repairable: this program can mend it, unless the finding is blocked or unknown.
        in_a_play: the same for who runs a play, where it names an option of the command.
        anchor: the code's place on the vendor's page about HTTPS certificates, `None` for codes of ours.
        recipes: exact lines for the remedy, each with where it goes.
        classes: what else than `finding_class` a check may say.
        variants: what may be known better.
    """

    name: CodeName
    severity: Severity
    finding_class: FindingClass
    title: str
    cause: str
    remedy: str
    in_a_play: str | None = None
    repairable: bool = False
    anchor: str | None = None
    recipes: tuple[tuple[str, str], ...] = ()
    classes: tuple[FindingClass, ...] = ()
    variants: Mapping[Variant, Known] = field(default_factory=dict)
