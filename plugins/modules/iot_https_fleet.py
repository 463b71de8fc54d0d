#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What `ansible-doc` shows of a task that is an action plugin alone: nothing of it runs on a box."""

from __future__ import annotations

DOCUMENTATION = r"""
module: iot_https_fleet
short_description: "Internal: judge the whole inventory of IoT boxes once for a play"
version_added: 0.1.0
description:
  - The role C(iot_https.fleet.iot_https) runs it once for each batch, on the control machine, and reads what
    it returns. What that is may change in any version.
  - Reads the variables C(iot_https_*) of every host of the inventory, whatever the play's hosts or C(--limit), and
    tells whose each server, database and serial number is, by the same function as the command C(iot-https).
  - No connection is made to a box.
author:
  - The iot-https authors (!UNKNOWN)
attributes:
  check_mode:
    description: Changes nothing in any mode.
    support: full
  diff_mode:
    description: Changes nothing that could be shown.
    support: none
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: all
options: {}
"""

EXAMPLES = r"""
- name: Learn whose is what in the whole inventory
  iot_https.fleet.iot_https_fleet:
  register: __iot_https_fleet
  run_once: true
  delegate_to: localhost
  check_mode: false
"""

RETURN = r"""
boxes:
  description: For each host of the batch, what it may not be and what it is judged by.
  returned: always
  type: dict
  sample: {till-1: {customer: bakery, problems: []}}
directory:
  description: Whose each server, database and serial number is.
  returned: always
  type: dict
  sample: {serials: {}, servers: {}, databases: {}}
"""
