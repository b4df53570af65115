//! A chart: what is counted of which rows, one row more or less at a time, and its answer.

use std::ops::Range;

use super::groups::{Group, GroupTally};
use super::heatmap::Heatmap;
use super::histogram::{Bins, Histogram, HistogramField, ValueTally};
use super::keys::{Dimension, Keys};
use super::row_features::{FeatureReader, RowFeatures, Wanted};
use super::statistics::{Statistics, StatisticsOptions, Tally};
use super::value_codes::ADD;
use crate::columns::CHUNK;
use crate::columns::bitmap::{Bitmap, ChunkRows, Word, ones};
use crate::schema::field;
use crate::sort::sorted;
use crate::table::CallColumns;

const BITS: usize = Word::BITS as usize;

/// What a chart spec.
#[derive(Debug, Clone, PartialEq)]
pub enum ChartSpec {
    /// Calls by a dimension.
    Groups(Dimension),
    /// Calls by a value; of answered calls alone, if the last is true.
    Histogram(HistogramField, Bins, bool),
    /// Calls by weekday and hour.
    Heatmap,
    /// The statistics.
    Statistics(StatisticsOptions),
}

/// What a chart says.
#[derive(Debug, Clone, PartialEq)]
pub enum ChartResult {
    /// Calls by a dimension.
    Groups(Vec<Group>),
    /// Calls by a value.
    Histogram(Histogram),
    /// Calls by weekday and hour.
    Heatmap(Heatmap),
    /// The statistics.
    Statistics(Box<Statistics>),
}

/// Rows as a chart counts them.
pub(super) struct Rows<'a> {
    pub(super) facts: &'a [RowFeatures],
    /// The numbers of all rows in all charts, those of a row side by side.
    pub(super) numbers: &'a [u32],
    /// Numbers of a row.
    pub(super) stride: usize,
    /// The position of this chart's among them.
    pub(super) place: usize,
    pub(super) reader: &'a FeatureReader,
}

impl Rows<'_> {
    /// Calls `change` with each row whose bit is set; a word is given with its position.
    #[inline]
    fn each(&self, words: &[(usize, Word)], mut change: impl FnMut(usize, &RowFeatures)) {
        for (at, word) in words {
            let (first, mut left) = (at * BITS, *word);
            while left != 0 {
                let row = first + left.trailing_zeros() as usize;
                left &= left - 1;
                if let Some(facts) = self.facts.get(row) {
                    change(row, facts);
                }
            }
        }
    }

    #[inline]
    fn number(&self, row: usize) -> u32 {
        self.numbers.get(row * self.stride + self.place).copied().unwrap_or_default()
    }
}

/// A chart with its counts.
#[derive(Debug, Clone)]
pub(super) enum Chart {
    Groups(Keys, GroupTally),
    Histogram(HistogramField, Bins, bool, ValueTally),
    Heatmap(Heatmap),
    Statistics(StatisticsOptions, Tally),
}

impl Chart {
    /// A chart that has counted nothing.
    pub(super) fn new(spec: ChartSpec) -> Self {
        match spec {
            ChartSpec::Groups(dimension) => {
                Self::Groups(Keys::new(dimension), GroupTally::default())
            }
            ChartSpec::Histogram(column, bins, answered) => {
                Self::Histogram(column, bins, answered, ValueTally::default())
            }
            ChartSpec::Heatmap => Self::Heatmap(Heatmap::default()),
            ChartSpec::Statistics(options) => Self::Statistics(options, Tally::default()),
        }
    }

    /// The same chart with nothing counted, and with no key known.
    pub(super) fn blank(&self) -> Self {
        Self::new(match self {
            Self::Groups(keys, _) => ChartSpec::Groups(keys.dimension().clone()),
            Self::Histogram(column, bins, answered, _) => {
                ChartSpec::Histogram(*column, bins.clone(), *answered)
            }
            Self::Heatmap(_) => ChartSpec::Heatmap,
            Self::Statistics(options, _) => ChartSpec::Statistics(options.clone()),
        })
    }

    /// What a chart of the same kind has counted, `ADD` or `REMOVE` of it.
    pub(super) fn add(&mut self, other: &Self, by: u32) {
        match (self, other) {
            (Self::Groups(_, tally), Self::Groups(_, other)) => tally.add(other, by),
            (Self::Histogram(.., tally), Self::Histogram(.., other)) => tally.add(other, by),
            (Self::Heatmap(heatmap), Self::Heatmap(other)) => heatmap.add(other, by),
            (Self::Statistics(_, tally), Self::Statistics(_, other)) => tally.add(other, by),
            _ => {}
        }
    }

    /// The bytes its counts take up, about.
    pub(super) fn size(&self) -> usize {
        let counts = match self {
            Self::Groups(_, tally) => tally.size(),
            Self::Histogram(.., tally) => tally.size(),
            Self::Heatmap(_) => Heatmap::SIZE,
            Self::Statistics(_, tally) => tally.size(),
        };
        size_of::<Self>() + counts
    }

    /// Whether rows have a number of this chart's own: their key, their cell.
    pub(super) const fn has_numbers(&self) -> bool {
        matches!(self, Self::Groups(..) | Self::Heatmap(_))
    }

    /// Calls `set` with each of a chunk's rows, those of `rows` in it, and its number.
    pub(super) fn numbers(
        &mut self,
        columns: &CallColumns,
        chunk: usize,
        rows: Range<usize>,
        set: impl FnMut(usize, u32),
    ) {
        match self {
            Self::Groups(keys, _) => keys.read(columns, chunk, rows, set),
            Self::Heatmap(_) => Heatmap::read(columns, chunk, rows, set),
            Self::Histogram(..) | Self::Statistics(..) => {}
        }
    }

    /// Which facts it looks at.
    const fn wanted(&self) -> Wanted {
        match self {
            Self::Groups(..) => Wanted { duration: true, chat_round: false, others: false },
            Self::Histogram(HistogramField::Duration, ..) => {
                Wanted { duration: true, chat_round: false, others: false }
            }
            Self::Histogram(HistogramField::ChatRound, ..) => {
                Wanted { duration: false, chat_round: true, others: false }
            }
            Self::Heatmap(_) => Wanted { duration: false, chat_round: false, others: false },
            Self::Statistics(..) => Wanted::ALL,
        }
    }

    /// The rows whose bits are set in `words` `ADD`, or `REMOVE`.
    pub(super) fn change(&mut self, words: &[(usize, Word)], rows: &Rows, by: u32) {
        match self {
            Self::Groups(_, tally) => rows.each(words, |row, facts| {
                tally.change(rows.number(row), facts, rows.reader, by);
            }),
            Self::Histogram(column, _, answered, tally) => rows.each(words, |_, facts| {
                if facts.answered || !*answered {
                    tally.change(column.fact(facts), by);
                }
            }),
            Self::Heatmap(heatmap) => {
                rows.each(words, |row, facts| heatmap.change(rows.number(row), facts, by));
            }
            Self::Statistics(_, tally) => rows.each(words, |_, facts| tally.change(facts, by)),
        }
    }

    /// What it says of the rows counted; `span` gives the least and the greatest start of them.
    pub(super) fn answer(
        &self,
        reader: &FeatureReader,
        span: impl FnOnce() -> Option<(i64, i64)>,
    ) -> ChartResult {
        match self {
            Self::Groups(keys, tally) => ChartResult::Groups(tally.groups(keys)),
            Self::Histogram(column, bins, _, tally) => {
                ChartResult::Histogram(tally.histogram(*column, reader, bins))
            }
            Self::Heatmap(heatmap) => ChartResult::Heatmap(heatmap.clone()),
            Self::Statistics(options, tally) => {
                ChartResult::Statistics(Box::new(tally.statistics(reader, options, span())))
            }
        }
    }
}

/// The answer of a chart of some rows.
pub(super) fn evaluate(columns: &CallColumns, rows: &Bitmap, spec: ChartSpec) -> ChartResult {
    let mut chart = Chart::new(spec);
    let mut reader = FeatureReader::default();
    let mut facts = Vec::with_capacity(CHUNK);
    let mut numbers = [0; CHUNK];
    let wanted = chart.wanted();
    for chunk in 0..columns.len().div_ceil(CHUNK) {
        let first = chunk * CHUNK / BITS;
        let words = first..(first + CHUNK / BITS).min(rows.words().len());
        let words = rows.words().get(words).unwrap_or_default();
        if words.iter().all(|word| *word == 0) {
            continue;
        }
        let all = CHUNK.min(columns.len() - chunk * CHUNK);
        facts.clear();
        reader.read(columns, chunk, 0..all, wanted, &mut facts);
        chart.numbers(columns, chunk, 0..all, |row, number| {
            if let Some(place) = numbers.get_mut(row) {
                *place = number;
            }
        });
        let rows = Rows { facts: &facts, numbers: &numbers, stride: 1, place: 0, reader: &reader };
        let words: Vec<(usize, Word)> = words.iter().copied().enumerate().collect();
        chart.change(&words, &rows, ADD);
    }
    chart.answer(&reader, || Spans::of(columns).of_rows(columns, |chunk| rows.chunk(chunk)))
}

/// The least and the greatest start of each chunk, so that few chunks have to be looked into.
#[derive(Debug, Clone, Default)]
pub(super) struct Spans {
    chunks: Vec<Option<(i64, i64)>>,
    rows: usize,
}

impl Spans {
    fn of(columns: &CallColumns) -> Self {
        let mut spans = Self::default();
        spans.extend(columns);
        spans
    }

    /// Takes in the rows that have come since.
    pub(super) fn extend(&mut self, columns: &CallColumns) {
        let mut codes = [0; CHUNK];
        let starts = columns.integers(field::START);
        for chunk in self.rows / CHUNK..columns.len().div_ceil(CHUNK) {
            let frame = starts.codes(chunk, &mut codes);
            let rows = self.rows % CHUNK..CHUNK.min(columns.len() - chunk * CHUNK);
            let codes = codes.get(rows).unwrap_or_default().iter().filter(|code| **code >= 2);
            let (least, most) = codes
                .fold((u64::MAX, 0), |(least, most), code| (least.min(*code), most.max(*code)));
            let known = self.chunks.get(chunk).copied().flatten();
            let new = (most > 0).then(|| (frame.value(least), frame.value(most)));
            let span = match (known, new) {
                (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
                (known, new) => known.or(new),
            };
            self.chunks.truncate(chunk);
            self.chunks.push(span);
            self.rows = CHUNK.min(columns.len() - chunk * CHUNK) + chunk * CHUNK;
        }
    }

    /// The least and the greatest start of some rows, which `rows` gives for a chunk.
    pub(super) fn of_rows(
        &self,
        columns: &CallColumns,
        rows: impl Fn(usize) -> ChunkRows,
    ) -> Option<(i64, i64)> {
        let starts = columns.integers(field::START);
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        let mut look = |chunk: usize| {
            let words = rows(chunk).into_iter().enumerate();
            for row in words.flat_map(|(at, word)| ones(chunk * CHUNK + at * BITS, word)) {
                if let Some(start) = starts.value(row) {
                    first = first.min(start);
                    last = last.max(start);
                }
            }
            (first, last)
        };
        let mut by_least: Vec<(i64, i64, usize)> = Vec::with_capacity(self.chunks.len());
        for (chunk, span) in self.chunks.iter().enumerate() {
            if let Some((least, most)) = span {
                by_least.push((*least, *most, chunk));
            }
        }
        let by_least = sorted(&by_least, Ord::cmp);
        let mut found = (i64::MAX, i64::MIN);
        for (least, _, chunk) in &by_least {
            if *least >= found.0 {
                break;
            }
            found = look(*chunk);
        }
        for (_, most, chunk) in sorted(&by_least, |one, other| other.1.cmp(&one.1)) {
            if most <= found.1 {
                break;
            }
            found = look(chunk);
        }
        (found.0 <= found.1).then_some(found)
    }
}
