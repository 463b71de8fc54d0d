#!/bin/sh
# Judges the files of a box with its own tools; prints each complaint, and fails if there was one.
CERTIFICATE=/etc/ssl/certs/nginx-cert.crt
KEY=/etc/ssl/private/nginx-cert.key
DISK=/root_bypass_ramdisks
OWNER=$(id -un odoo 2>/dev/null || echo pi)
failed=0

complain() {
    echo "$1"
    failed=1
}

as_owner() {
    runuser -u "$OWNER" -- "$@"
}

for tree in '' "$DISK"; do
    public=$(openssl x509 -in "$tree$CERTIFICATE" -noout -pubkey)
    [ "$public" = "$(openssl pkey -in "$tree$KEY" -pubout)" ] || complain "certificate and key in '$tree/' differ"
done
for file in "$CERTIFICATE" "$KEY"; do
    cmp -s "$file" "$DISK$file" || complain "$file is not the one that a restart brings back"
    as_owner test -w "$file" || complain "$OWNER cannot write $file, so the box cannot renew it"
done
[ -z "$(find -L "$KEY" -perm /o+r)" ] || complain "anybody can read the key"

expected=rw
grep -Eq '^[^#]\S*\s+/\s+\S+\s+(\S+,)?ro(,|\s)' /etc/fstab && expected=ro
findmnt -no OPTIONS / | grep -Eq "^$expected(,|\$)" || complain "the root is not mounted $expected"

[ "$(systemctl is-system-running)" = running ] || complain "systemd: $(systemctl --failed --no-legend)"
[ -z "$(find /etc /home/pi "$DISK" -xdev -name '*.iot-https-new*')" ] || complain "something half written was left"
exit $failed
