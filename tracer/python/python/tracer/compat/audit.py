"""python3-audit's `audit`, as far as tracer has an equal: what a program says into the log.

    fd = audit.audit_open()
    audit.audit_log_user_message(fd, audit.AUDIT_USER, "backup begins", None, None, None, 1)
    audit.audit_close(fd)

The messages go to tracer's daemon, which adds who sends them: what they say is one field, `text`, so that nobody can add
fields of his own. Every other function of the binding raises NotImplementedError, which says what to use.
"""

import os
import sys

from .. import _native

AUDIT_USER_AUTH = 1100
AUDIT_USER_ACCT = 1101
AUDIT_USER_MGMT = 1102
AUDIT_CRED_ACQ = 1103
AUDIT_CRED_DISP = 1104
AUDIT_USER_START = 1105
AUDIT_USER_END = 1106
AUDIT_USER_AVC = 1107
AUDIT_USER_CHAUTHTOK = 1108
AUDIT_USER_ERR = 1109
AUDIT_CRED_REFR = 1110
AUDIT_USYS_CONFIG = 1111
AUDIT_USER_LOGIN = 1112
AUDIT_USER_LOGOUT = 1113
AUDIT_ADD_USER = 1114
AUDIT_DEL_USER = 1115
AUDIT_ADD_GROUP = 1116
AUDIT_DEL_GROUP = 1117
AUDIT_USER_CMD = 1123
AUDIT_TRUSTED_APP = 1121
AUDIT_USER = 1005


def audit_open():
    """A descriptor: here of nothing, because each message finds the daemon by itself."""
    return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)


def audit_close(fd):
    os.close(fd)


def audit_getloginuid():
    """The user id of the login, 4294967295 where there is none."""
    with open("/proc/self/loginuid") as file:
        return int(file.read())


def audit_encode_value(text):
    """A value as the kernel writes it: in quotes, or in hexadecimal."""
    data = os.fsencode(text)
    if any(byte == 0x22 or not 0x21 <= byte <= 0x7E for byte in data):
        return data.hex().upper()
    return f'"{text}"'


def audit_encode_nv_string(name, value, vlen=0):
    """`name=value` of a value of any bytes."""
    return f"{name}={audit_encode_value(value) if value is not None else '?'}"


def _terminal(tty):
    if tty:
        return tty.removeprefix("/dev/")
    for fd in (0, 1, 2):
        try:
            return os.ttyname(fd)[len("/dev/") :]
        except OSError:
            continue
    return "?"


def _send(kind, message, hostname, addr, tty, result):
    told = f"{message} hostname={hostname or '?'} addr={addr or '?'} terminal={_terminal(tty)}"
    told += f" res={'success' if result else 'failed'}"
    # The number of a type stands for its name; without one it is a USER.
    _native.message(told if kind == AUDIT_USER else f"type={int(kind)} {told}")
    return 1


def audit_log_user_message(audit_fd, type, message, hostname, addr, tty, result):
    """A message of a program."""
    return _send(type, f"op={message}" if "=" not in message else message, hostname, addr, tty, result)


def audit_log_user_comm_message(audit_fd, type, message, comm, hostname, addr, tty, result):
    """The same with the name of the command."""
    comm = comm or os.path.basename(sys.argv[0] or "?")
    return _send(type, f"{message} comm={audit_encode_value(comm)}", hostname, addr, tty, result)


def audit_log_acct_message(audit_fd, type, pgname, op, name, id, host, addr, tty, result):
    """Something is done to an account, by its name or its id."""
    account = f"acct={audit_encode_value(name)}" if name else f"id={id}"
    return _send(type, f"op={op} {account}", host, addr, tty, result)


def audit_log_user_command(audit_fd, type, command, tty, result):
    """A command is run for a user."""
    told = f"cwd={audit_encode_value(os.getcwd())} cmd={audit_encode_value(command)}"
    return _send(type, told, None, None, tty, result)


#: What to use instead of families of functions that need the kernel's audit.
INSTEAD = {
    "audit_add_": "`tracer rules add`",
    "audit_delete_": "`tracer rules delete`",
    "audit_set_": "`tracer daemon`'s settings (tracer.toml)",
    "audit_request_": "tracer.status(), or `tracer rules list`",
    "audit_rule_": "`tracer rules`",
    "audit_msg_type_to_name": "auparse.AuParser.get_type_name",
    "audit_": "tracer, which does not use the kernel's audit",
}


def __getattr__(name):
    for start, instead in INSTEAD.items():
        if name.startswith(start):
            raise NotImplementedError(f"{name}: tracer.compat.audit sends messages only: use {instead}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
