//! Scenarios: a company's history to look at, and what is out of the ordinary in it. Without a scenario none of this is
//! used.
//!
//! - `conditions.rs`: what a scenario changes in the calls of one task
//! - `company.rs`: the company of a scenario: hours, lines, scripts, the draws of what is hidden
//! - `plan.rs`: the tasks of a company, day by day
//! - `truth.rs`: what is hidden, for tests

pub(crate) mod company;
pub(crate) mod conditions;
pub(crate) mod plan;
pub(crate) mod truth;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::error::OptionsError;

/// Settings of a line that loses its answers.
#[derive(Clone, Copy, Debug)]
pub struct FlaggedLine {
    /// Since how many days; 0 is today. `None`: from 1 to 3, by the seed.
    pub days_ago: Option<u32>,
    /// Its answer rate, as a share of the usual one.
    pub answers: f64,
}

impl Default for FlaggedLine {
    fn default() -> Self {
        Self { days_ago: None, answers: 0.5 }
    }
}

/// Settings of a list with many invalid numbers.
#[derive(Clone, Copy, Debug)]
pub struct BadList {
    /// Share of invalid numbers.
    pub invalid: f64,
}

impl Default for BadList {
    fn default() -> Self {
        Self { invalid: 0.18 }
    }
}

/// Settings of a script that loses its customers at a round.
#[derive(Clone, Copy, Debug)]
pub struct LosesAtRound {
    /// The round, from 1 to 4. `None`: from 2 to 4, by the seed.
    pub round: Option<u32>,
    /// Additional probability that the customer hangs up there.
    pub hazard: f64,
}

impl Default for LosesAtRound {
    fn default() -> Self {
        Self { round: None, hazard: 0.55 }
    }
}

/// A scenario: days of history, the volume, and the parts that are out of the ordinary. All else is drawn from the seed.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of its own")]
pub struct Scenario {
    /// Days of history before the current one.
    pub days: u32,
    /// Average number of calls of a day.
    pub calls_per_day: u32,
    /// Tasks that are not simply completed: one that has run for weeks, one paused by hand, a terminated and two deleted ones.
    pub unfinished: bool,
    /// A line whose answer rate falls on a certain day.
    pub flagged_line: Option<FlaggedLine>,
    /// A task whose list has many invalid numbers.
    pub bad_list: Option<BadList>,
    /// A task with many numbers on black lists.
    pub blocked_list: bool,
    /// For some hours calls find no line.
    pub call_loss: bool,
    /// A script whose customers hang up at a certain round.
    pub loses_at_round: Option<LosesAtRound>,
    /// A script whose customers hang up at once, since yesterday.
    pub early_hang_ups: bool,
    /// A script that has no answer to a frequent question.
    pub unanswered: bool,
    /// A task that the system stopped.
    pub stopped: bool,
    /// A running task that dials no more.
    pub silent: bool,
    /// A task that dials before 09:00 and after 20:00.
    pub after_hours: bool,
    /// Numbers that stand in several lists.
    pub repeats: bool,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            days: 10,
            calls_per_day: 2500,
            unfinished: false,
            flagged_line: None,
            bad_list: None,
            blocked_list: false,
            call_loss: false,
            loses_at_round: None,
            early_hang_ups: false,
            unanswered: false,
            stopped: false,
            silent: false,
            after_hours: false,
            repeats: false,
        }
    }
}

/// From an object with the names of `SandboxScenario`, whose parts with settings are objects.
impl<'de> Deserialize<'de> for Scenario {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| Self::read(&value))
    }
}

const MAX_DAYS: u32 = 120;
const MIN_CALLS: u32 = 100;

impl Scenario {
    fn read(value: &Value) -> Self {
        let usual = Self::default();
        let share = |part: &Value, name| part.get(name).and_then(Value::as_f64);
        let whole = |part: &Value, name| {
            let number = part.get(name).and_then(Value::as_u64);
            number.map(|number| u32::try_from(number).unwrap_or(u32::MAX))
        };
        let has = |name| value.get(name) == Some(&Value::Bool(true));
        Self {
            days: whole(value, "days").unwrap_or(usual.days),
            calls_per_day: whole(value, "callsPerDay").unwrap_or(usual.calls_per_day),
            unfinished: has("unfinished"),
            flagged_line: value.get("flaggedLine").map(|part| FlaggedLine {
                days_ago: whole(part, "daysAgo"),
                answers: share(part, "answers").unwrap_or(FlaggedLine::default().answers),
            }),
            bad_list: value.get("badList").map(|part| BadList {
                invalid: share(part, "invalid").unwrap_or(BadList::default().invalid),
            }),
            blocked_list: has("blockedList"),
            call_loss: has("callLoss"),
            loses_at_round: value.get("losesAtRound").map(|part| LosesAtRound {
                round: whole(part, "round"),
                hazard: share(part, "hazard").unwrap_or(LosesAtRound::default().hazard),
            }),
            early_hang_ups: has("earlyHangUps"),
            unanswered: has("unanswered"),
            stopped: has("stopped"),
            silent: has("silent"),
            after_hours: has("afterHours"),
            repeats: has("repeats"),
        }
    }

    pub(crate) fn check(&self) -> Result<(), OptionsError> {
        let refuse = |text: &str| Err(OptionsError(text.into()));
        if !(1..=MAX_DAYS).contains(&self.days) {
            return refuse("scenario.days must be from 1 to 120");
        }
        if self.calls_per_day < MIN_CALLS {
            return refuse("scenario.callsPerDay must be at least 100");
        }
        if self
            .loses_at_round
            .is_some_and(|loss| loss.round.is_some_and(|round| !(1..=4).contains(&round)))
        {
            return refuse("scenario.losesAtRound.round must be from 1 to 4");
        }
        Ok(())
    }

    /// Number of calls in the history, about.
    pub(crate) fn calls(&self) -> u64 {
        u64::from(self.days) * u64::from(self.calls_per_day)
    }
}

/// A share, in thousandths.
pub(crate) fn permille(share: f64) -> u32 {
    // A cast from a float saturates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let permille = (share * 1000.0).round() as u32;
    permille
}
