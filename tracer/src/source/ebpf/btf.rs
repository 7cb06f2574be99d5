//! Offsets of kernel structure members, from the kernel's own BTF.
//!
//! Members may sit in anonymous structures and unions and change names between kernels
//! (`f_path`, `__f_path`): [`Offsets::SOURCES`] lists every name a member has had.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    fs::File,
    io,
    os::fd::AsRawFd,
    path::Path,
    rc::Rc,
};

use btf_rs::{Btf, BtfType, Struct, Type};
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
    /// Structures that were asked for: to find a name, the parser goes through all types (1 ms).
    structs: RefCell<HashMap<String, Rc<[Struct]>>>,
}

impl KernelTypes {
    /// Opens the running kernel's BTF.
    pub fn open() -> Result<Self, BtfError> {
        Self::from_path(Path::new(VMLINUX))
    }

    /// Opens raw BTF at `path`. sysfs cannot be mapped on kernels before 6.16, so the content is
    /// copied to a memory file first (5 MB, 2 ms); the parser then reads what it needs only.
    fn from_path(path: &Path) -> Result<Self, BtfError> {
        let copy = memfd_create("btf", MemfdFlags::CLOEXEC).map_err(io::Error::from)?;
        let mut copy = File::from(copy);
        io::copy(&mut File::open(path)?, &mut copy)?;
        let map = format!("/proc/self/fd/{}", copy.as_raw_fd());
        Ok(Self {
            btf: Btf::from_file_with_backend(map, btf_rs::Backend::Mmap)?,
            structs: RefCell::default(),
        })
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
        self.btf
            .resolve_types_by_name(&format!("btf_trace_{name}"))
            .is_ok_and(|types| !types.is_empty())
    }

    /// What a raw tracepoint is given, or `None` where the kernel does not have it.
    pub(super) fn tracepoint(&self, name: &str) -> Option<Vec<Type>> {
        let types = self
            .btf
            .resolve_types_by_name(&format!("btf_trace_{name}"))
            .ok()?;
        let typedef = self.strip(types.into_iter().next()?);
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

    /// Does the kernel have this structure?
    pub(super) fn has_struct(&self, name: &str) -> bool {
        !self.structs(name).is_empty()
    }

    /// Offset and type of a member of a structure.
    pub(super) fn find(&self, structure: &str, path: &str) -> Option<(u32, Type)> {
        self.structs(structure)
            .iter()
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
        self.btf
            .resolve_types_by_name(name)
            .is_ok_and(|types| types.iter().any(|t| matches!(t, Type::Func(_))))
    }

    fn structs(&self, name: &str) -> Rc<[Struct]> {
        if let Some(known) = self.structs.borrow().get(name) {
            return known.clone();
        }
        let types = self.btf.resolve_types_by_name(name).unwrap_or_default();
        let found: Rc<[Struct]> = types
            .into_iter()
            .filter_map(|t| match t {
                Type::Struct(s) => Some(s),
                _ => None,
            })
            .collect();
        let mut known = self.structs.borrow_mut();
        known.entry(name.to_owned()).or_insert(found).clone()
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
