//! Types of audit records: numbers and names (`linux/audit.h` for what the kernel sends, `libaudit.h`
//! for what programs send). One table; a new type is one line.

use std::sync::LazyLock;

/// Type of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordType(pub u16);

/// Types that something is decided by.
impl RecordType {
    /// `USER`.
    pub const USER: Self = Self(1005);
    /// `LOGIN`.
    pub const LOGIN: Self = Self(1006);
    /// `USER_AUTH`.
    pub const USER_AUTH: Self = Self(1100);
    /// `USER_MGMT`.
    pub const USER_MGMT: Self = Self(1102);
    /// `USER_AVC`.
    pub const USER_AVC: Self = Self(1107);
    /// `USER_CHAUTHTOK`.
    pub const USER_CHAUTHTOK: Self = Self(1108);
    /// `USYS_CONFIG`.
    pub const USYS_CONFIG: Self = Self(1111);
    /// `USER_LOGIN`.
    pub const USER_LOGIN: Self = Self(1112);
    /// `ADD_USER`.
    pub const ADD_USER: Self = Self(1114);
    /// `DEL_GROUP`.
    pub const DEL_GROUP: Self = Self(1117);
    /// `USER_TTY`.
    pub const USER_TTY: Self = Self(1124);
    /// `GRP_AUTH`.
    pub const GRP_AUTH: Self = Self(1126);
    /// `GRP_MGMT`.
    pub const GRP_MGMT: Self = Self(1132);
    /// `USER_DEVICE`.
    pub const USER_DEVICE: Self = Self(1137);
    /// `SOFTWARE_UPDATE`.
    pub const SOFTWARE_UPDATE: Self = Self(1138);
    /// `DAEMON_START`.
    pub const DAEMON_START: Self = Self(1200);
    /// `DAEMON_END`.
    pub const DAEMON_END: Self = Self(1201);
    /// `DAEMON_CONFIG`.
    pub const DAEMON_CONFIG: Self = Self(1203);
    /// `SYSCALL`.
    pub const SYSCALL: Self = Self(1300);
    /// `PATH`.
    pub const PATH: Self = Self(1302);
    /// `CONFIG_CHANGE`.
    pub const CONFIG_CHANGE: Self = Self(1305);
    /// `SOCKADDR`.
    pub const SOCKADDR: Self = Self(1306);
    /// `CWD`.
    pub const CWD: Self = Self(1307);
    /// `EXECVE`.
    pub const EXECVE: Self = Self(1309);
    /// `KERNEL_OTHER`: what modules of third parties say, and our own record.
    pub const KERNEL_OTHER: Self = Self(1316);
    /// `OBJ_PID`.
    pub const OBJ_PID: Self = Self(1318);
    /// `TTY`.
    pub const TTY: Self = Self(1319);
    /// `EOE`.
    pub const EOE: Self = Self(1320);
    /// `NETFILTER_PKT`.
    pub const NETFILTER_PKT: Self = Self(1324);
    /// `NETFILTER_CFG`.
    pub const NETFILTER_CFG: Self = Self(1325);
    /// `SECCOMP`.
    pub const SECCOMP: Self = Self(1326);
    /// `PROCTITLE`.
    pub const PROCTITLE: Self = Self(1327);
    /// `FEATURE_CHANGE`.
    pub const FEATURE_CHANGE: Self = Self(1328);
    /// `EVENT_LISTENER`.
    pub const EVENT_LISTENER: Self = Self(1335);
    /// `URINGOP`.
    pub const URINGOP: Self = Self(1336);
    /// `AVC`.
    pub const AVC: Self = Self(1400);
    /// `KERNEL`.
    pub const KERNEL: Self = Self(2000);
    /// What our own record was until version 0.1: a number without a name.
    pub const OLD_OWN: Self = Self(2099);
    /// `ROLE_ASSIGN`.
    pub const ROLE_ASSIGN: Self = Self(2301);
    /// `ROLE_REMOVE`.
    pub const ROLE_REMOVE: Self = Self(2302);
    /// `CRYPTO_SESSION`.
    pub const CRYPTO_SESSION: Self = Self(2407);
    /// `VIRT_CONTROL`.
    pub const VIRT_CONTROL: Self = Self(2500);
    /// `VIRT_RESOURCE`.
    pub const VIRT_RESOURCE: Self = Self(2501);

    /// The type whose name ends with the first space of a text, and how long the name is. `None`: there is
    /// no space where one could be.
    #[inline]
    pub(super) fn in_front(text: &[u8]) -> Option<(Option<Self>, usize)> {
        // What most records are, without a search.
        match text {
            [b'P', b'A', b'T', b'H', b' ', ..] => return Some((Some(Self::PATH), 4)),
            [b'C', b'W', b'D', b' ', ..] => return Some((Some(Self::CWD), 3)),
            [b'E', b'O', b'E', b' ', ..] => return Some((Some(Self::EOE), 3)),
            _ => {}
        }
        for (known, kind) in [
            (&b"SYSCALL "[..], Self::SYSCALL),
            (b"PROCTITLE ", Self::PROCTITLE),
            (b"EXECVE ", Self::EXECVE),
            (b"BPRM_FCAPS ", Self(1321)),
            (b"SOCKADDR ", Self::SOCKADDR),
        ] {
            if text.starts_with(known) {
                return Some((Some(kind), known.len() - 1));
            }
        }
        let end = text.iter().take(NAME_MAX).position(|b| *b == b' ')?;
        Some((Self::from_name(&text[..end]), end))
    }

    /// The number of a name, as it stands in a log: a known one, `UNKNOWN[n]`, or the number alone.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        static BY_NAME: LazyLock<Vec<(&str, u16)>> = LazyLock::new(|| {
            let mut table: Vec<_> = TYPES
                .iter()
                .map(|(number, name)| (*name, *number))
                .collect();
            table.sort_unstable();
            table
        });
        let number = |digits| std::str::from_utf8(digits).ok()?.parse().ok().map(Self);
        if let Some(digits) = name.strip_prefix(b"UNKNOWN[") {
            return number(digits.strip_suffix(b"]")?);
        }
        if name.first().is_some_and(u8::is_ascii_digit) {
            return number(name);
        }
        let at = BY_NAME
            .binary_search_by(|(known, _)| known.as_bytes().cmp(name))
            .ok()?;
        Some(Self(BY_NAME[at].1))
    }

    /// Its name, when it has one.
    pub fn name(self) -> Option<&'static str> {
        TYPES
            .binary_search_by_key(&self.0, |(number, _)| *number)
            .ok()
            .map(|at| TYPES[at].1)
    }

    /// Can a record of this type, with this text, be our own?
    pub fn is_own(self, body: &[u8]) -> bool {
        matches!(self, Self::KERNEL_OTHER | Self::OLD_OWN)
            && (body.starts_with(b"tracer=") || body.starts_with(b"tr_more="))
    }

    /// Is an event of this type one record long? (What the kernel does not log about a system call:
    /// messages of programs and daemons, anomalies, the network labels.) So the audit tools decide
    /// that nothing more can come.
    pub fn is_alone(self) -> bool {
        self == Self::PROCTITLE
            || self == Self::KERNEL
            || self.0 < 1300
            || self.0 >= 2100
            || (1406..=1419).contains(&self.0)
    }

    /// Every name, in the order of the numbers.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TYPES.iter().map(|(_, name)| *name)
    }
}

/// Longest name of a type that is looked at.
const NAME_MAX: usize = 64;

/// Every type that has a name, by number.
static TYPES: [(u16, &str); 206] = [
    (1005, "USER"),
    (1006, "LOGIN"),
    (1100, "USER_AUTH"),
    (1101, "USER_ACCT"),
    (1102, "USER_MGMT"),
    (1103, "CRED_ACQ"),
    (1104, "CRED_DISP"),
    (1105, "USER_START"),
    (1106, "USER_END"),
    (1107, "USER_AVC"),
    (1108, "USER_CHAUTHTOK"),
    (1109, "USER_ERR"),
    (1110, "CRED_REFR"),
    (1111, "USYS_CONFIG"),
    (1112, "USER_LOGIN"),
    (1113, "USER_LOGOUT"),
    (1114, "ADD_USER"),
    (1115, "DEL_USER"),
    (1116, "ADD_GROUP"),
    (1117, "DEL_GROUP"),
    (1118, "DAC_CHECK"),
    (1119, "CHGRP_ID"),
    (1120, "TEST"),
    (1121, "TRUSTED_APP"),
    (1122, "USER_SELINUX_ERR"),
    (1123, "USER_CMD"),
    (1124, "USER_TTY"),
    (1125, "CHUSER_ID"),
    (1126, "GRP_AUTH"),
    (1127, "SYSTEM_BOOT"),
    (1128, "SYSTEM_SHUTDOWN"),
    (1129, "SYSTEM_RUNLEVEL"),
    (1130, "SERVICE_START"),
    (1131, "SERVICE_STOP"),
    (1132, "GRP_MGMT"),
    (1133, "GRP_CHAUTHTOK"),
    (1134, "MAC_CHECK"),
    (1135, "ACCT_LOCK"),
    (1136, "ACCT_UNLOCK"),
    (1137, "USER_DEVICE"),
    (1138, "SOFTWARE_UPDATE"),
    (1200, "DAEMON_START"),
    (1201, "DAEMON_END"),
    (1202, "DAEMON_ABORT"),
    (1203, "DAEMON_CONFIG"),
    (1204, "DAEMON_RECONFIG"),
    (1205, "DAEMON_ROTATE"),
    (1206, "DAEMON_RESUME"),
    (1207, "DAEMON_ACCEPT"),
    (1208, "DAEMON_CLOSE"),
    (1209, "DAEMON_ERR"),
    (1300, "SYSCALL"),
    (1302, "PATH"),
    (1303, "IPC"),
    (1304, "SOCKETCALL"),
    (1305, "CONFIG_CHANGE"),
    (1306, "SOCKADDR"),
    (1307, "CWD"),
    (1309, "EXECVE"),
    (1311, "IPC_SET_PERM"),
    (1312, "MQ_OPEN"),
    (1313, "MQ_SENDRECV"),
    (1314, "MQ_NOTIFY"),
    (1315, "MQ_GETSETATTR"),
    (1316, "KERNEL_OTHER"),
    (1317, "FD_PAIR"),
    (1318, "OBJ_PID"),
    (1319, "TTY"),
    (1320, "EOE"),
    (1321, "BPRM_FCAPS"),
    (1322, "CAPSET"),
    (1323, "MMAP"),
    (1324, "NETFILTER_PKT"),
    (1325, "NETFILTER_CFG"),
    (1326, "SECCOMP"),
    (1327, "PROCTITLE"),
    (1328, "FEATURE_CHANGE"),
    (1329, "REPLACE"),
    (1330, "KERN_MODULE"),
    (1331, "FANOTIFY"),
    (1332, "TIME_INJOFFSET"),
    (1333, "TIME_ADJNTPVAL"),
    (1334, "BPF"),
    (1335, "EVENT_LISTENER"),
    (1336, "URINGOP"),
    (1337, "OPENAT2"),
    (1338, "DM_CTRL"),
    (1339, "DM_EVENT"),
    (1400, "AVC"),
    (1401, "SELINUX_ERR"),
    (1402, "AVC_PATH"),
    (1403, "MAC_POLICY_LOAD"),
    (1404, "MAC_STATUS"),
    (1405, "MAC_CONFIG_CHANGE"),
    (1406, "MAC_UNLBL_ALLOW"),
    (1407, "MAC_CIPSOV4_ADD"),
    (1408, "MAC_CIPSOV4_DEL"),
    (1409, "MAC_MAP_ADD"),
    (1410, "MAC_MAP_DEL"),
    (1411, "MAC_IPSEC_ADDSA"),
    (1412, "MAC_IPSEC_DELSA"),
    (1413, "MAC_IPSEC_ADDSPD"),
    (1414, "MAC_IPSEC_DELSPD"),
    (1415, "MAC_IPSEC_EVENT"),
    (1416, "MAC_UNLBL_STCADD"),
    (1417, "MAC_UNLBL_STCDEL"),
    (1418, "MAC_CALIPSO_ADD"),
    (1419, "MAC_CALIPSO_DEL"),
    (1420, "IPE_ACCESS"),
    (1421, "IPE_CONFIG_CHANGE"),
    (1422, "IPE_POLICY_LOAD"),
    (1423, "LANDLOCK_ACCESS"),
    (1424, "LANDLOCK_DOMAIN"),
    (1425, "MAC_TASK_CONTEXTS"),
    (1426, "MAC_OBJ_CONTEXTS"),
    (1500, "APPARMOR"),
    (1501, "APPARMOR_AUDIT"),
    (1502, "APPARMOR_ALLOWED"),
    (1503, "APPARMOR_DENIED"),
    (1504, "APPARMOR_HINT"),
    (1505, "APPARMOR_STATUS"),
    (1506, "APPARMOR_ERROR"),
    (1507, "APPARMOR_KILL"),
    (1700, "ANOM_PROMISCUOUS"),
    (1701, "ANOM_ABEND"),
    (1702, "ANOM_LINK"),
    (1703, "ANOM_CREAT"),
    (1800, "INTEGRITY_DATA"),
    (1801, "INTEGRITY_METADATA"),
    (1802, "INTEGRITY_STATUS"),
    (1803, "INTEGRITY_HASH"),
    (1804, "INTEGRITY_PCR"),
    (1805, "INTEGRITY_RULE"),
    (1806, "INTEGRITY_EVM_XATTR"),
    (1807, "INTEGRITY_POLICY_RULE"),
    (2000, "KERNEL"),
    (2100, "ANOM_LOGIN_FAILURES"),
    (2101, "ANOM_LOGIN_TIME"),
    (2102, "ANOM_LOGIN_SESSIONS"),
    (2103, "ANOM_LOGIN_ACCT"),
    (2104, "ANOM_LOGIN_LOCATION"),
    (2105, "ANOM_MAX_DAC"),
    (2106, "ANOM_MAX_MAC"),
    (2107, "ANOM_AMTU_FAIL"),
    (2108, "ANOM_RBAC_FAIL"),
    (2109, "ANOM_RBAC_INTEGRITY_FAIL"),
    (2110, "ANOM_CRYPTO_FAIL"),
    (2111, "ANOM_ACCESS_FS"),
    (2112, "ANOM_EXEC"),
    (2113, "ANOM_MK_EXEC"),
    (2114, "ANOM_ADD_ACCT"),
    (2115, "ANOM_DEL_ACCT"),
    (2116, "ANOM_MOD_ACCT"),
    (2117, "ANOM_ROOT_TRANS"),
    (2118, "ANOM_LOGIN_SERVICE"),
    (2119, "ANOM_LOGIN_ROOT"),
    (2120, "ANOM_ORIGIN_FAILURES"),
    (2121, "ANOM_SESSION"),
    (2200, "RESP_ANOMALY"),
    (2201, "RESP_ALERT"),
    (2202, "RESP_KILL_PROC"),
    (2203, "RESP_TERM_ACCESS"),
    (2204, "RESP_ACCT_REMOTE"),
    (2205, "RESP_ACCT_LOCK_TIMED"),
    (2206, "RESP_ACCT_UNLOCK_TIMED"),
    (2207, "RESP_ACCT_LOCK"),
    (2208, "RESP_TERM_LOCK"),
    (2209, "RESP_SEBOOL"),
    (2210, "RESP_EXEC"),
    (2211, "RESP_SINGLE"),
    (2212, "RESP_HALT"),
    (2213, "RESP_ORIGIN_BLOCK"),
    (2214, "RESP_ORIGIN_BLOCK_TIMED"),
    (2215, "RESP_ORIGIN_UNBLOCK_TIMED"),
    (2300, "USER_ROLE_CHANGE"),
    (2301, "ROLE_ASSIGN"),
    (2302, "ROLE_REMOVE"),
    (2303, "LABEL_OVERRIDE"),
    (2304, "LABEL_LEVEL_CHANGE"),
    (2305, "USER_LABELED_EXPORT"),
    (2306, "USER_UNLABELED_EXPORT"),
    (2307, "DEV_ALLOC"),
    (2308, "DEV_DEALLOC"),
    (2309, "FS_RELABEL"),
    (2310, "USER_MAC_POLICY_LOAD"),
    (2311, "ROLE_MODIFY"),
    (2312, "USER_MAC_CONFIG_CHANGE"),
    (2313, "USER_MAC_STATUS"),
    (2400, "CRYPTO_TEST_USER"),
    (2401, "CRYPTO_PARAM_CHANGE_USER"),
    (2402, "CRYPTO_LOGIN"),
    (2403, "CRYPTO_LOGOUT"),
    (2404, "CRYPTO_KEY_USER"),
    (2405, "CRYPTO_FAILURE_USER"),
    (2406, "CRYPTO_REPLAY_USER"),
    (2407, "CRYPTO_SESSION"),
    (2408, "CRYPTO_IKE_SA"),
    (2409, "CRYPTO_IPSEC_SA"),
    (2500, "VIRT_CONTROL"),
    (2501, "VIRT_RESOURCE"),
    (2502, "VIRT_MACHINE_ID"),
    (2503, "VIRT_INTEGRITY_CHECK"),
    (2504, "VIRT_CREATE"),
    (2505, "VIRT_DESTROY"),
    (2506, "VIRT_MIGRATE_IN"),
    (2507, "VIRT_MIGRATE_OUT"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_agree() {
        assert!(TYPES.is_sorted_by_key(|(number, _)| *number));
        for (number, name) in TYPES {
            assert_eq!(
                RecordType::from_name(name.as_bytes()),
                Some(RecordType(number))
            );
            assert_eq!(RecordType(number).name(), Some(name));
        }
        for (name, number) in [
            ("UNKNOWN[2099]", Some(2099)),
            ("UNKNOWN[x]", None),
            ("1400", Some(1400)),
            ("1400x", None),
            ("99999", None),
            ("NOPE", None),
            ("", None),
        ] {
            assert_eq!(
                RecordType::from_name(name.as_bytes()),
                number.map(RecordType),
                "{name}"
            );
        }
    }
}
