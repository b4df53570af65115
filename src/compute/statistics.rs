//! The statistics of a set of calls, computed from counts to which calls can be added and removed.
//! Not here: titles, units and formulas in words (`schema/metrics.rs`).

use super::row_features::{Feature, FeatureReader, RowFeatures};
use super::value_codes::{ValueCodes, merge, update};
use crate::schema::{CodeTable, Effect, Metric};

/// The options of the statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct StatisticsOptions {
    /// The quantiles of the duration, each from 0 to 1.
    pub quantiles: Vec<f64>,
    /// A call with more rounds than this is engaged.
    pub engaged_rounds: f64,
    /// The statuses that the effective answer rate excludes.
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

/// The statistics of a set of calls. A rate is a fraction from 0 to 1, `None` if its denominator is 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics {
    /// The number of calls.
    pub calls: u32,
    /// The number of calls with `finishStatus` 0.
    pub answered: u32,
    /// `answered` / `calls`.
    pub answer_rate: Option<f64>,
    /// `answered` / calls without an unusable status.
    pub effective_answer_rate: Option<f64>,
    /// The calls of each status that occurs, by code; calls without a status last.
    pub by_finish_status: Vec<(Option<i64>, u32)>,
    /// Σ duration over answered calls.
    pub talk_seconds: f64,
    /// Σ ⌈duration / 60⌉ over answered calls.
    pub billable_minutes: f64,
    /// The mean duration of the answered calls with a duration.
    pub mean_duration: Option<f64>,
    /// The quantiles of these durations, each with its seconds. Interpolated between order statistics (type 7);
    /// empty without durations.
    pub duration_quantiles: Vec<(f64, f64)>,
    /// The share of calls below 10 seconds among the answered calls with a duration.
    pub short_call_rate: Option<f64>,
    /// The share of calls of 60 seconds or more among the answered calls with a duration.
    pub long_call_rate: Option<f64>,
    /// The mean number of rounds of the answered calls with rounds.
    pub mean_rounds: Option<f64>,
    /// The share of calls with more rounds than the threshold among the answered calls with rounds.
    pub engaged_rate: Option<f64>,
    /// The answered calls of each intent level that occurs, 1–6 for A–F; calls without a level last.
    pub intent: Vec<(Option<u8>, u32)>,
    /// Calls of levels A and B / `answered`.
    pub intent_rate: Option<f64>,
    /// The least start, epoch milliseconds.
    pub first_start_ms: Option<i64>,
    /// The greatest start, epoch milliseconds.
    pub last_start_ms: Option<i64>,
    /// The numbers of calls with an unreadable `duration`, `startTime`, `finishStatus`.
    pub unreadable: [u32; 3],
}

/// The value of a metric: one number or several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measured<'a> {
    /// A number.
    Number(f64),
    /// A number, or `None`.
    NumberOrNull(Option<f64>),
    /// The calls of each code.
    ByCode(&'a [(Option<i64>, u32)]),
    /// The seconds at each quantile.
    Quantiles(&'a [(f64, f64)]),
    /// The calls of each intent level.
    ByLevel(&'a [(Option<u8>, u32)]),
    /// The calls with an unreadable value, for each field.
    ByField(&'a [u32]),
}

impl Statistics {
    /// The value of a metric.
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

/// The counts from which the statistics are computed.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    calls: u32,
    answered: u32,
    statuses: Vec<u32>,
    /// The answered calls of each duration, by value code.
    durations: Vec<u32>,
    /// The answered calls of each number of rounds, by value code.
    rounds: Vec<u32>,
    /// The answered calls of each intent level; position 0 for calls without a level.
    levels: [u32; 7],
    unreadable: [u32; 3],
}

impl Tally {
    /// Adds a call (`ADD`), or removes it (`REMOVE`).
    #[inline]
    pub(super) fn update(&mut self, features: &RowFeatures, by: u32) {
        self.calls = self.calls.wrapping_add(by);
        if let Some(status) = features.finish_status.code() {
            update(&mut self.statuses, status, by);
        }
        if features.answered {
            self.answered = self.answered.wrapping_add(by);
            if let Some(duration) = features.duration.code() {
                update(&mut self.durations, duration, by);
            }
            if let Some(rounds) = features.chat_round.code() {
                update(&mut self.rounds, rounds, by);
            }
            if let Some(level) = self.levels.get_mut(usize::from(features.level)) {
                *level = level.wrapping_add(by);
            }
        }
        let unreadable = [
            features.duration == Feature::UNREADABLE,
            features.start_unreadable,
            features.finish_status == Feature::UNREADABLE,
        ];
        if unreadable != [false; 3] {
            for (count, unreadable) in self.unreadable.iter_mut().zip(unreadable) {
                *count = count.wrapping_add(if unreadable { by } else { 0 });
            }
        }
    }

    /// Adds the counts of another tally (`ADD`), or subtracts them (`REMOVE`).
    pub(super) fn merge(&mut self, other: &Self, by: u32) {
        let add = |count: &mut u32, other: &u32| {
            *count = count.wrapping_add(other.wrapping_mul(by));
        };
        add(&mut self.calls, &other.calls);
        add(&mut self.answered, &other.answered);
        self.levels.iter_mut().zip(&other.levels).for_each(|(count, other)| add(count, other));
        let unreadable = self.unreadable.iter_mut().zip(&other.unreadable);
        unreadable.for_each(|(count, other)| add(count, other));
        merge(&mut self.statuses, &other.statuses, by);
        merge(&mut self.durations, &other.durations, by);
        merge(&mut self.rounds, &other.rounds, by);
    }

    /// The size of the counts in bytes.
    pub(super) fn size(&self) -> usize {
        (self.statuses.len() + self.durations.len() + self.rounds.len()) * size_of::<u32>()
    }

    /// The statistics of the counted calls. `span` is their least and their greatest start.
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

/// The distinct values with their counts, lowest first.
pub(super) struct Distribution {
    counted: Vec<(i64, u32)>,
    /// The sum of the counts.
    total: u32,
}

impl Distribution {
    pub(super) fn of(value_codes: &ValueCodes, counts: &[u32]) -> Self {
        let counted = value_codes.counted(counts);
        let total = counted.iter().map(|(_, count)| count).sum();
        Self { counted, total }
    }

    pub(super) fn counted(&self) -> &[(i64, u32)] {
        &self.counted
    }

    /// Σ `term` over the values. The sum wraps: a real sum of seconds is far below 2⁶³.
    fn sum(&self, term: impl Fn(i64) -> i64) -> f64 {
        let add = |sum: i64, (value, count): &(i64, u32)| {
            sum.wrapping_add(term(*value).wrapping_mul(i64::from(*count)))
        };
        float(self.counted.iter().fold(0, add))
    }

    fn mean(&self) -> Option<f64> {
        (self.total > 0).then(|| self.sum(|value| value) / f64::from(self.total))
    }

    /// The share of the values that `matches`.
    fn share(&self, matches: impl Fn(i64) -> bool) -> Option<f64> {
        let matching = self.counted.iter().filter(|(value, _)| matches(*value));
        rate(matching.map(|(_, count)| count).sum(), self.total)
    }

    /// The quantile `q`: linear interpolation between order statistics, at position (n − 1)·q.
    fn quantile(&self, q: f64) -> Option<f64> {
        let position = f64::from(self.total.checked_sub(1)?) * q;
        let below = position.floor();
        let order_statistic = |position: f64| {
            let mut cumulative = 0;
            let reaches = |(_, count): &&(i64, u32)| {
                cumulative += count;
                f64::from(cumulative) > position
            };
            let found = self.counted.iter().find(reaches).or(self.counted.last());
            found.map_or(0.0, |(value, _)| float(*value))
        };
        let low = order_statistic(below);
        let high = order_statistic(position.ceil());
        Some(low + (high - low) * (position - below))
    }
}

/// `part` / `whole`; `None` if `whole` is 0.
pub(super) fn rate(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

/// An integer as a JavaScript number.
#[expect(clippy::cast_precision_loss, reason = "values are safe integers")]
pub(super) const fn float(value: i64) -> f64 {
    value as f64
}
