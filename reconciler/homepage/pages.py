"""What the HTML pages of 15.0, 16.0 and early 17.0 say: the credentials in a form, and the row of the certificate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from ..model.secret import Secret
from ..model.statement import say
from .answer import NoAnswer, PageAnswer
from .replies import found
from .status import NOT_CONFIGURED, BoxSystem, PageCertificate, certificate_of, system_of, version_of

_LONGEST: Final = 500
_LONGEST_PAGE: Final = 1 << 17
"""Bytes; a box's are 20 KiB at most."""
_LONGEST_TAG: Final = 2000
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})([^<>]*+)>")
"""No library: the standard one takes minutes over 64 KiB of broken markup. This ends where the next tag begins."""
_ATTRIBUTE: Final = re.compile(r"""([A-Za-z][\w-]{0,40})(?:\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_MOST_CELLS: Final = 2000
_NOTHING: Final = "None"
"""What a template of 16.0 and later writes for a value that there is not."""
_HEADING: Final = "HTTPS certificate"


@dataclass(frozen=True, slots=True)
class PageCredentials:
    """The credentials as the page shows them; `None` for what there is not."""

    db_uuid: str | None
    enterprise_code: Secret | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """What the status page says, as far as it says it."""

    server: str | None
    address: str | None
    mac: str | None
    version: str
    system: BoxSystem
    certificate: PageCertificate


def parse_credentials(answer: PageAnswer, path: str) -> PageCredentials:
    """Return what `/list_credential` shows.

    Raises:
        NoAnswer: it is not that page.
    """
    page = _read(answer, path)
    if not {"db_uuid", "enterprise_code"} <= set(page.inputs):
        raise NoAnswer(say("page_strange", path=path), sent=True)
    db_uuid, code = _value(page.inputs["db_uuid"]), _value(page.inputs["enterprise_code"])
    if any(each is not None and len(each) > _LONGEST for each in (db_uuid, code)):
        raise NoAnswer(say("page_strange", path=path), sent=True)
    return PageCredentials(db_uuid, Secret(code) if code else None)


def parse_status_page(answer: PageAnswer, path: str) -> StatusPage:
    """Return what `/` shows, a table of headings and values.

    Raises:
        NoAnswer: it has no row for the certificate.
    """
    rows = _read(answer, path).rows
    if _HEADING not in rows:
        raise NoAnswer(say("page_strange", path=path), sent=True)
    row = rows[_HEADING]
    version = version_of(rows.get("Version", _Row()).text)
    server = _value(rows.get("Server", _Row()).text)
    return StatusPage(
        server=None if server == NOT_CONFIGURED else server,
        address=_value(rows.get("IP Address", _Row()).text),
        mac=_value(rows.get("Mac Address", _Row()).text),
        version=version,
        system=system_of(version),
        certificate=certificate_of(row.code, ok=not row.warns),
    )


def selected(answer: PageAnswer, path: str) -> Mapping[str, str]:
    """Return what is chosen in each list of a page, by the list's name.

    Raises:
        NoAnswer: the page has another status than 200.
    """
    return _read(answer, path).selected


@dataclass(slots=True)
class _Row:
    warns: bool = False
    text: str = ""
    code: str = ""


@dataclass(slots=True)
class _Cell:
    heading: bool = False
    text: list[str] = field(default_factory=list)


class _Page:
    """Collects inputs with their values, what is chosen in lists, and rows by the text of their heading."""

    def __init__(self) -> None:
        self.inputs: dict[str, str] = {}
        self.rows: dict[str, _Row] = {}
        self.selected: dict[str, str] = {}
        self._list = ""
        self._row = _Row()
        self._heading = ""
        self._cell: _Cell | None = None
        self._in_code = False

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        """Meet the beginning of an element."""
        if tag == "input" and "name" in given and len(self.inputs) < _MOST_CELLS:
            self.inputs.setdefault(given["name"], given.get("value", ""))
        elif tag == "select":
            self._list = given.get("name", "")
        elif tag == "option" and "selected" in given and self._list and len(self.selected) < _MOST_CELLS:
            self.selected.setdefault(self._list, given.get("value", ""))
        elif tag == "tr":
            self._row, self._heading = _Row(warns="warn-tr" in given.get("class", "").split()), ""
        elif tag == "td":
            self._cell = _Cell("heading" in given.get("class", "").split())
        elif tag == "code":
            self._in_code = True

    def end(self, tag: str) -> None:
        """Meet the end of one."""
        if tag == "td" and self._cell is not None:
            text = "".join(self._cell.text).strip()
            if self._cell.heading:
                self._heading = text
            else:
                self._row.text = text
            self._cell = None
        elif tag == "tr" and self._heading and len(self.rows) < _MOST_CELLS:
            self.rows.setdefault(self._heading, self._row)
            self._heading = ""
        elif tag == "code":
            self._in_code = False
        elif tag == "select":
            self._list = ""

    def data(self, data: str) -> None:
        """Meet text."""
        if self._cell is not None:
            self._cell.text.append(data)
        if self._in_code:
            self._row.code += data


def _read(answer: PageAnswer, path: str) -> _Page:
    found(answer, path)
    page = _Page()
    if len(answer.body) <= _LONGEST_PAGE and _is_fed(page, answer.body.decode("utf-8", "replace")):
        return page
    raise NoAnswer(say("page_strange", path=path), sent=True)


def _is_fed(page: _Page, text: str) -> bool:
    """Have a page read, tag by tag; say whether it could be."""
    at = 0
    try:
        for tag in _TAG.finditer(text):
            page.data(unescape(text[at : tag.start()]))
            at = tag.end()
            if tag[1]:
                page.end(tag[2].lower())
            else:
                page.begin(tag[2].lower(), _attributes(tag[3]))
        page.data(unescape(text[at:]))
    except ValueError:  # a character by a number of thousands of digits
        return False
    return True


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag; one without a value has an empty one, and the first of a name counts."""
    given: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text[:_LONGEST_TAG]):
        given.setdefault(name.lower(), unescape(double or single or bare))
    return given


def _value(text: str) -> str | None:
    return text if text and text != _NOTHING else None
