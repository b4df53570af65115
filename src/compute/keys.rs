//! The dimensions by which calls can be grouped, and the bucket of each row: the number of its group key.
//! Not here: the counts of each group (`groups.rs`).

use std::ops::{Range, RangeInclusive};

use super::value_codes::ValueCodes;
use crate::columns::CHUNK;
use crate::columns::dictionary::Dictionary;
use crate::columns::integers::{FIRST_VALUE, Frame};
use crate::json::{Value, parse};
use crate::schema::LEVELS;
use crate::schema::field;
use crate::table::CallColumns;
use crate::time::{date_text, hour_start_ms, local_hour};

/// A dimension by which calls are grouped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dimension {
    /// `callJobId`.
    Task,
    /// `finishStatus`.
    FinishStatus,
    /// `callerPhone`.
    CallerPhone,
    /// Hour of `startTime` in Shanghai, 0–23.
    HourOfDay,
    /// Weekday of `startTime` in Shanghai, 1 = Monday … 7 = Sunday.
    Weekday,
    /// Date of `startTime` in Shanghai.
    Date,
    /// The intent level, A–F.
    IntentLevel,
    /// `chatRound`.
    ChatRound,
    /// The value of the result with this name.
    Result(String),
}

impl Dimension {
    /// The dimensions that consist of a name, with this name.
    pub const NAMED: [(&'static str, Self); 8] = [
        ("callJobId", Self::Task),
        ("finishStatus", Self::FinishStatus),
        ("callerPhone", Self::CallerPhone),
        ("hourOfDay", Self::HourOfDay),
        ("weekday", Self::Weekday),
        ("date", Self::Date),
        ("intentLevel", Self::IntentLevel),
        ("chatRound", Self::ChatRound),
    ];

    /// The field from which the key is made.
    const fn field(&self) -> usize {
        match self {
            Self::Task => field::TASK,
            Self::FinishStatus => field::FINISH_STATUS,
            Self::CallerPhone => field::CALLER,
            Self::HourOfDay | Self::Weekday | Self::Date => field::START,
            Self::IntentLevel | Self::Result(_) => field::RESULTS,
            Self::ChatRound => field::CHAT_ROUND,
        }
    }
}

/// The key of a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKey {
    /// The key of calls without a value.
    None,
    /// A code, a count, an hour.
    Integer(i64),
    /// A name, a date, a level.
    Text(String),
}

/// The buckets of a dimension's keys: 0 for no key, then 1, 2, … in the order of their first occurrence.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    dimension: Dimension,
    value_codes: ValueCodes,
    /// The texts of callers, or of the values of a result.
    texts: Dictionary,
    /// The bucket of each code of the column's dictionary, if the column has one.
    bucket_by_code: Vec<u32>,
}

impl Keys {
    pub(super) fn new(dimension: Dimension) -> Self {
        Self {
            dimension,
            value_codes: ValueCodes::default(),
            texts: Dictionary::default(),
            bucket_by_code: Vec::new(),
        }
    }

    pub(super) const fn dimension(&self) -> &Dimension {
        &self.dimension
    }

    /// Calls `set` with each row of a chunk that is in `rows`, and with its bucket.
    pub(super) fn read(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: Range<usize>,
        set: impl FnMut(usize, u32),
    ) {
        let field = self.dimension.field();
        self.read_dictionary(columns);
        let mut codes = [0; CHUNK];
        let frame = columns.integers(field).codes(chunk, &mut codes);
        let codes = codes.get(rows).unwrap_or_default();
        if field == field::START {
            let bucket = |code| in_hour(frame, code, |hour| self.bucket(i64::from(hour)));
            for_each_bucket(codes, 0, bucket, set);
        } else {
            let bucket = |code| (code..=code, self.bucket(frame.value(code)));
            for_each_bucket(codes, 0, bucket, set);
        }
    }

    /// The bucket of a value. For a dimension of the start, the value is the hour since 1970-01-01.
    fn bucket(&mut self, value: i64) -> u32 {
        let value = match self.dimension {
            Dimension::Task | Dimension::FinishStatus | Dimension::ChatRound => value,
            Dimension::HourOfDay => value.rem_euclid(24),
            Dimension::Weekday => weekday(value) + 1,
            Dimension::Date => value.div_euclid(24),
            Dimension::CallerPhone | Dimension::IntentLevel | Dimension::Result(_) => {
                let code = usize::try_from(value).unwrap_or(usize::MAX);
                return self.bucket_by_code.get(code).copied().unwrap_or_default();
            }
        };
        self.value_codes.code(value) + 1
    }

    /// Finds the buckets of the codes that are new in the column's dictionary.
    fn read_dictionary(&mut self, columns: &CallColumns) {
        let Some(dictionary) = columns.dictionary(self.dimension.field()) else { return };
        for code in self.bucket_by_code.len()..dictionary.len() {
            let bucket = match &self.dimension {
                Dimension::IntentLevel => columns.levels().get(code).copied().map_or(0, u32::from),
                Dimension::Result(name) => match result_named(dictionary.get(code), name) {
                    Some(value) => self.text_bucket(&value),
                    None => 0,
                },
                _ => self.text_bucket(dictionary.get(code)),
            };
            self.bucket_by_code.push(bucket);
        }
    }

    fn text_bucket(&mut self, text: &str) -> u32 {
        let known = self.texts.find(text.as_bytes());
        known.unwrap_or_else(|| self.texts.add(text)) + 1
    }

    /// The key of a bucket.
    pub(super) fn key(&self, bucket: usize) -> GroupKey {
        let Some(code) = bucket.checked_sub(1) else { return GroupKey::None };
        match self.dimension {
            Dimension::CallerPhone | Dimension::Result(_) => {
                GroupKey::Text(self.texts.get(code).to_owned())
            }
            Dimension::IntentLevel => {
                let letter = LEVELS.get(code);
                GroupKey::Text(letter.copied().unwrap_or_default().to_owned())
            }
            Dimension::Date => GroupKey::Text(date_text(self.value_codes.value(code))),
            _ => GroupKey::Integer(self.value_codes.value(code)),
        }
    }

    /// Whether the groups are ordered by their calls, the largest first, instead of by their keys.
    pub(super) const fn are_ordered_by_calls(&self) -> bool {
        matches!(self.dimension, Dimension::CallerPhone | Dimension::Result(_))
    }
}

/// Calls `set` with the position and the bucket of each code. A code without a value has the bucket `none`. For any
/// other code, `bucket` returns the range of codes with the same bucket, and this bucket. Neighbours usually are in
/// the same range, so `bucket` is seldom called.
#[inline]
pub(super) fn for_each_bucket(
    codes: &[u64],
    none: u32,
    mut bucket: impl FnMut(u64) -> (RangeInclusive<u64>, u32),
    mut set: impl FnMut(usize, u32),
) {
    let (mut low, mut high, mut last) = (0, FIRST_VALUE - 1, none);
    for (position, code) in codes.iter().enumerate() {
        if !(low..=high).contains(code) {
            let (same, bucket) =
                if *code < FIRST_VALUE { (0..=FIRST_VALUE - 1, none) } else { bucket(*code) };
            (low, high) = same.into_inner();
            last = bucket;
        }
        set(position, last);
    }
}

/// The range of the codes in the same hour as `code`, and the bucket of this hour.
#[inline]
pub(super) fn in_hour(
    frame: Frame,
    code: u64,
    bucket: impl FnOnce(i32) -> u32,
) -> (RangeInclusive<u64>, u32) {
    let hour = local_hour(frame.value(code));
    let (low, high) =
        frame.codes(hour_start_ms(hour), hour_start_ms(hour + 1) - 1).unwrap_or((code, code));
    (low..=high, bucket(hour))
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
