"""G1, G3, G8: what one process sends to another one arrives in order, however that is named, and over a move."""

from harness.cluster import Failure
from harness.marks import heavy

LONG = 400000


def run(cluster, program, tries, size, count, options=()):
    nodes = [cluster.serve(program, options=options) for _ in range(2)]
    main = cluster.main(program, tries, size if cluster.factor == 1 else size // 20, *[word for node in nodes for word in node.ready()],
                        options=options)
    main.find("^done$", seconds=120)
    main.exit(0)
    if "WRONG" in main.out.text() or main.out.text().count(" ok") != count:
        raise Failure(main.failure("in another order"))


def test_names(cluster):
    run(cluster, "order", 10, LONG, 11)


def test_names_with_tls(cluster):
    run(cluster, "order", 4, LONG, 11, options=("tls=always",))


def test_moves(cluster):
    run(cluster, "move-order", 3, 6000000, 7)


@heavy
def test_moves_with_tls(cluster):
    run(cluster, "move-order", 3, 2000000, 7, options=("tls=always",))
