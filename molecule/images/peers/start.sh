#!/bin/bash
# Three addresses on one machine: names and the authority, the databases, and a router with rebind protection.
# It is also the boxes' gateway, and answers at once that there is nothing behind it.
# SUBNET, PEERS, DATABASES and REBIND_RESOLVER come from the environment. If one program ends, so does the container.
set -eu
cd /srv/iot-https
export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
prefix=${SUBNET#*/}
ip address add "$DATABASES/$prefix" dev eth0
ip address add "$REBIND_RESOLVER/$prefix" dev eth0
# Every address is here, and nothing listens on it: a refusal for each packet. An unreachable route sends few per second.
ip route add local default dev lo table local

names=(--address="/www.odoo.com/$PEERS" --address="/db.customer-a.example/$DATABASES"
    --address="/db.customer-b.example/$DATABASES")
for hash in 111111112222 222222223333; do
    names+=(--synth-domain="$hash.odoo-iot.com,$SUBNET")
done
quiet=(--keep-in-foreground --no-resolv --no-hosts --bind-interfaces --no-daemon --cache-size=0)
dnsmasq "${quiet[@]}" --listen-address="$PEERS" --except-interface=lo "${names[@]}" &
# www.odoo.com has a private address here, and here alone
dnsmasq "${quiet[@]}" --listen-address="$REBIND_RESOLVER" --except-interface=lo --server="$PEERS" \
    --stop-dns-rebind --rebind-domain-ok=/odoo.com/ &

state=/var/lib/iot-https
python3 -m iotbox_simulator.authority --listen "$PEERS:443" --control "$PEERS:8080" --state-dir "$state" &
python3 -m iotbox_simulator.database --listen "$DATABASES:443" --control "$PEERS:8081" --state-dir "$state" \
    --name db.customer-a.example --name db.customer-b.example &
wait -n
