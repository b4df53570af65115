//! What a scenario changes in the calls of one task: the odds of an attempt, the course of its conversation, the person
//! behind a number. Without its parts a scenario is quiet: no line is better than another, no status of the line's side
//! occurs, and the answers of a line are spread more evenly than by chance, so that no statistic rings an alarm.

use crate::calendar::shanghai_seconds;
use crate::conversation::{OffScript, Tendencies};
use crate::outcome::{Dial, FinishStatus as Finish, Odds, ScenarioAttempt};
use crate::people::{self, Customer, NUMBERS};

/// The conditions of a task; those of its company, and its own.
#[derive(Clone, Copy)]
pub(crate) struct Conditions {
    /// Start of the sequence that decides the answers of a line.
    pub answer_offset: u32,
    /// Hour of the day with the best answer rate.
    pub best_hour: i64,
    pub flagged_line: Option<FlaggedSince>,
    /// Instants between which calls find no line.
    pub call_loss: Option<(i64, i64)>,
    /// Round of the script's losses, and the additional probability in thousandths.
    pub loses_at_round: (u32, u32),
    /// Since when customers hang up at once.
    pub early_hang_ups: Option<i64>,
    /// A question without an answer in the script.
    pub unanswered: Option<&'static str>,
    /// Invalid numbers, and numbers on black lists, in thousandths.
    pub invalid: u32,
    pub blocked: u32,
    /// Number of persons that stand in several lists.
    pub repeated_persons: u32,
    /// Seconds that a channel waits after a call.
    pub rest: i64,
    /// From here on, the task dials no more.
    pub silent_from: i64,
}

/// A line whose answer rate falls to a share, in thousandths, at an instant.
#[derive(Clone, Copy)]
pub(crate) struct FlaggedSince {
    /// Position in `LINES`.
    pub line: usize,
    pub instant: i64,
    pub answers: u32,
}

/// Answer rate of an average script, in thousandths; scripts differ from it by a quarter of their usual difference, so
/// that days with different scripts can be compared.
const ANSWERED: u32 = 390;
/// Answer rate at the best hour, in thousandths of that of the other hours.
const BEST_HOUR: u32 = 1350;
/// Share of calls without a line while there is `call_loss`, in thousandths.
const LOST: u32 = 90;
/// Share of the customers who would hang up after the first round that stay, in thousandths: short calls are then too few
/// to be an alarm by chance.
const STAYS: u32 = 500;
/// Additional share of customers who hang up after the first round, in thousandths.
const EARLY_HANG_UPS: u32 = 300;
/// Of so many numbers of a list, one is of a person who stands in several lists.
const REPEATED_EVERY: u64 = 25;
/// 2³² divided by the golden ratio: multiples of it, modulo 2³², are spread evenly.
const GOLDEN: u32 = 2_654_435_769;

impl Conditions {
    /// The scenario's part in the `nth` attempt of the task from a line.
    pub(crate) fn attempt(&self, dial: &Dial, nth: u32) -> ScenarioAttempt {
        ScenarioAttempt {
            odds: self.odds(dial),
            answer_draw: nth.wrapping_mul(GOLDEN).wrapping_add(self.answer_offset),
            tendencies: self.tendencies(dial.dialled),
        }
    }

    fn odds(&self, dial: &Dial) -> Odds {
        let best = shanghai_seconds(dial.dialled) / 3600 == self.best_hour;
        let usual = (dial.script.answer_permille + 3 * ANSWERED) / 4;
        let mut answered = usual * if best { BEST_HOUR } else { 1000 } / 1000;
        let (mut rejected, mut intercepted) = (210, 0);
        let flagged = self.flagged_line.filter(|flagged| flagged.line == dial.line);
        if let Some(flagged) = flagged.filter(|flagged| flagged.instant <= dial.dialled) {
            answered = answered * flagged.answers / 1000;
            (rejected, intercepted) = (420, 160);
        }
        let lost = self.call_loss.is_some_and(|(from, to)| (from..to).contains(&dial.dialled));
        // Weight among about 950 of unanswered calls.
        let lost = if lost { LOST * 950 / (1000 - LOST) } else { 1 };
        Odds {
            numbers: [
                (None, 970_u32.saturating_sub(self.invalid + self.blocked)),
                (Some(Finish::InvalidNumber), self.invalid),
                (Some(Finish::Suspended), 28),
                (Some(Finish::Blacklisted), 2 + self.blocked / 2),
                (Some(Finish::ComplianceBlocked), self.blocked - self.blocked / 2),
            ],
            answered,
            unanswered: [
                (Finish::NoAnswer, 400),
                (Finish::Rejected, rejected),
                (Finish::PoweredOff, 130),
                (Finish::Busy, 105),
                (Finish::Unreachable, 95),
                (Finish::CallerUnavailable, 0),
                (Finish::CallLoss, 0),
                (Finish::ComplianceBlocked, 1),
                (Finish::LineBlindZone, 1),
                (Finish::OutboundIntercepted, intercepted),
                (Finish::NoLineAvailable, lost),
                (Finish::CallerInArrears, 0),
            ],
        }
    }

    /// The course of a conversation that began with an attempt at this instant.
    pub(crate) fn tendencies(&self, dialled: i64) -> Tendencies {
        let early = self.early_hang_ups.is_some_and(|since| since <= dialled);
        Tendencies {
            stays: STAYS,
            hang_ups: [self.loses_at_round, (1, if early { EARLY_HANG_UPS } else { 0 })],
            off_script: self.unanswered.map_or(OffScript::Nothing, OffScript::Question),
        }
    }

    /// The customer with this call. Numbers of a company do not repeat within 300,000 calls, except those of the persons
    /// who stand in several lists.
    pub(crate) fn customer(&self, seed: u64, call_instance_id: u64) -> Customer {
        let repeats = self.repeated_persons > 0 && call_instance_id.is_multiple_of(REPEATED_EVERY);
        if repeats {
            let person = call_instance_id / REPEATED_EVERY % u64::from(self.repeated_persons);
            return repeated_person(seed, person);
        }
        person(seed, call_instance_id)
    }
}

/// The n-th of the persons who stand in several lists.
pub(crate) fn repeated_person(seed: u64, nth: u64) -> Customer {
    person(seed, nth)
}

fn person(seed: u64, id: u64) -> Customer {
    let position = u32::try_from(id % u64::from(NUMBERS)).unwrap_or_default();
    people::customer(seed, 0, id, position)
}
