//! The stack that the programs need. The kernel allows 512 bytes for all functions of a call chain
//! together, and before 6.8 it counts each in steps of 32 bytes (`check_max_stack_depth`,
//! `kernel/bpf/verifier.c`). A chain that just fits on the kernel at hand would be refused there.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aya_obj::{Object, generated::bpf_insn};

use super::object::OBJECT;

/// `MAX_BPF_STACK`.
const LIMIT: usize = 512;
/// `BPF_JMP | BPF_CALL`, and `BPF_PSEUDO_CALL` as its source: a call of another function.
const CALL: (u8, u8) = (0x85, 1);
/// `BPF_ALU64 | BPF_MOV | BPF_X` and `BPF_ALU64 | BPF_ADD | BPF_K`.
const MOVE: u8 = 0xbf;
const ADD: u8 = 0x07;
/// The frame pointer.
const FRAME: u8 = 10;

/// A function of a linked program.
#[derive(Default)]
struct Function {
    /// Bytes below the frame pointer.
    stack: usize,
    /// Where the functions begin that it calls.
    calls: BTreeSet<usize>,
}

/// The functions of a linked program by where they begin.
fn functions(program: &[bpf_insn]) -> BTreeMap<usize, Function> {
    let target = |at: usize, insn: &bpf_insn| {
        ((insn.code, insn.src_reg()) == CALL)
            .then(|| (at as i64 + 1 + i64::from(insn.imm)) as usize)
    };
    let mut starts: BTreeSet<usize> = [0].into();
    starts.extend(
        program
            .iter()
            .enumerate()
            .filter_map(|(at, insn)| target(at, insn)),
    );
    let mut found = BTreeMap::new();
    for (at, insn) in program.iter().enumerate() {
        let start = starts.range(..=at).next_back().copied().unwrap_or(0);
        let function: &mut Function = found.entry(start).or_default();
        function.calls.extend(target(at, insn));
        // BPF_LDX reads behind its source, BPF_ST and BPF_STX write behind their destination.
        let (base, offset) = match insn.code & 7 {
            1 => (insn.src_reg(), i32::from(insn.off)),
            2 | 3 => (insn.dst_reg(), i32::from(insn.off)),
            _ => (0, 0),
        };
        let is_address = at > 0
            && insn.code == ADD
            && program[at - 1].code == MOVE
            && program[at - 1].src_reg() == FRAME
            && program[at - 1].dst_reg() == insn.dst_reg();
        let offset = match (base, is_address) {
            (FRAME, _) => offset,
            (_, true) => insn.imm,
            _ => 0,
        };
        function.stack = function.stack.max(offset.min(0).unsigned_abs() as usize);
    }
    found
}

/// Bytes of the deepest chain of calls from a function on.
fn deepest(functions: &BTreeMap<usize, Function>, from: usize) -> usize {
    let function = &functions[&from];
    let below = function.calls.iter().map(|to| deepest(functions, *to));
    function.stack.max(1).next_multiple_of(32) + below.max().unwrap_or(0)
}

#[test]
fn every_chain_of_calls_fits_the_stack_of_old_kernels() {
    let mut object = Object::parse(OBJECT).expect("the object is one");
    let sections: HashSet<usize> = object
        .functions
        .keys()
        .map(|(section, _)| *section)
        .collect();
    object
        .relocate_calls(&sections)
        .expect("calls lead to functions");
    assert!(!object.programs.is_empty());
    for (name, program) in &object.programs {
        let linked = &object.functions[&program.function_key()].instructions;
        let stack = deepest(&functions(linked), 0);
        eprintln!("{name}: {stack} bytes");
        assert!(
            stack <= LIMIT,
            "{name} needs {stack} bytes of stack: Linux 5.10 to 6.7 would refuse it"
        );
    }
}
