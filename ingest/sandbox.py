"""Shuts a worker process in before it opens a stranger's file: bounds on memory and time, no network, no core dump.

This holds back bombs and bugs, and code that reaches for the network from Python. It is no prison for machine code that
an attacker has already made the process run; who needs that runs the whole of `verbatim ingest` in a container.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
"""linux/prctl.h: the signal that a process gets when its parent dies."""

MAX_ANSWER_BYTES = 2 * 2**30

_NETWORK_EVENTS = frozenset(
    {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}
)


class NetworkRefused(RuntimeError):
    """The code that reads a file tried to reach a network."""


@dataclass(frozen=True, slots=True)
class Confines:
    """What one document may cost.

    :param memory_bytes: above what a worker has before it begins; each program that it starts (text recognition) may
        have as much.
    :param cpu_seconds: processor time of the worker, or of one program that it starts.
    :param wall_seconds: time by the clock, all in all.
    """

    memory_bytes: int = 3 * 2**30
    cpu_seconds: int = 1800
    wall_seconds: float = 3600.0


def shut_in(confines: Confines) -> None:
    """Bind the calling process, and all that it starts, to these confines; it leads a process group of its own."""
    os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    address_space = _address_space() + confines.memory_bytes
    for kind, soft, hard in (
        (resource.RLIMIT_AS, address_space, address_space),
        # SIGXCPU at the soft limit, which says what it was; SIGKILL for code that catches it.
        (resource.RLIMIT_CPU, confines.cpu_seconds, confines.cpu_seconds + 1),
        (resource.RLIMIT_FSIZE, MAX_ANSWER_BYTES, MAX_ANSWER_BYTES),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, highest = resource.getrlimit(kind)
        if highest != resource.RLIM_INFINITY:
            soft, hard = min(soft, highest), min(hard, highest)
        resource.setrlimit(kind, (soft, hard))
    sys.addaudithook(_refuse_network)


def _refuse_network(event: str, _: object) -> None:
    if event in _NETWORK_EVENTS:
        raise NetworkRefused(f"{event} was called while a file was read: reading needs no network")


def _address_space() -> int:
    """Bytes of virtual memory that this process has already; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0
