"""Masks, and events as they are shown."""

import logging
import os

#: Set by compatibility_mode().
compatibility = False


def logger_init():
    """The logger of pyinotify, which writes on standard error."""
    logger = logging.getLogger("pyinotify")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("[%(asctime)s %(name)s %(levelname)s] %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    return logger


log = logger_init()


class PyinotifyError(Exception):
    """Everything that goes wrong here."""


class EventsCodes:
    """The masks of inotify(7), by their kinds."""

    OP_FLAGS = {
        "IN_ACCESS": 0x1,
        "IN_MODIFY": 0x2,
        "IN_ATTRIB": 0x4,
        "IN_CLOSE_WRITE": 0x8,
        "IN_CLOSE_NOWRITE": 0x10,
        "IN_OPEN": 0x20,
        "IN_MOVED_FROM": 0x40,
        "IN_MOVED_TO": 0x80,
        "IN_CREATE": 0x100,
        "IN_DELETE": 0x200,
        "IN_DELETE_SELF": 0x400,
        "IN_MOVE_SELF": 0x800,
    }
    EVENT_FLAGS = {"IN_UNMOUNT": 0x2000, "IN_Q_OVERFLOW": 0x4000, "IN_IGNORED": 0x8000}
    SPECIAL_FLAGS = {
        "IN_ONLYDIR": 0x1000000,
        "IN_DONT_FOLLOW": 0x2000000,
        "IN_EXCL_UNLINK": 0x4000000,
        "IN_MASK_ADD": 0x20000000,
        "IN_ISDIR": 0x40000000,
        "IN_ONESHOT": 0x80000000,
    }
    FLAG_COLLECTIONS = {"OP_FLAGS": OP_FLAGS, "EVENT_FLAGS": EVENT_FLAGS, "SPECIAL_FLAGS": SPECIAL_FLAGS}
    ALL_FLAGS = {**OP_FLAGS, **EVENT_FLAGS, **SPECIAL_FLAGS, "ALL_EVENTS": sum(OP_FLAGS.values())}
    ALL_VALUES = {value: name for name, value in ALL_FLAGS.items()}

    @staticmethod
    def maskname(mask):
        """The name of an event's mask, with `|IN_ISDIR` where it is about a directory."""
        name = EventsCodes.ALL_VALUES[mask & ~IN_ISDIR]
        return name + "|IN_ISDIR" if mask & IN_ISDIR else name


ALL_EVENTS = EventsCodes.ALL_FLAGS["ALL_EVENTS"]
IN_ISDIR = EventsCodes.SPECIAL_FLAGS["IN_ISDIR"]
MASKNAMES = {value: EventsCodes.maskname(value) for value in EventsCodes.ALL_VALUES if not value & IN_ISDIR}
MASKNAMES.update({value | IN_ISDIR: name + "|IN_ISDIR" for value, name in MASKNAMES.items()})


class RawOutputFormat:
    """How events are shown: without colours."""

    def __init__(self, format=None):
        self.format = format or {}

    def simple(self, s, attribute):
        return self.format.get(attribute, "") + str(s) + self.format.get("normal", "")

    def punctuation(self, s):
        return self.simple(s, "normal")

    def field_value(self, s):
        return self.simple(s, "purple")

    def field_name(self, s):
        return self.simple(s, "blue")

    def class_name(self, s):
        return self.format.get("red", "") + self.simple(s, "bold")


class ColoredOutputFormat(RawOutputFormat):
    """With colours of a terminal."""

    def __init__(self):
        colours = "black red green yellow blue purple cyan".split()
        codes = {name: f"\033[{30 + number}m" for number, name in enumerate(colours)}
        more = {"normal": 0, "bold": 1, "uline": 4, "blink": 5, "invert": 7}
        codes.update({name: f"\033[{number}m" for name, number in more.items()})
        super().__init__(codes)


output_format = RawOutputFormat()


def use_colours():
    """Shows events with colours from now on."""
    global output_format
    output_format = ColoredOutputFormat()


def shown(what, pairs):
    """An object as `<NAME field=value ... >`."""
    form = output_format
    fields = (form.field_name(name) + form.punctuation("=") + form.field_value(value) for name, value in pairs)
    text = "".join(" " + field for field in fields)
    return form.punctuation("<") + form.class_name(type(what).__name__) + text + " " + form.punctuation(">")


class _Event:
    """Something with the attributes of a dictionary."""

    def __init__(self, dict_):
        self.__dict__.update(dict_)

    def __repr__(self):
        def value(name, value):
            if name == "mask":
                return hex(value)
            return "''" if isinstance(value, str) and not value else value

        pairs = sorted(self.__dict__.items())
        return shown(self, [(name, value(name, v)) for name, v in pairs if not name.startswith("_")])

    __str__ = __repr__


class _RawEvent(_Event):
    """An event as the kernel gives it."""

    def __init__(self, wd, mask, cookie, name):
        self.wd = wd
        self.mask = mask
        self.cookie = cookie
        self.name = name


class Event(_Event):
    """An event, with what is known beside: wd, mask, maskname, path, name, pathname, dir, and cookie and src_pathname of
    what was moved."""

    def __init__(self, raw):
        attributes = self.__dict__
        attributes.update(raw)
        mask = self.mask
        self.maskname = MASKNAMES.get(mask) or EventsCodes.maskname(mask)
        if compatibility:
            self.event_name = self.maskname
        path = attributes.get("path")
        if path is not None and "name" in attributes:
            name = self.name
            if path[:1] == "/" and "/" not in name and name not in (".", ".."):
                # It is normal already: watches have such paths.
                self.pathname = path + "/" + name if name and path != "/" else path + name
            else:
                self.pathname = os.path.abspath(os.path.join(path, name) if name else path)
