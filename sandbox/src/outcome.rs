//! Result of one attempt to reach a number, by hour, line, script and number.

use crate::calendar::{shanghai_day, shanghai_seconds};
use crate::conversation::{self, Level, Talk, Tendencies};
use crate::people::LINES;
use crate::rng::{Rng, Stream};
use crate::script::Script;

/// 通话记录状态, as the vendor numbers it. Numbers beyond the document's table occur rarely, as they
/// do in the vendor's later documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum FinishStatus {
    #[default]
    Answered = 0,
    Rejected = 1,
    Unreachable = 2,
    CallerUnavailable = 3,
    InvalidNumber = 4,
    PoweredOff = 5,
    Busy = 6,
    Suspended = 7,
    NoAnswer = 8,
    CallerInArrears = 9,
    CallLoss = 10,
    Blacklisted = 11,
    ComplianceBlocked = 12,
    LineBlindZone = 22,
    OutboundIntercepted = 23,
    NoLineAvailable = 25,
}

use FinishStatus as Finish;

impl FinishStatus {
    /// Whether `createTask` can request redials for this status.
    pub(crate) fn redials(self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::CallerUnavailable
                | Self::PoweredOff
                | Self::Busy
                | Self::Suspended
                | Self::CallerInArrears
                | Self::CallLoss
        )
    }

    /// Whether the network plays early media, which is recorded.
    pub(crate) fn has_early_media(self) -> bool {
        matches!(
            self,
            Self::Rejected
                | Self::Unreachable
                | Self::InvalidNumber
                | Self::PoweredOff
                | Self::Busy
                | Self::Suspended
                | Self::NoAnswer
        )
    }

    /// The level that the analysis assigns to an unanswered call.
    fn level(self) -> Level {
        match self {
            Self::InvalidNumber | Self::Suspended | Self::Blacklisted => Level::F,
            Self::Rejected | Self::PoweredOff | Self::Busy | Self::NoAnswer => Level::D,
            _ => Level::E,
        }
    }

    /// Least and most seconds from dialling to the answer or, for an unanswered call, to the end.
    fn ringing(self) -> (u32, u32) {
        match self {
            Self::Answered => (4, 22),
            Self::Rejected => (5, 26),
            Self::Unreachable => (9, 32),
            Self::InvalidNumber | Self::PoweredOff | Self::Suspended => (4, 9),
            Self::Busy => (3, 8),
            Self::NoAnswer => (38, 58),
            _ => (1, 4),
        }
    }
}

/// One attempt. Like the vendor, the sandbox keeps only the last attempt of a number.
#[derive(Clone, Copy, Default)]
pub(crate) struct Attempt {
    /// Position in `LINES`.
    pub line: usize,
    pub dialled: i64,
    /// Instant of the answer; for an unanswered call, of dialling.
    pub starts: i64,
    /// For an answered call the end of its analysis, so later than start plus duration.
    pub ends: i64,
    pub finish: FinishStatus,
    pub talk: Talk,
}

/// Answer rate at each hour of the day, in thousandths of the average.
const BY_HOUR: [u32; 24] = [
    300, 260, 240, 240, 260, 330, 450, 620, 800, 930, 1080, 1120, 840, 780, 960, 1020, 1060, 1100,
    1180, 1240, 1120, 850, 600, 420,
];

/// Probabilities of the results of an attempt.
pub(crate) struct Odds {
    /// Finish status of a number that can never be reached, by weight; it does not depend on the line or on the time.
    pub numbers: [(Option<Finish>, u32); 5],
    /// Probability of an answer, in thousandths.
    pub answered: u32,
    /// Finish statuses of the other attempts, by weight.
    pub unanswered: [(Finish, u32); 12],
}

impl Odds {
    /// The odds without a scenario.
    fn usual(script: &Script, line: usize, dialled: i64) -> Self {
        let quality = LINES.get(line).map_or(1000, |line| line.quality);
        let hour = usize::try_from(shanghai_seconds(dialled) / 3600).unwrap_or_default();
        let hour = BY_HOUR.get(hour).copied().unwrap_or(1000);
        // Day 0 was a Thursday: days 2 and 3 of each week from there are Saturday and Sunday.
        let weekend = matches!(shanghai_day(dialled).rem_euclid(7), 2 | 3);
        let day = if weekend { 1070 } else { 1000 };
        Self {
            numbers: [
                (None, 924),
                (Some(Finish::InvalidNumber), 42),
                (Some(Finish::Suspended), 29),
                (Some(Finish::Blacklisted), 5),
                (Some(Finish::ComplianceBlocked), 0),
            ],
            answered: script.answer_permille * quality / 1000 * hour / 1000 * day / 1000,
            unanswered: [
                (Finish::NoAnswer, 400),
                (Finish::Rejected, 210 * 1000 / quality),
                (Finish::PoweredOff, 130),
                (Finish::Busy, 105),
                (Finish::Unreachable, 95),
                (Finish::CallerUnavailable, 16),
                (Finish::CallLoss, 13),
                (Finish::ComplianceBlocked, 7),
                (Finish::LineBlindZone, 2),
                (Finish::OutboundIntercepted, 0),
                (Finish::NoLineAvailable, 2),
                (Finish::CallerInArrears, 1),
            ],
        }
    }
}

/// What a scenario decides of one attempt.
pub(crate) struct ScenarioAttempt {
    pub odds: Odds,
    /// The answer: its probability is compared with this number, a fraction of 2³².
    pub answer_draw: u32,
    pub tendencies: Tendencies,
}

/// One attempt to reach a number.
pub(crate) struct Dial {
    pub seed: u64,
    pub call_instance_id: u64,
    pub attempts_before: u32,
    pub script: &'static Script,
    /// Position in `LINES`.
    pub line: usize,
    pub dialled: i64,
}

/// Simulates an attempt.
pub(crate) fn attempt(dial: &Dial, scenario: Option<&ScenarioAttempt>) -> Attempt {
    let &Dial { seed, call_instance_id, attempts_before, script, line, dialled } = dial;
    let mut draw = Rng::new(seed, Stream::Attempt, call_instance_id, u64::from(attempts_before));
    let finish = match scenario {
        Some(ScenarioAttempt { odds, answer_draw, .. }) => {
            let answered = (u64::from(*answer_draw) * 1000) >> 32 < u64::from(odds.answered);
            finish(&mut draw, dial, odds, Some(answered))
        }
        None => finish(&mut draw, dial, &Odds::usual(script, line, dialled), None),
    };
    let (shortest, longest) = finish.ringing();
    let ringing = i64::from(draw.between(shortest, longest));
    if finish != Finish::Answered {
        let customer_hung_up = finish.has_early_media();
        let talk = Talk { level: finish.level(), customer_hung_up, ..Talk::default() };
        let ends = dialled + ringing;
        return Attempt { line, dialled, starts: dialled, ends, finish, talk };
    }
    let tendencies = scenario.map_or_else(Tendencies::default, |scenario| scenario.tendencies);
    let talk = conversation::generate(seed, call_instance_id, script, tendencies).talk;
    let analysis = 1 + talk.duration / 12 + draw.below(2);
    let starts = dialled + ringing;
    let ends = starts + i64::from(talk.duration + analysis);
    Attempt { line, dialled, starts, ends, finish, talk }
}

/// `answered`: whether the scenario has this attempt answered, if the number can be reached.
fn finish(draw: &mut Rng, dial: &Dial, odds: &Odds, answered: Option<bool>) -> FinishStatus {
    let mut number = Rng::new(dial.seed, Stream::Number, dial.call_instance_id, 0);
    if let Some(finish) = number.weighted(&odds.numbers) {
        return finish;
    }
    if answered.unwrap_or_else(|| draw.chance(odds.answered)) {
        return Finish::Answered;
    }
    draw.weighted(&odds.unanswered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::SCRIPTS;

    /// 2024-03-15 00:00 in Shanghai, a Friday.
    const MIDNIGHT: i64 = 1_710_432_000;

    fn dialled(
        call_instance_id: u64,
        attempts_before: u32,
        line: usize,
        script: usize,
        hour: i64,
    ) -> Finish {
        let script = SCRIPTS[script];
        let dialled = MIDNIGHT + hour * 3600;
        let dial = Dial { seed: 1, call_instance_id, attempts_before, script, line, dialled };
        attempt(&dial, None).finish
    }

    fn answer_rate(hour: i64, line: usize, script: usize) -> usize {
        (0..4000)
            .map(|id| dialled(id, 0, line, script, hour))
            .filter(|finish| *finish == Finish::Answered)
            .count()
    }

    #[test]
    fn the_answer_rate_depends_on_hour_line_and_script() {
        assert!(answer_rate(19, 2, 1) > answer_rate(13, 2, 1) * 5 / 4);
        assert!(answer_rate(10, 0, 1) > answer_rate(10, 5, 1) * 5 / 4);
        assert!(answer_rate(10, 2, 0) > answer_rate(10, 2, 5) * 5 / 4);
    }

    #[test]
    fn an_invalid_number_is_invalid_at_every_attempt() {
        let is_invalid =
            |before| move |id: &u64| dialled(*id, before, 0, 0, 0) == Finish::InvalidNumber;
        let first: Vec<u64> = (0..2000).filter(is_invalid(0)).collect();
        let second: Vec<u64> = (0..2000).filter(is_invalid(1)).collect();
        assert!(!first.is_empty());
        assert_eq!(first, second);
    }
}
