//! Charts that filter each other: each shows the calls that pass every filter but its own.
//!
//! A filter is a set of rows. When it moves, the rows that came in or went out are those by which
//! the old set and the new one differ, and only they are counted; the same holds for calls that are
//! new in the table or no longer there. So a move costs what it changes, not what there is.

use std::cell::RefCell;
use std::rc::Rc;

use super::chart::{Answer, Chart, Shows, Spans};
use super::facts::{FactReader, Facts, Wanted};
use super::filter::Filter;
use super::slots::{LESS, MORE};
use crate::table::bits::{Bits, Word};
use crate::table::{CHUNK, Columns, Table};

/// Charts of one table, by position.
#[derive(Debug)]
pub struct Linked {
    table: Rc<RefCell<Table>>,
    /// What was counted: rows of these columns.
    columns: Rc<RefCell<Columns>>,
    /// The rows that were live when they were counted.
    live: Bits,
    charts: Vec<Member>,
    reader: FactReader,
    /// Of each row counted.
    facts: Vec<Facts>,
    /// Of each row counted, its number in each chart that has them, side by side.
    numbers: Vec<u32>,
    stride: usize,
    spans: Spans,
}

#[derive(Debug)]
struct Member {
    chart: Chart,
    filter: Option<Filter>,
    /// The rows that pass its filter; of no meaning without one.
    passing: Bits,
    /// The position of its number among those of a row, if it has them.
    number: Option<usize>,
}

impl Linked {
    /// Charts of a table, none of them filtering yet.
    #[must_use]
    pub fn new(table: Rc<RefCell<Table>>, shows: Vec<Shows>) -> Self {
        let columns = Rc::clone(table.borrow().columns());
        let mut stride = 0;
        let members = shows.into_iter().map(|shows| {
            let chart = Chart::new(shows);
            let number = chart.has_numbers().then_some(stride);
            stride += usize::from(chart.has_numbers());
            Member { chart, filter: None, passing: Bits::default(), number }
        });
        let charts = members.collect();
        Self {
            table,
            columns,
            live: Bits::default(),
            charts,
            reader: FactReader::default(),
            facts: Vec::new(),
            numbers: Vec::new(),
            stride,
            spans: Spans::default(),
        }
    }

    /// Sets, moves or clears the filter of a chart. The other charts follow.
    pub fn filter(&mut self, chart: usize, filter: Option<Filter>) {
        self.follow();
        let columns = Rc::clone(&self.columns);
        let Some(member) = self.charts.get_mut(chart) else { return };
        let old = std::mem::take(&mut member.passing);
        let new = filter.as_ref().map(|filter| filter.mark(&columns.borrow()));
        let was = member.filter.is_some();
        member.filter = filter;
        let is = new.is_some();
        member.passing = new.unwrap_or_default();
        for at in 0..self.live.words().len() {
            let all = |bits: &Bits, filters: bool| if filters { bits.word(at) } else { Word::MAX };
            let Some(member) = self.charts.get(chart) else { return };
            let (before, after) = (all(&old, was), all(&member.passing, is));
            let moved = (before ^ after) & self.live.word(at);
            if moved != 0 {
                self.count(at, Some(chart), moved & after, MORE);
                self.count(at, Some(chart), moved & before, LESS);
            }
        }
    }

    /// What each chart says now.
    pub fn read(&mut self) -> Vec<Answer> {
        self.follow();
        let columns = self.columns.borrow();
        let answer = |(index, member): (usize, &Member)| {
            member.chart.answer(&self.reader, || {
                let others =
                    |(other, member): &(usize, &Member)| *other != index && member.filter.is_some();
                let filters: Vec<&Bits> = self
                    .charts
                    .iter()
                    .enumerate()
                    .filter(others)
                    .map(|(_, member)| &member.passing)
                    .collect();
                let words = (0..self.live.words().len()).map(|at| {
                    filters.iter().fold(self.live.word(at), |word, filter| word & filter.word(at))
                });
                self.spans.of_rows(&columns, &words)
            })
        };
        self.charts.iter().enumerate().map(answer).collect()
    }

    /// Counts the rows of a word that pass every filter but that of `moved`, in each chart that
    /// has another filter than that.
    fn count(&mut self, at: usize, moved: Option<usize>, rows: Word, by: u32) {
        if rows == 0 {
            return;
        }
        for index in 0..self.charts.len() {
            if Some(index) == moved {
                continue;
            }
            let others = self.charts.iter().enumerate().filter(|(other, member)| {
                member.filter.is_some() && *other != index && Some(*other) != moved
            });
            let rows = others.fold(rows, |rows, (_, member)| rows & member.passing.word(at));
            if rows == 0 {
                continue;
            }
            let Some(member) = self.charts.get_mut(index) else { return };
            let Some(facts) = self.facts.get(at * 64..) else { return };
            let first = member.number.unwrap_or(0) + at * 64 * self.stride;
            let numbers = self.numbers.get(first..).unwrap_or_default();
            let number = |row: usize| numbers.get(row * self.stride).copied().unwrap_or_default();
            member.chart.change(rows, facts, number, &self.reader, by);
        }
    }

    /// Counts what has happened to the table since the last time.
    fn follow(&mut self) {
        let columns = Rc::clone(self.table.borrow().columns());
        if !Rc::ptr_eq(&columns, &self.columns) {
            self.restart(Rc::clone(&columns));
        }
        let columns = columns.borrow();
        let counted = self.live.len();
        for at in 0..counted.div_ceil(64) {
            let dead = self.live.word(at) & !columns.live().word(at);
            self.count(at, None, dead, LESS);
        }
        if counted == columns.len() {
            self.live.and(columns.live());
            return;
        }
        self.take_in(&columns, counted);
        self.live = columns.live().clone();
        for at in counted / 64..self.live.words().len() {
            let new = self.live.word(at);
            let old = if at == counted / 64 { (1 << (counted % 64)) - 1 } else { 0 };
            self.count(at, None, new & !old, MORE);
        }
    }

    /// Finds facts, numbers and passing filters of the rows from `first` on.
    fn take_in(&mut self, columns: &Columns, first: usize) {
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
    fn restart(&mut self, columns: Rc<RefCell<Columns>>) {
        self.columns = columns;
        self.live = Bits::default();
        self.reader = FactReader::default();
        self.facts.clear();
        self.numbers.clear();
        self.spans = Spans::default();
        for member in &mut self.charts {
            member.chart.restart();
            member.passing = Bits::default();
        }
    }
}
