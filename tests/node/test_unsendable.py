"""What cannot travel is refused, never dropped without a word."""

from harness.marks import heavy


@heavy
def test_to_a_process_that_has_moved(cluster):
    other, third = cluster.serve("unsendable"), cluster.serve("unsendable")
    main = cluster.main("unsendable", 300, *other.ready(), *third.ready())
    for name in ("made there", "moved there", "by name", "moved twice", "moved around", "moved back", "moved to the sender",
                 "moved away from the sender"):
        main.expect(name + ": too-large alive", seconds=120)
    main.expect("heard both", "done", seconds=120)
    main.exit(0)
