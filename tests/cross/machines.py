"""Machines of other architectures, as qemu makes them of this one."""
import os
import pathlib
import shutil

# First part of the triple: (Debian's name of its folder of libraries, qemu's name).
MACHINES = {
    "x86_64": ("x86_64-linux-gnu", None),
    "aarch64": ("aarch64-linux-gnu", "aarch64"),
    "riscv64": ("riscv64-linux-gnu", "riscv64"),
    "s390x": ("s390x-linux-gnu", "s390x"),
    "powerpc64le": ("powerpc64le-linux-gnu", "ppc64le"),
}


def sysroot(arch):
    cache = os.environ.get("XDG_CACHE_HOME", "")
    base = pathlib.Path(cache) if cache.startswith("/") else pathlib.Path.home() / ".cache"
    return base / "tcc-termite" / "sysroots" / MACHINES[arch][0]


def runner(arch):
    """What a program of that architecture is started with."""
    qemu = MACHINES[arch][1]
    return [f"qemu-{qemu}-static"] if qemu and arch != os.uname().machine else []


def missing(arch, build):
    """Why programs for `arch` cannot be made or run here, or None."""
    if arch not in MACHINES:
        return f"no machine {arch}"
    if arch == os.uname().machine:
        return None
    program = runner(arch)
    if program and not shutil.which(program[0]):
        return f"no {program[0]} (Debian package qemu-user-static)"
    if not (sysroot(arch) / "files.sha256").exists():
        return f"no sysroot for {arch} (run tools/sysroot {arch})"
    if not (pathlib.Path(build) / "lib" / MACHINES[arch][0] / "inline.bc").exists():
        return f"no runtime for {arch} (run tools/runtime --build={build} {arch})"
    return None
