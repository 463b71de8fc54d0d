#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What `ansible-doc` shows of a task; its action plugin judges the options and sends `iot_https_box` to the box."""

from __future__ import annotations

DOCUMENTATION = r"""
module: iot_https
short_description: Keep the HTTPS of an Odoo IoT box working
version_added: 0.1.0
description:
  - Looks at the box on which it runs, names each difference from what is declared with a code, and repairs it in a safe
    order, so that certificate and key always belong together.
  - What is left out is not managed, and stays as it is. Where nothing is declared at all, no connection is made.
  - Use the role of the same name unless there is a reason not to. It judges first whose each server, database and
    serial number is, and hands its variables over, which are called as the options here with the prefix C(iot_https_).
  - With O(connection=homepage) nothing runs on the box, and Ansible does not connect to it. Its pages are asked from
    the control machine, and its own software is made to do what is repaired.
  - A value that cannot be used fails the task with one line for each, which shows no value of a secret, and nothing is
    sent to the box.
author:
  - The iot-https authors (!UNKNOWN)
requirements:
  - On the box, Python 3.11 or newer and its cryptography, as the vendor's images from 23.11 on have them
  - On the control machine, requests 2.32 or newer, with O(connection=homepage)
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.conn
  - ansible.builtin.action_common_attributes.flow
attributes:
  check_mode:
    support: full
    details:
      - Looks only, and returns what it would do. Asks www.odoo.com for nothing.
  diff_mode:
    support: full
    details:
      - Returns what each repair changes, with secrets masked.
  platform:
    support: full
    platforms: linux
    details:
      - Images of Odoo IoT boxes from 23.11 on; with O(connection=homepage) any image from 21.10 on, and Windows.
  idempotent:
    description: Whether a second run with the same options changes nothing.
    support: full
  action:
    support: full
  async:
    support: none
    details:
      - Refused, since Ansible would take the result of a background job from the box as it is.
  become:
    support: full
    details:
      - Needed, unless the login user is root.
  bypass_host_loop:
    support: none
  connection:
    support: full
  delegation:
    support: full
options:
  name:
    description: What the inventory calls the box.
    type: str
    required: true
  # options that are variables: written by tools/generate_variables.py
  connection:
    description: >-
      How the box is reached. V(local) is the machine on which the program runs; V(homepage), for a box without SSH,
      the pages of the box on port 8069, which show less and can do less.
    type: str
    choices: [ssh, local, homepage]
    default: ssh
  managed:
    description: >-
      V(false) for a host that is no box or is not to be looked after, such as a gateway: no connection is made to it,
      whatever it inherits.
    type: bool
    default: true
  customer:
    description: >-
      Who owns the database, for grouping, reports and budgets.
    type: str
  shared_with:
    description: >-
      Other customers that have the same database, UUID or contract. It counts where each of them names the other.
    type: list
    elements: str
  store:
    description: >-
      Where the box stands, for grouping, reports and budgets.
    type: str
  serial:
    description: >-
      Serial number of the box. Another box that got this address is not touched.
    type: str
  server_url:
    description: >-
      Address of the database to which the box is linked, reduced to scheme, host and port.
    type: str
  token:
    description: >-
      Token of the link. Written only when linking, since the database changes it afterwards.
    type: str
  db_name:
    description: >-
      Name of the database on its server, where the server holds several.
    type: str
  db_uuid:
    description: >-
      UUID of the database, with which the box asks for its certificate.
    type: str
  enterprise_code:
    description: >-
      Contract number of the database, with which the box asks for its certificate.
    type: str
  resolvers:
    description: >-
      IP addresses of the box's own DNS servers, in order, three at most. Left out, they are only tested.
    type: list
    elements: str
  client_resolvers:
    description: >-
      IP addresses of the DNS servers that tills and terminals use, checked but never changed.
    type: list
    elements: str
  renew_before_days:
    description: >-
      Days before its end at which a certificate is renewed. Left out, when a third of its lifetime is left, 8 days at
      most. The box renews itself at 10.
    type: int
  overdue_days:
    description: >-
      Days before its end at which a certificate that was not renewed is an error. Left out, when a sixth of its
      lifetime is left, 5 days at most.
    type: int
  certificate_source:
    description: >-
      Who fetches the certificate. V(direct), this program on the box; V(relay), the control machine, once per
      database, which in a play works in check mode only; V(native), the box's own software, which is the only way
      where the box is reached by its homepage, and works nowhere else.
    type: str
    choices: [direct, relay, native]
    default: direct
  authority_url:
    description: >-
      Where certificates are asked for.
    type: str
    default: https://www.odoo.com/odoo-enterprise/iot/x509
  ca_file:
    description: >-
      File on the box, in a folder of root only, with further authorities to trust when asking.
    type: str
  proxy:
    description: >-
      HTTP proxy through which the box asks for a certificate; may hold a user and a password.
    type: str
  homepage_port:
    description: >-
      Port of the box's homepage.
    type: int
    default: 8069
  https_port:
    description: >-
      Port on which the box serves HTTPS.
    type: int
    default: 443
  deadline:
    description: >-
      Seconds after which the program on the box must have finished or undone its work.
    type: int
    default: 240
  relink:
    description: >-
      Also change a box that is linked to a database that is not its customer's.
    type: bool
    default: false
  # end of these options
  variable_names:
    description:
      - Names of all variables of the box that begin with C(iot_https_). One that is not known is refused.
      - The role fills it in; leave it out elsewhere.
    type: list
    elements: str
    default: []
  own_servers:
    description:
      - Addresses of further databases of the same customer, to which the box may be linked, too.
      - The role fills it in, from the whole inventory.
    type: list
    elements: str
    default: []
  copies:
    description:
      - Addresses of further servers to which the inventory gives a database with the same UUID.
      - The role fills it in, from the whole inventory.
    type: list
    elements: str
    default: []
  sent_at:
    description:
      - The control machine's time, ISO 8601 with an offset, by which the box's clock is judged.
      - The role fills it in. Left out, the clock is not judged.
    type: str
  results_folder:
    description:
      - Folder on the control machine for RV(report) as V(NAME.json), also of a box that does not answer. Not one that
        Ansible reads, such as C(host_vars).
      - Left out, none is written. The box does not learn of it.
    type: path
notes:
  - Its files go to C(/tmp) on the box, a ramdisk, unless C(remote_tmp) is set. Ansible's default is the home of the
    login user, which lies on a root that is read-only on images up to 18.0.
seealso:
  - module: iot_https.fleet.iot_https_box
  - name: HTTPS certificate of IoT systems
    description: What the vendor says of these certificates, their errors and their causes.
    link: https://www.odoo.com/documentation/18.0/applications/general/iot/iot_advanced/https_certificate_iot.html
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

- name: Look only, and keep a report of what was seen
  iot_https.fleet.iot_https:
    name: "{{ inventory_hostname }}"
    server_url: https://mycompany.odoo.com
    results_folder: "{{ playbook_dir }}/results"
  become: true
  check_mode: true
  register: box

- name: Name the codes that were found
  ansible.builtin.debug:
    msg: "{{ box.findings | map(attribute='code') | join(', ') }}"
"""

RETURN = r"""
msg:
  description: Where the box stands, and of each finding code, cause, evidence and way out, in lines.
  returned: always
  type: str
  sample: "till-1: in sync"
state:
  description: >-
    V(in_sync), V(differs), V(changed), V(failed), V(busy), V(invalid), V(not_attempted) or V(not_managed), as in the
    command's reports.
  returned: always
  type: str
  sample: changed
in_sync:
  description: Nothing is left to do.
  returned: always
  type: bool
  sample: true
findings:
  description: What stands at the end.
  returned: always
  type: list
  elements: dict
  sample:
    - code: IOT_HTTPS_RENEWAL_DUE
      severity: warning
      class: renewal_due
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
      description: A run without check mode can repair it.
      type: bool
repairs:
  description: What was done or, in check mode, would be done.
  returned: always
  type: list
  elements: dict
  sample:
    - kind: fetch_certificate
      status: done
      because: [IOT_HTTPS_RENEWAL_DUE]
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
  sample:
    schema_version: 2
    mode: reconcile
    exit_status: 2
"""
