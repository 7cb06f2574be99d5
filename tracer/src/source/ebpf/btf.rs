//! Offsets of kernel structure members, from the kernel's own BTF.
//!
//! Members may sit in anonymous structures and unions and change names between kernels
//! (`f_path`, `__f_path`): [`Offsets::SOURCES`] lists every name a member has had.

use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io,
    os::fd::AsRawFd,
    path::Path,
};

use btf_rs::{Btf, BtfType, Struct, Type};
use regex::Regex;
use rustix::fs::{MemfdFlags, memfd_create};
use tracer_ebpf::abi::offsets::{ABSENT, Need, Offsets};

use super::uring::Layout;

/// Where the kernel shows its BTF (`CONFIG_DEBUG_INFO_BTF`).
pub const VMLINUX: &str = "/sys/kernel/btf/vmlinux";

/// Why the offsets are not known.
#[derive(Debug, thiserror::Error)]
pub enum BtfError {
    /// The file cannot be read.
    #[error(
        "cannot read {VMLINUX}: {0}; tracing needs a kernel built with CONFIG_DEBUG_INFO_BTF=y"
    )]
    Read(#[from] io::Error),
    /// The file is not BTF.
    #[error(
        "cannot parse {VMLINUX}: {0}; tracing needs a kernel built with CONFIG_DEBUG_INFO_BTF=y"
    )]
    Parse(#[from] btf_rs::Error),
    /// A structure has changed beyond recognition.
    #[error(
        "this kernel's `struct {structure}` has no member {member}: tracer does not know this kernel's layout; please report the kernel version"
    )]
    Missing {
        /// Kernel structure.
        structure: &'static str,
        /// Member path with its known alternatives.
        member: &'static str,
    },
}

/// The running kernel's types.
pub struct KernelTypes {
    btf: Btf,
    /// Every type with a name that may be asked for: to find one, the parser goes through all
    /// types of the kernel (1 ms), so it does that once.
    named: HashMap<String, Vec<Type>>,
}

/// Names that are asked for beside the structures of [`Offsets::SOURCES`]: tracepoints, what
/// belongs to `io_uring`, helpers.
const OTHERS: &str = "btf_trace_.*|io_.*|bpf_task_pt_regs";

/// See [`KernelTypes::named`].
fn named(btf: &Btf) -> Result<HashMap<String, Vec<Type>>, btf_rs::Error> {
    let structures = Offsets::SOURCES.iter().map(|source| source.structure);
    let structures: BTreeSet<_> = structures.collect();
    let structures: Vec<_> = structures.into_iter().collect();
    let wanted = format!("^(?:{}|{OTHERS})$", structures.join("|"));
    let wanted = Regex::new(&wanted).expect("names and patterns of this file");
    let mut named: HashMap<_, Vec<_>> = HashMap::new();
    for found in btf.resolve_types_by_regex(&wanted)? {
        let Some(ty) = found.as_btf_type() else {
            continue;
        };
        named.entry(btf.resolve_name(ty)?).or_default().push(found);
    }
    Ok(named)
}

impl KernelTypes {
    /// Opens the running kernel's BTF.
    pub fn open() -> Result<Self, BtfError> {
        Self::from_path(Path::new(VMLINUX))
    }

    /// Opens raw BTF at `path`, of which the parser reads what it needs only. sysfs cannot be mapped
    /// on kernels before 6.16: then the content is copied to a memory file first (5 MB, 3 ms).
    fn from_path(path: &Path) -> Result<Self, BtfError> {
        let btf = match Btf::from_file_with_backend(path, btf_rs::Backend::Mmap) {
            Ok(btf) => btf,
            Err(_) => Self::from_copy(path)?,
        };
        let named = named(&btf)?;
        Ok(Self { btf, named })
    }

    fn from_copy(path: &Path) -> Result<Btf, BtfError> {
        let copy = memfd_create("btf", MemfdFlags::CLOEXEC).map_err(io::Error::from)?;
        let mut copy = File::from(copy);
        io::copy(&mut File::open(path)?, &mut copy)?;
        let map = format!("/proc/self/fd/{}", copy.as_raw_fd());
        Ok(Btf::from_file_with_backend(map, btf_rs::Backend::Mmap)?)
    }

    /// All types of this name.
    fn types(&self, name: &str) -> &[Type] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// Every offset that the probes use; the names of those that this kernel lacks.
    pub fn offsets(&self) -> Result<(Offsets, BTreeSet<&'static str>), BtfError> {
        let mut offsets = Offsets::NONE;
        let mut absent = BTreeSet::new();
        for source in Offsets::SOURCES {
            let mut names = source.member.split('|');
            let found = names.find_map(|path| self.find(source.structure, path));
            match found {
                Some((offset, _)) => (source.set)(&mut offsets, offset),
                None if source.need == Need::Must => {
                    return Err(BtfError::Missing {
                        structure: source.structure,
                        member: source.member,
                    });
                }
                None => {
                    (source.set)(&mut offsets, ABSENT);
                    if source.need == Need::Want {
                        absent.insert(source.name);
                    }
                }
            }
        }
        Ok((offsets, absent))
    }

    /// Can operations of `io_uring` be seen?
    pub fn tells_io_uring(&self) -> bool {
        self.offsets()
            .is_ok_and(|(offsets, _)| Layout::new(self, &offsets).is_ok())
    }

    /// Does the kernel have this raw tracepoint? BTF lists each as a type `btf_trace_NAME`.
    pub fn has_tracepoint(&self, name: &str) -> bool {
        !self.types(&format!("btf_trace_{name}")).is_empty()
    }

    /// What a raw tracepoint is given, or `None` where the kernel does not have it.
    pub(super) fn tracepoint(&self, name: &str) -> Option<Vec<Type>> {
        let types = self.types(&format!("btf_trace_{name}"));
        let typedef = self.strip(types.first()?.clone());
        let Type::FuncProto(function) = self.behind(&typedef)? else {
            return None;
        };
        // The first is the tracer's own pointer.
        let given = function.parameters.iter().skip(1);
        given
            .map(|p| {
                self.btf
                    .resolve_chained_type(p)
                    .ok()
                    .map(|ty| self.strip(ty))
            })
            .collect()
    }

    /// How large a structure is.
    pub(super) fn size_of(&self, name: &str) -> Option<u32> {
        self.structs(name).next().map(|found| found.size() as u32)
    }

    /// Does the kernel have this structure?
    pub(super) fn has_struct(&self, name: &str) -> bool {
        self.structs(name).next().is_some()
    }

    /// Offset and type of a member of a structure.
    pub(super) fn find(&self, structure: &str, path: &str) -> Option<(u32, Type)> {
        self.structs(structure)
            .find_map(|found| self.path(found, path))
    }

    /// Is it the structure of this name?
    pub(super) fn is_called(&self, ty: &Type, name: &str) -> bool {
        matches!(ty, Type::Struct(found) if self.btf.resolve_name(found).is_ok_and(|n| n == name))
    }

    /// Is it a pointer to the structure of this name?
    pub(super) fn points_to(&self, ty: &Type, name: &str) -> bool {
        self.behind(ty).is_some_and(|ty| self.is_called(&ty, name))
    }

    /// What a pointer points to.
    fn behind(&self, ty: &Type) -> Option<Type> {
        let Type::Ptr(pointer) = ty else {
            return None;
        };
        let ty = self.btf.resolve_chained_type(pointer).ok()?;
        Some(self.strip(ty))
    }

    /// Does the kernel have this helper of BPF programs?
    pub fn has_helper(&self, name: &str) -> bool {
        let types = self.types(name);
        types.iter().any(|t| matches!(t, Type::Func(_)))
    }

    fn structs(&self, name: &str) -> impl Iterator<Item = &Struct> {
        self.types(name).iter().filter_map(|t| match t {
            Type::Struct(s) => Some(s),
            _ => None,
        })
    }

    /// Offset in bytes of a member path such as `a.b` or `regs[2]`, and its type.
    fn path(&self, of: &Struct, path: &str) -> Option<(u32, Type)> {
        let (first, rest) = match path.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        let (name, index) = match first.split_once('[') {
            Some((name, index)) => (name, index.trim_end_matches(']').parse::<u32>().ok()?),
            None => (first, 0),
        };
        let (offset, member) = self.member(of, name)?;
        // Arrays of registers are arrays of u64.
        let offset = offset + index * 8;
        match rest {
            None => Some((offset, member)),
            Some(rest) => match member {
                Type::Struct(inner) | Type::Union(inner) => {
                    let (below, ty) = self.path(&inner, rest)?;
                    Some((offset + below, ty))
                }
                _ => None,
            },
        }
    }

    /// A member by name, also within anonymous structures and unions: offset and type.
    fn member(&self, of: &Struct, name: &str) -> Option<(u32, Type)> {
        for member in &of.members {
            let offset = member.bit_offset() / 8;
            let member_name = self.btf.resolve_name(member).unwrap_or_default();
            let ty = self.strip(self.btf.resolve_chained_type(member).ok()?);
            if member_name == name {
                return Some((offset, ty));
            }
            if member_name.is_empty()
                && let Type::Struct(inner) | Type::Union(inner) = &ty
                && let Some((below, ty)) = self.member(inner, name)
            {
                return Some((offset + below, ty));
            }
        }
        None
    }

    /// The type behind typedefs and qualifiers.
    fn strip(&self, ty: Type) -> Type {
        let next: &dyn BtfType = match &ty {
            Type::Typedef(t) => t,
            Type::TypeTag(t) => t,
            Type::Const(t) | Type::Volatile(t) | Type::Restrict(t) => t,
            _ => return ty,
        };
        match self.btf.resolve_chained_type(next) {
            Ok(next) => self.strip(next),
            Err(_) => ty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_kernel_has_every_required_member() {
        let types = KernelTypes::open().expect("this kernel has BTF");
        let (offsets, absent) = types.offsets().expect("every required member is found");
        assert_ne!(offsets.task_fs, ABSENT);
        // The order of a dentry's first members has not changed since 2011.
        assert!(offsets.dentry_parent < offsets.dentry_name, "{offsets:?}");
        assert!(offsets.dentry_name < offsets.dentry_iname, "{offsets:?}");
        assert!(!absent.contains("task_nsproxy"), "{absent:?}");
        assert!(types.has_tracepoint("sys_exit"));
        assert!(!types.has_tracepoint("no_such_tracepoint"));
    }
}
