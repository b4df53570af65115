//! Charts that filter each other: each spec the calls that pass every filter but its own.
//!
//! A filter is a set of rows. When it moves, the rows that came in or went out are those by which
//! the old set and the new one differ, and only they are counted; the same holds for calls that are
//! new in the table or no longer there. So a move costs what it changes, not what there is; and a
//! brush that comes back over values it has crossed costs no more than their number (`slices.rs`).

use std::cell::RefCell;
use std::rc::Rc;

use super::chart::{Chart, ChartResult, ChartSpec, Rows, Spans};
use super::filter::Filter;
use super::row_features::{FeatureReader, RowFeatures, Wanted};
use super::slices::{Slices, brushed, crossed};
use super::value_codes::{ADD, REMOVE};
use crate::columns::CHUNK;
use crate::columns::bitmap::{Bitmap, Word, ones};
use crate::error::Result;
use crate::memory::reserve;
use crate::table::{CallColumns, Table};

/// Words of rows that are counted by one chart after the other.
const BLOCK: usize = 64;

/// Charts of one table, by position.
#[derive(Debug)]
pub struct Linked {
    table: Rc<RefCell<Table>>,
    /// What was counted: rows of these columns.
    columns: Rc<RefCell<CallColumns>>,
    /// The rows that were live when they were counted.
    live: Bitmap,
    /// Rows that had been replaced by then.
    replaced: usize,
    charts: Vec<Member>,
    reader: FeatureReader,
    /// Of each row counted.
    facts: Vec<RowFeatures>,
    /// Of each row counted, its number in each chart that has them, side by side.
    numbers: Vec<u32>,
    stride: usize,
    spans: Spans,
    /// Of the brush that has moved last.
    slices: Option<Slices>,
    /// Room for the next filter's rows.
    spare: Bitmap,
    /// Of no meaning; see `prefetch`.
    seen: u32,
}

/// The filter of a chart has moved: what it was.
struct Move {
    chart: usize,
    /// Whether there was one.
    filtered: bool,
    /// The rows that passed it; of no meaning without one.
    before: Bitmap,
}

/// A brush slides over values.
struct Slide {
    /// Those whose rows come in (`ADD`) or go out (`REMOVE`).
    crossed: Vec<(usize, u32)>,
    /// Those among them without a slice.
    missing: Vec<usize>,
}

#[derive(Debug)]
struct Member {
    chart: Chart,
    filter: Option<Filter>,
    /// The rows that pass its filter; of no meaning without one, nor if it is `stale`.
    passing: Bitmap,
    /// The filter has slid since.
    stale: bool,
    /// The position of its number among those of a row, if it has them.
    number: Option<usize>,
}

impl Linked {
    /// Charts of a table, none of them filtering yet.
    #[must_use]
    pub fn new(table: Rc<RefCell<Table>>, spec: Vec<ChartSpec>) -> Self {
        let columns = Rc::clone(table.borrow().columns());
        let mut stride = 0;
        let members = spec.into_iter().map(|spec| {
            let chart = Chart::new(spec);
            let number = chart.has_numbers().then_some(stride);
            stride += usize::from(chart.has_numbers());
            Member { chart, filter: None, passing: Bitmap::default(), stale: false, number }
        });
        let charts = members.collect();
        Self {
            table,
            columns,
            live: Bitmap::default(),
            replaced: 0,
            charts,
            reader: FeatureReader::default(),
            facts: Vec::new(),
            numbers: Vec::new(),
            stride,
            spans: Spans::default(),
            slices: None,
            spare: Bitmap::default(),
            seen: 0,
        }
    }

    /// Makes sure that there is memory for what comes next, a filter or an answer.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve(&self) -> Result<()> {
        let table = self.table.borrow();
        let columns = table.columns().borrow();
        // A vector that is full moves to one of twice its size.
        let row = size_of::<RowFeatures>() + size_of::<u32>() * self.stride;
        let new = if columns.len() > self.facts.capacity() { 2 * row * columns.len() } else { 0 };
        // Sets of rows, and lists of their words: for a move, and for each slice that is cut.
        reserve(new + 6 * columns.len() + columns.room_for_questions())
    }

    /// Sets, moves or clears the filter of a chart. The other charts follow.
    pub fn filter(&mut self, chart: usize, filter: Option<Filter>) {
        self.follow();
        self.slices.take_if(|slices| slices.chart != chart);
        let slide = filter.as_ref().and_then(|filter| self.slide(chart, filter));
        let Some(member) = self.charts.get_mut(chart) else { return };
        if slide.as_ref().is_some_and(|slide| slide.missing.is_empty()) {
            member.filter = filter;
            member.stale = true;
        } else {
            self.refresh();
            let moved = self.mark(chart, filter);
            if let Some(slide) = &slide {
                self.cut(&slide.missing, &moved);
            } else {
                let (mut more, mut less) = (Vec::new(), Vec::new());
                for (at, old, new) in self.changes(&moved) {
                    more.push((at, new & !old));
                    less.push((at, old & !new));
                }
                self.count(Some(chart), &more, ADD);
                self.count(Some(chart), &less, REMOVE);
            }
            self.spare = moved.before;
        }
        let (Some(slide), Some(slices)) = (slide, &self.slices) else { return };
        for (value, by) in slide.crossed {
            for (member, slice) in self.charts.iter_mut().zip(slices.get(value)) {
                member.chart.add(slice, by);
            }
        }
        self.slices.take_if(|slices| slices.are_many());
    }

    /// Finds the rows that pass a chart's new filter.
    fn mark(&mut self, chart: usize, filter: Option<Filter>) -> Move {
        let mut passing = std::mem::take(&mut self.spare);
        if let Some(filter) = &filter {
            filter.mark_from(&self.columns.borrow(), 0, &mut passing);
        }
        let Some(member) = self.charts.get_mut(chart) else {
            return Move { chart, filtered: false, before: passing };
        };
        let filtered = std::mem::replace(&mut member.filter, filter).is_some();
        Move { chart, filtered, before: std::mem::replace(&mut member.passing, passing) }
    }

    /// Finds the rows that pass a brush that has slid since they were last found.
    fn refresh(&mut self) {
        for member in self.charts.iter_mut().filter(|member| member.stale) {
            if let Some(filter) = &member.filter {
                filter.mark_from(&self.columns.borrow(), 0, &mut member.passing);
            }
            member.stale = false;
        }
    }

    /// The words in which other rows pass a chart's filter than before: what they were and are.
    fn changes(&self, moved: &Move) -> impl Iterator<Item = (usize, Word, Word)> {
        let member = self.charts.get(moved.chart);
        let filters = member.is_some_and(|member| member.filter.is_some());
        self.live.words().iter().enumerate().filter_map(move |(at, live)| {
            let word =
                |filters, bits: &Bitmap| if filters { bits.word(at) } else { Word::MAX } & live;
            let old = word(moved.filtered, &moved.before);
            let new = word(filters, &member?.passing);
            (old != new).then_some((at, old, new))
        })
    }

    /// What a move to a filter is as a slide of a brush, if it is one over few values without slices.
    fn slide(&mut self, chart: usize, filter: &Filter) -> Option<Slide> {
        let (column, new) = brushed(filter)?;
        let (old_column, old) = brushed(self.charts.get(chart)?.filter.as_ref()?)?;
        let crossed = crossed(old, new).filter(|_| column == old_column)?;
        self.slices.take_if(|slices| slices.column != column);
        let slices = self.slices.get_or_insert_with(|| Slices::new(chart, column));
        let missing = slices.missing(&crossed)?;
        Some(Slide { crossed, missing })
    }

    /// Cuts the slices of values that a brush has crossed: counts their rows, each value by itself.
    fn cut(&mut self, values: &[usize], moved: &Move) {
        let Some(mut slices) = self.slices.take() else { return };
        let mut rows: Vec<Vec<(usize, Word)>> = vec![Vec::new(); values.len()];
        for (at, old, new) in self.changes(moved) {
            for row in ones(at * 64, old ^ new) {
                let value = self.facts.get(row).and_then(|facts| slices.value(facts));
                let place = value.and_then(|value| values.binary_search(&value).ok());
                let Some(words) = place.and_then(|place| rows.get_mut(place)) else { continue };
                let bit = 1 << (row % 64);
                match words.last_mut() {
                    Some((last, word)) if *last == at => *word |= bit,
                    _ => words.push((at, bit)),
                }
            }
        }
        for (value, words) in values.iter().zip(&rows) {
            let mut slice = Vec::new();
            if !words.is_empty() {
                // The charts count into blank ones meanwhile.
                slice.extend(self.charts.iter().map(|member| member.chart.blank()));
                self.swap_charts(&mut slice);
                self.count(Some(moved.chart), words, ADD);
                self.swap_charts(&mut slice);
            }
            slices.keep(*value, slice);
        }
        self.slices = Some(slices);
    }

    fn swap_charts(&mut self, charts: &mut [Chart]) {
        for (member, chart) in self.charts.iter_mut().zip(charts) {
            std::mem::swap(&mut member.chart, chart);
        }
    }

    /// What each chart says now.
    pub fn read(&mut self) -> Vec<ChartResult> {
        self.follow();
        let columns = self.columns.borrow();
        let answer = |(index, member): (usize, &Member)| {
            let others = || self.charts.iter().enumerate().filter(|(other, _)| *other != index);
            member.chart.answer(&self.reader, || {
                self.spans.of_rows(&columns, |chunk| {
                    let mut rows = self.live.chunk(chunk);
                    for (_, other) in others() {
                        if let Some(filter) = &other.filter {
                            let passing = if other.stale {
                                filter.mark_chunk(&columns, chunk)
                            } else {
                                other.passing.chunk(chunk)
                            };
                            rows.iter_mut().zip(passing).for_each(|(row, passes)| *row &= passes);
                        }
                    }
                    rows
                })
            })
        };
        self.charts.iter().enumerate().map(answer).collect()
    }

    /// Counts rows in every chart but the one whose filter has moved: those that pass all filters but
    /// that of the chart itself, and that which has moved.
    fn count(&mut self, moved: Option<usize>, words: &[(usize, Word)], by: u32) {
        let filters: Vec<usize> = (0..self.charts.len())
            .filter(|index| Some(*index) != moved)
            .filter(|index| self.charts.get(*index).is_some_and(|member| member.filter.is_some()))
            .collect();
        let mut passing = Vec::with_capacity(BLOCK);
        // All charts look at a block of rows while it is near.
        for words in words.chunks(BLOCK) {
            self.prefetch(words);
            for index in (0..self.charts.len()).filter(|index| Some(*index) != moved) {
                passing.clear();
                passing.extend_from_slice(words);
                for other in filters.iter().filter(|other| **other != index) {
                    let Some(member) = self.charts.get(*other) else { return };
                    for (at, rows) in &mut passing {
                        *rows &= member.passing.word(*at);
                    }
                }
                let Some(member) = self.charts.get_mut(index) else { return };
                let rows = Rows {
                    facts: &self.facts,
                    numbers: &self.numbers,
                    stride: self.stride,
                    place: member.number.unwrap_or_default(),
                    reader: &self.reader,
                };
                member.chart.change(&passing, &rows, by);
            }
        }
    }

    /// Looks at each row once, and does nothing with it: so the processor waits for many of them at
    /// a time, instead of for one after the other while they are counted. Halves the time of a move.
    fn prefetch(&mut self, words: &[(usize, Word)]) {
        let mut seen = 0_u32;
        for (at, word) in words {
            for row in ones(at * 64, *word) {
                let facts = self.facts.get(row).map_or(0, |facts| u32::from(facts.level));
                let number = self.numbers.get(row * self.stride).copied().unwrap_or_default();
                seen = seen.wrapping_add(facts).wrapping_add(number);
            }
        }
        self.seen = self.seen.wrapping_add(seen);
    }

    /// Counts what has happened to the table since the last time.
    fn follow(&mut self) {
        let columns = Rc::clone(self.table.borrow().columns());
        if !Rc::ptr_eq(&columns, &self.columns) {
            self.restart(Rc::clone(&columns));
        }
        let columns = columns.borrow();
        let (counted, live) = (self.live.len(), columns.live());
        if columns.replaced() > self.replaced {
            self.forget_slices();
            self.replaced = columns.replaced();
            let known = self.live.words().iter().enumerate();
            let dead = known.map(|(at, known)| (at, known & !live.word(at)));
            let dead: Vec<(usize, Word)> = dead.filter(|(_, dead)| *dead != 0).collect();
            self.count(None, &dead, REMOVE);
            self.live.and(live);
        }
        if counted < columns.len() {
            self.forget_slices();
            self.take_in(&columns, counted);
            self.live = live.clone();
            let known = |at| if at == counted / 64 { (1 << (counted % 64)) - 1 } else { 0 };
            let new = live.words().iter().copied().enumerate().skip(counted / 64);
            let new: Vec<(usize, Word)> = new.map(|(at, word)| (at, word & !known(at))).collect();
            self.count(None, &new, ADD);
        }
    }

    /// Rows come or go.
    fn forget_slices(&mut self) {
        self.refresh();
        self.slices = None;
    }

    /// Finds facts, numbers and passing filters of the rows from `first` on.
    fn take_in(&mut self, columns: &CallColumns, first: usize) {
        self.numbers.resize(columns.len() * self.stride, 0);
        for chunk in first / CHUNK..columns.len().div_ceil(CHUNK) {
            let start = chunk * CHUNK;
            let rows = first.saturating_sub(start)..CHUNK.min(columns.len() - start);
            self.reader.read(columns, chunk, rows.clone(), Wanted::ALL, &mut self.facts);
            for member in &mut self.charts {
                let Some(number) = member.number else { continue };
                let (numbers, stride) = (&mut self.numbers, self.stride);
                let from = start + rows.start;
                member.chart.numbers(columns, chunk, rows.clone(), |row, key| {
                    if let Some(place) = numbers.get_mut((from + row) * stride + number) {
                        *place = key;
                    }
                });
            }
        }
        for member in &mut self.charts {
            if let Some(filter) = &member.filter {
                filter.mark_from(columns, first, &mut member.passing);
            }
        }
        self.spans.extend(columns);
    }

    /// Forgets what was counted, because the table has moved to other columns.
    fn restart(&mut self, columns: Rc<RefCell<CallColumns>>) {
        self.columns = columns;
        self.live = Bitmap::default();
        self.replaced = 0;
        self.reader = FeatureReader::default();
        self.facts.clear();
        self.numbers.clear();
        self.spans = Spans::default();
        self.slices = None;
        for member in &mut self.charts {
            member.chart = member.chart.blank();
            member.passing = Bitmap::default();
            member.stale = false;
        }
    }
}
