#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep the HTTPS of an Odoo IoT box working; all of it is in the package that comes along."""

from __future__ import annotations

DOCUMENTATION = r"""
module: iot_https
short_description: Keep the HTTPS of an Odoo IoT box working
description:
  - Looks at the box on which it runs, names each difference from what is declared with a code, and repairs it in a safe
    order, so that certificate and key always belong together.
  - What is left out is not managed, and stays as it is.
  - The role hands over its variables, without their prefix C(iot_https_); there they are described.
author:
  - The iot-https authors
requirements:
  - Python 3.11 or newer and its cryptography on the box, as the vendor's images have them
attributes:
  check_mode:
    description: Looks only, and says what it would do. Asks the authority for nothing.
    support: full
  diff_mode:
    description: Returns what each repair changes, with secrets masked.
    support: full
  idempotent:
    description: A second run changes nothing.
    support: full
  async:
    description: Refused, since Ansible would take the result from the box as it is.
    support: none
options:
  name:
    description: What the inventory calls the box.
    type: str
    required: true
  connection:
    description: How the command would reach the box.
    type: raw
  managed:
    description: V(false) for a host that is no box. Nothing is sent to it.
    type: raw
  customer:
    description: Who owns the database.
    type: raw
  shared_with:
    description: Other customers that have the same database or contract.
    type: raw
  store:
    description: Where the box stands.
    type: raw
  serial:
    description: Serial number of the box. Another box is not touched.
    type: raw
  server_url:
    description: Address of the database to which the box is linked.
    type: raw
  token:
    description: Token of the link, written only when linking.
    type: raw
  db_name:
    description: Name of the database on its server.
    type: raw
  db_uuid:
    description: UUID of the database.
    type: raw
  enterprise_code:
    description: Contract number of the database.
    type: raw
  resolvers:
    description: IP addresses of the box's DNS servers, in order.
    type: raw
  client_resolvers:
    description: IP addresses of the DNS servers that tills and terminals use, checked but never changed.
    type: raw
  renew_before_days:
    description: Days before its end at which a certificate is renewed. Left out, by its lifetime, 8 at most.
    type: raw
  overdue_days:
    description: Days before its end at which one that was not renewed is an error. Left out, by lifetime, 5 at most.
    type: raw
  certificate_source:
    description: Who fetches the certificate. V(relay) is refused unless in check mode.
    type: raw
  authority_url:
    description: Where certificates are asked for.
    type: raw
  ca_file:
    description: File on the box, in a folder of root only, with further authorities to trust when asking.
    type: raw
  proxy:
    description: HTTP proxy through which the box asks.
    type: raw
  homepage_port:
    description: Port of the box's homepage.
    type: raw
  https_port:
    description: Port on which the box serves HTTPS.
    type: raw
  deadline:
    description: Seconds after which the work must be finished or undone.
    type: raw
  relink:
    description: Also change a box that is linked to a database that is not its customer's.
    type: raw
  variable_names:
    description: Names of all variables of the box that begin with C(iot_https_). One that is not known is refused.
    type: list
    elements: str
    default: []
  own_servers:
    description: Addresses of further databases of the same customer, to which the box may be linked, too.
    type: list
    elements: str
    default: []
  copies:
    description: Addresses of further servers to which the inventory gives a database with the same UUID.
    type: list
    elements: str
    default: []
  sent_at:
    description: The control machine's time, ISO 8601 with an offset, by which the box's clock is judged.
    type: str
  results_folder:
    description:
      - Folder on the control machine for RV(report) as V(NAME.json), also of a box that does not answer. Not one that
        Ansible reads, such as C(host_vars).
      - Left out, none is written. The box does not learn of it.
    type: str
"""

EXAMPLES = r"""
- name: Keep the HTTPS of the box working
  iot_https.fleet.iot_https:
    name: "{{ inventory_hostname }}"
    server_url: https://mycompany.odoo.com
    token: "{{ vaulted_token }}"
    db_uuid: "{{ vaulted_uuid }}"
    enterprise_code: "{{ vaulted_code }}"
    resolvers: [1.1.1.1, 8.8.8.8]
  become: true
"""

RETURN = r"""
msg:
  description: Where the box stands, and of each finding code, cause, evidence and way out, in lines.
  returned: always
  type: str
state:
  description: V(in_sync), V(differs), V(changed), V(failed), V(invalid) or V(not_managed), as in the command's reports.
  returned: always
  type: str
in_sync:
  description: Nothing is left to do.
  returned: always
  type: bool
findings:
  description: What stands at the end.
  returned: always
  type: list
  elements: dict
  contains:
    code:
      description: Entry of the catalogue.
      type: str
    severity:
      description: V(error), V(warning) or V(info).
      type: str
    class:
      description: V(drifted), V(pending), V(renewal_due), V(blocked) or V(unknown).
      type: str
    title:
      description: What is wrong.
      type: str
    cause:
      description: How a box gets there.
      type: str
    remedy:
      description: What to do.
      type: str
    variant:
      description: What is known better than the code alone says. V(null) for nothing.
      type: str
    evidence:
      description: What was seen.
      type: str
    seen:
      description: The same as data, names of sentences and their values. They may change in any version.
      type: list
      elements: dict
    http_status:
      description: With which www.odoo.com, or the homepage of the box, answered. V(null) where none was seen.
      type: int
    whose:
      description: Of which other box or customer it tells, for whoever may see all customers. Else empty.
      type: str
    repairable:
      description: A run that is no check can mend it.
      type: bool
repairs:
  description: What was done or, in check mode, would be done.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: Which repair.
      type: str
    title:
      description: What it does, in words.
      type: str
    status:
      description: V(planned), V(done), V(unchanged), V(undone), V(failed) or V(skipped).
      type: str
    because:
      description: Codes that ask for it.
      type: list
      elements: str
    keys:
      description: Values that V(write_store) writes, in order.
      type: list
      elements: str
    direction:
      description: Of V(copy_certificate). V(null) for others.
      type: str
    condition:
      description: Of V(restart_odoo). V(null) where it is done in any case, and for others.
      type: str
    resolvers:
      description: DNS servers that V(set_resolvers) sets, in order.
      type: list
      elements: str
    detail:
      description: What was done, or why not.
      type: str
    seen:
      description: The same as data, as of a finding. Empty in check mode.
      type: list
      elements: dict
    code:
      description: Code of the finding that says the same. V(null) where there is none.
      type: str
    diff:
      description: Lines that begin with - (before) or + (after), secrets masked.
      type: list
      elements: str
report:
  description: The same as the command writes with C(--output json), with this one box.
  returned: always
  type: dict
"""

import json  # noqa: E402 - the documentation comes first, as Ansible has it
import sys  # noqa: E402
from typing import NoReturn  # noqa: E402

from ansible.module_utils.basic import AnsibleModule  # noqa: E402

OLDEST_PYTHON = (3, 11)
ON_THE_BOX = {"request": {"type": "str", "required": True, "no_log": True}}
"""What travels: the action plugin makes one request of the options above, and the task's result of the reply."""


def main() -> None:
    """Run on the box."""
    module = AnsibleModule(argument_spec=ON_THE_BOX, supports_check_mode=True)
    if sys.version_info < OLDEST_PYTHON:
        answer(python_is_too_old())
    from ..module_utils.reconciler.box.__main__ import reply

    answer(reply(module.params["request"].encode()).decode())


def answer(text: str) -> NoReturn:
    """Print the result and end; with `exit_json` of ansible-core 2.22 the box would send the request back, too."""
    sys.stdout.write(json.dumps({"changed": False, "reply": text}) + "\n")
    raise SystemExit(0)


def python_is_too_old() -> str:
    """Return the reply that says so, before anything is loaded that such a Python cannot read."""
    body = json.dumps({"unsupported_python": sys.version.split()[0]})
    return f"\nIOT-HTTPS-REPLY {len(body)}\n{body}\n"


if __name__ == "__main__":
    main()
