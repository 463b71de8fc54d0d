"""`iot-https schedule`: a systemd service and timer on the control machine, so that nobody has to remember a run."""
