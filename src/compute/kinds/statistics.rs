//! Chart of the statistics of a set of calls.
//! Not here: titles, units and formulas in words (`schema/metrics.rs`), sums of values (`distribution.rs`).

use std::iter::repeat;

use crate::columns::integers::FIRST_VALUE;
use crate::compute::chart::{Chart, ChartResult, Part};
use crate::compute::counts::{Counts, count, extend};
use crate::compute::distribution::{Distribution, float, or_nan, rate};
use crate::compute::rows::{Rows, length};
use crate::compute::spec::Spec;
use crate::compute::value_codes::{ValueCodes, whole};
use crate::error::Result;
use crate::json::Value;
use crate::schema::{ANSWERED, CodeTable, Effect, Measure, Metric, field};

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

/// The chart of the statistics. Its lists: the calls of each status, the answered calls of each duration and of each
/// number of rounds, each by value code; the answered calls of each intent level, first those without a level; the
/// totals.
#[derive(Debug)]
pub(super) struct StatisticsChart {
    options: StatisticsOptions,
    finish_statuses: ValueCodes,
    durations: ValueCodes,
    chat_rounds: ValueCodes,
}

/// The calls, the answered calls, and the calls with an unreadable `duration`, `startTime`, `finishStatus`.
type Totals = [i64; TOTALS];

const TOTALS: usize = 5;

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
        Ok(Box::new(Self {
            options,
            finish_statuses: ValueCodes::default(),
            durations: ValueCodes::default(),
            chat_rounds: ValueCodes::default(),
        }))
    }
}

impl Chart for StatisticsChart {
    fn count(&mut self, rows: &Rows, counts: &mut Counts, by: i64) {
        let [statuses, durations, rounds, levels, totals] = &mut counts.lists;
        let answered = rows.answered();
        let of_answered = self.finish_statuses.code(ANSWERED) as usize;
        extend(statuses, of_answered + 1);
        count(statuses, of_answered, by * length(answered));
        let codes = &mut self.finish_statuses;
        rows.count_values(field::FINISH_STATUS, rows.others(), codes, statuses, by);
        rows.count_values(field::DURATION, answered, &mut self.durations, durations, by);
        rows.count_values(field::CHAT_ROUND, answered, &mut self.chat_rounds, rounds, by);
        extend(levels, LEVELS);
        let (frame, by_results) = (rows.frame(field::RESULTS), rows.chunk.columns.levels());
        rows.for_each_code(field::RESULTS, answered, repeat(()), |code, ()| {
            let value = if code < FIRST_VALUE { -1 } else { frame.value(code) };
            let results = usize::try_from(value).unwrap_or(usize::MAX);
            let level = by_results.get(results).map_or(0, |level| usize::from(*level));
            count(levels, level, by);
        });
        let unreadable = [field::DURATION, field::START, field::FINISH_STATUS]
            .map(|field| rows.unreadable(field, rows.all()));
        let new = [length(rows.all()), length(answered)].into_iter().chain(unreadable);
        extend(totals, TOTALS);
        new.enumerate().for_each(|(total, new)| count(totals, total, by * new));
    }

    fn forget(&mut self) {
        self.finish_statuses = ValueCodes::default();
        self.durations = ValueCodes::default();
        self.chat_rounds = ValueCodes::default();
    }

    /// The numbers of all metrics, in the order of the schema.
    fn result(&self, counts: &Counts, span: &dyn Fn() -> Option<(i64, i64)>) -> ChartResult {
        let statistics = self.statistics(counts, span());
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

/// The number of intent levels A–F, and one for none.
const LEVELS: usize = 7;

impl StatisticsChart {
    /// The statistics of the counted calls. `span` is their least and their greatest start.
    fn statistics(&self, counts: &Counts, span: Option<(i64, i64)>) -> Statistics {
        let [statuses, durations, rounds, levels, totals] = &counts.lists;
        let totals: Totals = totals.first_chunk().copied().unwrap_or_default();
        let [calls, answered, unreadable @ ..] = totals.map(whole);
        let levels: [i64; LEVELS] = levels.first_chunk().copied().unwrap_or_default();
        let levels = levels.map(whole);
        let options = &self.options;
        let statuses = self.finish_statuses.counted(statuses);
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
        let durations = Distribution::of(&self.durations, durations);
        let rounds = Distribution::of(&self.chat_rounds, rounds);
        let [no_level, a, b, ..] = levels;
        let with_level =
            (1..).zip(levels.iter().skip(1)).map(|(level, calls)| (Some(level), *calls));
        let occurring = |(_, calls): &(Option<u8>, u32)| *calls > 0;
        let minutes = |seconds: i64| seconds.div_euclid(60) + i64::from(seconds % 60 != 0);
        let quantile = |q: &f64| Some((*q, durations.quantile(*q)?));
        let billable_minutes = durations.sum(minutes);
        Statistics {
            calls,
            answered,
            answer_rate: rate(answered, calls),
            effective_answer_rate: rate(answered, calls - unusable),
            by_finish_status: by_finish_status
                .chain([(None, calls - with_status)])
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
            intent: with_level.chain([(None, no_level)]).filter(occurring).collect(),
            intent_rate: rate(a + b, answered),
            invalid_rate: rate(invalid, calls),
            dead_number_rate: rate(dead, calls),
            line_loss_rate: rate(line_lost, calls),
            first_round_rate: rounds.share(|rounds| rounds <= 1),
            intent_per_hundred_minutes: (billable_minutes > 0.0)
                .then(|| 100.0 * f64::from(a + b) / billable_minutes),
            first_start_ms: span.map(|(first, _)| first),
            last_start_ms: span.map(|(_, last)| last),
            unreadable,
        }
    }
}
