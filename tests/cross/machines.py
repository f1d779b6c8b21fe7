"""Machines of other architectures, as qemu and the kernel make them of this one."""
import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What qemu calls an architecture that is not named as in targets.def.
QEMU = {"powerpc64le": "ppc64le"}
# What a kernel runs beside its own architecture. (Under qemu's i386 the collector's signals get lost.)
WITHOUT_QEMU = {("x86_64", "i386")}
# A program for i386 that does nothing: ELF header, one segment, exit(0).
NOTHING_I386 = bytes.fromhex(
    "7f454c46010101000000000000000000" "02000300010000005480040834000000" "00000000000000003400200001000000" "00000000"
    "01000000000000000080040800800408" "60000000600000000500000000100000" "31db31c040cd80000000000000000000")


def _read_targets():
    """Rows of rt/abi/targets.def: first part of the triple -> Debian's name of the folder of libraries."""
    text = (ROOT / "rt/abi/targets.def").read_text()
    return dict(re.findall(r'^TARGET\((\w+),\s*\w+,\s*"[^"]*",\s*"([^"]*)"', text, re.M))


MACHINES = _read_targets()


def sysroot(arch):
    cache = os.environ.get("XDG_CACHE_HOME", "")
    base = pathlib.Path(cache) if cache.startswith("/") else pathlib.Path.home() / ".cache"
    return base / "tcc-termite" / "sysroots" / MACHINES[arch]


def runner(arch):
    """What a program of that architecture is started with."""
    host = os.uname().machine
    return [] if arch == host or (host, arch) in WITHOUT_QEMU else ["qemu-%s-static" % QEMU.get(arch, arch)]


@functools.cache
def _kernel_runs_i386():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "nothing")
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o700)) as file:
            file.write(NOTHING_I386)
        try:
            return subprocess.run([path], timeout=10).returncode == 0
        except OSError:
            return False


def missing(arch, build):
    """Why programs for `arch` cannot be made or run here, or None."""
    if arch not in MACHINES:
        return f"no machine {arch}"
    if arch == os.uname().machine:
        return None
    program = runner(arch)
    if program and not shutil.which(program[0]):
        return f"no {program[0]} (Debian package qemu-user-static)"
    if not program and not _kernel_runs_i386():
        return f"the kernel does not run programs for {arch}"
    if not (sysroot(arch) / "files.sha256").exists():
        return f"no sysroot for {arch} (run tools/sysroot {arch})"
    if not (pathlib.Path(build) / "lib" / MACHINES[arch] / "inline.bc").exists():
        return f"no runtime for {arch} (run tools/runtime --build={build} {arch})"
    return None
