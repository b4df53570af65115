//! The bucket of each row by its group key, and the key of each bucket.
//! Not here: the dimensions (`dimension.rs`), the counts of each group (`kinds/groups.rs`).

use super::buckets::{by_code, by_own_code, for_each_run, in_hour, range};
use super::dimension::{Dimension, NamedDimension};
use super::rows::Rows;
use super::value_codes::ValueCodes;
use crate::columns::dictionary::Dictionary;
use crate::columns::hash::Interner;
use crate::json::{Value, parse, to_text};
use crate::schema::LEVELS;
use crate::schema::field;
use crate::table::CallColumns;
use crate::time::date_text;

/// The key of a group. A group without a key is after all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKey {
    /// A code, a count, an hour, an instant.
    Integer(i64),
    /// A name, a date, a level.
    Text(String),
    /// The key of calls without a value.
    None,
}

/// The buckets of the keys of one or more dimensions.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    dimensions: Vec<DimensionKeys>,
    /// For each dimension but the first: the pairs of a bucket so far and a bucket of this dimension. The position of
    /// a pair is the bucket of both.
    pairs: Vec<Interner>,
    /// The buckets of the rows that were read last.
    buckets: Vec<u32>,
    /// Memory for the buckets of one more dimension.
    further: Vec<u32>,
}

impl Keys {
    /// The keys of dimensions. `remembers`: rows are read several times, so what is slow to read is remembered.
    pub(super) fn new(dimensions: Vec<Dimension>, remembers: bool) -> Self {
        let pairs = vec![Interner::default(); dimensions.len().saturating_sub(1)];
        let keys = |dimension| DimensionKeys::new(dimension, remembers);
        let dimensions = dimensions.into_iter().map(keys).collect();
        Self { dimensions, pairs, buckets: Vec::new(), further: Vec::new() }
    }

    /// Forgets all keys.
    pub(super) fn forget(&mut self) {
        let remembers = self.dimensions.iter().any(|keys| keys.bucket_by_row.is_some());
        let dimensions = self.dimensions.iter().map(|keys| keys.dimension.clone());
        *self = Self::new(dimensions.collect(), remembers);
    }

    /// The buckets of the rows that were read last.
    pub(super) fn buckets(&self) -> &[u32] {
        &self.buckets
    }

    /// Reads the bucket of each row.
    pub(super) fn read(&mut self, rows: &Rows) {
        let Some((first, others)) = self.dimensions.split_first_mut() else { return };
        first.read(rows, &mut self.buckets);
        for (keys, pairs) in others.iter_mut().zip(&mut self.pairs) {
            keys.read(rows, &mut self.further);
            // Neighbours often have the same pair.
            let (mut last, mut of_last) = (-1, 0);
            for (bucket, further) in self.buckets.iter_mut().zip(&self.further) {
                let pair = i64::from(*bucket) << 32 | i64::from(*further);
                if pair != last {
                    of_last = u32::try_from(pairs.position(pair)).unwrap_or(u32::MAX);
                    last = pair;
                }
                *bucket = of_last;
            }
        }
    }

    /// Whether neighbouring rows usually have the same bucket.
    pub(super) fn has_runs(&self) -> bool {
        matches!(&self.dimensions[..], [keys] if keys.dimension.has_runs())
    }

    /// Calls `visit` with each run of rows with the same bucket of the first dimension.
    pub(super) fn for_each_run(
        &mut self,
        rows: &Rows,
        positions: &[u16],
        visit: &mut dyn FnMut(u32, &[u16]),
    ) {
        if let Some(keys) = self.dimensions.first_mut() {
            keys.for_each_run(rows, positions, visit);
        }
    }

    /// A number above all buckets so far.
    pub(super) fn len(&self) -> usize {
        let of_first = || self.dimensions.first().map_or(0, DimensionKeys::len);
        self.pairs.last().map_or_else(of_first, Interner::len)
    }

    /// The keys of a bucket, one of each dimension.
    pub(super) fn key(&self, bucket: usize) -> Vec<GroupKey> {
        let mut bucket = bucket;
        let mut key = Vec::with_capacity(self.dimensions.len());
        for (keys, pairs) in self.dimensions.iter().skip(1).zip(&self.pairs).rev() {
            let pair = pairs.value(bucket).unwrap_or_default();
            // Both halves are buckets.
            let half = |half: i64| usize::try_from(half).unwrap_or_default();
            key.push(keys.key(half(pair & i64::from(u32::MAX))));
            bucket = half(pair >> 32);
        }
        key.extend(self.dimensions.first().map(|keys| keys.key(bucket)));
        key.reverse();
        key
    }
}

/// Up to this value, a value of a dimension is its own code: most statuses, rounds, hours.
const DENSE: usize = 128;

/// The buckets of a dimension's keys: 0 for no key, then 1, 2, … in the order of their first occurrence.
#[derive(Debug, Clone)]
struct DimensionKeys {
    dimension: Dimension,
    value_codes: ValueCodes<DENSE>,
    /// The texts of keys that are texts of the vendor or of the script.
    texts: Dictionary,
    /// The bucket of each code of the column's dictionary, if the column has one.
    bucket_by_code: Vec<u32>,
    /// One more than the bucket of each row of the table whose properties were read, if they are remembered.
    bucket_by_row: Option<Vec<u32>>,
}

impl DimensionKeys {
    fn new(dimension: Dimension, remembers: bool) -> Self {
        Self {
            dimension,
            value_codes: ValueCodes::default(),
            texts: Dictionary::default(),
            bucket_by_code: Vec::new(),
            bucket_by_row: remembers.then(Vec::new),
        }
    }

    /// Sets `buckets` to the bucket of each row.
    fn read(&mut self, rows: &Rows, buckets: &mut Vec<u32>) {
        use NamedDimension as Name;
        let field = self.dimension.field();
        match &self.dimension {
            Dimension::Property(name) => {
                let name = name.clone();
                buckets.clear();
                buckets.extend(rows.numbers().map(|row| self.property_bucket(rows, row, &name)));
            }
            Dimension::Named(Name::CallerPhone | Name::IntentLevel) | Dimension::Result(_) => {
                self.read_dictionary(rows.chunk.columns);
                by_code(rows, field, &self.bucket_by_code, buckets);
            }
            Dimension::Named(Name::FinishStatus | Name::ChatRound)
                if by_own_code::<DENSE>(rows, field, buckets) => {}
            Dimension::Named(_) | Dimension::Time(_) => {
                buckets.clear();
                self.for_each_run(rows, rows.all(), &mut |bucket, run| {
                    buckets.extend(run.iter().map(|_| bucket));
                });
            }
        }
    }

    /// Calls `visit` with each run of rows with the same bucket.
    fn for_each_run(&mut self, rows: &Rows, positions: &[u16], visit: &mut dyn FnMut(u32, &[u16])) {
        self.read_dictionary(rows.chunk.columns);
        let field = self.dimension.field();
        let frame = rows.frame(field);
        let codes = &mut self.value_codes;
        let mut bucket = |code| match self.dimension {
            Dimension::Named(
                name @ (NamedDimension::HourOfDay | NamedDimension::Weekday | NamedDimension::Date),
            ) => in_hour(frame, code, |hour| {
                let hour = i64::from(hour);
                codes.code(match name {
                    NamedDimension::HourOfDay => hour.rem_euclid(24),
                    NamedDimension::Weekday => weekday(hour) + 1,
                    _ => hour.div_euclid(24),
                }) + 1
            }),
            Dimension::Time(span) => {
                let start = span.start(frame.value(code));
                let same = range(frame, code, start, start + span.length() - 1);
                (same, codes.code(start) + 1)
            }
            Dimension::Named(NamedDimension::TaskName) => {
                let text = usize::try_from(frame.value(code)).unwrap_or(usize::MAX);
                (code..=code, self.bucket_by_code.get(text).copied().unwrap_or_default())
            }
            _ => (code..=code, codes.code(frame.value(code)) + 1),
        };
        for_each_run(rows, field, positions, &mut bucket, visit);
    }

    /// A number above all buckets so far.
    fn len(&self) -> usize {
        1 + match self.dimension {
            Dimension::Named(NamedDimension::IntentLevel) => LEVELS.len(),
            Dimension::Named(NamedDimension::CallerPhone | NamedDimension::TaskName)
            | Dimension::Result(_)
            | Dimension::Property(_) => self.texts.len(),
            Dimension::Named(_) | Dimension::Time(_) => self.value_codes.len(),
        }
    }

    fn property_bucket(&mut self, rows: &Rows, row: usize, name: &str) -> u32 {
        let known = self.bucket_by_row.as_ref().and_then(|known| known.get(row)?.checked_sub(1));
        if let Some(bucket) = known {
            return bucket;
        }
        let properties = rows.chunk.columns.text(field::PROPERTIES, row);
        let value = properties.and_then(|text| property_named(text, name));
        let bucket = value.map_or(0, |value| self.text_bucket(&value));
        if let Some(known) = &mut self.bucket_by_row {
            if row >= known.len() {
                known.resize(row + 1, 0);
            }
            if let Some(known) = known.get_mut(row) {
                *known = bucket + 1;
            }
        }
        bucket
    }

    /// Finds the buckets of the codes that are new in the column's dictionary.
    fn read_dictionary(&mut self, columns: &CallColumns) {
        let Some(dictionary) = columns.dictionary(self.dimension.field()) else { return };
        for code in self.bucket_by_code.len()..dictionary.len() {
            let bucket = match &self.dimension {
                Dimension::Named(NamedDimension::IntentLevel) => {
                    columns.levels().get(code).copied().map_or(0, u32::from)
                }
                Dimension::Result(name) => match result_named(dictionary.get(code), name) {
                    Some(value) => self.text_bucket(&value),
                    None => 0,
                },
                Dimension::Named(_) | Dimension::Time(_) | Dimension::Property(_) => {
                    self.text_bucket(dictionary.get(code))
                }
            };
            self.bucket_by_code.push(bucket);
        }
    }

    fn text_bucket(&mut self, text: &str) -> u32 {
        let known = self.texts.find(text.as_bytes());
        known.unwrap_or_else(|| self.texts.add(text)) + 1
    }

    /// The key of a bucket.
    fn key(&self, bucket: usize) -> GroupKey {
        use NamedDimension as Name;
        let Some(code) = bucket.checked_sub(1) else { return GroupKey::None };
        match self.dimension {
            Dimension::Named(Name::CallerPhone | Name::TaskName)
            | Dimension::Result(_)
            | Dimension::Property(_) => GroupKey::Text(self.texts.get(code).to_owned()),
            Dimension::Named(Name::IntentLevel) => {
                let letter = LEVELS.get(code);
                GroupKey::Text(letter.copied().unwrap_or_default().to_owned())
            }
            Dimension::Named(Name::Date) => GroupKey::Text(date_text(self.value_codes.value(code))),
            Dimension::Named(
                Name::Task
                | Name::Scene
                | Name::FinishStatus
                | Name::HourOfDay
                | Name::Weekday
                | Name::ChatRound,
            )
            | Dimension::Time(_) => GroupKey::Integer(self.value_codes.value(code)),
        }
    }
}

/// Hours since Monday 00:00 of an hour since 1970-01-01, which was a Thursday.
#[inline]
pub(super) const fn week_hour(hour: i32) -> usize {
    hour.wrapping_add(3 * 24).rem_euclid(7 * 24).unsigned_abs() as usize
}

/// 0 for Monday … 6 for Sunday, of an hour since 1970-01-01, which was a Thursday.
#[inline]
pub(super) const fn weekday(hour: i64) -> i64 {
    (hour.div_euclid(24) + 3).rem_euclid(7)
}

/// The value of the first result with this name.
pub(crate) fn result_named(results: &str, name: &str) -> Option<String> {
    let results = parse(results.as_bytes()).unwrap_or_default();
    let Value::List(items) = results else { return None };
    let named =
        |item: &&Value| matches!(item.get("name"), Some(Value::Text(other)) if other == name);
    match items.iter().find(named)?.get("value")? {
        Value::Text(value) => Some(value.clone()),
        _ => None,
    }
}

/// The value of a key in the JSON text of `properties`: a text as it is, another value as JSON.
pub(super) fn property_named(properties: &str, name: &str) -> Option<String> {
    let properties = parse(properties.as_bytes()).unwrap_or_default();
    match properties.get(name)? {
        Value::Null => None,
        Value::Text(value) => Some(value.clone()),
        other => Some(to_text(other)),
    }
}
