"""The connection token: what a person copies from the database into the box's page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

Link = dict[str, "str | None"]


def save_link(remote_server: str, token: str, db_uuid: str = "", enterprise_code: str = "") -> Link:
    """What older code stores; a parameter it does not know makes the call fail."""
    return {
        "remote_server": remote_server,
        "token": token,
        "db_uuid": db_uuid or None,
        "enterprise_code": enterprise_code or None,
    }


def save_named_link(
    remote_server: str, token: str, db_uuid: str = "", enterprise_code: str = "", db_name: str = ""
) -> Link:
    """What newer code stores."""
    return {**save_link(remote_server, token, db_uuid, enterprise_code), "db_name": db_name or None}


def parse(token: str, *, named: bool) -> Link:
    """Values of a token in its old form (four parts) or its new one (a URL with parameters).

    Raises ValueError for anything else.
    """
    store = save_named_link if named else save_link
    parts = token.split("|")
    if len(parts) == 4:  # noqa: PLR2004
        url = urlsplit(parts[0])
        return store(f"{url.scheme}://{url.netloc}", *parts[1:])
    url = urlsplit(token)
    if url.scheme not in {"http", "https"} or url.hostname in {None, "localhost"}:
        raise ValueError("Invalid URL provided.")
    values = {key: found[0] for key, found in parse_qs(url.query, keep_blank_values=True).items()}
    try:
        return store(f"{url.scheme}://{url.netloc}", **values)
    except TypeError as error:
        raise ValueError("Failed to write server configuration files on IoT. Please try again.") from error
