"""`python -m tracer.compat.pyinotify [OPTIONS] [PATH ...]`: shows what happens, until Ctrl-C."""

import optparse
import subprocess
import sys

from . import ALL_EVENTS, EventsCodes, Notifier, PrintAllEvents, Stats, WatchManager, __version__, log
from .events import use_colours


def options():
    parser = optparse.OptionParser(usage="usage: %prog [options] [path1] [path2] [pathn]")
    for short, name, text in (
        ("-v", "verbose", "Verbose mode"),
        ("-r", "recursive", "Add watches recursively on paths"),
        ("-a", "auto_add", "Automatically add watches on new directories"),
        ("-g", "glob", "Treat paths as globs"),
        ("-s", "stats", "Display dummy statistics"),
        ("-V", "version", "Pyinotify version"),
    ):
        parser.add_option(short, "--" + name, action="store_true", dest=name, help=text)
    parser.add_option("-f", "--raw-format", action="store_true", dest="raw_format", help="Without colours")
    parser.add_option("-e", "--events-list", metavar="EVENT[,...]", help="Events to watch for (all of them)")
    parser.add_option("-c", "--command", help="Shell command to run upon event")
    return parser


def mask(parser, names):
    wanted = 0
    for name in names.split(","):
        if name not in EventsCodes.ALL_FLAGS:
            parser.error(f"The event '{name}' specified with option -e is not valid")
        wanted |= EventsCodes.ALL_FLAGS[name]
    return wanted


def show_stats(notifier):
    print(repr(notifier.proc_fun()), notifier.proc_fun(), sep="\n", flush=True)


def main():
    parser = options()
    given, paths = parser.parse_args()
    if given.verbose:
        log.setLevel(10)
    if given.version:
        print(__version__)
    if not given.raw_format:
        use_colours()
    wanted = mask(parser, given.events_list) if given.events_list else ALL_EVENTS
    manager = WatchManager()
    callback = None
    if given.stats:
        notifier = Notifier(manager, Stats(), read_freq=5)
        callback = show_stats
    else:
        notifier = Notifier(manager, PrintAllEvents())
    if given.command:
        callback = lambda notifier: subprocess.Popen(given.command, shell=True) and None
    manager.add_watch(
        paths or "/tmp", wanted, rec=given.recursive, auto_add=given.auto_add, do_glob=given.glob
    )
    notifier.loop(callback=callback)


if __name__ == "__main__":
    sys.exit(main())
