//! The dimensions by which calls can be grouped, and the bucket of each row: the number of its group key.
//! Not here: the counts of each group (`kinds/groups.rs`).

use std::ops::RangeInclusive;

use super::buckets::Buckets;
use super::rows_to_read::RowsToRead;
use super::spec::Spec;
use super::value_codes::ValueCodes;
use crate::columns::CHUNK;
use crate::columns::dictionary::Dictionary;
use crate::columns::hash::Interner;
use crate::columns::integers::{FIRST_VALUE, Frame};
use crate::error::Result;
use crate::json::{Value, parse, to_text};
use crate::schema::LEVELS;
use crate::schema::field;
use crate::table::CallColumns;
use crate::time::{DAY_MS, HOUR_MS, date_text, hour_start_ms, local_hour};

/// The maximum number of dimensions of one chart.
const MAX_DIMENSIONS: usize = 3;

/// A dimension by which calls are grouped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Dimension {
    /// A dimension that consists of a name.
    Named(NamedDimension),
    /// The span of time in which the call starts.
    Time(TimeSpan),
    /// The value of the result with this name.
    Result(String),
    /// The value of this key of `properties`.
    Property(String),
}

/// Defines the dimensions that consist of a name: the variant, its name in specs and filters, and its field.
macro_rules! named_dimensions {
    ($( $( #[doc = $about:literal] )+ $dimension:ident $name:literal $field:ident; )+) => {
        /// A dimension that consists of a name. A filter has the same name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum NamedDimension {
            $( $( #[doc = $about] )+ $dimension, )+
        }

        impl NamedDimension {
            const ALL: &'static [(&'static str, Self)] = &[ $( ($name, Self::$dimension) ),+ ];

            /// The field from which the key is made.
            const fn field(self) -> usize {
                match self {
                    $( Self::$dimension => field::$field, )+
                }
            }
        }
    };
}

named_dimensions! {
    /// `callJobId`.
    Task "callJobId" TASK;
    /// `jobName`.
    TaskName "jobName" TASK_NAME;
    /// `sceneDefId`.
    Scene "sceneDefId" SCENE;
    /// `finishStatus`.
    FinishStatus "finishStatus" FINISH_STATUS;
    /// `callerPhone`.
    CallerPhone "callerPhone" CALLER;
    /// Hour of `startTime` in Shanghai, 0–23.
    HourOfDay "hourOfDay" START;
    /// Weekday of `startTime` in Shanghai, 1 = Monday … 7 = Sunday.
    Weekday "weekday" START;
    /// Date of `startTime` in Shanghai.
    Date "date" START;
    /// The intent level, A–F.
    IntentLevel "intentLevel" RESULTS;
    /// `chatRound`.
    ChatRound "chatRound" CHAT_ROUND;
}

/// A span of time in Shanghai. The key of a span is its first instant, epoch milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeSpan {
    QuarterHour,
    Hour,
    Day,
    /// From Monday on.
    Week,
}

impl TimeSpan {
    const ALL: [(&'static str, Self); 4] = [
        ("quarterHour", Self::QuarterHour),
        ("hour", Self::Hour),
        ("day", Self::Day),
        ("week", Self::Week),
    ];

    /// The length in milliseconds.
    const fn length(self) -> i64 {
        match self {
            Self::QuarterHour => HOUR_MS / 4,
            Self::Hour => HOUR_MS,
            Self::Day => DAY_MS,
            Self::Week => 7 * DAY_MS,
        }
    }

    /// The first instant of the span with an instant.
    fn start(self, instant: i64) -> i64 {
        // The first Monday of 1970 was the fifth of January.
        let origin = match self {
            Self::QuarterHour | Self::Hour | Self::Day => hour_start_ms(0),
            Self::Week => hour_start_ms(4 * 24),
        };
        instant - (instant - origin).rem_euclid(self.length())
    }
}

impl Dimension {
    /// The dimensions of a spec: one, or an array of two or three.
    pub(super) fn read(spec: &Spec) -> Result<Vec<Self>> {
        let items = match spec.subject {
            Value::List(items) if (2..=MAX_DIMENSIONS).contains(&items.len()) => &items[..],
            single => std::slice::from_ref(single),
        };
        let dimension = |item: &Value| {
            Self::of(item).ok_or_else(|| {
                let known: Vec<&str> = NamedDimension::ALL.iter().map(|(name, _)| *name).collect();
                let spans = TimeSpan::ALL.map(|(name, _)| name).join(", ");
                let known = known.join(", ");
                spec.refuse_subject(&format!(
                    "expected one of {known}, {{ time }} with one of {spans}, {{ result: name }}, \
                     {{ property: key }}, or an array of two or three of these"
                ))
            })
        };
        items.iter().map(dimension).collect()
    }

    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Text(name) => {
                let mut named = NamedDimension::ALL.iter().filter(|(known, _)| known == name);
                named.next().map(|(_, dimension)| Self::Named(*dimension))
            }
            Value::Object(fields) => match &fields[..] {
                [(key, Value::Text(name))] => match key.as_str() {
                    "result" => Some(Self::Result(name.clone())),
                    "property" => Some(Self::Property(name.clone())),
                    "time" => {
                        let mut spans = TimeSpan::ALL.iter().filter(|(known, _)| known == name);
                        spans.next().map(|(_, span)| Self::Time(*span))
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// The field from which the key is made.
    const fn field(&self) -> usize {
        match self {
            Self::Named(named) => named.field(),
            Self::Time(_) => field::START,
            Self::Result(_) => field::RESULTS,
            Self::Property(_) => field::PROPERTIES,
        }
    }

    /// Whether its groups are ordered by their calls, the most first, unless an order is given.
    pub(super) const fn is_ordered_by_calls(&self) -> bool {
        match self {
            Self::Named(NamedDimension::CallerPhone | NamedDimension::TaskName)
            | Self::Result(_)
            | Self::Property(_) => true,
            Self::Named(_) | Self::Time(_) => false,
        }
    }
}

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
}

impl Keys {
    pub(super) fn new(dimensions: Vec<Dimension>) -> Self {
        let pairs = vec![Interner::default(); dimensions.len().saturating_sub(1)];
        Self { dimensions: dimensions.into_iter().map(DimensionKeys::new).collect(), pairs }
    }

    /// The same dimensions, without keys.
    pub(super) fn empty_copy(&self) -> Self {
        Self::new(self.dimensions.iter().map(|keys| keys.dimension.clone()).collect())
    }

    /// Writes the buckets of some rows of a chunk.
    pub(super) fn read(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: &RowsToRead,
        buckets: &mut Buckets,
    ) {
        let Some((first, others)) = self.dimensions.split_first_mut() else { return };
        first.read(columns, chunk, rows, |row, bucket| buckets.set(row, bucket));
        for (keys, pairs) in others.iter_mut().zip(&mut self.pairs) {
            keys.read(columns, chunk, rows, |row, bucket| {
                let pair = i64::from(buckets.get(row)) << 32 | i64::from(bucket);
                buckets.set(row, u32::try_from(pairs.position(pair)).unwrap_or(u32::MAX));
            });
        }
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

/// The buckets of a dimension's keys: 0 for no key, then 1, 2, … in the order of their first occurrence.
#[derive(Debug, Clone)]
struct DimensionKeys {
    dimension: Dimension,
    value_codes: ValueCodes,
    /// The texts of keys that are texts of the vendor or of the script.
    texts: Dictionary,
    /// The bucket of each code of the column's dictionary, if the column has one.
    bucket_by_code: Vec<u32>,
}

impl DimensionKeys {
    fn new(dimension: Dimension) -> Self {
        Self {
            dimension,
            value_codes: ValueCodes::default(),
            texts: Dictionary::default(),
            bucket_by_code: Vec::new(),
        }
    }

    /// Calls `set` with the number of each row of `rows`, from 0 on, and with its bucket.
    fn read(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: &RowsToRead,
        mut set: impl FnMut(usize, u32),
    ) {
        let field = self.dimension.field();
        if let Dimension::Property(name) = &self.dimension {
            let name = name.clone();
            for row in 0..rows.len() {
                let text = columns.text(field, chunk * CHUNK + rows.position(row));
                let value = text.and_then(|text| property_named(text, &name));
                set(row, value.map_or(0, |value| self.text_bucket(&value)));
            }
            return;
        }
        self.read_dictionary(columns);
        let mut codes = [0; CHUNK];
        let (frame, codes) = rows.codes(columns.integers(field), chunk, &mut codes);
        if let Dimension::Time(span) = self.dimension {
            let bucket = |code| {
                let start = span.start(frame.value(code));
                let last = start + span.length() - 1;
                let (low, high) = frame.codes(start, last).unwrap_or((code, code));
                (low..=high, self.value_codes.code(start) + 1)
            };
            for_each_bucket(codes, 0, bucket, set);
        } else if field == field::START {
            let bucket = |code| in_hour(frame, code, |hour| self.bucket(i64::from(hour)));
            for_each_bucket(codes, 0, bucket, set);
        } else {
            let bucket = |code| (code..=code, self.bucket(frame.value(code)));
            for_each_bucket(codes, 0, bucket, set);
        }
    }

    /// The bucket of a value. For a dimension of the start, the value is the hour since 1970-01-01.
    fn bucket(&mut self, value: i64) -> u32 {
        use NamedDimension as Name;
        let value = match &self.dimension {
            Dimension::Named(Name::Task | Name::Scene | Name::FinishStatus | Name::ChatRound)
            | Dimension::Time(_) => value,
            Dimension::Named(Name::HourOfDay) => value.rem_euclid(24),
            Dimension::Named(Name::Weekday) => weekday(value) + 1,
            Dimension::Named(Name::Date) => value.div_euclid(24),
            Dimension::Named(Name::CallerPhone | Name::TaskName | Name::IntentLevel)
            | Dimension::Result(_)
            | Dimension::Property(_) => {
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

/// The value of a key in the JSON text of `properties`: a text as it is, another value as JSON.
pub(super) fn property_named(properties: &str, name: &str) -> Option<String> {
    let properties = parse(properties.as_bytes()).unwrap_or_default();
    match properties.get(name)? {
        Value::Null => None,
        Value::Text(value) => Some(value.clone()),
        other => Some(to_text(other)),
    }
}
