#!/usr/bin/python
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Ansible runs on a box; all of it is in the package that comes along."""

from __future__ import annotations

DOCUMENTATION = r"""
module: iot_https_box
short_description: "Internal: answer one request of the control machine on an Odoo IoT box"
version_added: 0.1.0
description:
  - The action plugin of M(iot_https.fleet.iot_https) sends it to a box and reads what it returns. What it takes and
    returns may change in any version.
author:
  - The iot-https authors (!UNKNOWN)
requirements:
  - Python 3.11 or newer and its cryptography on the box, as the vendor's images from 23.11 on have them
attributes:
  check_mode:
    description: Whether anything is changed is part of the request, whatever Ansible's mode is.
    support: full
  diff_mode:
    description: What would change is part of the reply.
    support: none
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: linux
options:
  request:
    description: What a box should be, as JSON in a format of its own.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Keep the HTTPS of the box working, by the module that is not internal
  iot_https.fleet.iot_https:
    name: "{{ inventory_hostname }}"
    server_url: https://mycompany.odoo.com
  become: true
"""

RETURN = r"""
reply:
  description: What was found and done, framed. It holds no secret, and nothing in it is believed as it is.
  returned: always
  type: str
  sample: "\nIOT-HTTPS-REPLY 2\n{}\n"
"""

import json  # noqa: E402 - the documentation comes first, as Ansible has it
import sys  # noqa: E402
from typing import NoReturn  # noqa: E402

from ansible.module_utils.basic import AnsibleModule  # noqa: E402

OLDEST_PYTHON = (3, 11)
ON_THE_BOX = {"request": {"type": "str", "required": True, "no_log": True}}
"""What travels: the action plugin makes one request of a task's options, and the task's result of the reply."""


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
