"""The paper's examples of several nodes, and its title's claim: a process that walks."""


def test_remote_spawn(cluster):
    other = cluster.serve("spawn")
    main = cluster.main("spawn", *other.ready())
    main.expect("it says boo", "the linked one raises error")
    other.expect("a process from elsewhere runs here")
    main.exit(0)


def test_continuations(cluster):
    other = cluster.serve("continuations")
    main = cluster.main("continuations", *other.ready())
    main.expect("a task begins here", "count 1", "count 2", "the server there answers gnop", "after the update it answers pong")
    other.expect("the task goes on here", "the moved process gets a message to its old pid", "count 2", "count 3",
                 "pinged", "pinged")
    main.exit(0)


def test_walk(cluster):
    other = cluster.serve("walk")
    main = cluster.main("walk", *other.ready())
    for n in range(1, 11):
        (main, other)[(n - 1) % 2].expect(str(n))
    main.expect("it counted to 10")
    main.exit(0)


def test_load_balancing(cluster):
    other = cluster.serve("balance")
    main = cluster.main("balance", *other.ready())
    main.expect("least loaded: other", "(computed at other)")
    main.exit(0)
