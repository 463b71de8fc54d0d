"""What a remedy says of Windows virtual IoT: where its files are, what its service is called, and how it is restarted.

The vendor's installer lets anybody choose the folder and the service's name, so both are found, never guessed: NSSM,
which runs the service, keeps command line and folder in the registry.
"""

from __future__ import annotations

from typing import Final

CERTIFICATE: Final = (
    r"nginx-cert.crt in INSTALL\nginx\conf (19.0) or INSTALL\nginx-1.22.0\conf (up to 18.0), where INSTALL stands for "
    "the folder into which Odoo was installed"
)
KEY: Final = CERTIFICATE.replace("nginx-cert.crt", "nginx-cert.key")
CONFIGURATION: Final = (
    r"odoo.conf (19.0: INSTALL\odoo.conf, up to 18.0: INSTALL\server\odoo.conf, where INSTALL stands for the folder "
    "into which Odoo was installed)"
)
LOG: Final = (
    r"On the box, look at the end of odoo.log (19.0: INSTALL\odoo.log, up to 18.0: INSTALL\server\odoo.log, where "
    "INSTALL stands for the folder into which Odoo was installed)."
)
STRAY: Final = (
    "If nginx.exe still runs after the stop, end it (`taskkill /F /IM nginx.exe`) before the start: it would keep the "
    "old certificate on port 443."
)
RESTARTED: Final = f"restart Odoo's service (the lines below). {STRAY}"
RESTART: Final = f"Restart Odoo's service on the box (the lines below). {STRAY}"
OWN_SOFTWARE: Final = "The repair has the box's own software fetch a new pair."
ALLOW: Final = "Allow TCP ports 8069, 443 and 80 in the box's Windows firewall (the line below)"

_NSSM: Final = (
    r"(Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Services\*\Parameters' -ErrorAction SilentlyContinue | "
    "Where-Object AppParameters -Like '*odoo-bin*')"
)
FIND: Final = (
    "Windows box (PowerShell as administrator): the service's name, then INSTALL",
    rf"$box = {_NSSM}; $box.PSPath.Split('\')[-2]; Split-Path $box.AppDirectory",
)
"""NSSM's values `AppParameters` (the command line) and `AppDirectory` (`INSTALL\\python`) below the service's key."""
RESTART_LINE: Final = (
    "Windows box (PowerShell as administrator): restart",
    rf"$service = {_NSSM}.PSPath.Split('\')[-2]; net stop $service; net start $service",
)
FIREWALL_LINE: Final = (
    "Windows box (PowerShell as administrator): firewall",
    "New-NetFirewallRule -DisplayName 'Odoo IoT' -Direction Inbound -Action Allow -Protocol TCP -LocalPort 8069,443,80",
)
DNS_LINE: Final = (
    "Windows box (PowerShell as administrator): DNS; Get-DnsClientServerAddress shows the name of its network card",
    "Set-DnsClientServerAddress -InterfaceAlias 'Ethernet' -ServerAddresses 8.8.8.8,8.8.4.4; Clear-DnsClientCache",
)
CLOCK_LINE: Final = (
    "Windows box (PowerShell as administrator): clock",
    "Start-Service w32time; w32tm /resync",
)
FILES: Final = (FIND, RESTART_LINE)
"""Of a remedy that sends somebody to a file, after which the service is restarted."""
