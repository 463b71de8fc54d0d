"""Inventories of two customers with a store of the same name each, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .conftest import encrypted

A, B = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "ab")
LOTUS = "iot_https_customer: lotus\n"
ATLAS = "iot_https_customer: atlas\n"
OWN_GROUPS = ": give each customer groups of its own, customer_<customer> and store_<customer>__<store>"
SHOPS = """\
    all:
      children:
        customer_lotus: {children: {LOTUS_PARIS: {hosts: {lotus-1: {}}}}, hosts: {lotus-2: {}}}
        customer_atlas: {children: {ATLAS_PARIS: {hosts: {atlas-1: {}}}}, hosts: {atlas-2: {}}}
    """


def shops(lotus_paris: str = "store_lotus__paris", atlas_paris: str = "store_atlas__paris") -> str:
    return SHOPS.replace("LOTUS_PARIS", lotus_paris).replace("ATLAS_PARIS", atlas_paris)


def customer(name: str, uuid: str, more: str = "") -> str:
    """Return the variables of a customer; `more` has further ones, and `SHARED_SERVER` in place of its own."""
    secret = f"iot_https_db_uuid: {encrypted(uuid)}\niot_https_token: token\niot_https_enterprise_code: M-{name}\n"
    server = "" if "iot_https_server_url:" in more else f"iot_https_server_url: https://{name}.example\n"
    return f"iot_https_customer: {name}\n{server}{secret}{more}"


FILES = {
    "hosts.yml": shops(),
    "group_vars/customer_lotus.yml": customer("lotus", A),
    "group_vars/customer_atlas.yml": customer("atlas", B),
    "host_vars/lotus-1.yml": "iot_https_store: paris\n",
    "host_vars/atlas-1.yml": "iot_https_store: paris\n",
}


@dataclass(frozen=True)
class Case:
    """What differs from `FILES`, and beginnings of what is said of the boxes; nothing is said of any other."""

    files: Mapping[str, str]
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _both(files: Mapping[str, str], line: str, other: str, *, boxes: str = "12") -> Case:
    """Expect the same of both customers, each with the name of the other."""
    lotus = {f"lotus-{each}": (line.format(other="atlas", boxes=other.format("atlas")),) for each in boxes}
    atlas = {f"atlas-{each}": (line.format(other="lotus", boxes=other.format("lotus")),) for each in boxes}
    return Case(files, {**lotus, **atlas})


def _same(names: Iterable[str], line: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(names, (line,))


LOTUS_BOXES, ATLAS_BOXES = ("lotus-1", "lotus-2"), ("atlas-1", "atlas-2")
TAKEN = "iot_https_server_url, iot_https_token, iot_https_db_uuid, iot_https_enterprise_code"
IN_ATLAS = "iot_https_customer is lotus, but the box is in customer_atlas of atlas"
MIXED = "in customer_lotus of lotus, by way of store_paris, and takes "
ONE_DATABASE = (
    "iot_https_db_uuid is also that of {other} ({boxes}): one database has one customer, correct it; or to share"
)
SHARED_SERVER = "iot_https_server_url: https://shared.example\n"
OLD_GROUPS = """\
    plugin: ansible.builtin.constructed
    use_vars_plugins: true
    keyed_groups:
      - {prefix: customer, key: iot_https_customer}
      - {prefix: store, key: iot_https_store, parent_group: "customer_{{ iot_https_customer }}"}
    """
CASES = {
    "customers with a store of the same name": Case({}),
    "the old recipe: one group of a store below two customers": Case(
        {"hosts.yml": shops("store_paris", "store_paris")},
        {
            # The last group in Ansible's order decides for both: lotus, whose box is where it was.
            "lotus-1": (f"{IN_ATLAS}, by way of store_paris:",),
            "atlas-1": (f"{IN_ATLAS}, by way of store_paris:",),
        },
    ),
    "the old recipe, where boxes name their customer themselves": Case(
        {
            "hosts.yml": shops("store_paris", "store_paris"),
            "host_vars/lotus-1.yml": f"{LOTUS}iot_https_store: paris\n",
            "host_vars/atlas-1.yml": f"{ATLAS}iot_https_store: paris\n",
        },
        {
            "lotus-1": (f"{IN_ATLAS}, by way of store_paris:",),
            "atlas-1": (f"iot_https_customer is atlas, but the box is {MIXED}{TAKEN} from there{OWN_GROUPS}",),
        },
    ),
    "the old recipe, with groups made from variables": Case(
        {
            "hosts.yml": f"all: {{hosts: {{{', '.join(f'{n}: ' for n in (*LOTUS_BOXES, *ATLAS_BOXES))}}}}}\n",
            "zz-groups.yml": OLD_GROUPS,
            **{f"host_vars/{name}.yml": f"{LOTUS}iot_https_store: paris\n" for name in LOTUS_BOXES},
            **{f"host_vars/{name}.yml": f"{ATLAS}iot_https_store: paris\n" for name in ATLAS_BOXES},
        },
        {
            **_same(LOTUS_BOXES, f"{IN_ATLAS}, by way of store_paris:"),
            **_same(ATLAS_BOXES, f"iot_https_customer is atlas, but the box is {MIXED}"),
        },
    ),
    "a name of a group that Ansible leaves as it is": Case(
        {
            "hosts.yml": shops("store_lotus__paris", "store_lo-tus__x"),
            "group_vars/customer_lotus.yml": customer("lo-tus", A),
        },
        {"atlas-1": ("iot_https_customer is atlas, but the box is in store_lo-tus__x of lo-tus:",)},
    ),
    "a box in the group of another customer": Case(
        {
            "hosts.yml": shops().replace(
                "hosts: {atlas-2: {}}", "hosts: {atlas-2: {}, lotus-2: {iot_https_customer: lotus}}"
            )
        },
        {"lotus-2": (f"{IN_ATLAS}:",)},
    ),
    "groups that have other names, and say themselves whose they are": Case(
        {
            "hosts.yml": shops("paris", "paris").replace("customer_", "the_"),
            "group_vars/the_lotus.yml": customer("lotus", A),
            "group_vars/the_atlas.yml": customer("atlas", B),
        },
        _same(("lotus-1", "atlas-1"), "iot_https_customer is lotus, but the box is in the_atlas of atlas"),
    ),
    "a group whose template says whose it is": Case(
        {
            "group_vars/customer_lotus.yml": customer("lotus", A).replace(": lotus", ": '{{ mine }}'", 1),
            "group_vars/all.yml": "mine: lotus\n",
            "group_vars/store_atlas__paris.yml": 'iot_https_customer: \'{{ "lo" ~ "tus" }}\'\n',
        },
        {"atlas-1": (f"{IN_ATLAS}, by way of store_atlas__",)},
    ),
    "the group of another customer's store": Case(
        {"hosts.yml": shops("store_atlas__lyon")},
        {"lotus-1": ("iot_https_customer is lotus, but the box is in store_atlas__lyon of atlas:",)},
    ),
    "what is for all is one customer's": Case(
        {
            "group_vars/all.yml": f"{LOTUS}iot_https_token: token\n",
            "group_vars/customer_atlas.yml": customer("atlas", B).replace("iot_https_token: token\n", ""),
        },
        _same(
            ATLAS_BOXES, "iot_https_token comes from the group all, whose iot_https_customer is lotus, and the box is"
        ),
    ),
    "two customers whose groups Ansible calls the same": Case(
        {
            "group_vars/customer_lotus.yml": customer("lo-tus", A),
            "host_vars/atlas-2.yml": "iot_https_customer: lo_tus\niot_https_db_uuid: null\n",
        },
        {
            **_same(LOTUS_BOXES, "iot_https_customer lo-tus and lo_tus come to one group in Ansible, customer_lo_tus:"),
            "atlas-2": (
                "iot_https_customer is lo_tus, but the box is in customer_atlas of atlas",
                "iot_https_customer lo_",
            ),
        },
    ),
    "two stores whose groups Ansible calls the same": Case(
        {"host_vars/lotus-2.yml": "iot_https_store: par-is\n", "host_vars/lotus-1.yml": "iot_https_store: par_is\n"},
        {
            "lotus-1": (
                "iot_https_store par_is of lotus and par-is of lotus come to one group in Ansible, store_lotus__",
            ),
            "lotus-2": (
                "iot_https_store par-is of lotus and par_is of lotus come to one group in Ansible, store_lotus__",
            ),
        },
    ),
    "customer and store of the same name as another pair's": Case(
        {
            "group_vars/customer_atlas.yml": customer("lotus__a", B),
            "host_vars/atlas-1.yml": "iot_https_store: b\n",
            "host_vars/lotus-1.yml": "iot_https_store: a__b\n",
            "hosts.yml": shops("x", "y").replace("customer_atlas", "customer_lotus__a"),
            "group_vars/customer_lotus__a.yml": customer("lotus__a", B),
        },
        {
            "lotus-1": (
                "iot_https_store a__b of lotus and b of lotus__a come to one group in Ansible, store_lotus__a__b",
            ),
            "atlas-1": (
                "iot_https_store b of lotus__a and a__b of lotus come to one group in Ansible, store_lotus__a__b",
            ),
        },
    ),
    "one database under two customers": _both(
        {"group_vars/customer_atlas.yml": customer("atlas", A.upper())}, ONE_DATABASE, "{0}-1 and {0}-2"
    ),
    "another customer's database pasted into one store": Case(
        {"group_vars/store_atlas__paris.yml": f"iot_https_db_uuid: {encrypted(A)}\n"},
        {
            "atlas-1": (
                f"{ONE_DATABASE} it, atlas must name lotus and lotus must name atlas in iot_https_shared_with".format(
                    other="lotus", boxes="lotus-1 and lotus-2"
                ),
            ),
            **_same(LOTUS_BOXES, "iot_https_db_uuid is also that of atlas (atlas-1): one database has one customer"),
        },
    ),
    "one contract under two customers": _both(
        {"group_vars/customer_atlas.yml": customer("atlas", B).replace("M-atlas", "m-lotus")},
        "iot_https_enterprise_code is also that of {other} ({boxes}): one contract has one customer, correct it; or to",
        "{0}-1 and {0}-2",
    ),
    "one name of a database on one server under two customers": _both(
        {
            "group_vars/customer_lotus.yml": customer("lotus", A, f"{SHARED_SERVER}iot_https_db_name: prod\n"),
            "group_vars/customer_atlas.yml": customer("atlas", B, f"{SHARED_SERVER}iot_https_db_name: prod\n"),
        },
        "iot_https_db_name is also that of {other} ({boxes}): one database has one customer",
        "{0}-1 and {0}-2",
    ),
    "two databases on one server": Case(
        {
            "group_vars/customer_lotus.yml": customer("lotus", A, SHARED_SERVER),
            "group_vars/customer_atlas.yml": customer("atlas", B, SHARED_SERVER),
        }
    ),
    "one server, and nothing that tells databases apart": _both(
        {
            "group_vars/customer_lotus.yml": f"{LOTUS}{SHARED_SERVER}",
            "group_vars/customer_atlas.yml": f"{ATLAS}{SHARED_SERVER}",
        },
        "iot_https_server_url is also that of {other} ({boxes}), and nothing tells the databases on it apart: set",
        "{0}-1 and {0}-2",
    ),
    "one server, and one box that does not tell its database": Case(
        {
            "group_vars/customer_lotus.yml": customer("lotus", A, SHARED_SERVER),
            "group_vars/customer_atlas.yml": customer("atlas", B, SHARED_SERVER),
            "host_vars/atlas-2.yml": "iot_https_db_uuid: null\n",
        },
        {"atlas-2": ("iot_https_server_url is also that of lotus (lotus-1 and lotus-2), and nothing tells",)},
    ),
    "both agree to share": Case(
        {
            "group_vars/customer_lotus.yml": customer("lotus", A, "iot_https_shared_with: [atlas]\n"),
            "group_vars/customer_atlas.yml": customer("atlas", A, "iot_https_shared_with: [x, lotus]\n"),
        }
    ),
    "only one agrees to share": Case(
        {
            "group_vars/customer_lotus.yml": customer("lotus", A, "iot_https_shared_with: [atlas]\n"),
            "group_vars/customer_atlas.yml": customer("atlas", A),
        },
        {
            **_same(
                LOTUS_BOXES,
                f"{ONE_DATABASE} it, atlas must name lotus in iot_https_shared_with".format(
                    other="atlas", boxes="atlas-1 and atlas-2"
                ),
            ),
            **_same(ATLAS_BOXES, "iot_https_db_uuid is also that of lotus"),
        },
    ),
    "boxes without a customer": Case(
        {"hosts.yml": "all: {hosts: {a: {}, b: {}}}", "group_vars/all.yml": f"iot_https_db_uuid: {A}\n{SHARED_SERVER}"}
    ),
}
