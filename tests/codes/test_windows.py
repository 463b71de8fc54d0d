"""What is said of a box under Windows sends nobody to a file, a command or a service that only the other image has."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Final

import pytest

from reconciler.checks import CONVERGE, Case, run
from reconciler.codes import CATALOGUE, Code, CodeName, Variant
from reconciler.codes.catalogue.clients import DEVICES
from reconciler.codes.entry import NOT_THERE
from reconciler.codes.phrases import windows
from reconciler.codes.phrases.way import WAY
from reconciler.model.operating_system import OperatingSystem
from reconciler.model.statement import told
from reconciler.report.code_page import ON_WINDOWS
from reconciler.results.finding import finding, on

from ..support.observed import NOW, changed, healthy, wanted

WINDOWS: Final = OperatingSystem.WINDOWS
PAGES: Final = Path(__file__).parents[2] / "docs/codes"
OF_LINUX: Final = re.compile(
    r"systemctl|systemd|journalctl|sudo|chown|/home/pi|/etc/(?!init\.d/dnsmasq)|/var/|/run/|root_bypass|ramdisk|"
    r"service (odoo|nginx)|SD card|\bflash|unplug|Raspberry|nginx -[ts]|authorized_keys|\bimage|0644|relay \("
)
WAYS = [(code, variant) for code in CATALOGUE.values() for variant in (None, *code.variants)]
EVERY = pytest.mark.parametrize(("code", "variant"), WAYS, ids=lambda each: str(getattr(each, "name", each)))


@EVERY
def test_nothing_of_linux_is_told_of_a_box_under_windows(code: Code, variant: Variant | None) -> None:
    texts = [
        code.title_of(variant, WINDOWS),
        code.cause_of(variant, WINDOWS),
        code.remedy_of(variant, WINDOWS),
        code.in_a_play_of(variant, WINDOWS) or "",
        *(text for recipe in code.recipes_of(WINDOWS) for text in recipe),
    ]
    assert [each for each in texts if OF_LINUX.search(each)] == []


@pytest.mark.parametrize("code", CATALOGUE.values(), ids=lambda each: str(each.name))
def test_nothing_of_linux_is_seen_on_a_box_under_windows(code: Code) -> None:
    own = code.sentences_of(WINDOWS) if WINDOWS in code.systems else {}
    seen = (text for name, text in own.items() if name not in WAY)  # the way over SSH: no box under Windows has one
    assert [text for text in seen if re.search(r"sudo|systemctl|/home/pi|SSH", text)] == []


@pytest.mark.parametrize("page", sorted(PAGES.glob("*IOT_HTTPS_*.md")), ids=lambda each: str(each.stem))
def test_a_page_tells_nothing_of_linux_below_its_heading_for_windows(page: Path) -> None:
    _, _, told_there = page.read_text(encoding="utf-8").partition(f"## {ON_WINDOWS}\n")
    assert OF_LINUX.findall(told_there) == []


def test_pages_have_a_heading_for_windows() -> None:
    pages = [page.read_text(encoding="utf-8") for page in PAGES.glob("*IOT_HTTPS_*.md")]
    assert sum(f"## {ON_WINDOWS}\n" in page for page in pages) >= 40


@EVERY
def test_what_is_otherwise_has_the_places_of_what_it_stands_for(code: Code, variant: Variant | None) -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    if WINDOWS in code.systems:
        assert places(code.remedy_of(variant, WINDOWS)) <= places(code.remedy_of(variant))
    for name, text in code.sentences_of(WINDOWS).items():
        assert places(text) <= places(code.sentences[name])


@pytest.mark.parametrize("code", CATALOGUE.values(), ids=lambda each: str(each.name))
def test_texts_for_windows_are_sentences_on_one_line(code: Code) -> None:
    of_variants = (known.on.get(WINDOWS) for known in code.variants.values())
    for each in filter(None, (code.on.get(WINDOWS), *of_variants)):
        assert WINDOWS in code.systems
        assert each.title is None or not each.title.endswith(".")
        for text in filter(None, (each.cause, each.software, each.remedy)):
            assert text.endswith(".")
            assert text == " ".join(text.split())
        assert code.repairable or not each.software


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (CodeName.CERTIFICATE_MISSING, (r"INSTALL\nginx\conf (19.0)", r"INSTALL\nginx-1.22.0\conf (up to 18.0)")),
        (CodeName.KEY_MISMATCH, ("nginx-cert.key",)),
        (CodeName.STORE_MALFORMED, (r"INSTALL\odoo.conf", r"INSTALL\server\odoo.conf")),
        (CodeName.ODOO_DOWN, (r"INSTALL\odoo.log", r"INSTALL\server\odoo.log")),
        (CodeName.NOT_SERVED, ("taskkill /F /IM nginx.exe",)),
        (CodeName.HTTPS_UNREACHABLE, ("8069, 443 and 80", "Windows firewall")),
        (CodeName.CONNECTION_TIMEOUT, ("8069, 443 and 80", "Windows firewall")),
        (CodeName.NOT_RENEWABLE, ("LOCAL SERVICE",)),
    ],
)
def test_a_remedy_names_the_place_on_windows(name: CodeName, words: tuple[str, ...]) -> None:
    remedy = CATALOGUE[name].remedy_of(None, WINDOWS)
    assert [each for each in words if each not in remedy] == []


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (CodeName.NOT_SERVED, ("net stop $service; net start $service", "AppParameters -Like '*odoo-bin*'")),
        (CodeName.ODOO_DOWN, ("Split-Path $box.AppDirectory", "net start $service")),
        (CodeName.HTTPS_UNREACHABLE, ("New-NetFirewallRule", "-Protocol TCP -LocalPort 8069,443,80")),
        (CodeName.HOMEPAGE_UNREACHABLE, ("New-NetFirewallRule",)),
        (CodeName.RESOLVERS_DO_NOT_WORK, ("Set-DnsClientServerAddress -InterfaceAlias",)),
        (CodeName.WRONG_CLOCK, ("w32tm /resync",)),
    ],
)
def test_the_exact_line_for_powershell_is_there(name: CodeName, lines: tuple[str, ...]) -> None:
    recipes = " ".join(line for _, line in CATALOGUE[name].recipes_of(WINDOWS))
    assert [each for each in lines if each not in recipes] == []


def test_the_service_is_found_and_never_guessed() -> None:
    told_of_it = [*vars(windows).values(), *(code.remedy_of(None, WINDOWS) for code in CATALOGUE.values())]
    assert not [each for each in told_of_it if re.search(r"odoo-iot(?!\.com)|odoo-server", str(each))]


def test_a_restart_is_followed_by_the_line_that_does_it() -> None:
    lacking = [
        code.name
        for code, variant in WAYS
        if "the lines below" in code.remedy_of(variant, WINDOWS)
        and windows.RESTART_LINE not in code.recipes_of(WINDOWS)
        and variant is None
    ]
    assert lacking == []


def test_a_code_that_cannot_be_there_says_so() -> None:
    code = CATALOGUE[CodeName.SUDO_REFUSED]
    assert code.remedy_of(Variant.WRONG_PASSWORD, WINDOWS) == NOT_THERE.remedy
    assert code.title_of(None, WINDOWS) == NOT_THERE.title
    assert code.verb_of(None, WINDOWS) is None
    assert code.recipes_of(WINDOWS) == ()


def test_a_finding_speaks_of_the_system_of_its_box() -> None:
    found = finding(CodeName.ODOO_DOWN, told("port 8069"))
    (there,) = on(WINDOWS, (found,))

    assert "/var/log" in found.remedy
    assert "odoo.log" in there.remedy
    assert there.recipes != found.recipes
    assert on(OperatingSystem.LINUX, (found,)) == (found,)


def test_checks_find_in_the_words_of_the_system_that_they_looked_at() -> None:
    seen = changed(healthy(), {"layout.system": WINDOWS, "odoo.answers": False})

    found = run(CONVERGE, Case(desired=wanted(), observed=seen, now=NOW))

    assert [each.system for each in found] == [WINDOWS] * len(found)
    assert CodeName.ODOO_DOWN in {each.code for each in found}


@pytest.mark.parametrize(
    ("device", "line"),
    [
        ("Windows client", "Set-DnsClientServerAddress"),
        ("Android", "dns.google"),
        ("iPhone, iPad", "8.8.8.8\n8.8.4.4"),
        ("macOS", "networksetup -setdnsservers Wi-Fi 8.8.8.8 8.8.4.4"),
        ("Linux client", "ipv4.ignore-auto-dns yes ipv4.dns '8.8.8.8 8.8.4.4'"),
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        CodeName.CLIENT_DNS_REBIND,
        CodeName.CLIENT_DNS_OUTAGE,
        CodeName.CLIENT_DNS_STALE,
        CodeName.CLIENT_DNS_WRONG,
        CodeName.NAME_NOT_RESOLVED,
        CodeName.NAME_LEADS_ELSEWHERE,
    ],
)
@pytest.mark.parametrize("system", OperatingSystem)
def test_each_device_of_a_shop_has_its_line(system: OperatingSystem, name: CodeName, device: str, line: str) -> None:
    recipes = CATALOGUE[name].recipes_of(system)
    assert set(DEVICES) <= set(recipes)
    (exact,) = [exact for where, exact in recipes if where.startswith(device)]
    assert line in exact


def test_the_page_about_windows_has_the_lines_of_the_remedies() -> None:
    page = (PAGES.parent / "windows.md").read_text(encoding="utf-8")
    for _, line in (windows.FIND, windows.FIREWALL_LINE, windows.DNS_LINE):
        assert f"```powershell\n{line}\n```" in page
