#!/usr/bin/env python3
"""Images of procedures and continuations (mutants.scm), changed and taken up: nothing but conditions may come of it.

  mutants.py COMPILER [COUNT [SEED]]

First every slot that compiled code relies on to be a closure of one code gets one of another: each must be refused. Then
COUNT (default 600) random changes, of bytes and of whole values, slots and codes, are decoded and run.
"""
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import message

HERE = pathlib.Path(__file__).resolve().parent
BATCH = 25
BATCH_SECONDS = 120
ENVIRONMENT = {"ASAN_OPTIONS": "detect_leaks=0", **os.environ}
TROUBLE = re.compile(rb"Sanitizer|runtime error|internal error|assert", re.I)


def slot_classes(compiler, program):
    """Code id to the classes of its slots; a class that is an id: a closure of that code."""
    dump = subprocess.run([compiler, "--dump=ids", "--dump-library", program], capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout
    lines = [line.split(" ", 3) for line in dump.splitlines()]
    return {bytes.fromhex(id): [] if classes == "-" else classes.split(",") for id, _, classes, _ in lines}


def holders(value):
    return [thing for thing in message.walk(value) if isinstance(thing, message.Frame) or thing.tag == message.CLOSURE]


def code_of(holder):
    return holder.code if isinstance(holder, message.Frame) else holder.data


def forgeries(images, classes):
    """Each slot of class CODE, with a closure of another code in it."""
    spare = [thing for image in images for thing in holders(message.read(image)) if not isinstance(thing, message.Frame)]
    for image in images:
        for number in range(len(holders(message.read(image)))):
            known = classes.get(code_of(holders(message.read(image))[number]).id, [])
            for slot, wanted in enumerate(known):
                if not re.fullmatch("[0-9a-f]{32}", wanted):
                    continue
                value = message.read(image)
                holder = holders(value)[number]
                holder.parts[slot] = next(other for other in spare if other.data.id.hex() != wanted)
                yield message.write(value)


def swap_slot(rng, value, others):
    holder = rng.choice([thing for thing in message.walk(value) if thing.parts])
    holder.parts[rng.randrange(len(holder.parts))] = rng.choice(others)


def swap_code(rng, value, others):
    mine = rng.choice(holders(value))
    code = code_of(mine)
    alike = [code_of(h) for h in others if not isinstance(h, message.Thing) or h.tag == message.CLOSURE]
    alike = [c for c in alike if (c.kind, c.n_slots) == (code.kind, code.n_slots)]
    if isinstance(mine, message.Frame):
        mine.code = rng.choice(alike or [code])
    else:
        mine.data = rng.choice(alike or [code])


def change_bytes(rng, image):
    changed = bytearray(image)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(5, len(changed))
        if rng.random() < 0.6:
            changed[at] = rng.choice((rng.randrange(256), 0, 1, 10, 21, 22, 0x80, 0xff))
        elif rng.random() < 0.5:
            del changed[at]
        else:
            changed.insert(at, rng.randrange(256))
        if len(changed) < 6:
            break
    return bytes(changed)


def mutant(rng, images):
    if rng.random() < 0.3:
        return change_bytes(rng, rng.choice(images))
    value = message.read(rng.choice(images))
    for _ in range(rng.randrange(1, 4)):
        others = list(message.walk(message.read(rng.choice(images)))) + list(message.walk(value))
        values = [thing for thing in others if isinstance(thing, message.Thing)]
        if rng.random() < 0.7 or not holders(value):
            swap_slot(rng, value, values)
        else:
            swap_code(rng, value, [t for t in others if isinstance(t, message.Frame) or t.tag == message.CLOSURE])
    return message.write(value)


def run(program, folder, names):
    """What the program says of each; a mutant may end the run by an exit, the next ones get another."""
    said = {}
    while names:
        done = subprocess.run([program, "--termite-max-heap=400M", "run", *names], cwd=folder, capture_output=True, timeout=BATCH_SECONDS,
                              env=ENVIRONMENT)
        lines = [line.split(b" ", 1) for line in done.stdout.splitlines() if line.startswith(b"m-")]
        said.update({name.decode(): text for name, text in lines})
        if done.returncode < 0 or TROUBLE.search(done.stderr):
            sys.exit(f"{names[min(len(lines), len(names) - 1)]}: exit code {done.returncode}\n{done.stderr.decode(errors='replace')[-4000:]}\n"
                     f"kept in {folder}")
        names = names[len(lines) + (len(lines) < len(names)):]
    return said


def take_up(program, folder, mutants):
    for i, mutant in enumerate(mutants):
        (folder / f"m-{i}").write_bytes(mutant)
    said = {}
    names = [f"m-{i}" for i in range(len(mutants))]
    for start in range(0, len(names), BATCH):
        said.update(run(program, folder, names[start:start + BATCH]))
    return said


def main():
    compiler = pathlib.Path(sys.argv[1]).resolve()
    count, seed = (int(argument) for argument in (sys.argv[2:] + ["600", "1"][len(sys.argv) - 2:])[:2])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mutants-"))
    program = folder / "mutants"
    subprocess.run([compiler, HERE / "mutants.scm", "-o", program], check=True, env=ENVIRONMENT)
    subprocess.run([program, "make"], cwd=folder, check=True, timeout=BATCH_SECONDS, env=ENVIRONMENT)
    images = [path.read_bytes() for path in sorted(folder.glob("image-*"))]
    for image in images:
        assert message.write(message.read(image)) == image, "an image changes when it is read and written"
    forged = list(forgeries(images, slot_classes(compiler, HERE / "mutants.scm")))
    said = take_up(program, folder, forged)
    taken = [name for name, text in said.items() if text != b"(exception (condition bad-data))"]
    assert forged and len(said) == len(forged) and not taken, f"forged images are run: {taken}, in {folder}"
    rng = random.Random(seed)
    said = take_up(program, folder, [mutant(rng, images) for _ in range(count)])
    refused = sum(b"bad-data" in text or b"unknown-code" in text for text in said.values())
    print(f"{len(images)} images, {len(forged)} forged slots refused, {count} mutants: {refused} refused, {len(said) - refused} run")
    subprocess.run(["rm", "-r", folder], check=True)
    print(f"{len(forged) + count} passed, 0 failed")


if __name__ == "__main__":
    main()
