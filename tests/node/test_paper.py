"""The paper's examples of several nodes, and its title's claim: a process that walks."""


def test_remote_spawn(cluster):
    other = cluster.serve("spawn")
    main = cluster.main("spawn", *other.ready())
    main.expect("boo", "error")
    main.exit(0)


def test_continuations(cluster):
    other = cluster.serve("continuations")
    main = cluster.main("continuations", *other.ready())
    main.expect("(task here)", "(task there)", "(proxy one there)", "(proxy two there)", "(clone 2 #t)", "(original 2)",
                "gnop", "pong")
    main.exit(0)


def test_walk(cluster):
    other = cluster.serve("walk")
    main = cluster.main("walk", *other.ready())
    for n in range(1, 11):
        (main, other)[(n - 1) % 2].expect(str(n))
    main.expect("it counted to 10")
    main.exit(0)
