#!/bin/sh
# Run in the image, without any network: what pip installs lies in /build/wheels.
# $1: the environment whose ansible-test is used.
set -eu
export PIP_NO_INDEX=1 PIP_FIND_LINKS=/build/wheels PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

for file in /build/ansible-*.txt; do
	name=$(basename "$file" .txt)
	python3 -m venv "/opt/$name"
	"/opt/$name/bin/pip" install --quiet --no-compile --no-deps --requirement "$file"
	# where the checkout lies when tests run: Ansible finds its collection as it does with an installed package
	collections=$("/opt/$name/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/ansible_collections
	mkdir -p "$collections/iot_https"
	ln -s /srv/iot-https "$collections/iot_https/fleet"
done
# into the folder of the Containerfile: a program that has it looks nowhere else, and would compile all of this itself
python3 -m compileall -q -j 0 /usr/lib/python3.* /opt/*/lib

# each test of ansible-test gets an environment of its own, with a pip that a script installs which is downloaded,
# unless it is found here; this one has them share the pip that the first program of them compiles
python3 -m zipfile -e /usr/share/python-wheels/pip-*.whl /opt/pip
version=$(sed -n "s/^ *pip='\([0-9.]*\)',$/\1/p" \
	"/opt/$1"/lib/python3*/site-packages/ansible_test/_internal/python_requirements.py | head -n 1 | tr . _)
mkdir -p "$HOME/.ansible/test/cache"
cat > "$HOME/.ansible/test/cache/get_pip_$version.py" <<'END'
import sysconfig
from pathlib import Path

Path(sysconfig.get_path("purelib"), "pip.pth").write_text("/opt/pip\n")
END

# those environments are made here once, with what that version pins
printf '[global]\nno-index = true\nfind-links = /build/wheels\n' > /etc/pip.conf
mkdir -p /build/ansible_collections/iot_https/fleet/plugins/modules
cd /build/ansible_collections/iot_https/fleet
printf 'namespace: iot_https\nname: fleet\nversion: 0.0.0\n' > galaxy.yml
git init --quiet
PATH="/opt/$1/bin:$PATH" ansible-test sanity --prime-venvs --color no
rm /etc/pip.conf
