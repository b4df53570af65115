//! Linked charts of one table: each chart counts the calls that pass the filters of all other charts.
//! Not here: the counts of a chart (`chart.rs`), cached counts of a brush (`slices.rs`).
//!
//! A filter is a set of rows. When it changes, the charts count only the rows in which the old set and the new set
//! differ. The same holds for calls that are added to the table or superseded. So the cost of a change depends on
//! the number of changed rows, not on the number of all rows. For a brush that crosses values again, the cost depends
//! only on the number of these values.

use std::cell::RefCell;
use std::rc::Rc;

use super::buckets::Buckets;
use super::chart::{Chart, ChartResult, ResultContext, Rows};
use super::filter::Filter;
use super::row_features::{FeatureReader, FeatureSet, RowFeatures};
use super::rows_to_read::RowsToRead;
use super::slices::{Slices, brushed, crossed};
use super::spans::span_of_rows;
use super::value_codes::{ADD, REMOVE};
use super::view::View;
use crate::columns::CHUNK;
use crate::columns::bitmap::{Bitmap, Word, ones};
use crate::error::Result;
use crate::memory::reserve;
use crate::table::{CallColumns, Table};

/// The number of words of rows in a block. All charts count a block before the next block begins.
const BLOCK: usize = 64;

/// The calls of linked charts.
#[derive(Debug)]
enum Source {
    /// All calls of a table, also those that it gets later.
    Table(Rc<RefCell<Table>>),
    /// The calls of a view.
    View(Bitmap),
}

/// Linked charts of a table or a view. Each chart has a position.
#[derive(Debug)]
pub struct Linked {
    source: Source,
    /// The columns of the counted rows.
    pub(super) columns: Rc<RefCell<CallColumns>>,
    /// The counted rows that are live.
    pub(super) live: Bitmap,
    /// The number of superseded rows at the last count.
    superseded: usize,
    pub(super) charts: Vec<LinkedChart>,
    reader: FeatureReader,
    /// The features of each counted row.
    features: Vec<RowFeatures>,
    /// The buckets of each counted row, row by row, in all charts with buckets.
    buckets: Vec<u32>,
    /// The number of buckets of a row.
    stride: usize,
    /// The slices of the last moved brush.
    slices: Option<Slices>,
    /// All calls of the charts, for windows of those that pass the filters. It keeps their order.
    pub(super) all: Option<View>,
    /// Memory for the rows of the next filter.
    spare: Bitmap,
    /// A checksum that keeps the reads of `prefetch`. It has no other meaning.
    prefetched: u32,
}

/// A change of a chart's filter.
struct FilterChange {
    chart: usize,
    /// Whether there was a filter before.
    had_filter: bool,
    /// The rows that passed it. Undefined without a filter.
    old_passing: Bitmap,
}

/// A move of a brush.
struct BrushMove {
    /// The crossed values, whose rows begin to pass (`ADD`) or cease to pass (`REMOVE`).
    crossed: Vec<(usize, u32)>,
    /// The crossed values without a slice.
    missing: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct LinkedChart {
    chart: Box<dyn Chart>,
    pub(super) filter: Option<Filter>,
    /// The rows that pass the filter. Undefined without a filter, and if `stale` is true.
    pub(super) passing: Bitmap,
    /// Whether the filter has changed since `passing` was set.
    stale: bool,
    /// The position of this chart's bucket among those of a row, if the chart has buckets.
    bucket_position: Option<usize>,
}

impl Linked {
    /// Linked charts of a table, without filters.
    #[must_use]
    pub fn of_table(table: Rc<RefCell<Table>>, charts: Vec<Box<dyn Chart>>) -> Self {
        let columns = Rc::clone(table.borrow().columns());
        Self::new(Source::Table(table), columns, charts)
    }

    /// Linked charts of a view, without filters.
    #[must_use]
    pub fn of_view(view: &View, charts: Vec<Box<dyn Chart>>) -> Self {
        Self::new(Source::View(view.rows.clone()), Rc::clone(&view.columns), charts)
    }

    fn new(source: Source, columns: Rc<RefCell<CallColumns>>, charts: Vec<Box<dyn Chart>>) -> Self {
        let mut stride = 0;
        let charts = charts.into_iter().map(|chart| {
            let bucket_position = chart.has_buckets().then_some(stride);
            stride += usize::from(chart.has_buckets());
            let passing = Bitmap::default();
            LinkedChart { chart, filter: None, passing, stale: false, bucket_position }
        });
        let charts = charts.collect();
        Self {
            source,
            columns,
            live: Bitmap::default(),
            superseded: 0,
            charts,
            reader: FeatureReader::default(),
            features: Vec::new(),
            buckets: Vec::new(),
            stride,
            slices: None,
            all: None,
            spare: Bitmap::default(),
            prefetched: 0,
        }
    }

    /// Checks that there is memory for the next operation, a filter or a read.
    ///
    /// # Errors
    /// `out_of_memory`.
    pub fn reserve(&self) -> Result<()> {
        let columns = match &self.source {
            Source::Table(table) => Rc::clone(table.borrow().columns()),
            Source::View(_) => Rc::clone(&self.columns),
        };
        let columns = columns.borrow();
        // A full vector moves to a new one of twice its size.
        let row = size_of::<RowFeatures>() + size_of::<u32>() * self.stride;
        let new =
            if columns.len() > self.features.capacity() { 2 * row * columns.len() } else { 0 };
        // Sets of rows and lists of their words, for a change and for each new slice.
        reserve(new + 6 * columns.len() + columns.room_for_questions())
    }

    /// Sets, moves or clears the filter of a chart. The other charts change their counts.
    pub fn filter(&mut self, chart: usize, filter: Option<Filter>) {
        self.catch_up();
        self.slices.take_if(|slices| slices.chart != chart);
        let brush_move = filter.as_ref().and_then(|filter| self.brush_move(chart, filter));
        let Some(linked) = self.charts.get_mut(chart) else { return };
        if brush_move.as_ref().is_some_and(|brush_move| brush_move.missing.is_empty()) {
            linked.filter = filter;
            linked.stale = true;
        } else {
            self.refresh();
            let change = self.set_filter(chart, filter);
            if let Some(brush_move) = &brush_move {
                self.add_slices(&brush_move.missing, &change);
            } else {
                let (mut entering, mut leaving) = (Vec::new(), Vec::new());
                for (index, old, new) in self.changed_words(&change) {
                    entering.push((index, new & !old));
                    leaving.push((index, old & !new));
                }
                self.count(Some(chart), &entering, ADD);
                self.count(Some(chart), &leaving, REMOVE);
            }
            self.spare = change.old_passing;
        }
        let (Some(brush_move), Some(slices)) = (brush_move, &self.slices) else { return };
        for (value, by) in brush_move.crossed {
            for (linked, slice) in self.charts.iter_mut().zip(slices.get(value)) {
                linked.chart.merge(&**slice, by);
            }
        }
        self.slices.take_if(|slices| slices.are_too_large());
    }

    /// Sets the filter of a chart and finds the rows that pass it.
    fn set_filter(&mut self, chart: usize, filter: Option<Filter>) -> FilterChange {
        let mut passing = std::mem::take(&mut self.spare);
        if let Some(filter) = &filter {
            filter.select_from(&self.columns.borrow(), 0, &mut passing);
        }
        let Some(linked) = self.charts.get_mut(chart) else {
            return FilterChange { chart, had_filter: false, old_passing: passing };
        };
        let had_filter = std::mem::replace(&mut linked.filter, filter).is_some();
        let old_passing = std::mem::replace(&mut linked.passing, passing);
        FilterChange { chart, had_filter, old_passing }
    }

    /// Finds the rows that pass the stale filters.
    pub(super) fn refresh(&mut self) {
        for linked in self.charts.iter_mut().filter(|linked| linked.stale) {
            if let Some(filter) = &linked.filter {
                filter.select_from(&self.columns.borrow(), 0, &mut linked.passing);
            }
            linked.stale = false;
        }
    }

    /// The words of rows that a change of a filter changes: position, old word and new word.
    fn changed_words(&self, change: &FilterChange) -> impl Iterator<Item = (usize, Word, Word)> {
        let linked = self.charts.get(change.chart);
        let has_filter = linked.is_some_and(|linked| linked.filter.is_some());
        self.live.words().iter().enumerate().filter_map(move |(index, live)| {
            let word = |has_filter, passing: &Bitmap| {
                let passing = if has_filter { passing.word(index) } else { Word::MAX };
                passing & live
            };
            let old = word(change.had_filter, &change.old_passing);
            let new = word(has_filter, &linked?.passing);
            (old != new).then_some((index, old, new))
        })
    }

    /// The move of a brush that a new filter means. `None` if the filter is not a brush of the same field, or if too
    /// many crossed values have no slice.
    fn brush_move(&mut self, chart: usize, filter: &Filter) -> Option<BrushMove> {
        let (column, new) = brushed(filter)?;
        let (old_column, old) = brushed(self.charts.get(chart)?.filter.as_ref()?)?;
        let crossed = crossed(old, new).filter(|_| column == old_column)?;
        self.slices.take_if(|slices| slices.column != column);
        let slices = self.slices.get_or_insert_with(|| Slices::new(chart, column));
        let missing = slices.missing(&crossed)?;
        Some(BrushMove { crossed, missing })
    }

    /// Adds the slices of crossed values: counts the rows of each value separately.
    fn add_slices(&mut self, values: &[usize], change: &FilterChange) {
        let Some(mut slices) = self.slices.take() else { return };
        let mut rows: Vec<Vec<(usize, Word)>> = vec![Vec::new(); values.len()];
        for (index, old, new) in self.changed_words(change) {
            for row in ones(index * 64, old ^ new) {
                let value = self.features.get(row).and_then(|features| slices.value(features));
                let position = value.and_then(|value| values.binary_search(&value).ok());
                let Some(words) = position.and_then(|position| rows.get_mut(position)) else {
                    continue;
                };
                let bit = 1 << (row % 64);
                match words.last_mut() {
                    Some((last, word)) if *last == index => *word |= bit,
                    _ => words.push((index, bit)),
                }
            }
        }
        for (value, words) in values.iter().zip(&rows) {
            let mut slice = Vec::new();
            if !words.is_empty() {
                // Empty copies take the places of the charts and count the rows.
                slice.extend(self.charts.iter().map(|linked| linked.chart.empty_copy()));
                self.swap_charts(&mut slice);
                self.count(Some(change.chart), words, ADD);
                self.swap_charts(&mut slice);
            }
            slices.insert(*value, slice);
        }
        self.slices = Some(slices);
    }

    fn swap_charts(&mut self, charts: &mut [Box<dyn Chart>]) {
        for (linked, chart) in self.charts.iter_mut().zip(charts) {
            std::mem::swap(&mut linked.chart, chart);
        }
    }

    /// The current result of each chart.
    pub fn read(&mut self) -> Vec<ChartResult> {
        self.catch_up();
        let columns = self.columns.borrow();
        let result = |(index, linked): (usize, &LinkedChart)| {
            let others = || self.charts.iter().enumerate().filter(|(other, _)| *other != index);
            let rows_of_chunk = |chunk| {
                let mut rows = self.live.chunk(chunk);
                for (_, other) in others() {
                    if let Some(filter) = &other.filter {
                        let passing = if other.stale {
                            filter.select_chunk(&columns, chunk)
                        } else {
                            other.passing.chunk(chunk)
                        };
                        rows.iter_mut().zip(passing).for_each(|(row, passes)| *row &= passes);
                    }
                }
                rows
            };
            let span = || span_of_rows(&columns, rows_of_chunk);
            linked.chart.result(&ResultContext { reader: &self.reader, span: &span })
        };
        self.charts.iter().enumerate().map(result).collect()
    }

    /// Counts rows in every chart except `changed`, the chart whose filter has changed. A chart counts the rows that
    /// pass the filters of all charts except its own and that of `changed`.
    fn count(&mut self, changed: Option<usize>, words: &[(usize, Word)], by: u32) {
        let filters: Vec<usize> = (0..self.charts.len())
            .filter(|index| Some(*index) != changed)
            .filter(|index| self.charts.get(*index).is_some_and(|linked| linked.filter.is_some()))
            .collect();
        let mut passing = Vec::with_capacity(BLOCK);
        // All charts count a block of rows while it is in the processor's cache.
        for words in words.chunks(BLOCK) {
            self.prefetch(words);
            for index in (0..self.charts.len()).filter(|index| Some(*index) != changed) {
                passing.clear();
                passing.extend_from_slice(words);
                for other in filters.iter().filter(|other| **other != index) {
                    let Some(linked) = self.charts.get(*other) else { return };
                    for (position, rows) in &mut passing {
                        *rows &= linked.passing.word(*position);
                    }
                }
                let Some(linked) = self.charts.get_mut(index) else { return };
                let rows = Rows {
                    features: &self.features,
                    buckets: &self.buckets,
                    stride: self.stride,
                    position: linked.bucket_position.unwrap_or_default(),
                    reader: &self.reader,
                };
                if changed.is_none() {
                    linked.chart.update_total(words, &rows, by);
                }
                linked.chart.update(&passing, &rows, by);
            }
        }
    }

    /// Reads each row once without counting it. So the processor loads many rows at the same time, instead of one
    /// after the other while they are counted. Halves the time of a filter change.
    fn prefetch(&mut self, words: &[(usize, Word)]) {
        let mut checksum = 0_u32;
        for (index, word) in words {
            for row in ones(index * 64, *word) {
                let level = self.features.get(row).map_or(0, |features| u32::from(features.level));
                let bucket = self.buckets.get(row * self.stride).copied().unwrap_or_default();
                checksum = checksum.wrapping_add(level).wrapping_add(bucket);
            }
        }
        self.prefetched = self.prefetched.wrapping_add(checksum);
    }

    /// Counts the changes of the table since the last operation.
    pub(super) fn catch_up(&mut self) {
        let table = match &self.source {
            Source::Table(table) => table,
            Source::View(rows) => {
                if self.live.len() < rows.len() {
                    self.add_rows(&Rc::clone(&self.columns).borrow(), &rows.clone());
                }
                return;
            }
        };
        let columns = Rc::clone(table.borrow().columns());
        if !Rc::ptr_eq(&columns, &self.columns) {
            self.restart(Rc::clone(&columns));
        }
        let columns = columns.borrow();
        let (counted, live) = (self.live.len(), columns.live());
        if columns.replaced() > self.superseded {
            self.drop_slices();
            self.superseded = columns.replaced();
            let old = self.live.words().iter().enumerate();
            let removed = old.map(|(index, old)| (index, old & !live.word(index)));
            let removed: Vec<(usize, Word)> = removed.filter(|(_, word)| *word != 0).collect();
            self.count(None, &removed, REMOVE);
            self.live.and(live);
            self.all = None;
        }
        if counted < columns.len() {
            self.add_rows(&columns, live);
        }
    }

    /// Counts the rows of `live` beyond those that are counted already.
    fn add_rows(&mut self, columns: &CallColumns, live: &Bitmap) {
        let counted = self.live.len();
        self.drop_slices();
        self.read_rows(columns, counted, live.len());
        self.live = live.clone();
        self.all = None;
        let old = |index| if index == counted / 64 { (1 << (counted % 64)) - 1 } else { 0 };
        let new = live.words().iter().copied().enumerate().skip(counted / 64);
        let new: Vec<(usize, Word)> =
            new.map(|(index, word)| (index, word & !old(index))).collect();
        self.count(None, &new, ADD);
    }

    /// Drops the slices, because rows are added or removed.
    fn drop_slices(&mut self) {
        self.refresh();
        self.slices = None;
    }

    /// Reads features, buckets and passed filters of the rows from `first` to `end`.
    fn read_rows(&mut self, columns: &CallColumns, first: usize, end: usize) {
        self.buckets.resize(end * self.stride, 0);
        for chunk in first / CHUNK..end.div_ceil(CHUNK) {
            let start = chunk * CHUNK;
            let rows = first.saturating_sub(start)..CHUNK.min(end - start);
            let to_read = RowsToRead::Range(rows.clone());
            self.reader.read(columns, chunk, &to_read, FeatureSet::ALL, &mut self.features);
            for linked in &mut self.charts {
                let Some(position) = linked.bucket_position else { continue };
                let from = (start + rows.start) * self.stride + position;
                let Some(places) = self.buckets.get_mut(from..) else { continue };
                let mut buckets = Buckets { places, stride: self.stride };
                linked.chart.read_buckets(columns, chunk, &to_read, &mut buckets);
            }
        }
        for linked in &mut self.charts {
            if let Some(filter) = &linked.filter {
                filter.select_from(columns, first, &mut linked.passing);
            }
        }
    }

    /// Drops all counts, because the table has moved to new columns.
    fn restart(&mut self, columns: Rc<RefCell<CallColumns>>) {
        self.columns = columns;
        self.live = Bitmap::default();
        self.superseded = 0;
        self.reader = FeatureReader::default();
        self.features.clear();
        self.buckets.clear();
        self.slices = None;
        self.all = None;
        for linked in &mut self.charts {
            linked.chart = linked.chart.empty_copy();
            linked.passing = Bitmap::default();
            linked.stale = false;
        }
    }
}
