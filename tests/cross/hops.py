"""Programs of tests/run whose processes go on to another machine whenever they receive.

The compiler is given a library of its own, in which `recv` is preceded by a hop (hop/*.scm), but in the procedures that
make a process move. The program becomes the body of `main`, so that all that it defines travels with it. All nodes
write on one terminal, which is read: what is printed has one order."""
import os
import pathlib
import pty
import re
import shutil
import threading
import tty

import machines

HERE = pathlib.Path(__file__).resolve().parent
RUN = HERE.parent / "run"
RECV = re.compile(r"\(recv(?=[\s(])")
# What a program that receives has somewhere. (Others have nowhere to hop.)
RECEIVES = re.compile(r"\((recv|\?|\?\?|!\?|wait-for|thread-sleep!|cell-\w+|dict-ref|server:\w+|on)[\s)]")
# Where moving is done itself.
NOT_HOPPING = {"migrate.scm", "node.scm"}


def make_home(build, folder):
    """A folder for $TCC_TERMITE_HOME, with the runtimes of `build` and a library that hops."""
    home, library = pathlib.Path(folder), machines.ROOT / "lib-scm"
    home.mkdir()
    for entry in (pathlib.Path(build) / "lib").iterdir():
        if entry.name != "lib-scm":
            (home / entry.name).symlink_to(entry)
    shutil.copytree(pathlib.Path(build) / "lib/lib-scm", home / "lib-scm")
    library = home / "lib-scm"
    files = (library / "library.list").read_text().split()
    for name in files:
        if name not in NOT_HOPPING:
            text = (library / name).read_text()
            (library / name).write_text(RECV.sub("(hrcv", text))
    for name in ("first", "last"):
        shutil.copy(HERE / "hop" / (name + ".scm"), library / ("hop-%s.scm" % name))
    (library / "library.list").write_text("\n".join(["hop-first.scm", *files, "hop-last.scm", ""]))
    return home


def make_program(source, folder):
    """The program that hops, in `folder`; columns and lines of the text are as they were."""
    text = source.read_text()
    body = pathlib.Path(folder) / source.name
    body.write_text(RECV.sub("(hrcv", text))
    call = "(apply main hop-arguments)" if re.search(r"^\(define \(?main(?=[\s)])", text, re.M) else ""
    main = pathlib.Path(folder) / "hopping-main.scm"
    main.write_text('(define (main . hop-arguments) (with-hops (lambda () (include "%s") %s)))\n' % (body, call))
    return main


def receives(source):
    return bool(RECEIVES.search(source.read_text()))


def exceptions():
    """hops.txt: path in tests/run, or a folder of it -> why it does not hop."""
    rows = {}
    for line in (HERE / "hops.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            path, _, reason = line.partition(" ")
            rows[path] = reason.strip()
    return rows


def reason_for(path, rows):
    name = str(path.relative_to(RUN))
    return next((reason for key, reason in rows.items() if name == key or (key.endswith("/") and name.startswith(key))), None)


class Terminal:
    """What several programs print, in one order, line by line."""

    def __init__(self):
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.bytes = b""
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        while True:
            try:
                some = os.read(self.master, 65536)
            except OSError:  # nobody has the other side any more
                some = b""
            if not some:
                return
            self.bytes += some

    def close(self):
        """All of it; for when the programs have ended."""
        os.close(self.slave)
        self.thread.join(10)
        os.close(self.master)
        return self.bytes.decode(errors="replace")
