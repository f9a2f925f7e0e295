"""Loads and faults, made for real, and what waybilld makes of them. Needs root, curl, dnsmasq, nft; needs no internet.

    python3 labs/reliability [--short] [--jobs COUNT] [--programs FOLDER] [--list] [NAME...]

Without names all of them, but for those that change the whole machine (clock). --short: a twentieth of each load, as CI has it.
--jobs: so many faults at once, which mostly wait; loads are always alone. --programs: where waybilld and waybill are,
.build/release when absent. Everything happens in two network namespaces that are
removed at the end. One line for each, the last "N passed, N failed, N skipped".
"""

import argparse
import concurrent.futures
import os
import subprocess
import sys
import time
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import faults  # noqa: E402
import loads  # noqa: E402
from world import LABS, World  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="reliability", description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="a twentieth of each load")
    parser.add_argument("--jobs", type=int, default=1, metavar="COUNT", help="faults at once")
    parser.add_argument("--programs", default=os.path.join(os.path.dirname(LABS), ".build", "release"))
    parser.add_argument("--list", action="store_true", help="the names, and what each is")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    usual = loads.ALL + faults.ALL
    known = {each.__name__: each for each in usual + faults.ON_REQUEST}
    if options.list:
        for name, each in known.items():
            print(f"{name:<20} {each.__doc__}")
        return 0
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; --list tells what there is")
    if os.geteuid() != 0:
        parser.error("making network namespaces needs root")
    trials = [known[name] for name in options.names] or usual
    alone = [trial for trial in trials if trial in loads.ALL or options.jobs < 2]
    results = [play(trial, options) for trial in alone]
    others = [trial for trial in trials if trial not in alone]
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        results += pool.map(lambda trial: play_apart(trial, options), others)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed, 0 skipped")
    return 0 if all(results) else 1


def play(trial, options):
    """Whether it went well; a line says what it came to."""
    began = time.monotonic()
    try:
        with World(os.path.abspath(options.programs)) as world:
            try:
                told = trial(world, 20 if options.short else 1)
            except BaseException:
                if world.daemon:
                    print("".join(f"    {line}\n" for line in world.daemon.log().splitlines()[-15:]), end="")
                raise
    except Exception as error:  # one that fails keeps no other from running
        where = traceback.extract_tb(error.__traceback__)[-1]
        print(f"FAILED {trial.__name__}: {type(error).__name__}: {error} ({where.name}, line {where.lineno})", flush=True)
        return False
    print(f"ok     {trial.__name__} ({time.monotonic() - began:.0f} s): {told}", flush=True)
    return True


def play_apart(trial, options):
    """The same in a process of its own: beside others, and with a network of its own."""
    words = [sys.executable, os.path.dirname(os.path.abspath(__file__)), "--programs", options.programs, trial.__name__]
    done = subprocess.run(words + ["--short"] * options.short, stdout=subprocess.PIPE, text=True, check=False)
    # All but the counts.
    print("".join(done.stdout.splitlines(keepends=True)[:-1]), end="", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
