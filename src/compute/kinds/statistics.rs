//! Chart of the statistics of a set of calls.
//! Not here: titles, units and formulas in words (`schema/metrics.rs`), sums of values (`distribution.rs`).

use std::any::Any;

use crate::columns::bitmap::Word;
use crate::compute::chart::{Chart, ChartResult, Part, ResultContext, Rows};
use crate::compute::distribution::{Distribution, float, or_nan, rate};
use crate::compute::row_features::{Feature, FeatureReader, FeatureSet, RowFeatures};
use crate::compute::spec::Spec;
use crate::compute::value_codes::{merge, update};
use crate::error::Result;
use crate::json::Value;
use crate::schema::{CodeTable, Effect, Measure, Metric};

/// The options of the statistics.
#[derive(Debug, Clone)]
struct StatisticsOptions {
    /// The quantiles of the duration, each from 0 to 1.
    quantiles: Vec<f64>,
    /// A call with more rounds than this is engaged.
    engaged_rounds: f64,
    /// The statuses that the effective answer rate excludes.
    unusable: Vec<i64>,
}

impl Default for StatisticsOptions {
    fn default() -> Self {
        Self {
            quantiles: vec![0.5, 0.9, 0.95, 0.99],
            engaged_rounds: 3.0,
            unusable: codes()
                .filter(|(_, effect)| effect.is_unusable())
                .map(|(code, _)| code)
                .collect(),
        }
    }
}

/// The known statuses with their effects.
fn codes() -> impl Iterator<Item = (i64, Effect)> {
    let codes = CodeTable::FinishStatus.codes().iter();
    codes.filter_map(|code| Some((code.code.parse().ok()?, code.effect?)))
}

/// The statistics of a set of calls. A rate is a fraction from 0 to 1, `None` if its denominator is 0.
#[derive(Debug, Clone, PartialEq, Default)]
struct Statistics {
    /// The number of calls.
    calls: u32,
    /// The number of calls with `finishStatus` 0.
    answered: u32,
    /// `answered` / `calls`.
    answer_rate: Option<f64>,
    /// `answered` / calls without an unusable status.
    effective_answer_rate: Option<f64>,
    /// The calls of each status that occurs, by code; calls without a status last.
    by_finish_status: Vec<(Option<i64>, u32)>,
    /// Σ duration over answered calls.
    talk_seconds: f64,
    /// Σ ⌈duration / 60⌉ over answered calls.
    billable_minutes: f64,
    /// The mean duration of the answered calls with a duration.
    mean_duration: Option<f64>,
    /// The quantiles of these durations, each with its seconds. Interpolated between order statistics (type 7);
    /// empty without durations.
    duration_quantiles: Vec<(f64, f64)>,
    /// The share of calls below 10 seconds among the answered calls with a duration.
    short_call_rate: Option<f64>,
    /// The share of calls of 60 seconds or more among the answered calls with a duration.
    long_call_rate: Option<f64>,
    /// The mean number of rounds of the answered calls with rounds.
    mean_rounds: Option<f64>,
    /// The share of calls with more rounds than the threshold among the answered calls with rounds.
    engaged_rate: Option<f64>,
    /// The answered calls of each intent level that occurs, 1–6 for A–F; calls without a level last.
    intent: Vec<(Option<u8>, u32)>,
    /// Calls of levels A and B / `answered`.
    intent_rate: Option<f64>,
    /// Calls of invalid numbers / `calls`.
    invalid_rate: Option<f64>,
    /// Calls of invalid and suspended numbers / `calls`.
    dead_number_rate: Option<f64>,
    /// Calls that a line lost / `calls`.
    line_loss_rate: Option<f64>,
    /// The share of calls with at most one round among the answered calls with rounds.
    first_round_rate: Option<f64>,
    /// Calls of levels A and B for each hundred billable minutes.
    intent_per_hundred_minutes: Option<f64>,
    /// The least start, epoch milliseconds.
    first_start_ms: Option<i64>,
    /// The greatest start, epoch milliseconds.
    last_start_ms: Option<i64>,
    /// The numbers of calls with an unreadable `duration`, `startTime`, `finishStatus`.
    unreadable: [u32; 3],
}

/// The value of a metric: one number or several.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Measured<'a> {
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

impl Measured<'_> {
    /// The measure of the schema that this is.
    const fn measure(&self) -> Measure {
        match self {
            Self::Number(_) => Measure::Number,
            Self::NumberOrNull(_) => Measure::NumberOrNull,
            Self::ByCode(_) => Measure::ByCode,
            Self::Quantiles(_) => Measure::Quantiles,
            Self::ByLevel(_) => Measure::ByLevel,
            Self::ByField(_) => Measure::ByField,
        }
    }
}

impl Statistics {
    /// The value of a metric.
    fn measured(&self, metric: Metric) -> Measured<'_> {
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
            Metric::InvalidRate => Measured::NumberOrNull(self.invalid_rate),
            Metric::DeadNumberRate => Measured::NumberOrNull(self.dead_number_rate),
            Metric::LineLossRate => Measured::NumberOrNull(self.line_loss_rate),
            Metric::FirstRoundRate => Measured::NumberOrNull(self.first_round_rate),
            Metric::IntentPerHundredMinutes => {
                Measured::NumberOrNull(self.intent_per_hundred_minutes)
            }
            Metric::FirstStartMs => Measured::NumberOrNull(self.first_start_ms.map(float)),
            Metric::LastStartMs => Measured::NumberOrNull(self.last_start_ms.map(float)),
            Metric::Unreadable => Measured::ByField(&self.unreadable),
        }
    }
}

/// The chart of the statistics.
#[derive(Debug, Clone)]
pub(super) struct StatisticsChart {
    options: StatisticsOptions,
    tally: Tally,
}

impl StatisticsChart {
    /// `{ statistics: true }`, or the options in place of `true`.
    pub(super) fn read(spec: &Spec) -> Result<Box<dyn Chart>> {
        if spec.is_linked() {
            let [] = spec.options([])?;
        }
        let spec = spec.options_of_subject()?;
        let [quantiles, engaged, unusable] =
            spec.options(["quantiles", "engagedRounds", "unusable"])?;
        let mut options = StatisticsOptions::default();
        if *quantiles != Value::Null {
            let message = "expected an array of numbers from 0 to 1";
            let valid = |q: f64| (0.0..=1.0).contains(&q);
            options.quantiles = spec.numbers("quantiles", quantiles, message, valid)?;
        }
        if *engaged != Value::Null {
            let refuse = || spec.refuse("engagedRounds", "expected a number");
            options.engaged_rounds = spec.number(engaged).ok_or_else(refuse)?;
        }
        if *unusable != Value::Null {
            let refuse = || spec.refuse("unusable", "expected an array of codes");
            let Value::List(items) = unusable else { return Err(refuse()) };
            let code = |item: &Value| match item {
                Value::Int(code) => Ok(*code),
                _ => Err(refuse()),
            };
            options.unusable = items.iter().map(code).collect::<Result<_>>()?;
        }
        Ok(Box::new(Self { options, tally: Tally::default() }))
    }
}

impl Chart for StatisticsChart {
    fn empty_copy(&self) -> Box<dyn Chart> {
        Box::new(Self { options: self.options.clone(), tally: Tally::default() })
    }

    fn feature_set(&self) -> FeatureSet {
        FeatureSet::ALL
    }

    fn update(&mut self, words: &[(usize, Word)], rows: &Rows, by: u32) {
        rows.for_each(words, |_, features| self.tally.update(features, by));
    }

    fn merge(&mut self, other: &dyn Chart, by: u32) {
        let other: &dyn Any = other;
        let Some(other) = other.downcast_ref::<Self>() else { return };
        self.tally.merge(&other.tally, by);
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.tally.size()
    }

    /// The numbers of all metrics, in the order of the schema.
    fn result(&self, context: &ResultContext) -> ChartResult {
        let statistics = self.tally.statistics(context.reader, &self.options, (context.span)());
        let mut numbers = Vec::new();
        for metric in Metric::ALL {
            let measured = statistics.measured(*metric);
            debug_assert_eq!(measured.measure(), metric.measure(), "{metric:?}");
            match measured {
                Measured::Number(number) => numbers.push(number),
                Measured::NumberOrNull(number) => numbers.push(or_nan(number)),
                Measured::ByCode(codes) => {
                    let code = |(code, calls): &(Option<i64>, u32)| {
                        (or_nan(code.map(float)), f64::from(*calls))
                    };
                    pairs(&mut numbers, codes.len(), &mut codes.iter().map(code));
                }
                Measured::Quantiles(quantiles) => {
                    pairs(&mut numbers, quantiles.len(), &mut quantiles.iter().copied());
                }
                Measured::ByLevel(levels) => {
                    let level = |(level, calls): &(Option<u8>, u32)| {
                        (f64::from(level.unwrap_or(0)), f64::from(*calls))
                    };
                    pairs(&mut numbers, levels.len(), &mut levels.iter().map(level));
                }
                Measured::ByField(counts) => numbers.extend(counts.iter().copied().map(f64::from)),
            }
        }
        vec![Part::Numbers(numbers)]
    }
}

/// Writes the number of pairs, then the pairs.
fn pairs(numbers: &mut Vec<f64>, count: usize, pairs: &mut dyn Iterator<Item = (f64, f64)>) {
    numbers.push(f64::from(u32::try_from(count).unwrap_or_default()));
    numbers.extend(pairs.flat_map(|(first, second)| [first, second]));
}

/// The counts from which the statistics are computed.
#[derive(Debug, Clone, Default)]
struct Tally {
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
    fn update(&mut self, features: &RowFeatures, by: u32) {
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
    fn merge(&mut self, other: &Self, by: u32) {
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
    fn size(&self) -> usize {
        (self.statuses.len() + self.durations.len() + self.rounds.len()) * size_of::<u32>()
    }

    /// The statistics of the counted calls. `span` is their least and their greatest start.
    fn statistics(
        &self,
        reader: &FeatureReader,
        options: &StatisticsOptions,
        span: Option<(i64, i64)>,
    ) -> Statistics {
        let statuses = reader.finish_statuses.counted(&self.statuses);
        let with_status: u32 = statuses.iter().map(|(_, calls)| calls).sum();
        let calls_with = |status: i64| {
            let found = statuses.iter().find(|(code, _)| *code == status);
            found.map_or(0, |(_, calls)| *calls)
        };
        let unusable: u32 = options.unusable.iter().map(|status| calls_with(*status)).sum();
        let (mut invalid, mut dead, mut line_lost) = (0, 0, 0);
        for (status, effect) in codes() {
            match effect {
                Effect::Invalid => {
                    invalid += calls_with(status);
                    dead += calls_with(status);
                }
                Effect::Dead => dead += calls_with(status),
                Effect::LineLost => line_lost += calls_with(status),
                Effect::Answered | Effect::Missed | Effect::Unusable => {}
            }
        }
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
        let billable_minutes = durations.sum(minutes);
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
            billable_minutes,
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
            invalid_rate: rate(invalid, self.calls),
            dead_number_rate: rate(dead, self.calls),
            line_loss_rate: rate(line_lost, self.calls),
            first_round_rate: rounds.share(|rounds| rounds <= 1),
            intent_per_hundred_minutes: (billable_minutes > 0.0)
                .then(|| 100.0 * f64::from(a + b) / billable_minutes),
            first_start_ms: span.map(|(first, _)| first),
            last_start_ms: span.map(|(_, last)| last),
            unreadable: self.unreadable,
        }
    }
}
