//! The one table of the fields that a rule can test: names, what their values are, which
//! operators and lists they go with (auditctl(8), `kernel/auditfilter.c`, `audit_field_valid`).

use super::ast::{Cmp, List};

/// What a value of a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A user, by name or number.
    User,
    /// A group, by name or number.
    Group,
    /// A number.
    Number,
    /// A number shown in hexadecimal: an argument register.
    Bits,
    /// A number or the name of an errno.
    Errno,
    /// A record type.
    RecordType,
    /// An architecture.
    Arch,
    /// Letters of `rwxa`.
    Perm,
    /// A type of file.
    FileType,
    /// An absolute path.
    Path,
    /// A type of file system.
    FsType,
    /// A security label.
    Label,
    /// The rule's name.
    Key,
}

/// Which operators go with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ops {
    /// `=`
    Equal,
    /// `=` and `!=`
    Equality,
    /// `=`, `!=`, `<`, `>`, `<=`, `>=`
    Order,
    /// Those and `&`, `&=`
    All,
}

impl Ops {
    /// Is this operator one of them?
    pub fn has(self, cmp: Cmp) -> bool {
        match cmp {
            Cmp::Eq => true,
            Cmp::Ne => self != Self::Equal,
            Cmp::Lt | Cmp::Gt | Cmp::Le | Cmp::Ge => matches!(self, Self::Order | Self::All),
            Cmp::Any | Cmp::All => self == Self::All,
        }
    }

    /// For a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Equality => "= or !=",
            Self::Order => "=, !=, <, >, <= or >=",
            Self::All => "=, !=, <, >, <=, >=, & or &=",
        }
    }
}

/// On which lists a field may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// On all lists but `filesystem`.
    Tasks,
    /// `exit` and `io_uring`.
    Calls,
    /// `exit`.
    Exit,
    /// `exclude` and `user`.
    Messages,
    /// `filesystem`.
    Filesystem,
    /// Everywhere.
    Anywhere,
}

impl Where {
    /// Is this list one of them?
    pub fn has(self, list: List) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Tasks => list != List::Filesystem,
            Self::Calls => matches!(list, List::Exit | List::IoUring),
            Self::Exit => list == List::Exit,
            Self::Messages => matches!(list, List::Exclude | List::User),
            Self::Filesystem => list == List::Filesystem,
        }
    }

    /// For a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::Anywhere => "any list",
            Self::Tasks => "every list but filesystem",
            Self::Calls => "the lists exit and io_uring",
            Self::Exit => "the list exit",
            Self::Messages => "the lists exclude and user",
            Self::Filesystem => "the list filesystem",
        }
    }
}

macro_rules! fields {
    ($($variant:ident $name:literal $kind:ident $ops:ident $place:ident $about:literal;)*) => {
        /// A field that a rule can test.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field {
            $(#[doc = $about] $variant,)*
        }

        impl Field {
            /// Every field.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What its values are.
            pub fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }

            /// Which operators go with it.
            pub fn ops(self) -> Ops {
                match self { $(Self::$variant => Ops::$ops,)* }
            }

            /// On which lists it may stand.
            pub fn place(self) -> Where {
                match self { $(Self::$variant => Where::$place,)* }
            }
        }
    };
}

fields! {
    Pid "pid" Number Order Tasks "Process.";
    Ppid "ppid" Number Order Calls "Parent process.";
    Uid "uid" User Order Tasks "Real user.";
    Euid "euid" User Order Tasks "Effective user.";
    Suid "suid" User Order Tasks "Saved user.";
    Fsuid "fsuid" User Order Tasks "User for file access.";
    Gid "gid" Group Order Tasks "Real group.";
    Egid "egid" Group Order Tasks "Effective group.";
    Sgid "sgid" Group Order Tasks "Saved group.";
    Fsgid "fsgid" Group Order Tasks "Group for file access.";
    Auid "auid" User Order Tasks "Login user.";
    SessionId "sessionid" Number Order Tasks "Audit session.";
    Personality "pers" Bits All Tasks "Execution domain, personality(2).";
    Arch "arch" Arch Equality Calls "Table of system calls.";
    MsgType "msgtype" RecordType Order Messages "Type of the record.";
    SubjUser "subj_user" Label Equality Tasks "Security user of the process.";
    SubjRole "subj_role" Label Equality Tasks "Security role of the process.";
    SubjType "subj_type" Label Equality Tasks "Security type of the process.";
    SubjSen "subj_sen" Label Order Tasks "Security sensitivity of the process.";
    SubjClr "subj_clr" Label Order Tasks "Security clearance of the process.";
    ObjUser "obj_user" Label Equality Exit "Security user of the file.";
    ObjRole "obj_role" Label Equality Exit "Security role of the file.";
    ObjType "obj_type" Label Equality Exit "Security type of the file.";
    ObjLevLow "obj_lev_low" Label Order Exit "Low security level of the file.";
    ObjLevHigh "obj_lev_high" Label Order Exit "High security level of the file.";
    FsType "fstype" FsType Equality Filesystem "Type of the file system.";
    DevMajor "devmajor" Number Order Exit "Major number of the file's device.";
    DevMinor "devminor" Number All Exit "Minor number of the file's device.";
    Inode "inode" Number Equality Exit "Inode number of the file.";
    Exit "exit" Errno Order Calls "Result of the call.";
    Success "success" Number Order Calls "1 for a call that succeeded, else 0.";
    Path "path" Path Equal Calls "A file, whether it is there or not.";
    Perm "perm" Perm Equal Exit "What the call does to the file.";
    Dir "dir" Path Equal Calls "A tree.";
    FileType "filetype" FileType Equality Exit "Type of the file.";
    ObjUid "obj_uid" User Order Exit "Owner of the file.";
    ObjGid "obj_gid" Group Order Exit "Group of the file.";
    Exe "exe" Path Equality Tasks "The program.";
    SaddrFam "saddr_fam" Number Order Exit "Family of the socket address.";
    A0 "a0" Bits All Exit "First argument.";
    A1 "a1" Bits All Exit "Second argument.";
    A2 "a2" Bits All Exit "Third argument.";
    A3 "a3" Bits All Exit "Fourth argument.";
    Key "key" Key Equal Anywhere "The rule's name.";
}

impl Field {
    /// A field by its name, or by another name that auditctl(8) has for it.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = match name {
            "loginuid" => "auid",
            other => other,
        };
        Self::ALL.iter().copied().find(|f| f.as_str() == name)
    }

    /// Which `-C` comparisons the kernel knows: user ids with user ids, group ids with group ids
    /// (`AUDIT_COMPARE_...` of `linux/audit.h`).
    pub fn compares_with(self, other: Self) -> bool {
        const USERS: [Field; 6] = [
            Field::Uid,
            Field::Euid,
            Field::Suid,
            Field::Fsuid,
            Field::Auid,
            Field::ObjUid,
        ];
        const GROUPS: [Field; 5] = [
            Field::Gid,
            Field::Egid,
            Field::Sgid,
            Field::Fsgid,
            Field::ObjGid,
        ];
        let both = |set: &[Self]| set.contains(&self) && set.contains(&other);
        self != other && (both(&USERS) || both(&GROUPS))
    }

    /// Can it stand in a `-C` comparison at all?
    pub fn compares(self) -> bool {
        matches!(self.kind(), Kind::User | Kind::Group)
    }
}
