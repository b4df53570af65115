//! Unpacking returns the bytes that `examples/pack.rs` packs, and ends for any other bytes.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use arbitrary::Unstructured;
use byrobot_unpack::unpack;
use proptest::collection::vec;
use proptest::prelude::*;
use wasm_smith::{Config, Module};
use wasmparser::{Parser, Payload};

#[path = "../examples/pack.rs"]
#[allow(dead_code, reason = "only `pack` is used, not the program's `main`")]
mod program;
use program::pack;

fn unpacked(packed: &[u8], size: usize) -> Vec<u8> {
    let atomic = |bytes: Vec<u8>| bytes.into_iter().map(AtomicU8::new).collect::<Vec<_>>();
    let (between, into) = (atomic(vec![0x55; 1 << 18]), atomic(vec![0xAA; size]));
    unpack(&atomic(packed.to_vec()), &between, &into);
    into.iter().map(|byte| byte.load(Relaxed)).collect()
}

/// Bytes with many repetitions, near and distant, long and short, like those of modules.
fn repetitive() -> impl Strategy<Value = Vec<u8>> {
    let word = vec(any::<u8>(), 1..12);
    let step = (any::<prop::sample::Index>(), 1..6_usize, 0..300_usize, any::<u8>());
    (vec(word, 1..40), vec(step, 0..150)).prop_map(|(words, steps)| {
        let mut bytes = Vec::new();
        for (word, times, distance, byte) in steps {
            bytes.extend(word.get(&words).repeat(times));
            if distance > 0 && distance < bytes.len() {
                bytes.extend_from_within(bytes.len() - distance..);
            }
            bytes.push(byte);
        }
        bytes
    })
}

/// A valid module; `later` has instructions that the packer does not know.
fn module(seed: &[u8], later: bool) -> Option<Vec<u8>> {
    let config = Config {
        max_instructions: 400,
        min_funcs: 1,
        max_memories: if later { 3 } else { 1 },
        bulk_memory_enabled: true,
        reference_types_enabled: true,
        simd_enabled: true,
        relaxed_simd_enabled: true,
        tail_call_enabled: true,
        threads_enabled: later,
        exceptions_enabled: later,
        gc_enabled: later,
        wide_arithmetic_enabled: later,
        memory64_enabled: later,
        ..Config::default()
    };
    Module::new(config, &mut Unstructured::new(seed)).ok().map(|module| module.to_bytes())
}

fn is_restored(bytes: &[u8]) -> bool {
    pack(bytes).is_ok_and(|packed| unpacked(&packed, bytes.len()) == bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn unpacking_returns_the_packed_bytes(bytes in prop_oneof![vec(any::<u8>(), 0..4000), repetitive()]) {
        prop_assert!(is_restored(&bytes));
    }

    #[test]
    fn a_module_of_known_instructions_is_taken_apart_and_restored(seed in vec(any::<u8>(), 2000..6000)) {
        if let Some(module) = module(&seed, false) {
            let has_code = Parser::new(0)
                .parse_all(&module)
                .any(|part| matches!(part.unwrap(), Payload::CodeSectionStart { .. }));
            // Its first number is where the code is.
            prop_assert_eq!(pack(&module).unwrap()[0] > 0, has_code);
            prop_assert!(is_restored(&module));
        }
    }

    #[test]
    fn a_module_of_any_instructions_is_restored(seed in vec(any::<u8>(), 2000..6000)) {
        if let Some(module) = module(&seed, true) {
            prop_assert!(is_restored(&module));
        }
    }

    #[test]
    fn a_damaged_module_is_restored(
        seed in vec(any::<u8>(), 2000..6000),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        length in any::<prop::sample::Index>(),
    ) {
        if let Some(mut module) = module(&seed, false) {
            for (index, byte) in changes {
                *index.get_mut(&mut module) = byte;
            }
            prop_assert!(is_restored(&module));
            module.truncate(length.index(module.len()));
            prop_assert!(is_restored(&module));
        }
    }

    #[test]
    fn unpacking_a_damaged_module_ends(
        seed in vec(any::<u8>(), 2000..6000),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        if let Some(module) = module(&seed, false) {
            let mut packed = pack(&module).unwrap();
            for (index, byte) in changes {
                *index.get_mut(&mut packed) = byte;
            }
            prop_assert_eq!(unpacked(&packed, module.len()).len(), module.len());
        }
    }

    #[test]
    fn unpacking_any_bytes_ends(packed in vec(any::<u8>(), 0..300), size in 0..20_000_usize) {
        prop_assert_eq!(unpacked(&packed, size).len(), size);
    }
}

#[test]
fn distant_and_long_matches_are_unpacked() {
    // A distance beyond the short distances, and a length beyond the longest match.
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(70_000)
    .collect();
    let bytes = [noise.as_slice(), &[7; 3000], &noise].concat();
    let packed = pack(&bytes).unwrap();
    assert!(packed.len() < 75_000, "{}", packed.len());
    assert!(unpacked(&packed, bytes.len()) == bytes);
}
