//! How often the same number was called within a time. Not here: charts, which count rows one by one.

use super::view::View;
use crate::schema::field;
use crate::sort::sorted;

/// The numbers of customers by their calls within a time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repeats {
    /// How many numbers had this many calls at most within the time: position 0 for one call.
    pub numbers: Vec<u32>,
    /// The calls without a readable start, without a number, or with a masked one.
    pub left_out: u32,
}

impl View {
    /// For each customer's number the most calls whose starts lie within `within_ms` of each other.
    #[must_use]
    pub fn repeats(&self, within_ms: i64) -> Repeats {
        let columns = self.columns.borrow();
        let mut starts: Vec<(i64, i64)> = Vec::with_capacity(self.len());
        let mut repeats = Repeats::default();
        for row in self.rows.iter() {
            let telephone = columns.bytes(field::TELEPHONE, row).and_then(number);
            let start = columns.integers(field::START).value(row);
            match (telephone, start) {
                (Some(telephone), Some(start)) => starts.push((telephone, start)),
                _ => repeats.left_out += 1,
            }
        }
        let starts = sorted(&starts, Ord::cmp);
        for calls in starts.chunk_by(|(one, _), (other, _)| one == other) {
            let mut most = 0;
            let mut first = 0;
            for (last, (_, start)) in calls.iter().enumerate() {
                while calls.get(first).is_some_and(|(_, earlier)| start - earlier >= within_ms) {
                    first += 1;
                }
                most = most.max(last - first);
            }
            if most >= repeats.numbers.len() {
                repeats.numbers.resize(most + 1, 0);
            }
            if let Some(count) = repeats.numbers.get_mut(most) {
                *count += 1;
            }
        }
        repeats
    }
}

/// A telephone number as an integer; `None` without digits, for a masked number, and for a text of any other kind.
fn number(text: &[u8]) -> Option<i64> {
    let mut number = 1_i64;
    let mut has_digits = false;
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                has_digits = true;
                number = number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
            }
            b' ' | b'-' | b'+' | b'(' | b')' => {}
            _ => return None,
        }
    }
    has_digits.then_some(number)
}
