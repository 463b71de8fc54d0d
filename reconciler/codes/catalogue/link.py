"""Codes about the link between a box and its database: server, credentials, and the files that hold them."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.digests import Concern
from ...model.operating_system import OperatingSystem
from ...model.repair import RepairKind
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import MOVED, Blocks, Code, Otherwise, VariantEntry
from ..phrases import windows
from ..phrases.asking import ASKING
from ..phrases.store import STORE

_ELSEWHERE: Final = (
    "Nothing was changed. Ask whoever looks after the other database. If the box should move, {how}; if that database "
    "is this customer's too, add it to the customer's inventory."
)

_NEEDS_TOKEN: Final = {
    Variant.NEEDS_TOKEN: VariantEntry(
        when="The box is reached by its homepage, and no token is declared",
        finding_class=FindingClass.BLOCKED,
        remedy="By its homepage a box is linked with the token of its database only: set iot_https_token (in Odoo, the "
        "IoT app, Connect, shows the whole token), and the repair links it. Or link it by hand from there.",
    )
}
_LINKED: Final = {
    "should_be": "the box is linked to {server:or something that is not a web address}{spelling:aside spelling}, it "
    "should be {wanted:either}",
    "of_another": "the box is linked to {server:or something that is not a web address}{spelling:aside spelling}, "
    "another customer has that",
}

CODES: Final = (
    Code(
        name=CodeName.STORE_UNREADABLE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.LINK,
        title="The box's configuration cannot be opened",
        cause="The file is damaged, is not a file, or the SD card is failing. Odoo does not start with it.",
        remedy="Look at the named file on the box. If reading fails with an input/output error, replace the SD card, "
        "flash the current image and link the box again.",
        shows="the path and the reason that the system gives",
        concerns=(Concern.LINK, Concern.CREDENTIALS),
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="The file is damaged, is not a file, or the disk is failing. Odoo does not start with it.",
                remedy="Look at the file on the box. If reading fails with an input/output error, replace the disk, "
                "install Odoo IoT anew and link the box again.",
                recipes=windows.FILES,
            )
        },
    ),
    Code(
        name=CodeName.STORE_MALFORMED,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.LINK,
        title="The box's configuration is damaged",
        cause="An edit by hand or two writes at the same time left a line that Odoo cannot read: a key twice, a line "
        "without =, a strange byte. Odoo does not survive its next restart with it.",
        remedy="Correct the named line of /home/pi/odoo.conf (a copy first), without restarting Odoo before. The "
        "section [options] must keep its server_wide_modules. This program does not write into a file that it cannot "
        "read.",
        sentences=STORE,
        shows="the path, the line and what is wrong with it",
        concerns=(Concern.LINK, Concern.CREDENTIALS),
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy=f"Correct the named line of {windows.CONFIGURATION} (a copy first), without restarting Odoo "
                "before. The section [options] must keep its server_wide_modules.",
                recipes=windows.FILES,
            )
        },
    ),
    Code(
        name=CodeName.CHECK_NO_SERVER,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.LINK,
        classes=MOVED,
        title="The box is not linked to a database",
        cause="The box was never linked, somebody disconnected it on its homepage, or it was flashed anew. Without a "
        "link it neither asks for a certificate nor shows up in Odoo.",
        remedy="In Odoo open the IoT app, click Connect and follow the steps; or set iot_https_server_url and "
        "iot_https_token, and the repair links it.",
        mended_by=RepairKind.WRITE_STORE,
        anchor="err-iot-https-check-no-server",
        variants=_NEEDS_TOKEN,
        sentences={
            "nothing": "no server is stored on the box",
            "no_text": "bytes that are no text are stored on the box",
            "none_named": ", and the inventory names none",
            "should_be": ", it should be {wanted}",
        },
        shows="that no server is stored on the box, and which one it should be",
        concerns=(Concern.LINK,),
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="The box was never linked, somebody disconnected it on its homepage, or it was installed anew. "
                "Without a link it neither asks for a certificate nor shows up in Odoo.",
            )
        },
    ),
    Code(
        name=CodeName.LINKED_ELSEWHERE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.LINK,
        title="The box belongs to a database that is not this customer's",
        cause="Somebody linked the box to another database, or another box answers at this address.",
        remedy=_ELSEWHERE.format(how="run with --relink"),
        in_a_play=_ELSEWHERE.format(
            how="run the play with -e '{{\"iot_https_relink\": true}}' for this box alone (--limit)"
        ),
        sentences={
            **_LINKED,
            "uuid_of_another": "the database UUID on the box is not its customer's",
            "uuid_not_compared": "the database UUID on the box is another one, on a server with a customer whose UUID "
            "cannot be compared",
            "database_of_another": "the box names the database {database}, which is not its customer's",
            "belongs": "it belongs to {customer:or nobody in this inventory}",
        },
        to_customers="linked to a database that is not its customer's; the finding says to which",
        shows="the server, or what of the database is not its customer's; beside it, whose that is",
        concerns=(Concern.LINK,),
        blocks=Blocks.ALL,
    ),
    Code(
        name=CodeName.SERVER_DIFFERS,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.LINK,
        classes=MOVED,
        title="The box is linked to another server than it should be",
        cause="The link was changed on the box's homepage or from the database, or the database moved to a new "
        "address.",
        software="The repair writes the link and restarts Odoo on the box.",
        remedy="If the box is right, correct iot_https_server_url.",
        mended_by=RepairKind.WRITE_STORE,
        variants=_NEEDS_TOKEN,
        sentences=_LINKED,
        shows="the server on the box and the one that it should have",
        concerns=(Concern.LINK,),
    ),
    Code(
        name=CodeName.DB_NAME_DIFFERS,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.LINK,
        classes=MOVED,
        title="The box names another database on its server",
        cause="The server holds several databases and the box was linked to another one of them, or to none by name.",
        software="The repair writes the name and restarts Odoo on the box.",
        remedy="If the box is right, correct iot_https_db_name.",
        mended_by=RepairKind.WRITE_STORE,
        sentences={"names": "the box names {stored:or no database}, it should name {wanted}"},
        shows="the name on the box and the one that it should have",
        concerns=(Concern.LINK,),
    ),
    Code(
        name=CodeName.STORE_WARNING,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.LINK,
        title="The box's configuration holds something doubtful",
        cause="Something in the file is read otherwise than it looks, for example a comment that belongs to a value.",
        remedy="Look at the named place in the box's configuration and put it right when the shop is closed.",
        sentences=STORE,
        shows="the path and what is read otherwise than it looks",
    ),
    Code(
        name=CodeName.LOAD_NO_CREDENTIAL,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.CREDENTIALS,
        classes=MOVED,
        title="The box does not know the database's UUID or contract",
        cause="The credentials were cleared or never given, so that www.odoo.com cannot tell for which database the "
        "certificate should be. Older versions also want the enterprise code (the contract number).",
        remedy="Open the box's homepage (port 8069), click the gear button, then Credential, and enter the database "
        "UUID and the contract number; or set iot_https_db_uuid and iot_https_enterprise_code, and the repair does it.",
        mended_by=RepairKind.WRITE_STORE,
        anchor="err-iot-https-load-no-credential",
        sentences={
            **ASKING,
            "none_given": "no db_uuid is stored on the box, and the inventory gives none",
            "one_given": "no db_uuid is stored on the box, the inventory gives one",
        },
        shows="that no database UUID is stored, and whether the inventory gives one; never the value",
        concerns=(Concern.CREDENTIALS,),
    ),
    Code(
        name=CodeName.CREDENTIALS_DIFFER,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.CREDENTIALS,
        classes=MOVED,
        title="The credentials on the box are not those of the inventory",
        cause="They were entered differently on the box's homepage (a copied space is enough), or the contract "
        "changed. "
        "The next renewal would fail or bring the certificate of another database.",
        software="The repair writes them.",
        remedy="If the box is right, correct iot_https_db_uuid or iot_https_enterprise_code in the vault.",
        mended_by=RepairKind.WRITE_STORE,
        sentences={
            "one": "{names:and} on the box differs from the inventory",
            "several": "{names:and} on the box differ from the inventory",
        },
        shows="which of UUID and contract differ; never the values",
        concerns=(Concern.CREDENTIALS,),
    ),
)
