"""Calls to processes of other nodes that are dead, or out of reach."""

import socket


def closed_port():
    """One at which nobody listens: the system gives it to nobody else while it is bound."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound, bound.getsockname()[1]


def test_dead(cluster):
    """noproc, or the default, when it is known; a wait is for silence only."""
    other = cluster.serve("dead-calls")
    bound, port = closed_port()
    main = cluster.main("dead-calls", *other.ready(), port)
    main.expect("refuses at first noproc", seconds=30)
    for name in ("refuses", "no name", "dead", "moved", "back", "guest"):
        main.expect(name + " noproc default noproc default", seconds=30)
    for name in ("dies", "dies after a while", "dies as a guest", "dies when it moves", "named"):
        main.expect(name + " noproc default noproc", seconds=30)
    main.expect("last words bye", "ready", seconds=30)
    other.kill()
    main.expect("lost noproc", "gone noproc default noproc default", "gone name noproc default noproc default", seconds=30)
    main.exit(0)
    bound.close()
