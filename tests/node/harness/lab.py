"""Hosts on one machine: network namespaces on a bridge, whose links can be cut without a sound.

    host n: namespace, eth0 = 10.77.<lab>.<n> -- veth -- bridge in a namespace of its own

A cut is one-way: the sender gets a neighbour entry with a hardware address that nobody has, so packets leave and
are lost, as behind a broken switch: no reset, no ICMP."""

import functools
import itertools
import os
import subprocess
import threading

from .cluster import Skip

NOBODY = "02:00:00:00:de:ad"
_counter = itertools.count(1)
_lock = threading.Lock()


def _ip(*words, check=True):
    return subprocess.run(["ip", *words], check=check, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@functools.lru_cache(maxsize=None)
def _obstacle():
    """Why namespaces cannot be made here; None: they can."""
    name = "tt%d-try" % os.getpid()
    try:
        _ip("netns", "add", name)
        _ip("netns", "exec", name, "true")
        _ip("-n", name, "link", "add", "try", "type", "bridge")
    except (OSError, subprocess.CalledProcessError) as error:
        return str(getattr(error, "stderr", "") or error).strip()
    finally:
        if os.path.exists("/run/netns/" + name):
            _ip("netns", "del", name, check=False)
    return None


class Host:
    def __init__(self, lab, number):
        self.lab, self.number = lab, number
        self.space = "%s-%d" % (lab.name, number)
        self.address = "10.77.%d.%d" % (lab.subnet, number)
        _ip("netns", "add", self.space)
        _ip("link", "add", "eth0", "netns", self.space, "type", "veth", "peer", "name", "h%d" % number, "netns", lab.middle)
        for link in ("lo", "eth0"):
            _ip("-n", self.space, "link", "set", link, "up")
        _ip("-n", self.space, "addr", "add", self.address + "/24", "dev", "eth0")
        _ip("-n", lab.middle, "link", "set", "h%d" % number, "master", "bridge", "up")

    @property
    def prefix(self):
        """What makes a command run here."""
        return ["ip", "netns", "exec", self.space]

    def deaf_to(self, other):
        """Nothing of this host reaches the other one any more."""
        _ip("-n", self.space, "neigh", "replace", other.address, "lladdr", NOBODY, "dev", "eth0", "nud", "permanent")

    def hears(self, other):
        _ip("-n", self.space, "neigh", "del", other.address, "dev", "eth0")

    def vanish(self):
        """All its connections are forgotten without a word, as by a host that loses its power: its address goes,
        and comes back with nobody who knows of them."""
        _ip("-n", self.space, "link", "set", "eth0", "down")

    def appear(self):
        _ip("-n", self.space, "link", "set", "eth0", "up")


class Lab:
    def __init__(self, cluster, hosts):
        with _lock:
            obstacle = _obstacle()
        if obstacle:
            raise Skip("no network namespaces: " + obstacle)
        self.subnet = next(_counter) % 250 + 1
        self.name = "tt%d-%d" % (os.getpid(), self.subnet)
        self.middle = self.name + "-m"
        self.hosts = []
        cluster.at_end(self.close)
        _ip("netns", "add", self.middle)
        _ip("-n", self.middle, "link", "add", "bridge", "type", "bridge")
        _ip("-n", self.middle, "link", "set", "bridge", "up")
        for number in range(1, hosts + 1):
            self.hosts.append(Host(self, number))

    def cut(self, a, b):
        """Both ways."""
        a.deaf_to(b)
        b.deaf_to(a)

    def heal(self, a, b):
        a.hears(b)
        b.hears(a)

    def close(self):
        for space in [host.space for host in self.hosts] + [self.middle]:
            _ip("netns", "del", space, check=False)
