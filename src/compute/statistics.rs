//! The statistics of a set of calls, made of counts that can be kept up as calls come and go.
//! Their definitions in words: `explain.rs`.

use super::row_features::{Feature, FeatureReader, RowFeatures};
use super::value_codes::{ValueCodes, add, change};
use crate::schema::{CodeTable, Effect, Metric};

/// What a caller may choose.
#[derive(Debug, Clone, PartialEq)]
pub struct StatisticsOptions {
    /// Which quantiles of the duration, each from 0 to 1.
    pub quantiles: Vec<f64>,
    /// A call is engaged with more rounds than this.
    pub engaged_rounds: f64,
    /// Statuses that the effective answer rate leaves out.
    pub unusable: Vec<i64>,
}

impl Default for StatisticsOptions {
    fn default() -> Self {
        Self {
            quantiles: vec![0.5, 0.9, 0.95, 0.99],
            engaged_rounds: 3.0,
            unusable: CodeTable::FinishStatus
                .codes()
                .iter()
                .filter(|code| code.effect == Some(Effect::Unusable))
                .filter_map(|code| code.code.parse().ok())
                .collect(),
        }
    }
}

/// Statistics of a set of calls. A rate is a fraction from 0 to 1, `None` when its denominator is 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics {
    /// Calls.
    pub calls: u32,
    /// Calls with `finishStatus` 0.
    pub answered: u32,
    /// Answered by calls.
    pub answer_rate: Option<f64>,
    /// Answered by calls but those of the unusable statuses.
    pub effective_answer_rate: Option<f64>,
    /// Calls of each status that occurs, by code; those without one last.
    pub by_finish_status: Vec<(Option<i64>, u32)>,
    /// Σ duration over answered calls.
    pub talk_seconds: f64,
    /// Σ ⌈duration / 60⌉ over answered calls.
    pub billable_minutes: f64,
    /// Mean duration of the answered calls that have one.
    pub mean_duration: Option<f64>,
    /// Quantiles of it, interpolated between order statistics (type 7); none without a duration.
    pub duration_quantiles: Vec<(f64, f64)>,
    /// Below 10 seconds, of the answered calls that have a duration.
    pub short_call_rate: Option<f64>,
    /// 60 seconds and more, of the same.
    pub long_call_rate: Option<f64>,
    /// Mean rounds of the answered calls that have them.
    pub mean_rounds: Option<f64>,
    /// More rounds than the threshold, of the same.
    pub engaged_rate: Option<f64>,
    /// Answered calls of each intent level that occurs, 1–6 for A–F; those without one last.
    pub intent: Vec<(Option<u8>, u32)>,
    /// Levels A and B by answered calls.
    pub intent_rate: Option<f64>,
    /// Least start, epoch milliseconds.
    pub first_start_ms: Option<i64>,
    /// Greatest start.
    pub last_start_ms: Option<i64>,
    /// Calls whose `duration`, `startTime`, `finishStatus` could not be read.
    pub unreadable: [u32; 3],
}

/// A number of the statistics, or several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measured<'a> {
    /// A number.
    Number(f64),
    /// A number, or none.
    NumberOrNull(Option<f64>),
    /// Calls of each code.
    ByCode(&'a [(Option<i64>, u32)]),
    /// Seconds at each quantile.
    Quantiles(&'a [(f64, f64)]),
    /// Calls of each intent level.
    ByLevel(&'a [(Option<u8>, u32)]),
    /// Calls of each field that could not be read.
    ByField(&'a [u32]),
}

impl Statistics {
    /// A number of these.
    #[must_use]
    pub fn measured(&self, metric: Metric) -> Measured<'_> {
        match metric {
            Metric::Calls => Measured::Number(self.calls.into()),
            Metric::Answered => Measured::Number(self.answered.into()),
            Metric::AnswerRate => Measured::NumberOrNull(self.answer_rate),
            Metric::EffectiveAnswerRate => Measured::NumberOrNull(self.effective_answer_rate),
            Metric::ByFinishStatus => Measured::ByCode(&self.by_finish_status),
            Metric::TalkSeconds => Measured::Number(self.talk_seconds),
            Metric::BillableMinutes => Measured::Number(self.billable_minutes),
            Metric::MeanDuration => Measured::NumberOrNull(self.mean_duration),
            Metric::DurationQuantiles => Measured::Quantiles(&self.duration_quantiles),
            Metric::ShortCallRate => Measured::NumberOrNull(self.short_call_rate),
            Metric::LongCallRate => Measured::NumberOrNull(self.long_call_rate),
            Metric::MeanRounds => Measured::NumberOrNull(self.mean_rounds),
            Metric::EngagedRate => Measured::NumberOrNull(self.engaged_rate),
            Metric::Intent => Measured::ByLevel(&self.intent),
            Metric::IntentRate => Measured::NumberOrNull(self.intent_rate),
            Metric::FirstStartMs => Measured::NumberOrNull(self.first_start_ms.map(float)),
            Metric::LastStartMs => Measured::NumberOrNull(self.last_start_ms.map(float)),
            Metric::Unreadable => Measured::ByField(&self.unreadable),
        }
    }
}

/// Counts from which statistics are made.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    calls: u32,
    answered: u32,
    statuses: Vec<u32>,
    /// Of answered calls, by slot.
    durations: Vec<u32>,
    rounds: Vec<u32>,
    levels: [u32; 7],
    unreadable: [u32; 3],
}

impl Tally {
    /// One call `ADD`, or one `REMOVE`.
    #[inline]
    pub(super) fn change(&mut self, facts: &RowFeatures, by: u32) {
        self.calls = self.calls.wrapping_add(by);
        if let Some(status) = facts.finish_status.value() {
            change(&mut self.statuses, status, by);
        }
        if facts.answered {
            self.answered = self.answered.wrapping_add(by);
            if let Some(duration) = facts.duration.value() {
                change(&mut self.durations, duration, by);
            }
            if let Some(rounds) = facts.chat_round.value() {
                change(&mut self.rounds, rounds, by);
            }
            if let Some(level) = self.levels.get_mut(usize::from(facts.level)) {
                *level = level.wrapping_add(by);
            }
        }
        let unreadable = [
            facts.duration == Feature::UNREADABLE,
            facts.start_unreadable,
            facts.finish_status == Feature::UNREADABLE,
        ];
        if unreadable != [false; 3] {
            for (count, unreadable) in self.unreadable.iter_mut().zip(unreadable) {
                *count = count.wrapping_add(if unreadable { by } else { 0 });
            }
        }
    }

    /// What another has counted, `ADD` or `REMOVE` of it.
    pub(super) fn add(&mut self, other: &Self, by: u32) {
        let more = |count: &mut u32, other: &u32| {
            *count = count.wrapping_add(other.wrapping_mul(by));
        };
        more(&mut self.calls, &other.calls);
        more(&mut self.answered, &other.answered);
        self.levels.iter_mut().zip(&other.levels).for_each(|(count, other)| more(count, other));
        let unreadable = self.unreadable.iter_mut().zip(&other.unreadable);
        unreadable.for_each(|(count, other)| more(count, other));
        add(&mut self.statuses, &other.statuses, by);
        add(&mut self.durations, &other.durations, by);
        add(&mut self.rounds, &other.rounds, by);
    }

    /// The bytes its counts take up.
    pub(super) fn size(&self) -> usize {
        (self.statuses.len() + self.durations.len() + self.rounds.len()) * size_of::<u32>()
    }

    /// The statistics. `span` is the least and the greatest start.
    pub(super) fn statistics(
        &self,
        reader: &FeatureReader,
        options: &StatisticsOptions,
        span: Option<(i64, i64)>,
    ) -> Statistics {
        let statuses = reader.finish_statuses.counted(&self.statuses);
        let with_status: u32 = statuses.iter().map(|(_, calls)| calls).sum();
        let unusable = statuses.iter().filter(|(code, _)| options.unusable.contains(code));
        let unusable: u32 = unusable.map(|(_, calls)| calls).sum();
        let by_finish_status = statuses.into_iter().map(|(code, calls)| (Some(code), calls));
        let durations = Distribution::of(&reader.durations, &self.durations);
        let rounds = Distribution::of(&reader.chat_rounds, &self.rounds);
        let levels =
            (1..).zip(self.levels.iter().skip(1)).map(|(level, calls)| (Some(level), *calls));
        let no_level = self.levels.first().map(|calls| (None, *calls));
        let occurring = |(_, calls): &(_, u32)| *calls > 0;
        let minutes = |seconds: i64| seconds.div_euclid(60) + i64::from(seconds % 60 != 0);
        let quantile = |q: &f64| Some((*q, durations.quantile(*q)?));
        let [_, a, b, ..] = self.levels;
        Statistics {
            calls: self.calls,
            answered: self.answered,
            answer_rate: rate(self.answered, self.calls),
            effective_answer_rate: rate(self.answered, self.calls - unusable),
            by_finish_status: by_finish_status
                .chain([(None, self.calls - with_status)])
                .filter(|(_, calls)| *calls > 0)
                .collect(),
            talk_seconds: durations.sum(|seconds| seconds),
            billable_minutes: durations.sum(minutes),
            mean_duration: durations.mean(),
            duration_quantiles: options.quantiles.iter().filter_map(quantile).collect(),
            short_call_rate: durations.share(|seconds| seconds < 10),
            long_call_rate: durations.share(|seconds| seconds >= 60),
            mean_rounds: rounds.mean(),
            engaged_rate: rounds.share(|rounds| float(rounds) > options.engaged_rounds),
            intent: levels
                .filter(occurring)
                .chain(no_level.filter(|(_, calls)| *calls > 0))
                .collect(),
            intent_rate: rate(a + b, self.answered),
            first_start_ms: span.map(|(first, _)| first),
            last_start_ms: span.map(|(_, last)| last),
            unreadable: self.unreadable,
        }
    }
}

/// Values with their counts, lowest first.
pub(super) struct Distribution {
    counted: Vec<(i64, u32)>,
    all: u32,
}

impl Distribution {
    pub(super) fn of(slots: &ValueCodes, counts: &[u32]) -> Self {
        let counted = slots.counted(counts);
        let all = counted.iter().map(|(_, count)| count).sum();
        Self { counted, all }
    }

    pub(super) fn counted(&self) -> &[(i64, u32)] {
        &self.counted
    }

    /// Σ over the values. A sum beyond 2⁶³ is no sum of seconds.
    fn sum(&self, part: impl Fn(i64) -> i64) -> f64 {
        let add = |sum: i64, (value, count): &(i64, u32)| {
            sum.wrapping_add(part(*value).wrapping_mul(i64::from(*count)))
        };
        float(self.counted.iter().fold(0, add))
    }

    fn mean(&self) -> Option<f64> {
        (self.all > 0).then(|| self.sum(|value| value) / f64::from(self.all))
    }

    fn share(&self, counts: impl Fn(i64) -> bool) -> Option<f64> {
        let counted = self.counted.iter().filter(|(value, _)| counts(*value));
        rate(counted.map(|(_, count)| count).sum(), self.all)
    }

    /// Linear interpolation between order statistics, at position (n − 1)·q.
    fn quantile(&self, q: f64) -> Option<f64> {
        let position = f64::from(self.all.checked_sub(1)?) * q;
        let below = position.floor();
        let at = |position: f64| {
            let mut up_to = 0;
            let reaches = |(_, count): &&(i64, u32)| {
                up_to += count;
                f64::from(up_to) > position
            };
            let found = self.counted.iter().find(reaches).or(self.counted.last());
            found.map_or(0.0, |(value, _)| float(*value))
        };
        let low = at(below);
        let high = at(position.ceil());
        Some(low + (high - low) * (position - below))
    }
}

/// A fraction; `None` of nothing.
pub(super) fn rate(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

/// An integer as JavaScript has it.
#[expect(clippy::cast_precision_loss, reason = "values are safe integers")]
pub(super) const fn float(value: i64) -> f64 {
    value as f64
}
