"""Each box is in the groups that its variables say, or is one invalid box that names variable and group."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from .conftest import Read, invalid, target

EXAMPLE = {
    "boxes.yml": """\
        all:
          hosts:
            a: {iot_https_customer: lotus, iot_https_store: hanoi}
            b: {iot_https_customer: lotus, iot_https_store: hanoi}
            c: {iot_https_customer: atlas, iot_https_store: hanoi}
        """,
    "groups.yml": """\
        plugin: constructed
        strict: false
        keyed_groups:
          - {prefix: customer, key: iot_https_customer}
          - prefix: store
            key: iot_https_customer ~ '__' ~ iot_https_store
            parent_group: customer_{{ iot_https_customer }}
        """,
    "group_vars/all.yml": "iot_https_resolvers: [1.1.1.1]\n",
}
"""Groups made from variables that `constructed` sees; those of host_vars it does not see here."""
STATIC = {
    "boxes.yml": """\
        all:
          children:
            customer_lotus:
              vars: {iot_https_customer: lotus}
              children:
                store_lotus__hanoi: {hosts: {a: , b: }, vars: {iot_https_store: hanoi}}
              hosts: {d: }
            customer_facing: {hosts: {a: , c: , d: }}
          hosts:
            c: {iot_https_server_url: https://nobody.example}
        """,
    "group_vars/all.yml": "iot_https_resolvers: [1.1.1.1]\n",
}


@pytest.mark.parametrize("files", [EXAMPLE, STATIC])
def test_boxes_in_their_groups_are_fine(files: Mapping[str, str], read: Read) -> None:
    inventory = read(files)
    assert inventory.invalid == ()
    assert inventory.warnings == ()


@pytest.mark.parametrize(
    ("files", "variables", "said"),
    [
        (
            EXAMPLE,
            "iot_https_customer: lotsu",
            "is lotsu, but the box is in customer_lotus and store_lotus__hanoi of lotus: give each customer groups",
        ),
        (
            EXAMPLE,
            "iot_https_store: hue",
            "is hue, and the box is not in group store_lotus__hue, but in store_lotus__hanoi: correct one of the two",
        ),
        (
            EXAMPLE,
            "iot_https_customer: lo-tsu",
            "is lo-tsu, but the box is in customer_lotus and store_lotus__hanoi of lotus",
        ),
        (EXAMPLE, "iot_https_customer: null", "iot_https_customer is not set, and the box is in group customer_lotus"),
        (
            STATIC,
            "iot_https_customer: atlas",
            "is atlas, but the box is in customer_lotus and store_lotus__hanoi of lotus",
        ),
        (STATIC, "iot_https_customer: null", "is not set, and the box is in group customer_lotus: set it to lotus"),
        (STATIC, "iot_https_store: hue", "is hue, and the box is not in group store_lotus__hue, but in store_lotus"),
    ],
)
def test_a_box_elsewhere_is_one_invalid_box(files: Mapping[str, str], variables: str, said: str, read: Read) -> None:
    inventory = read({**files, "host_vars/a.yml": variables})
    assert [problem for problem in invalid(inventory, "a").problems if said in problem]
    assert [each.name for each in inventory.invalid] == ["a"]
    assert target(inventory, "b")


def test_a_box_in_two_stores_is_one_invalid_box(read: Read) -> None:
    files = {
        "boxes.yml": """\
            customer_lotus:
              vars: {iot_https_customer: lotus}
              children:
                store_lotus__hanoi: {hosts: {a: , b: }}
                store_lotus__hue: {hosts: {a: , c: }}
            """,
        "host_vars/a.yml": "iot_https_store: hanoi\n",
        "host_vars/b.yml": "iot_https_store: hanoi\n",
        "host_vars/c.yml": "iot_https_store: hue\n",
        "group_vars/store_lotus__hue.yml": "iot_https_server_url: https://hue.example\n",
    }
    (wrong,) = read(files).invalid
    assert (wrong.name, wrong.problems) == (
        "a",
        (
            (
                "iot_https_store is hanoi, and the box is in group store_lotus__hanoi and in store_lotus__hue: take it "
                "out of one of them"
            ),
        ),
    )


@pytest.mark.parametrize("files", [EXAMPLE, STATIC])
def test_a_box_that_plugins_left_out_is_named(files: Mapping[str, str], read: Read) -> None:
    more = "all: {hosts: {left-out: }}"
    inventory = read(
        {**files, "0.yml": more, "host_vars/left-out.yml": "iot_https_customer: lotus\niot_https_store: hanoi\n"}
    )
    assert invalid(inventory, "left-out").problems == (
        "iot_https_customer is lotus, and the box is not in group customer_lotus: correct one of the two",
        "iot_https_store is hanoi, and the box is not in group store_lotus__hanoi: correct one of the two",
    )


@pytest.mark.parametrize(
    ("customer", "said"),
    [
        ("'{{ nobody }}'", "iot_https_customer refers to nobody, which is not defined"),
        ("'lotus '", "iot_https_customer has spaces around it"),
        ("[lotus]", "iot_https_customer is a list, text is expected"),
    ],
)
def test_a_mistake_in_one_variable_is_told_once_and_stops_no_other_box(customer: str, said: str, read: Read) -> None:
    boxes = EXAMPLE["boxes.yml"].replace("a: {iot_https_customer: lotus", f"a: {{iot_https_customer: {customer}")
    inventory = read({**EXAMPLE, "boxes.yml": boxes})
    (problem,) = invalid(inventory, "a").problems
    assert said in problem
    assert [each.name for each in inventory.targets] == ["b", "c"]


def test_a_name_for_people_may_be_written_otherwise_than_its_group(read: Read) -> None:
    files = {
        "boxes.yml": "all: {children: {customer_pho_24: {hosts: {a: {iot_https_customer: Pho 24}}}}}",
        "group_vars/all.yml": EXAMPLE["group_vars/all.yml"],
    }
    assert target(read(files), "a")


def test_without_such_groups_nothing_is_asked_for(read: Read) -> None:
    files = {"boxes.yml": EXAMPLE["boxes.yml"], "0.yml": "all: {children: {customer_facing: {hosts: {z: }}}}"}
    assert read(files).invalid == ()


def test_neither_customer_nor_store_needs_a_group_of_its_own(read: Read) -> None:
    assert read({**STATIC, "host_vars/d.yml": "iot_https_store: hue"}).invalid == ()
    assert read({**STATIC, "host_vars/c.yml": "iot_https_customer: atlas"}).invalid == ()


def test_an_outsider_of_whom_nothing_is_declared_is_not_asked_for_a_customer(read: Read) -> None:
    assert read({**STATIC, "group_vars/all.yml": "{}", "host_vars/d.yml": "iot_https_customer: null"}).invalid == ()


@pytest.mark.parametrize("limit", [None, "c"])
@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            "iot_https_customer: Lotus",
            "iot_https_customer is Lotus (as of a) and lotus (as of b), which count as different: write it the",
        ),
        ("iot_https_store: Hanoi", "iot_https_store is Hanoi (as of a) and hanoi (as of b), which count as different"),
    ],
)
def test_names_that_differ_only_in_case_are_a_warning(variables: str, said: str, limit: str | None, read: Read) -> None:
    (warning,) = read({**STATIC, "boxes.yml": EXAMPLE["boxes.yml"], "host_vars/a.yml": variables}, limit=limit).warnings
    assert warning.startswith(said)


def test_a_host_that_is_no_box_is_compared_with_none_and_in_nobodys_way(read: Read) -> None:
    """A gateway of two customers is in the groups of both, and inherits the secrets of one."""
    uuid = "11111111-2222-3333-4444-555555555555"
    files = {
        "hosts.yml": "all:\n  children:\n"
        "    customer_lotus: {hosts: {a: {}, gateway: {}}}\n    customer_atlas: {hosts: {b: {}, gateway: {}}}\n",
        "group_vars/customer_lotus.yml": f"iot_https_customer: lotus\niot_https_db_uuid: {uuid}\n",
        "group_vars/customer_atlas.yml": "iot_https_customer: atlas\niot_https_server_url: https://atlas.example\n",
        "host_vars/gateway.yml": "iot_https_managed: false\n",
    }
    inventory = read(files)
    assert inventory.invalid == ()
    assert [each.name for each in inventory.targets if each.desired.declares_something] == ["a", "b"]
    assert inventory.servers_of("atlas") == ("https://atlas.example",)
    typo = read({**files, "host_vars/gateway.yml": "iot_https_managed: nay\n"})
    assert "gateway" in [each.name for each in typo.invalid]
