"""Output that nobody reads: only who prints waits, whatever standard output and error lead to."""

import os
import pty
import socket

from harness.cluster import Failure


def test_printed_by_another_node(cluster):
    """Nobody there can wait: what does not fit is dropped, and that is said, once."""
    reader, writer = os.pipe()
    node = cluster.serve("far-print", stdout=writer)
    main = cluster.main("far-print", *node.ready())
    main.expect("well", seconds=20)
    main.exit(0)
    node.complains("nobody reads standard output")
    if node.err.text().count("nobody reads") != 1:
        raise Failure("it is said more than once")
    node.terminate()
    node.exit(0)
    os.close(reader)
    os.close(writer)


def serve_unread(cluster, out, err):
    """A node whose output goes to these descriptors; its address."""
    port, = cluster.free_ports(1)
    node = cluster.start("unread", serve="%s:%d" % (cluster.host, port), stdout=out, stderr=err)
    node.address = (cluster.host, port)
    return node


def attack(cluster, ends, *what):
    """ends: where nobody reads, and what the node writes to."""
    reader, writer = ends
    node = serve_unread(cluster, writer, writer)
    main = cluster.main("unread", *node.address, *what)
    main.expect("well", seconds=20)
    main.exit(0)
    node.terminate()
    node.exit(0)
    os.close(reader)
    os.close(writer)


def test_pipe_print(cluster):
    attack(cluster, os.pipe(), "print")


def test_pipe_complain(cluster):
    attack(cluster, os.pipe(), "complain")


def test_pipe_all(cluster):
    attack(cluster, os.pipe(), "print", "complain", "fail")


def test_terminal(cluster):
    attack(cluster, pty.openpty(), "print", "complain", "fail")


def test_socket(cluster):
    ours, theirs = socket.socketpair()
    attack(cluster, (ours.detach(), theirs.detach()), "print", "complain", "fail")


def test_two_pipes(cluster):
    out, err = os.pipe(), os.pipe()
    node = serve_unread(cluster, out[1], err[1])
    main = cluster.main("unread", *node.address, "print", "complain", "fail")
    main.expect("well", seconds=20)
    main.exit(0)
    for end in out + err:
        os.close(end)


def test_mode_is_kept(cluster):
    """The others who have the descriptor still wait for it."""
    reader, writer = os.pipe()
    node = serve_unread(cluster, writer, writer)
    main = cluster.main("unread", *node.address, "print")
    main.expect("well", seconds=20)
    main.exit(0)
    if not os.get_blocking(writer):
        raise Failure("the descriptor does not block any more")
    node.terminate()
    node.exit(0)
    os.close(reader)
    os.close(writer)
