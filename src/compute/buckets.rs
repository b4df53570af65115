//! Where charts write the bucket of each row: the number of its key, or its cell.

/// Where a chart writes the buckets of consecutive rows: one place in every `stride`.
pub struct Buckets<'a> {
    pub(super) places: &'a mut [u32],
    pub(super) stride: usize,
}

impl Buckets<'_> {
    /// Sets the bucket of a row; 0 is the first of the rows.
    #[inline]
    pub(super) fn set(&mut self, row: usize, bucket: u32) {
        if let Some(place) = self.places.get_mut(row * self.stride) {
            *place = bucket;
        }
    }

    /// The bucket of a row.
    #[inline]
    pub(super) fn get(&self, row: usize) -> u32 {
        self.places.get(row * self.stride).copied().unwrap_or_default()
    }
}
