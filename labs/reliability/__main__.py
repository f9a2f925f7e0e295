"""Loads and faults, made for real, and what waybilld makes of them. Needs root, curl, dnsmasq, nft; needs no internet.

    python3 labs/reliability [--short] [--programs FOLDER] [--list] [NAME...]

Without names all of them, but for those that change the whole machine (clock). --short: a twentieth of each load, as CI has it.
--programs: where waybilld and waybill are, .build/release when absent. Everything happens in two network namespaces that are
removed at the end. One line for each, the last "N passed, N failed, N skipped".
"""

import argparse
import os
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import faults  # noqa: E402
import loads  # noqa: E402
from world import LABS, World  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="reliability", description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="a twentieth of each load")
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
    passed, failed = 0, 0
    for trial in [known[name] for name in options.names] or usual:
        began = time.monotonic()
        try:
            with World(os.path.abspath(options.programs)) as world:
                try:
                    told = trial(world, 20 if options.short else 1)
                except BaseException:
                    if world.daemon:
                        print("".join(f"    {line}\n" for line in world.daemon.log().splitlines()[-15:]), end="")
                    raise
            passed += 1
            print(f"ok     {trial.__name__} ({time.monotonic() - began:.0f} s): {told}", flush=True)
        except Exception as error:  # one that fails keeps no other from running
            failed += 1
            where = traceback.extract_tb(error.__traceback__)[-1]
            print(f"FAILED {trial.__name__}: {type(error).__name__}: {error} ({where.name}, line {where.lineno})", flush=True)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
