#!/bin/sh
# Turns a plain Debian into one kind of IoT box. Runs while the image is built, without any network.
# CODE_BRANCH, GENERATION, IMAGE_VERSION, NGINX_SITE, ODOO_UNIT, RESOLVER, ROOT_OPTION, SERVICE_USER and SIZES
# come from the build arguments.
set -eu
box=/build/box
home=/home/pi

users() {
    useradd --create-home --shell /bin/bash --uid 1000 pi
    echo 'pi ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/010_pi-nopasswd
    if [ "$SERVICE_USER" != pi ]; then
        for group in usbusers video render lp input dialout; do
            groupadd --force --system "$group"
        done
        useradd --system --uid 1001 --shell /usr/sbin/nologin "$SERVICE_USER"
        usermod --append --groups usbusers,video,render,lp,input,dialout,pi "$SERVICE_USER"
        echo "$SERVICE_USER ALL=(ALL) NOPASSWD: ALL" > "/etc/sudoers.d/$SERVICE_USER"
    fi
    chmod 0440 /etc/sudoers.d/*
    chmod 0755 "$home"
    install -d -o pi -g pi -m 0700 "$home/.ssh"
    install -o pi -g pi -m 0600 /dev/null "$home/.ssh/authorized_keys"
}

ramdisks() {
    mkdir -p /etc_ram /var_ram /tmp_ram /root_bypass_ramdisks /etc/cups /boot/firmware
    echo "$SIZES" > /etc/ramdisk-sizes
    # Source and type are those of a container's root: `mount -o remount /` looks them up here and insists.
    # Without the second line newer versions of mount pass the overlay's own options along, which it refuses to change.
    printf 'overlay / overlay defaults,noatime%s 0 1\n' "$ROOT_OPTION" > /etc/fstab
    printf 'overlay /root_bypass_ramdisks overlay noauto,noatime 0 0\n' >> /etc/fstab
    # The unit below brings the root into the state of fstab, before the bind is made; nothing else may do it first.
    systemctl mask systemd-remount-fs.service
    systemctl enable ramdisks.service pi-hardware.service
}

# Not the vendor's modules, only what tells the generations apart: their names, and who imports configparser.
modules() {
    case "$GENERATION" in
        flat) names='hw_drivers hw_posbox_homepage' imports=datetime ;;
        cached) names='hw_drivers hw_posbox_homepage' imports=configparser ;;
        *) names=iot_drivers imports=configparser ;;
    esac
    for name in $names; do
        mkdir -p "$home/odoo/addons/$name/tools"
        echo "import $imports" > "$home/odoo/addons/$name/tools/helpers.py"
    done
    if [ "$GENERATION" = flat ]; then
        install -D -m 0644 "$box/variants/odoo-flat.conf" \
            "$home/odoo/addons/point_of_sale/tools/posbox/configuration/odoo.conf"
    fi
}

source_tree() {
    mkdir -p "$home/odoo/.git" /var/odoo /var/log/odoo
    echo "ref: refs/heads/$CODE_BRANCH" > "$home/odoo/.git/HEAD"
    printf '%s' "$IMAGE_VERSION" > /var/odoo/iotbox_version
    modules
    install -m 0755 /build/vendor/odoo-bin "$home/odoo/odoo-bin"
    cp -r /build/vendor/standin "$home/odoo/standin"
    python3 -m compileall -q "$home/odoo/standin"
    echo "$GENERATION" > "$home/odoo/standin/GENERATION"
    chown -R "$SERVICE_USER:$SERVICE_USER" "$home/odoo" /var/log/odoo
    if [ "$GENERATION" != flat ]; then
        install -o "$SERVICE_USER" -g "$SERVICE_USER" -m 0644 "$box/variants/odoo-$GENERATION.conf" "$home/odoo.conf"
    fi
}

service_unit() {
    if [ "$ODOO_UNIT" = sysv ]; then
        install -m 0755 "$box/variants/odoo.init" /etc/init.d/odoo
        update-rc.d odoo defaults
    else
        case "$SERVICE_USER" in
            pi) start_limit='' restart_sec=5 ;;
            *) start_limit='StartLimitIntervalSec=0' restart_sec=10s ;;
        esac
        sed -e "s/@USER@/$SERVICE_USER/g" -e "s/@START_LIMIT@/$start_limit/" -e "s/@RESTART_SEC@/$restart_sec/" \
            "$box/variants/odoo.service" > /etc/systemd/system/odoo.service
        systemctl enable odoo.service
        # only 25.x and later colour their log
        if [ "$SERVICE_USER" = pi ]; then sed -i /ODOO_PY_COLORS/d /etc/systemd/system/odoo.service; fi
    fi
}

web_server() {
    rm -f /etc/nginx/sites-enabled/default /etc/nginx/sites-available/default
    install -D -m 0644 "$box/variants/nginx-$NGINX_SITE.conf" "$1"
    mkdir -p /var/www/html
    echo '<html><body>The IoT service is not running.</body></html>' > /var/www/html/502.html
    systemctl disable nginx.service # Odoo starts it
}

certificate() {
    PYTHONPATH=/build python3 - <<'PYTHON'
import pathlib
import pki
pair = pki.temporary_pair()
pathlib.Path("/etc/ssl/certs/nginx-cert.crt").write_text(pair.certificate_pem)
pathlib.Path("/etc/ssl/private/nginx-cert.key").write_text(pair.private_key_pem)
PYTHON
    chmod 0644 /etc/ssl/certs/nginx-cert.crt
    chmod 0600 /etc/ssl/private/nginx-cert.key
    chown "$SERVICE_USER:$SERVICE_USER" /etc/ssl/certs/nginx-cert.crt /etc/ssl/private/nginx-cert.key
    chmod 0755 /etc/ssl/private
}

network() {
    rm -f /etc/resolv.conf
    if [ "$RESOLVER" = static ]; then
        printf '[main]\ndns=none\n' > /etc/NetworkManager/conf.d/90-dns-none.conf
    fi
    systemctl mask NetworkManager-wait-online.service
}

# What pip would do, which compiles what it installs.
python_packages() {
    packages=$(python3 -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    for wheel in /build/wheels/*.whl; do
        [ -e "$wheel" ] || continue
        python3 -m zipfile -e "$wheel" "$packages"
        python3 -m compileall -q "$packages"
    done
}

# What a container has no use for, and would start a hundred times in an hour of tests.
idle() {
    systemctl mask NetworkManager-dispatcher.service dev-hugepages.mount dev-mqueue.mount getty@tty1.service \
        sys-fs-fuse-connections.mount systemd-hostnamed.service systemd-pstore.service systemd-sysusers.service \
        systemd-tmpfiles-setup-dev.service systemd-update-utmp.service systemd-update-utmp-runlevel.service \
        apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer systemd-tmpfiles-clean.timer \
        user@.service
    mkdir -p /etc/systemd/system-generators
    for name in cryptsetup debug getty gpt-auto hibernate-resume integritysetup run ssh system-update tpm2 veritysetup; do
        ln -s /dev/null "/etc/systemd/system-generators/systemd-$name-generator"
    done
    # or the first start would bring caches up to date
    touch /etc/.updated /var/.updated
}

cp -r "$box/rootfs/." /
users
ramdisks
source_tree
service_unit
case "$NGINX_SITE" in
    sites) web_server /etc/nginx/sites-enabled/default ;;
    *) web_server /etc/nginx/conf.d/iot.conf ;;
esac
certificate
network
python_packages
rm -f /etc/ssh/ssh_host_*
systemctl enable ssh.service NetworkManager.service
systemctl disable systemd-timesyncd.service
idle
