"""What follows from the vendor's code branch alone, whatever image it runs on: routes, codes, and small habits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HomepageKind = Literal["html", "hw_posbox_homepage", "iot_drivers"]
Replies = Literal["oldest", "middle", "late", "logged"]
LevelsKept = Literal["nowhere", "options", "memory", "section"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchCode:
    """One branch.

    Args:
        homepage: its family of routes.
        replies: what it makes of a strange reply of the authority; `logged` is the code that has no error codes.
        needs_enterprise_code: it asks the authority for nothing while the code is empty.
        nginx_pause: seconds between writing a new pair and restarting nginx.
        version_prefix: stands before the image version where routes show it.
        knows_db_name: a link may carry the name of the database.
        sets_password: there is a way to set a new password for `pi`.
        end_date_suffix: what stands behind the end date in its status.
        needs_nginx: its manager dies where nginx does not start.
        splits_lines: its log has a line for each piece that Python writes to the standard error output.
        levels_kept: where a level of the log that its page sets goes: there is no such page; all options into their own
            file; all options and the link, as they were when it started; one option of `odoo.conf`.
        restart_after: seconds between a restart that is asked for over HTTP and its beginning.
        threads: how many it keeps without its manager, and how many more with it; 17.0 late was counted.
    """

    homepage: HomepageKind
    replies: Replies
    needs_enterprise_code: bool = False
    nginx_pause: float = 3.0
    version_prefix: str = "L"
    knows_db_name: bool = False
    sets_password: bool = True
    end_date_suffix: str = ""
    needs_nginx: bool = True
    splits_lines: bool = False
    levels_kept: LevelsKept = "section"
    restart_after: float = 0.0
    threads: tuple[int, int] = (2, 1)


CODES: dict[str, BranchCode] = {
    "15.0": BranchCode(
        homepage="html",
        replies="oldest",
        needs_enterprise_code=True,
        nginx_pause=0.0,
        version_prefix="",
        sets_password=False,
        needs_nginx=False,
        splits_lines=True,
        levels_kept="nowhere",
    ),
    "16.0": BranchCode(homepage="html", replies="late", levels_kept="options", restart_after=3.0),
    "17.0-early": BranchCode(homepage="html", replies="oldest", needs_enterprise_code=True, levels_kept="options"),
    "17.0": BranchCode(homepage="hw_posbox_homepage", replies="middle", levels_kept="memory", threads=(3, 2)),
    "18.0": BranchCode(homepage="hw_posbox_homepage", replies="late", threads=(3, 2)),
    "saas-18.3": BranchCode(homepage="hw_posbox_homepage", replies="logged", threads=(3, 2)),
    "19.0": BranchCode(homepage="iot_drivers", replies="logged", nginx_pause=0.0, knows_db_name=True),
    "saas-19.1": BranchCode(
        homepage="iot_drivers", replies="logged", nginx_pause=0.0, knows_db_name=True, end_date_suffix="+00:00"
    ),
}
"""By the name of the branch; 17.0 had the pages of 16.0 until autumn 2024."""
