"""What comes out of the compiler for several machines."""
import pathlib

from harness.cluster import Failure

TAILS_RESULT = "5\n(2 3 4 5 6 7 8 9 10 11 1)\n(1000 1001)\n(1 2 3 4 5 6 7 8 1)\nend\n"


def test_images(builds):
    """Code ids, descriptors and values are the same bytes from every machine's program."""
    images = {target: builds.run_on(target, file).splitlines() for target, file in builds.program("images").items()}
    first = builds.targets[0]
    for target, lines in images.items():
        if lines == images[first]:
            continue
        line = next((i for i, (a, b) in enumerate(zip(lines, images[first])) if a != b), min(len(lines), len(images[first])))
        raise Failure("line %d of images.scm: %s and %s differ" % (line + 1, first, target))


def test_same_bytes(builds):
    """The same input gives the same executables, alone or together with others."""
    source = pathlib.Path(__file__).with_name("images.scm")
    first, second = builds.program("images"), builds.compile(source, "again")
    last = builds.targets[-1]
    second[last] = builds.compile(source, "alone", [last])[last]
    for target in builds.targets:
        if pathlib.Path(first[target]).read_bytes() != pathlib.Path(second[target]).read_bytes():
            raise Failure("two executables for %s differ" % target)


def test_tails(builds):
    """Tail calls of all kinds take no room."""
    results = {target: builds.run_on(target, file) for target, file in builds.program("tails").items()}
    for target, text in results.items():
        if text.decode() != TAILS_RESULT:
            raise Failure("%s printed %r" % (target, text))
