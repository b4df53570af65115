//! A stable merge sort in little code. The standard library's sorts are faster, but add five kilobytes for each
//! type of item. Not here: sorting of large sets of rows (`compute/order.rs`).

use std::cmp::Ordering;

/// The positions from 0 to below `len` in an order. Ties keep their order. Merges runs, in n·log n comparisons.
pub(crate) fn sorted_positions(len: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..len).collect();
    let mut width = 1;
    while width < len {
        let mut merged = Vec::with_capacity(len);
        for pair in sorted.chunks(width * 2) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some((first, left_rest)), Some((second, right_rest))) =
                (left.split_first(), right.split_first())
            {
                if order(*first, *second).is_le() {
                    merged.push(*first);
                    left = left_rest;
                } else {
                    merged.push(*second);
                    right = right_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        sorted = merged;
        width *= 2;
    }
    sorted
}

/// The items in an order. Ties keep their order.
pub(crate) fn sorted<T: Clone>(items: &[T], order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let by_position = |one: usize, other: usize| match (items.get(one), items.get(other)) {
        (Some(one), Some(other)) => order(one, other),
        _ => Ordering::Equal,
    };
    let positions = sorted_positions(items.len(), &by_position);
    positions.into_iter().filter_map(|position| items.get(position).cloned()).collect()
}
