//! The only source of random numbers. The numbers of a seed never change by accident: a golden test compares the
//! answers. No floats, no platform; the streams do not depend on each other.

/// Purpose of a stream of draws. Its number is part of the bytes of every answer: never renumber.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Plan = 1,
    Number = 2,
    Attempt = 3,
    Conversation = 4,
    Recording = 5,
    Reading = 6,
    Fault = 7,
    Scenario = 8,
}

/// A stream of pseudo-random draws: `SplitMix64` (Steele, Lea, Flood 2014) with a keyed initial state.
pub(crate) struct Rng(u64);

impl Rng {
    /// A stream that depends only on these four numbers, so a call's conversation can be generated again without any
    /// earlier draw.
    #[inline(never)]
    pub(crate) fn new(seed: u64, stream: Stream, a: u64, b: u64) -> Self {
        let keys = [stream as u64, a, b];
        Self(keys.into_iter().fold(mix(seed), |state, key| mix(state ^ mix(key))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// Uniform in `0..bound`; 0 for an empty range.
    #[inline(never)]
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let high_half = self.next() >> 32;
        u32::try_from((high_half * u64::from(bound)) >> 32).unwrap_or_default()
    }

    /// Uniform in `low..=high`.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True `permille` times in a thousand.
    pub(crate) fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }

    /// A uniformly chosen item; the type's default if the list is empty.
    pub(crate) fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        let at = self.below(u32::try_from(from.len()).unwrap_or(u32::MAX));
        from.get(at as usize).copied().unwrap_or_default()
    }

    /// An item chosen by weight; the type's default if all weights are 0.
    pub(crate) fn weighted<T: Copy + Default>(&mut self, from: &[(T, u32)]) -> T {
        let mut left = self.below(from.iter().map(|(_, weight)| weight).sum());
        for &(value, weight) in from {
            if left < weight {
                return value;
            }
            left -= weight;
        }
        T::default()
    }
}

/// The finaliser of `SplitMix64`: a bijection in which every input bit reaches every output bit.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_of_a_seed_do_not_change() {
        let mut draw = Rng::new(1, Stream::Plan, 2, 3);
        let first: Vec<u32> = (0..6).map(|_| draw.below(1000)).collect();
        assert_eq!(first, [578, 412, 110, 172, 917, 975]);
    }

    #[test]
    fn streams_of_neighbouring_keys_differ() {
        let first = |a, b| Rng::new(1, Stream::Attempt, a, b).next();
        assert_ne!(first(0, 1), first(1, 0));
        assert_ne!(first(0, 0), first(0, 1));
    }

    #[test]
    fn bounds_hold_at_the_edges() {
        let mut draw = Rng::new(7, Stream::Number, 0, 0);
        assert_eq!(draw.below(0), 0);
        assert!((0..1000).all(|_| (3..=5).contains(&draw.between(3, 5))));
        assert!((0..1000).all(|_| !draw.chance(0) && draw.chance(1000)));
        assert_eq!(draw.pick::<u8>(&[]), 0);
        assert_eq!(draw.weighted(&[(4_u8, 0), (9, 1)]), 9);
    }
}
