"""The connection token that a person copies from the database, and what is stored of it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

Link = dict[str, "str | None"]
_OLD_PARTS = 4
_KEYS = ("token", "db_uuid", "enterprise_code")


def parse(token: str, *, knows_db_name: bool) -> Link:
    """Take a token apart, in its old form of four parts or as a URL with parameters.

    Raises:
        ValueError: the URL is none, or leads to the box itself.
        TypeError: a parameter is missing or is not known to this branch.
    """
    parts = token.split("|")
    if len(parts) == _OLD_PARTS:
        return {"remote_server": _server(parts[0]), **dict(zip(_KEYS, parts[1:], strict=True))}
    server = _server(token)
    given = {key: found[0] for key, found in parse_qs(urlsplit(token).query, keep_blank_values=True).items()}
    known = (*_KEYS, "db_name") if knows_db_name else _KEYS
    if unknown := sorted(set(given) - set(known)):
        raise TypeError(f"save_conf_server() got an unexpected keyword argument {unknown[0]!r}")
    if missing := [key for key in _KEYS if key not in given]:
        raise TypeError(f"save_conf_server() missing required arguments: {', '.join(missing)}")
    return {"remote_server": server, **{key: given[key] for key in known if key in given}}


def parse_flat(token: str, *, two_parts: bool) -> Link:
    """Take a token of the flat-file branches apart; 15.0 also knows one of only two parts.

    Raises:
        IndexError: it has too few parts.
    """
    parts = token.split("|")
    values: Link = {"remote_server": parts[0], "token": parts[1]}
    if len(parts) > 2 or not two_parts:  # noqa: PLR2004
        values |= {"db_uuid": parts[2], "enterprise_code": parts[3]}
    return values


def _server(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.hostname in (None, "localhost"):
        raise ValueError("Invalid URL provided.")
    return f"{parts.scheme}://{parts.netloc}"
