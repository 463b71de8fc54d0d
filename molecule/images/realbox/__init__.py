"""Builds, starts and drives IoT boxes that are real machines: systemd in containers of podman."""
