//! The dimensions by which calls can be grouped. Not here: the keys of their groups (`keys.rs`).

use super::spec::Spec;
use crate::error::Result;
use crate::json::Value;
use crate::schema::field;
use crate::time::{DAY_MS, HOUR_MS, hour_start_ms};

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
    pub(super) const fn length(self) -> i64 {
        match self {
            Self::QuarterHour => HOUR_MS / 4,
            Self::Hour => HOUR_MS,
            Self::Day => DAY_MS,
            Self::Week => 7 * DAY_MS,
        }
    }

    /// The first instant of the span with an instant.
    pub(super) fn start(self, instant: i64) -> i64 {
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
    pub(super) const fn field(&self) -> usize {
        match self {
            Self::Named(named) => named.field(),
            Self::Time(_) => field::START,
            Self::Result(_) => field::RESULTS,
            Self::Property(_) => field::PROPERTIES,
        }
    }

    /// Whether neighbouring rows usually have the same key. The calls of a page are of one task, and follow each other in
    /// time.
    pub(super) const fn has_runs(&self) -> bool {
        matches!(self.field(), field::START | field::TASK | field::TASK_NAME | field::SCENE)
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
