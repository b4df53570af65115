//! The dimensions by which calls can be grouped, and the key of each row.

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

/// By what calls are grouped.
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
    /// The value of the result of that name.
    Result(String),
}

impl Dimension {
    /// The dimensions that are a name, with it.
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
    /// The calls have none.
    None,
    /// A code, a count, an hour.
    Integer(i64),
    /// A name, a date, a level.
    Text(String),
}

/// Numbers for the keys of a dimension: 0 for none, and then in the order of their coming.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    dimension: Dimension,
    slots: ValueCodes,
    /// The texts of callers or of a result's values.
    texts: Dictionary,
    /// The key of each code of the column's dictionary, where it has one.
    of_code: Vec<u32>,
}

impl Keys {
    pub(super) fn new(dimension: Dimension) -> Self {
        Self {
            dimension,
            slots: ValueCodes::default(),
            texts: Dictionary::default(),
            of_code: Vec::new(),
        }
    }

    pub(super) const fn dimension(&self) -> &Dimension {
        &self.dimension
    }

    /// Calls `set` with each of a chunk's rows, those of `rows` in it, and its key.
    pub(super) fn read(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: Range<usize>,
        set: impl FnMut(usize, u32),
    ) {
        let field = self.dimension.field();
        self.learn(columns);
        let mut codes = [0; CHUNK];
        let frame = columns.integers(field).codes(chunk, &mut codes);
        let codes = codes.get(rows).unwrap_or_default();
        if field == field::START {
            let number = |code| in_hour(frame, code, |hour| self.number(i64::from(hour)));
            numbers(codes, 0, number, set);
        } else {
            numbers(codes, 0, |code| (code..=code, self.number(frame.value(code))), set);
        }
    }

    /// The number of a value; of an hour, for the dimensions that are made of it.
    fn number(&mut self, value: i64) -> u32 {
        let value = match self.dimension {
            Dimension::Task | Dimension::FinishStatus | Dimension::ChatRound => value,
            Dimension::HourOfDay => value.rem_euclid(24),
            Dimension::Weekday => weekday(value) + 1,
            Dimension::Date => value.div_euclid(24),
            Dimension::CallerPhone | Dimension::IntentLevel | Dimension::Result(_) => {
                let code = usize::try_from(value).unwrap_or(usize::MAX);
                return self.of_code.get(code).copied().unwrap_or_default();
            }
        };
        self.slots.slot(value) + 1
    }

    /// Finds the keys of codes that are new since the last time.
    fn learn(&mut self, columns: &CallColumns) {
        let Some(dictionary) = columns.dictionary(self.dimension.field()) else { return };
        for code in self.of_code.len()..dictionary.len() {
            let key = match &self.dimension {
                Dimension::IntentLevel => columns.levels().get(code).copied().map_or(0, u32::from),
                Dimension::Result(name) => match result_named(dictionary.get(code), name) {
                    Some(value) => self.text(&value),
                    None => 0,
                },
                _ => self.text(dictionary.get(code)),
            };
            self.of_code.push(key);
        }
    }

    fn text(&mut self, text: &str) -> u32 {
        let known = self.texts.find(text.as_bytes());
        known.unwrap_or_else(|| self.texts.add(text)) + 1
    }

    /// The key of a number.
    pub(super) fn key(&self, number: usize) -> GroupKey {
        let Some(slot) = number.checked_sub(1) else { return GroupKey::None };
        match self.dimension {
            Dimension::CallerPhone | Dimension::Result(_) => {
                GroupKey::Text(self.texts.get(slot).to_owned())
            }
            Dimension::IntentLevel => {
                let letter = LEVELS.get(slot);
                GroupKey::Text(letter.copied().unwrap_or_default().to_owned())
            }
            Dimension::Date => GroupKey::Text(date_text(self.slots.value(slot))),
            _ => GroupKey::Integer(self.slots.value(slot)),
        }
    }

    /// Whether the largest group comes first, instead of the lowest key.
    pub(super) const fn are_ordered_by_calls(&self) -> bool {
        matches!(self.dimension, Dimension::CallerPhone | Dimension::Result(_))
    }
}

/// Calls `set` with each code's position and number: `none` for those below values, else what `number`
/// says, with the codes of which it says the same. Neighbours mostly have one number, so it is asked
/// seldom.
#[inline]
pub(super) fn numbers(
    codes: &[u64],
    none: u32,
    mut number: impl FnMut(u64) -> (RangeInclusive<u64>, u32),
    mut set: impl FnMut(usize, u32),
) {
    let (mut low, mut high, mut last) = (0, FIRST_VALUE - 1, none);
    for (at, code) in codes.iter().enumerate() {
        if !(low..=high).contains(code) {
            let (same, number) =
                if *code < FIRST_VALUE { (0..=FIRST_VALUE - 1, none) } else { number(*code) };
            (low, high) = same.into_inner();
            last = number;
        }
        set(at, last);
    }
}

/// The codes of the instants in the same hour as a code's, and the number of that hour.
#[inline]
pub(super) fn in_hour(
    frame: Frame,
    code: u64,
    number: impl FnOnce(i32) -> u32,
) -> (RangeInclusive<u64>, u32) {
    let hour = local_hour(frame.value(code));
    let (low, high) =
        frame.codes(hour_start_ms(hour), hour_start_ms(hour + 1) - 1).unwrap_or((code, code));
    (low..=high, number(hour))
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

/// The value of the first result of that name.
fn result_named(results: &str, name: &str) -> Option<String> {
    let results = parse(results.as_bytes()).unwrap_or_default();
    let Value::List(items) = results else { return None };
    let named =
        |item: &&Value| matches!(item.get("name"), Some(Value::Text(other)) if other == name);
    match items.iter().find(named)?.get("value")? {
        Value::Text(value) => Some(value.clone()),
        _ => None,
    }
}
