# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Takes boxes from customers' Odoo databases: here is what Ansible lends, in `odoo_database` what is read."""

from __future__ import annotations

DOCUMENTATION = """
name: odoo
short_description: IoT boxes from the Odoo databases of customers
version_added: 0.2.0
author: The iot-https authors (@iot-https)
description:
  - Reads one Odoo database or several by Odoo's external API, and makes a host of each IoT box in them, in the group
    C(customer_<customer>) and below it in C(store_<customer>__<store>) for its company.
  - The group gets the UUID and the contract of the database, so that a box is compared with what counts today.
  - What is written in Odoo is never a template, and sets no variable of Ansible but C(ansible_host).
  - The file has to end with C(odoo.yml) or C(odoo.yaml).
requirements:
  - The Python packages C(requests) and C(cryptography) on the control machine.
extends_documentation_fragment:
  - inventory_cache
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [iot_https.fleet.odoo]
  databases:
    description:
      - Databases, each a mapping with the options below, from O(customer) to O(most_boxes).
      - What stands beside O(databases) counts for each of them that does not say otherwise.
      - Without it, the options beside it describe the one database.
    type: list
    elements: dict
  customer:
    description: Whose database it is. Its hosts get into the group of this customer, and of no other.
    type: str
  url:
    description: Where Odoo is asked, C(https://name[:port]). Plain C(http) is refused except for this machine.
    type: str
  api_key:
    description:
      - An API key of an administrator, since it reads system parameters. Keep it in a vault.
      - It may be a template, such as a lookup.
    type: str
    env:
      - name: IOT_HTTPS_ODOO_API_KEY
  server_url:
    description: What boxes are linked to, if that is another address than O(url).
    type: str
  database:
    description: Name of the database. XML-RPC needs it, and a server of Odoo 19.0 or later that holds several.
    type: str
  login:
    description: Login of the user whose key it is. XML-RPC needs it.
    type: str
  protocol:
    description: How Odoo is spoken to. V(auto) asks the server for its version first, without the key.
    type: str
    choices: [auto, json2, xmlrpc]
  model:
    description: The model of boxes, C(iot.box) by default.
    type: str
  fields:
    description:
      - Which field of the model has C(name), C(identifier), C(address), C(version), C(certificate_end) or C(company),
        for those that are called otherwise in this version or edition of Odoo.
    type: dict
  stores:
    description: The name of a store for the name of a company. A company that is not named is a store itself.
    type: dict
  host_name:
    description: What a host is called after, C(name) by default.
    type: str
    choices: [name, identifier]
  host_prefix:
    description:
      - How the name of each host begins. By default the customer and C(_), so that no customer can give a box the
        name of another one's.
    type: str
  connection:
    description: The variable C(iot_https_connection) of each host.
    type: str
  networks:
    description: Networks in which boxes may be. A box with another address, or with a name, is left out.
    type: list
    elements: str
  ca_file:
    description: File of authorities to trust beside those of the system, PEM. A relative one is beside this file.
    type: str
  proxy:
    description: Proxy through which Odoo is asked.
    type: str
  environment_proxies:
    description: Whether proxies of the environment are used, which are passed over otherwise.
    type: bool
  seconds:
    description: Seconds within which a database must have been read as a whole, 60 by default.
    type: int
  most_boxes:
    description: A database with more boxes is refused. The default is 2000.
    type: int
  cache_first:
    description:
      - Whether a cache that is younger than O(cache_timeout) is used without asking Odoo, as with other plugins.
      - With V(false), Odoo is asked each time, and the cache is only for when no answer comes.
    type: bool
    default: true
"""

EXAMPLES = """
# lotus.odoo.yml
plugin: iot_https.fleet.odoo
customer: lotus
url: https://lotus-bakery.odoo.com
api_key: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  31336437393866316339643331

---
# all.odoo.yml: several databases, one of a version before 19.0, and a cache for when Odoo does not answer
plugin: iot_https.fleet.odoo
cache: true
cache_first: false
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/iot-https-odoo
databases:
  - customer: lotus
    url: https://lotus-bakery.odoo.com
    api_key: "{{ lookup('ansible.builtin.env', 'LOTUS_KEY') }}"
    stores: {Lotus Hanoi SRL: hanoi}
  - customer: atlas
    url: https://odoo.atlas-bikes.example
    database: atlas
    login: iot-https@atlas-bikes.example
    api_key: "{{ lookup('ansible.builtin.env', 'ATLAS_KEY') }}"
    networks: [198.51.100.0/24]
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleParserError
from ansible.parsing.vault import AnsibleVaultError, EncryptedString, match_encrypt_secret
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable
from ansible.release import __version__

from ..module_utils.reconciler.inventory.odoo import OdooNotRead
from ..module_utils.reconciler.inventory.supported import refusal
from ..module_utils.reconciler.model.plain import to_plain
from ..module_utils.reconciler.odoo_database.filling import fill
from ..module_utils.reconciler.odoo_database.gathering import CacheUse, Gathered, gather, to_cache
from ..module_utils.reconciler.odoo_database.kept import secret_variables
from ..module_utils.reconciler.odoo_database.many import read_all
from ..module_utils.reconciler.odoo_database.reading import OdooContent
from ..module_utils.reconciler.odoo_database.settings import NAMES, BadOdooSettings, OdooSettings, several

_OTHER_KEYS = ("plugin", "databases", "cache", "cache_first", "cache_plugin", "cache_timeout", "cache_connection")
_PREFIX = "cache_prefix"


class InventoryModule(BaseInventoryPlugin, Cacheable):
    """Reads `*odoo.yml`."""

    NAME = "iot_https.fleet.odoo"

    def verify_file(self, path: str) -> bool:
        """Tell whether a file is for this plugin, by its name."""
        return bool(super().verify_file(path)) and path.endswith(("odoo.yml", "odoo.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:  # noqa: FBT001, FBT002
        """Add the boxes of each database that can be read, and warn of the others.

        Raises:
            AnsibleParserError: the file is wrong, or no database could be read.
        """
        if reason := refusal(__version__):
            raise AnsibleParserError(reason)
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        databases = self._databases(config, path)
        known = gather(databases, self._use_of_cache(path, is_read=cache), self._decrypt, _now(), read_all)
        if not any(each.content for each in known):
            raise OdooNotRead(*(f"Odoo of {each.settings.customer}: {each.problem}" for each in known))
        self._keep(path, known)
        for each in known:
            for line in fill(inventory, each, self._secrets):
                self.display.warning(line)

    def _databases(self, config: Any, path: str) -> tuple[OdooSettings, ...]:
        common = {name: self.get_option(name) for name in NAMES}
        listed = self.get_option("databases")
        told = [key for key in config if key not in (*NAMES, *_OTHER_KEYS, _PREFIX)]
        filled = to_plain(self.templar.template({"common": common, "listed": listed}))
        folder = str(Path(path).parent)
        try:
            made: tuple[OdooSettings, ...] = several(filled["common"], filled["listed"], told, folder)
        except BadOdooSettings as error:
            raise OdooNotRead(*error.problems) from None
        return made

    def _use_of_cache(self, path: str, *, is_read: bool) -> CacheUse | None:
        """Return what the cache holds. Its plugin gets no timeout: what is too old stands in when Odoo is away."""
        if not self.get_option("cache"):
            return None
        seconds = float(self.get_option("cache_timeout") or 0)
        self.set_option("cache_timeout", 0)
        self.load_cache_plugin()
        held = self._cache.get(self.get_cache_key(path), {})
        return CacheUse(
            held=held if isinstance(held, dict) else {},
            is_first=bool(self.get_option("cache_first")),
            seconds=seconds,
            is_read=is_read,
        )

    def _keep(self, path: str, known: tuple[Gathered, ...]) -> None:
        if self.get_option("cache"):
            key = self.get_cache_key(path)
            self._cache[key] = to_cache(known, self._cache.get(key, {}), _now(), self._encrypt)

    def _secrets(self, content: OdooContent) -> dict[str, Any]:
        """Return variables that Ansible shows encrypted, as those of a file, where there is a vault password."""
        made: dict[str, Any] = {}
        for name, value in secret_variables(content).items():
            text = self._encrypt(value)
            made[name] = value if text is None else EncryptedString(ciphertext=text)
        return made

    def _encrypt(self, text: str) -> str | None:
        vault = getattr(self.loader, "_vault", None)
        if vault is None or not vault.secrets:
            return None
        try:
            wanted = constants.DEFAULT_VAULT_ENCRYPT_IDENTITY
            vault_id, secret = match_encrypt_secret(vault.secrets, encrypt_vault_id=wanted)
            return bytes(vault.encrypt(text, secret, vault_id=vault_id)).decode()
        except AnsibleVaultError:
            return None

    def _decrypt(self, text: str) -> str | None:
        vault = getattr(self.loader, "_vault", None)
        try:
            return None if vault is None else str(bytes(vault.decrypt(text)), "utf-8")
        except (AnsibleVaultError, ValueError):
            return None


def _now() -> datetime:
    return datetime.now(UTC)
