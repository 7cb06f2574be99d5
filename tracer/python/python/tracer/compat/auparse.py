"""python3-audit's `auparse`: audit records event by event, record by record, field by field.

What differs from the binding of libauparse 3.0.9 is said in docs/python.md.
"""

from .. import _native
from .._native import AuEvent

__all__ = ["AuEvent", "AuParser", "NoParser"]


class NoParser(Exception):
    """A parser without a source. Here there is none: AuParser() itself refuses."""


class AuParser(_native.AuParser):
    """A parser of audit records from files, buffers, descriptors, or what is fed."""

    def __getattr__(self, name):
        if name.startswith("aup_normalize"):
            why = f"{name}: tracer tells who did what as `tracer search --format text` and `csv`, not by cursors"
            raise NotImplementedError(why)
        raise AttributeError(f"AuParser has no attribute {name!r}")


def _constants():
    numbered = {
        "AUSOURCE_": "LOGS FILE FILE_ARRAY BUFFER BUFFER_ARRAY DESCRIPTOR FILE_POINTER FEED",
        "AUSEARCH_": "UNSET EXISTS EQUAL NOT_EQUAL TIME_LT TIME_LE TIME_GE TIME_GT TIME_EQ",
        "AUSEARCH_STOP_": "EVENT RECORD FIELD",
        "AUSEARCH_RULE_": "CLEAR OR AND REGEX",
        "AUPARSE_CB_": "EVENT_READY",
        "AUPARSE_ESC_": "RAW TTY SHELL SHELL_QUOTE",
        "NORM_OPT_": "ALL NO_ATTRS",
        "AUPARSE_TYPE_": "UNCLASSIFIED UID GID SYSCALL ARCH EXIT ESCAPED PERM MODE SOCKADDR FLAGS PROMISC"
        " CAPABILITY SUCCESS A0 A1 A2 A3 SIGNAL LIST TTY_DATA SESSION CAP_BITMAP NFPROTO ICMPTYPE PROTOCOL"
        " ADDR PERSONALITY SECCOMP OFLAG MMAP MODE_SHORT MAC_LABEL PROCTITLE HOOK NETACTION MACPROTO"
        " IOCTL_REQ ESCAPED_KEY ESCAPED_FILE FANOTIFY NLMCGRP RESOLVE",
    }
    for start, names in numbered.items():
        for number, name in enumerate(names.split()):
            yield start + name, number
    yield "AUSEARCH_INTERPRETED", 0x40000000


globals().update(_constants())
__all__ += [name for name, _ in _constants()]
