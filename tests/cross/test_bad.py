"""Clusters in which something is not as it should be: other versions of the program, peers that claim what is not true."""
import os
import pathlib
import re
import resource
import shutil
import struct
import subprocess
import tempfile

import machines
from builds import HERE
from harness.cluster import Cluster, Failure, Skip
from harness.protocol import Link, NodeIdentity, Refused, connect, frame

FACTOR = 12.0


class Versions:
    """Several texts of one program, each compiled for all machines as NAME.TARGET."""

    def __init__(self, builds, texts):
        self.builds = builds
        for name, text in texts.items():
            source = pathlib.Path(builds.out) / (name + ".scm")
            source.write_text(text)
            builds.compile(source, name)

    def binary(self, name):
        return os.path.join(self.builds.out, name)


def test_versions(builds):
    """A process with frames of `frob` goes to builds in which something else was edited, and not to those in which `frob`
    was: it is told which procedure, and goes on where it is."""
    text = (HERE / "versions.scm").read_text()
    programs = Versions(builds, {
        "same": text,
        "spare": text + '(define (spare x) (println "spare" (failure x)))\n(! (self) spare)\n',
        "changed": text.replace("(+ n (frob", "(* n (frob"),
        "renamed": text.replace("frob", "grob").replace("(+ n (grob", "(* n (grob"),
    })
    refusal = r"\(migration-failed unknown-code (the procedure .*; )?the procedure frob %s(; the procedure .*)?: [0-9a-f]{32}\)"
    for i, home in enumerate(builds.targets):
        there = builds.targets[(i + 1) % len(builds.targets)]
        with Cluster(programs, FACTOR) as cluster:
            nodes = [cluster.serve(name + "." + there, prefix=machines.runner(there)) for name in ("same", "spare", "changed", "renamed")]
            main = cluster.main("same." + home, *(node.address[1] for node in nodes), prefix=machines.runner(home))
            main.expect("55", "55")
            main.expect_match(refusal % r"of \S*/changed\.scm differs")
            main.expect_match(refusal % "is not there")
            main.exit()
            for node in nodes:
                if node.out.all or len(node.err.all) > 1:
                    raise node.failure("has something to say")


def hello_in_other_order(identity):
    """A HELLO as a peer would write it that takes the numbers of fixed size for big-endian."""
    body = identity.hello(0)[6:]
    body = body[:2] + body[2:6][::-1] + body[6:]
    return b"TTN1" + struct.pack(">H", len(body)) + body


def other_order(link):
    """The length of the HELLO is the first thing that is not what it should be."""
    link.send(hello_in_other_order(NodeIdentity()))
    link.hear_hello()


def frames_in_other_order(node):
    """A session whose first frame has its length in the other order; how it ends."""
    session = connect(node)
    body = b"\0\4echo" + session.value([1, 2])
    good = frame("SEND_NAME", body)
    session.send_bytes(good[:1] + good[1:4][::-1] + body)
    if not session.is_closed(60):
        raise Failure("the node waits for a frame of %d bytes" % int.from_bytes(good[1:4][::-1], "little"))
    return session.goodbye


# The wire has no word size: neither has a peer. What one may say of itself in the bits that have no meaning yet, and
# numbers of any size, change nothing.
CLAIMS = [NodeIdentity(features=0xFFFFFFFF), NodeIdentity(features=1 << 31, extra=b"word 4"), NodeIdentity(extra=struct.pack(">QQ", 8, 1 << 63))]
NUMBERS = [sign * ((1 << k) + d) for k in (28, 29, 30, 31, 32, 53, 59, 60, 61, 62, 63, 64, 200) for d in (-1, 0, 1) for sign in (1, -1)]
FLOATS = [0.0, -0.0, 1.5, -1e300, 5e-324, 2.0 ** 53, float("inf")]


def test_claims(builds):
    """No peer can claim a word size or a byte order that matters; one that writes in the other order is cut off."""
    for target in builds.targets:
        with Cluster(builds, FACTOR) as cluster:
            node = cluster.serve("echo." + target, prefix=machines.runner(target))
            for claim in CLAIMS:
                session = connect(node, claim)
                got = session.call("echo", [*NUMBERS, *FLOATS], cluster.scaled(5))
                if repr(got) != repr([*NUMBERS, *FLOATS]):
                    raise Failure("%s: sent %r, got %r" % (target, [*NUMBERS, *FLOATS], got))
                session.close()
            try:
                other_order(Link.dial(node.address))
                raise Failure(target + ": a HELLO in the other byte order was taken")
            except Refused as refusal:
                if str(refusal) != "PROTOCOL_ERROR":
                    raise Failure("%s: refused with %s" % (target, refusal)) from None
            goodbye = frames_in_other_order(node)
            if goodbye != "PROTOCOL_ERROR":
                raise Failure("%s: ended with %r" % (target, goodbye))
            session = connect(node)
            if session.call("echo", "still here", cluster.scaled(5)) != "still here":
                raise Failure(target + ": does not serve any more")
            session.close()


def foreign(builds):
    """A machine whose programs are linked with a sysroot."""
    return next(target for target in builds.targets if target != builds.host)


def refused(builds, targets, env, *texts, before=None, prefix=()):
    """The compiler says all of this, in lines of its own, and writes nothing."""
    out = pathlib.Path(tempfile.mkdtemp(dir=builds.out))
    command = [builds.compiler, "--static", "--target=" + ",".join(targets), str(HERE / "images.scm"), "-o", str(out / "app")]
    done = subprocess.run([*prefix, *command], capture_output=True, text=True, env={**os.environ, **env}, timeout=300, preexec_fn=before)
    if done.returncode != 1 or any(text not in done.stderr.splitlines() for text in texts):
        raise Failure("exit code %d, expected 1 and %r\n%s" % (done.returncode, texts, done.stderr))
    if list(out.iterdir()):
        raise Failure("left behind: %s" % list(out.iterdir()))


def copy_of_sysroot(target, folder):
    """A cache whose sysroot may be spoilt."""
    copy = pathlib.Path(folder) / "tcc-termite/sysroots" / machines.MACHINES[target]
    shutil.copytree(machines.sysroot(target), copy, symlinks=True)
    return copy


def spoil(path):
    """Only its beginning is left."""
    path.write_bytes(path.read_bytes()[:5000])


def test_damaged_sysroot(builds):
    target = foreign(builds)
    copy = copy_of_sysroot(target, builds.out)
    env, check = {"XDG_CACHE_HOME": builds.out}, [str(machines.ROOT / "tools/sysroot"), "--check", target]
    if subprocess.run(check, env={**os.environ, **env}, stdout=subprocess.DEVNULL).returncode != 0:
        raise Failure("the sysroot of %s is damaged" % target)
    library = copy / "usr/lib" / machines.MACHINES[target]
    spoil(library / "libgmp.a")
    note = "note: whether the sysroot is damaged: tools/sysroot --check " + target
    refused(builds, [target], env, "error: linking failed", note)
    refused(builds, [builds.host, target], env, "error: linking failed", note)
    done = subprocess.run(check, env={**os.environ, **env}, capture_output=True, text=True)
    if done.returncode != 1 or not done.stderr.endswith("%s is damaged (run tools/sysroot --again %s)\n" % (copy, target)):
        raise Failure("tools/sysroot --check: exit code %d\n%s" % (done.returncode, done.stderr))
    (library / "crt1.o").unlink()
    refused(builds, [target], env, "error: %s is not a whole sysroot (run tools/sysroot --again %s)" % (copy, target))


def test_no_linker(builds):
    """In a place where nothing can be run under the linker's name."""
    cache = (pathlib.Path(builds.compiler).parent / "CMakeCache.txt").read_text()
    linker = re.search(r"^LLD:FILEPATH=(.*)$", cache, re.M).group(1)
    place = ["unshare", "--mount", "sh", "-c", 'mount --bind /dev/null "$0" && exec "$@"', linker]
    if subprocess.run([*place, "true"], capture_output=True).returncode != 0:
        raise Skip("no mount namespace can be made here")
    text = "error: cannot run the linker %s: Permission denied (Debian package lld-19)" % linker
    refused(builds, [foreign(builds)], {}, text, prefix=place)
    refused(builds, [builds.host, foreign(builds)], {}, text, prefix=place)


def test_no_room(builds):
    """No file may be longer than 300 KB: object files are shorter, executables are not."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))

    refused(builds, [foreign(builds)], {}, "error: linking failed", before=limit)
    refused(builds, [builds.host, foreign(builds)], {}, "error: linking failed", before=limit)


def test_installed(builds):
    """`cmake --install` takes along the runtimes of the other machines."""
    place = os.path.join(builds.out, "installed")
    done = subprocess.run(["cmake", "--install", os.path.dirname(builds.compiler), "--prefix", place], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(done.stdout + done.stderr)
    installed = builds.__class__(os.path.join(place, "bin/tcc-termite"), builds.targets, builds.out, builds.compiled)
    images = {builds.run_on(target, file) for target, file in installed.compile(HERE / "images.scm", "by-installed").items()}
    if len(images) != 1:
        raise Failure("programs of the installed compiler have different images")
    check_installed_sysroot(builds, installed, pathlib.Path(place) / "lib/tcc-termite")


def check_installed_sysroot(builds, installed, home):
    """Without a sysroot the installation's own script is named. What that script makes as root serves all users."""
    target = foreign(builds)
    tool, nobody = str(home / "tools/sysroot"), {"XDG_CACHE_HOME": os.path.join(builds.out, "nobody")}
    refused(installed, [target], nobody, "tcc-termite: error: no sysroot for %s: run %s %s" % (target, tool, target))
    path = subprocess.run([tool, "--path", target], env={**os.environ, **nobody}, capture_output=True, text=True).stdout.strip()
    shared = home / "sysroots" / machines.MACHINES[target]
    own = pathlib.Path(nobody["XDG_CACHE_HOME"]) / "tcc-termite/sysroots" / machines.MACHINES[target]
    if path != str(own if os.getuid() else shared):
        raise Failure("%s --path: %s" % (tool, path))
    shared.parent.mkdir()
    shared.symlink_to(machines.sysroot(target))
    done = subprocess.run([installed.compiler, "--static", "--target=" + target, str(HERE / "images.scm"), "-o", os.path.join(builds.out, "shared")],
                          env={**os.environ, **nobody}, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure("the sysroot for all users is not used:\n" + done.stderr)
    shutil.rmtree(home / machines.MACHINES[target])
    refused(installed, [target], nobody, "tcc-termite: error: no runtime for %s: run tools/runtime %s in the sources, and install them again" % (target, target))
