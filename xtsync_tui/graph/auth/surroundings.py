"""What the machine says about where the person sits: at this computer, or at the other end of SSH."""

import getpass
import socket
import sys
from collections.abc import Mapping


def is_remote(environment: Mapping[str, str]) -> bool:
    """Return whether this is a login over SSH."""
    return "SSH_CONNECTION" in environment or "SSH_TTY" in environment


def can_open_browser(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a browser opened here would be in front of the person."""
    if is_remote(environment):
        return False
    return platform in {"darwin", "win32"} or "DISPLAY" in environment or "WAYLAND_DISPLAY" in environment


def ssh_command(environment: Mapping[str, str], port: int) -> str:
    """Return the command that leads ``port`` of the person's own computer to this machine.

    Host and port are those the running SSH connection reached, this machine's name without one.
    """
    parts = environment.get("SSH_CONNECTION", "").split()
    host, ssh_port = (parts[2], parts[3]) if len(parts) == 4 else (socket.gethostname(), "22")
    option = "" if ssh_port == "22" else f" -p {ssh_port}"
    user = environment.get("USER") or getpass.getuser()
    return f"ssh -L {port}:localhost:{port}{option} {user}@{host}"
