//! The distinct values of a field with their counts: sums, shares, quantiles.

use super::value_codes::ValueCodes;

/// The distinct values with their counts, lowest first.
pub(super) struct Distribution {
    counted: Vec<(i64, u32)>,
    /// The sum of the counts.
    total: u32,
}

impl Distribution {
    pub(super) fn of(value_codes: &ValueCodes, counts: &[i64]) -> Self {
        let counted = value_codes.counted(counts);
        let total = counted.iter().map(|(_, count)| count).sum();
        Self { counted, total }
    }

    pub(super) fn counted(&self) -> &[(i64, u32)] {
        &self.counted
    }

    /// Σ `term` over the values. The sum wraps: a real sum of seconds is far below 2⁶³.
    pub(super) fn sum(&self, term: impl Fn(i64) -> i64) -> f64 {
        let add = |sum: i64, (value, count): &(i64, u32)| {
            sum.wrapping_add(term(*value).wrapping_mul(i64::from(*count)))
        };
        float(self.counted.iter().fold(0, add))
    }

    pub(super) fn mean(&self) -> Option<f64> {
        (self.total > 0).then(|| self.sum(|value| value) / f64::from(self.total))
    }

    /// The share of the values that `matches`.
    pub(super) fn share(&self, matches: impl Fn(i64) -> bool) -> Option<f64> {
        let matching = self.counted.iter().filter(|(value, _)| matches(*value));
        rate(matching.map(|(_, count)| count).sum(), self.total)
    }

    /// The quantile `q`: linear interpolation between order statistics, at position (n − 1)·q.
    pub(super) fn quantile(&self, q: f64) -> Option<f64> {
        let position = f64::from(self.total.checked_sub(1)?) * q;
        let below = position.floor();
        let order_statistic = |position: f64| {
            let mut cumulative = 0;
            let reaches = |(_, count): &&(i64, u32)| {
                cumulative += count;
                f64::from(cumulative) > position
            };
            let found = self.counted.iter().find(reaches).or(self.counted.last());
            found.map_or(0.0, |(value, _)| float(*value))
        };
        let low = order_statistic(below);
        let high = order_statistic(position.ceil());
        Some(low + (high - low) * (position - below))
    }
}

/// `part` / `whole`; `None` if `whole` is 0.
pub(super) fn rate(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

/// An integer as a JavaScript number.
#[expect(clippy::cast_precision_loss, reason = "values are safe integers")]
pub(super) const fn float(value: i64) -> f64 {
    value as f64
}

/// A number, or `NaN` for none.
pub(super) fn or_nan(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}
