"""The cookie file, and other reasons not to start as a node: one line that says why, exit code 78."""

import base64
import os
import stat

from harness.cluster import Failure, write_cookie
from harness.protocol import NodeIdentity, connect, read_cookie

CONFIGURATION = 78


def expect_refused_start(cluster, what, fragment, options=(), serve="127.0.0.1:0", env=None):
    node = cluster.start("victim", serve=serve, options=options, env=env, name=what)
    node.exit(CONFIGURATION, seconds=5)
    lines = node.err.all
    if len(lines) != 1 or fragment not in lines[0]:
        raise node.failure("%s: expected one line with %r" % (what, fragment))


def test_bad_files(cluster):
    path = os.path.join(cluster.folder, "secret")
    option = ["cookie-file=" + path]

    def with_file(what, fragment, make):
        make()
        expect_refused_start(cluster, what, fragment, option)
        if os.path.lexists(path):
            os.remove(path)

    good = base64.b64encode(os.urandom(32)).decode()
    with_file("no file", path, lambda: None)
    with_file("world-readable", path, lambda: write_cookie(path, good, 0o644))
    with_file("empty", path, lambda: write_cookie(path, ""))
    with_file("ten bytes", path, lambda: write_cookie(path, "0123456789"))
    with_file("no base64", path, lambda: write_cookie(path, "!" * 44 + "\n"))
    with_file("three lines", path, lambda: write_cookie(path, (good + "\n") * 3))
    with_file("a FIFO", path, lambda: os.mkfifo(path, 0o600))
    with_file("a link to a FIFO", path, lambda: (os.mkfifo(path + ".fifo", 0o600), os.symlink(path + ".fifo", path)))
    with_file("huge", path, lambda: write_cookie(path, "A" * 100000))


def test_made_when_missing(cluster):
    """Without the option, a cookie is made: 32 random bytes, for the owner only, which the next node reads."""
    del cluster.env["TERMITE_COOKIE_FILE"]
    first = cluster.serve("victim")
    path = os.path.join(cluster.folder, "config", "termite", "cookie")
    mode = stat.S_IMODE(os.stat(path).st_mode)
    if mode & 0o077:
        raise Failure("the cookie has mode %o" % mode)
    if len(read_cookie(path)) != 32:
        raise Failure("the cookie has %d bytes" % len(read_cookie(path)))
    text = open(path).read()
    second = cluster.serve("victim")
    if open(path).read() != text:
        raise Failure("the second node made another cookie")
    for node in (first, second):
        session = connect(node, NodeIdentity(), read_cookie(path))
        if session.call("echo", 1) != 1:
            raise Failure("not served")
        session.close()


def test_two_cookies(cluster):
    """While the cookie is changed, a node takes the old one and the new one."""
    old, new = os.urandom(32), os.urandom(32)
    write_cookie(cluster.cookie, "".join(base64.b64encode(c).decode() + "\n" for c in (new, old)))
    node = cluster.serve("victim")
    for cookie in (new, old):
        session = connect(node, NodeIdentity(), cookie)
        if session.call("echo", "x") != "x":
            raise Failure("not served")
        session.close()


def test_listener_addresses(cluster):
    """Addresses at which it cannot or must not listen."""
    taken = cluster.serve("victim")
    expect_refused_start(cluster, "taken", "name-in-use", serve=taken.host_port)
    expect_refused_start(cluster, "not ours", "192.0.2.1", serve="192.0.2.1:0")
    expect_refused_start(cluster, "no such host", "no-such-host.invalid", serve="no-such-host.invalid:0")


def test_bad_options(cluster):
    for serve in ("127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", ":1"):
        node = cluster.start("victim", serve=serve, name=serve)
        node.exit(64, seconds=5)
