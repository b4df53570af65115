//! Sorting, in little code: the standard library's sorts are quick, and five kilobytes for each type
//! of item. What is large is sorted by `order.rs`.

use std::cmp::Ordering;

/// The positions 0 to `len` in an order; ties stay as they are. Merges runs, in n·log n comparisons.
pub(crate) fn sorted_positions(len: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..len).collect();
    let mut width = 1;
    while width < len {
        let mut merged = Vec::with_capacity(len);
        for pair in sorted.chunks(width * 2) {
            let (mut one, mut other) = pair.split_at(width.min(pair.len()));
            while let (Some((first, ones)), Some((second, others))) =
                (one.split_first(), other.split_first())
            {
                if order(*first, *second).is_le() {
                    merged.push(*first);
                    one = ones;
                } else {
                    merged.push(*second);
                    other = others;
                }
            }
            merged.extend_from_slice(one);
            merged.extend_from_slice(other);
        }
        sorted = merged;
        width *= 2;
    }
    sorted
}

/// The items in an order; ties stay as they are.
pub(crate) fn sorted<T: Clone>(items: &[T], order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let by_position = |one: usize, other: usize| match (items.get(one), items.get(other)) {
        (Some(one), Some(other)) => order(one, other),
        _ => Ordering::Equal,
    };
    let positions = sorted_positions(items.len(), &by_position);
    positions.into_iter().filter_map(|at| items.get(at).cloned()).collect()
}
