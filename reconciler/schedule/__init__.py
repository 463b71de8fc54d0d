"""`iot-https schedule`: a systemd service and timer on the control machine that run `iot-https` unattended."""
