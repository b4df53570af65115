//! Unpacking returns the bytes that `examples/pack.rs` packs, and ends for any other bytes.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use byrobot_unpack::unpack;
use proptest::collection::vec;
use proptest::prelude::*;

#[path = "../examples/pack.rs"]
#[allow(dead_code, reason = "only `pack` is used, not the program's `main`")]
mod program;

fn unpacked(packed: &[u8], size: usize) -> Vec<u8> {
    let atomic = |bytes: Vec<u8>| bytes.into_iter().map(AtomicU8::new).collect::<Vec<_>>();
    let into = atomic(vec![0xAA; size]);
    unpack(&atomic(packed.to_vec()), &into);
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn unpacking_returns_the_packed_bytes(bytes in prop_oneof![vec(any::<u8>(), 0..4000), repetitive()]) {
        let packed = program::pack(&bytes).unwrap();
        prop_assert!(unpacked(&packed, bytes.len()) == bytes);
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
    let packed = program::pack(&bytes).unwrap();
    assert!(packed.len() < 75_000, "{}", packed.len());
    assert!(unpacked(&packed, bytes.len()) == bytes);
}
