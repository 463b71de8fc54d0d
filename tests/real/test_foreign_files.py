"""An ordinary process of `pi` exchanges names on a real box while it is mended: nothing of root's comes to harm."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import boxes
from reconciler.model.secret import Secret

from . import look
from .lab import Lab, Unit, names

RecordProperty = Callable[[str, object], None]

RUNS = 3
SECRET = "only-root-may-read-this"
ATTACKER = r"""
import ctypes, os, random, sys
exchange = ctypes.CDLL(None, use_errno=True).renameat2
victims = ["/etc/ssl/private/nginx-cert.key", "/etc/ssl/certs/nginx-cert.crt", "/home/pi/odoo.conf",
           "/etc/ssl/private/.nginx-cert.key.iot-https-new", "/home/pi/.odoo.conf.iot-https-new"]
flips = 0
def again(path, make):
    try:
        make(path)
    except OSError:
        pass
def plain(path):
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
kinds = [lambda path: os.symlink("/etc/only-root", path), lambda path: os.symlink("/opt/only-root", path),
         lambda path: os.symlink("../../../opt/only-root/file", path), os.mkfifo, os.mkdir, plain]
print("begun", flush=True)
while not os.path.exists("/tmp/enough"):
    for victim in victims:
        again(victim + "~", random.choice(kinds)) if not os.path.lexists(victim + "~") else None
        again(victim, random.choice(kinds)) if not os.path.lexists(victim) else None
        if exchange(-100, victim.encode(), -100, (victim + "~").encode(), 2) == 0:
            flips += 1
        if random.random() < 0.05:
            again(victim + "~", os.rmdir if os.path.isdir(victim + "~") else os.unlink)
print(flips)
"""
"""Python on the box: exchanges a victim with the thing beside it, which it makes anew now and then."""
_OUTSIDE = (
    "stat -c '%n %a %u %g %i %h' /etc/shadow /etc/only-root /opt/only-root /opt/only-root/file; ls -A /opt/only-root"
)
_SHOWN = f"""find /etc /home /run /var /root_bypass_ramdisks -xdev -type f '(' ! -user root -o -perm /044 ')' \\
  -exec grep -ls {SECRET} {{}} +; true"""
"""Files that somebody else than root may read."""


def prepared(unit: Unit) -> None:
    """Something that only root may read, and folders of the pair that belong to `pi`, as on images built so."""
    unit.box.write("/etc/only-root", SECRET)
    unit.box.shell("chmod 600 /etc/only-root; mkdir -m 700 /opt/only-root; cp /etc/only-root /opt/only-root/file")
    unit.box.shell("chown pi:pi /etc/ssl/private /etc/ssl/certs; chmod 755 /etc/ssl/private")


def mended_meanwhile(unit: Unit) -> None:
    """Run some times, each with something to write."""
    for _ in range(RUNS):
        wanted = replace(unit.desired, token=Secret(uuid.uuid4().hex), enterprise_code=Secret(uuid.uuid4().hex))
        result = unit.reconcile(wanted)
        assert SECRET not in str(result)


def test_attacker_of_the_box_reaches_nothing_of_roots(lab: Lab, record_property: RecordProperty) -> None:
    unit = lab.converged("rw_ini", "foreign")
    prepared(unit)
    look.due(unit)
    conf = unit.box.read("/home/pi/odoo.conf")
    before = unit.box.shell(_OUTSIDE)
    with ThreadPoolExecutor(1) as pool:
        attack = pool.submit(unit.box.exec, ["timeout", "60", "python3", "-c", ATTACKER], user="pi")
        boxes.wait_for(lambda: unit.box.shell("pgrep -u pi timeout; true") != "", "the attacker does not begin")
        try:
            mended_meanwhile(unit)
        finally:
            unit.box.shell("touch /tmp/enough")
        flips = int(attack.result().stdout.splitlines()[-1])
    assert unit.box.shell(_OUTSIDE) == before
    assert unit.box.shell(_SHOWN) == ""
    assert flips > 0
    record_property("real flips of names during reconciles", flips)
    put_back(unit, conf)
    assert names(unit.reconcile().after) == []


def put_back(unit: Unit, conf: str) -> None:
    """Do what the finding asks of a person, for the store; certificate and key are for the repair."""
    unit.box.shell("rm -rf /home/pi/odoo.conf /home/pi/*~ /home/pi/.odoo.conf* /etc/ssl/private/.nginx* /etc/ssl/*/*~")
    unit.box.shell("for path in /etc/ssl/private/nginx-cert.key /etc/ssl/certs/nginx-cert.crt; do rm -rf $path; done")
    unit.box.write("/home/pi/odoo.conf", conf)
    unit.box.shell("chown odoo:odoo /home/pi/odoo.conf; chmod 600 /home/pi/odoo.conf")
