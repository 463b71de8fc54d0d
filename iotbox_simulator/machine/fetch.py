"""How the vendor's program asks www.odoo.com for a pair: with error codes up to 18.0, with log lines from 18.3 on."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from reconciler.model.desired import DEFAULT_AUTHORITY_URL
from reconciler.net.network import HttpsRequest
from reconciler.net.replies import HttpReply

from ..pki import Pair
from .network import BoxNetwork
from .odoo import Odoo

TRIES = 6
SECONDS = 95.0
_FOREVER = 600.0
"""The older code sets no limit; nobody here waits longer."""
_LIMIT = 1 << 18
_CLIENT_ERRORS_END = 500
_REACH = "An error occurred while trying to reach odoo.com to get a new certificate"
_FRAME = '  File "/home/pi/odoo/addons/iot_drivers/tools/certificate.py", line 88, in download_odoo_certificate\n'
CRASHES = (OSError, ValueError, LookupError, TypeError, AttributeError, NameError)
"""What the vendor's code lets through: a request is answered with 500, the thread of the manager ends."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The program and its way to the authority."""

    odoo: Odoo
    network: BoxNetwork

    def with_codes(self) -> Pair | str:
        """Return a pair, or the error text that the homepage shows.

        Raises:
            KeyError, ValueError, AttributeError: the reply is none that this branch expects.
        """
        db_uuid, code = self.credentials()
        if not db_uuid or (self.odoo.image.code.needs_enterprise_code and not code):
            return "ERR_IOT_HTTPS_LOAD_NO_CREDENTIAL"
        try:
            reply = self._post(db_uuid, code, _FOREVER, verified=False)
        except OSError as error:
            return f"ERR_IOT_HTTPS_LOAD_REQUEST_EXCEPTION\n\n{as_urllib3(error)}"
        if reply.status != HTTPStatus.OK:
            return f"ERR_IOT_HTTPS_LOAD_REQUEST_STATUS {reply.status}\n\n{reply.reason}"
        result = self._accepted(json.loads(reply.body))
        return self._pair(result) if result else "ERR_IOT_HTTPS_LOAD_REQUEST_NO_RESULT"

    def with_retries(self) -> Pair | None:
        """Return a pair or log why there is none.

        Raises:
            KeyError, AttributeError: the reply has an empty result, or none.
        """
        db_uuid, code = self.credentials()
        body = self._ask_repeatedly(db_uuid, code) if db_uuid else None
        if body is None:
            return None
        if error := body.get("error"):
            text = "Server error received from odoo.com while trying to get the certificate"
            self._log("ERROR", f"{text}: {error}")
            return None
        result = body["result"]
        if error := result.get("error"):
            self._log("WARNING", f"Error received from odoo.com while trying to get the certificate: {error}")
            return None
        return self._pair(result)

    def credentials(self) -> tuple[str, str]:
        """Return database UUID and enterprise code, empty where there is none."""
        return self.odoo.store.get("db_uuid") or "", self.odoo.store.get("enterprise_code") or ""

    def refuse_empty(self) -> None:
        """Log that the authority sent a pair with nothing in it."""
        self._log("ERROR", "The certificate received from odoo.com is not valid.")

    def _accepted(self, body: dict[str, Any]) -> Any:
        """Return the result of a reply, nothing where this branch sees that there is none."""
        replies = self.odoo.image.code.replies
        if replies == "oldest":
            return body["result"]
        if replies == "late" and body.get("error"):
            return None
        result = body.get("result", {})
        if result.get("error"):
            return None
        if "subject_cn" not in result:
            raise KeyError("subject_cn")
        return result

    def _pair(self, result: Any) -> Pair:
        now = self.odoo.clock.now()
        return Pair(result["x509_pem"], result["private_key_pem"], result["subject_cn"], now, now)

    def _ask_repeatedly(self, db_uuid: str, code: str) -> Any:
        frames = ""
        for _ in range(TRIES):
            try:
                reply = self._post(db_uuid, code, SECONDS, verified=True)
            except OSError as error:
                text = as_urllib3(error)
                frames += _FRAME
            else:
                if reply.status >= HTTPStatus.BAD_REQUEST:
                    text = _raised_for_status(reply)
                    frames += _FRAME
                else:
                    try:
                        return json.loads(reply.body)
                    except ValueError as error:
                        text = str(error)
            self._log("WARNING", f"{_REACH}: {text}")
        self._log("ERROR", "Maximum attempt to download the odoo.com certificate reached")
        self.odoo.print(frames)
        return None

    def _post(self, db_uuid: str, code: str, seconds: float, *, verified: bool) -> HttpReply:
        body = json.dumps({"params": {"db_uuid": db_uuid, "enterprise_code": code}}).encode()
        return self.network.send(HttpsRequest(DEFAULT_AUTHORITY_URL, seconds, _LIMIT, body=body), verified=verified)

    def _log(self, level: str, text: str) -> None:
        self.odoo.log(level, f"odoo.addons.{self.odoo.image.addon}.tools.certificate", text)


def as_urllib3(error: OSError) -> str:
    """Say it as the library does that the vendor's code uses."""
    if isinstance(error, ssl.SSLError):
        cause = f"SSLError({error!r})"
    elif isinstance(error, TimeoutError):
        cause = f"ReadTimeoutError({str(error)!r})"
    else:
        where = "<urllib3.connection.HTTPSConnection object at 0x7f0000000000>"
        cause = f"NewConnectionError('{where}: Failed to establish a new connection: {error}')"
    return (
        "HTTPSConnectionPool(host='www.odoo.com', port=443): Max retries exceeded with url: "
        f"/odoo-enterprise/iot/x509 (Caused by {cause})"
    )


def _raised_for_status(reply: HttpReply) -> str:
    kind = "Client" if reply.status < _CLIENT_ERRORS_END else "Server"
    return f"{reply.status} {kind} Error: {reply.reason} for url: {DEFAULT_AUTHORITY_URL}"
