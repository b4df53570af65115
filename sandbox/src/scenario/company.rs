//! A company of a scenario: its hours, lines and scripts, and the draws of what is hidden in it. Not here: its tasks
//! (`plan.rs`).

use serde_json::Value;

use super::conditions::{Conditions, FlaggedSince, repeated_person};
use super::truth::Truth;
use super::{Scenario, permille};
use crate::calendar::{DAY, date, date_time, shanghai_day, shanghai_midnight};
use crate::options::Options;
use crate::people::LINES;
use crate::rng::{Rng, Stream};
use crate::schedule::Hours;
use crate::script::{SCRIPTS, Script};

/// Hours of companies, all within 09:00 to 20:00 and with a break at noon.
const HOURS: [Hours; 4] = [
    Hours { starts: 9 * 3600, ends: 20 * 3600, break_time: Some((12 * 3600, 13 * 3600 + 1800)) },
    Hours { starts: 9 * 3600, ends: 19 * 3600 + 1800, break_time: Some((12 * 3600, 14 * 3600)) },
    Hours { starts: 9 * 3600, ends: 20 * 3600, break_time: Some((12 * 3600, 13 * 3600)) },
    Hours { starts: 9 * 3600, ends: 19 * 3600, break_time: Some((12 * 3600, 13 * 3600 + 1800)) },
];
/// Hours that can be the best one; every company dials for all of each of them.
const BEST_HOURS: [i64; 6] = [10, 11, 15, 16, 17, 18];
const LINES_OF_COMPANY: usize = 4;
const SCRIPTS_OF_COMPANY: usize = 3;
/// One person in several lists for so many calls of a day: each is dialled about five times a day.
const CALLS_PER_REPEATED_PERSON: u32 = 125;

pub(crate) struct Company<'a> {
    pub seed: u64,
    pub id: u64,
    pub now: i64,
    pub today: i64,
    pub scenario: &'a Scenario,
    pub hours: Hours,
    /// Positions in `LINES`.
    pub lines: Vec<usize>,
    /// Positions in `SCRIPTS`.
    pub scripts: Vec<usize>,
    /// The script with early hang-ups, the one with losses at a round, the one with a question without an answer.
    special_scripts: [usize; 3],
    conditions: Conditions,
    pub truth: Truth,
}

impl<'a> Company<'a> {
    pub(crate) fn new(options: &Options, scenario: &'a Scenario, id: u64) -> Self {
        let mut draw = Rng::new(options.seed, Stream::Scenario, id, 0);
        let now = options.now_ms.div_euclid(1000);
        let today = shanghai_day(now);
        let hours = draw.pick(&HOURS.map(Some)).unwrap_or(HOURS[0]);
        let lines = some_of(&mut draw, LINES.len(), LINES_OF_COMPANY);
        let scripts = some_of(&mut draw, SCRIPTS.len(), SCRIPTS_OF_COMPANY);
        let best_hour = draw.pick(&BEST_HOURS);
        let flagged_position = draw.pick(&lines);
        let flagged_days_ago = draw.between(1, 3);
        let round = draw.between(2, 4);
        let lost_minutes = i64::from(draw.between(60, 85));

        let from = date(today - i64::from(scenario.days));
        let mut truth = Truth::new(id, from, best_hour);
        let scene = |position: usize| Value::from(position as u64 + 1);
        // Yesterday's first task has the script with early hang-ups.
        let special_scripts = [0, 1, 2].map(|nth| script_of(&scripts, today - 1, nth));
        let [early, loses, asks] = special_scripts;
        let flagged_line = scenario.flagged_line.map(|part| {
            let day = today - i64::from(part.days_ago.unwrap_or(flagged_days_ago));
            let phone = LINES.get(flagged_position).map_or("", |line| line.phone);
            let said = vec![("callerPhone", phone.into()), ("since", date(day).into())];
            truth.say("flaggedLine", said);
            FlaggedSince {
                line: flagged_position,
                instant: shanghai_midnight(day),
                answers: permille(part.answers),
            }
        });
        let call_loss = scenario.call_loss.then(|| {
            let from = hours.dialling_start(now, lost_minutes * 60);
            let until = from.max(now) + 20 * 60;
            let said = vec![("since", date_time(from).into()), ("until", date_time(until).into())];
            truth.say("callLoss", said);
            (from, until)
        });
        let loses_at_round = scenario.loses_at_round.map(|part| {
            let round = part.round.unwrap_or(round);
            truth.say("losesAtRound", vec![("sceneDefId", scene(loses)), ("round", round.into())]);
            (round, permille(part.hazard))
        });
        let early_hang_ups = scenario.early_hang_ups.then(|| {
            let since = date(today - 1);
            truth.say("earlyHangUps", vec![("sceneDefId", scene(early)), ("since", since.into())]);
            shanghai_midnight(today - 1)
        });
        let unanswered = scenario.unanswered.then(|| {
            let question = Self::script(asks).unanswerable;
            let said = vec![("sceneDefId", scene(asks)), ("question", question.into())];
            truth.say("unanswered", said);
            question
        });
        let mut repeated_persons = 0;
        if scenario.repeats {
            repeated_persons = (scenario.calls_per_day / CALLS_PER_REPEATED_PERSON).max(1);
            let telephone = |nth| repeated_person(options.seed, u64::from(nth)).telephone.into();
            let telephones: Vec<Value> = (0..repeated_persons).map(telephone).collect();
            truth.say("repeats", vec![("telephones", telephones.into())]);
        }
        let conditions = Conditions {
            answer_offset: 0,
            best_hour,
            flagged_line,
            call_loss,
            loses_at_round: loses_at_round.unwrap_or_default(),
            early_hang_ups,
            unanswered,
            invalid: 38,
            blocked: 0,
            repeated_persons,
            rest: 0,
            silent_from: i64::MAX,
        };
        let seed = options.seed;
        Self {
            seed,
            id,
            now,
            today,
            scenario,
            hours,
            lines,
            scripts,
            special_scripts,
            conditions,
            truth,
        }
    }

    /// The conditions of a task with this script. Those of a script do not apply to the others.
    pub(crate) fn conditions(&self, script: usize, answer_offset: u32) -> Conditions {
        let [early, loses, asks] = self.special_scripts;
        let mut conditions = Conditions { answer_offset, ..self.conditions };
        if script != loses {
            conditions.loses_at_round = (0, 0);
        }
        if script != early {
            conditions.early_hang_ups = None;
        }
        if script != asks {
            conditions.unanswered = None;
        }
        conditions
    }

    /// The script of a day's task, a position in `SCRIPTS`: tasks of the same day have different ones.
    pub(crate) fn script_of(&self, day: i64, nth: i64) -> usize {
        script_of(&self.scripts, day, nth)
    }

    pub(crate) fn script(position: usize) -> &'static Script {
        SCRIPTS.get(position).copied().unwrap_or(SCRIPTS[0])
    }

    /// Seconds of a day in which the company dials.
    pub(crate) fn dialling_seconds(hours: Hours) -> i64 {
        let (from, to) = hours.break_time.unwrap_or((DAY, DAY));
        hours.ends - hours.starts - (to - from)
    }
}

fn script_of(scripts: &[usize], day: i64, nth: i64) -> usize {
    let scripts_count = i64::try_from(scripts.len()).unwrap_or(1).max(1);
    let at = usize::try_from((day * 2 + nth).rem_euclid(scripts_count)).unwrap_or_default();
    scripts.get(at).copied().unwrap_or_default()
}

/// Some of the numbers below `of`, in a random order.
fn some_of(draw: &mut Rng, of: usize, count: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..of).collect();
    let mut taken = Vec::new();
    while taken.len() < count && !left.is_empty() {
        let at = draw.below(u32::try_from(left.len()).unwrap_or(1));
        taken.push(left.swap_remove(at as usize));
    }
    taken
}
