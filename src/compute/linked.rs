//! Linked charts of one table: each chart counts the calls that pass the filters of all other charts.
//! Not here: the counts of a chart (`chart.rs`), cached counts of a brush (`slices.rs`).
//!
//! A filter is a set of rows. When it changes, the charts count only the rows in which the old set and the new set
//! differ. The same holds for calls that are added to the table or superseded. So the cost of a change depends on
//! the number of changed rows, not on the number of all rows. For a brush that crosses values again, the cost depends
//! only on the number of these values.

use std::cell::RefCell;
use std::rc::Rc;

use super::chart::{Chart, ChartResult};
use super::counts::{ADD, Counts, REMOVE};
use super::filter::Filter;
use super::rows::{Chunk, RowFinder, Rows, Splitter};
use super::slices::{Slices, brushed, crossed};
use super::spans::span_of_rows;
use super::view::View;
use crate::columns::bitmap::{Bitmap, ChunkRows, is_empty};
use crate::error::Result;
use crate::memory::reserve;
use crate::table::{CallColumns, Table};

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
    /// The slices of the last moved brush.
    slices: Option<Slices>,
    /// All calls of the charts, for windows of those that pass the filters. It keeps their order.
    pub(super) all: Option<View>,
    finder: Box<RowFinder>,
}

/// A change of a chart's filter.
struct FilterChange {
    /// The rows that begin to pass.
    entering: Bitmap,
    /// The rows that cease to pass.
    leaving: Bitmap,
    /// The rows that pass now.
    passing: Bitmap,
}

impl FilterChange {
    /// Whether fewer rows pass now than change, so that it is quicker to count them anew.
    fn is_recounted(&self) -> bool {
        self.passing.count() < self.entering.count() + self.leaving.count()
    }
}

/// Takes rows of a chunk, with the charts that count them and their positions.
type CountRows<'a> = dyn FnMut(&Rows, &mut [(usize, &mut LinkedChart)]) + 'a;

/// A move of a brush.
struct BrushMove {
    /// The crossed values, whose rows begin to pass (`ADD`) or cease to pass (`REMOVE`).
    crossed: Vec<(usize, i64)>,
    /// The crossed values without a slice.
    missing: Vec<usize>,
}

/// Charts that count the same rows: those that pass the filters of all charts, or of all but one.
struct RowSet {
    except: Option<usize>,
    charts: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct LinkedChart {
    chart: Box<dyn Chart>,
    /// The counts of the rows that pass the filters of all other charts.
    counts: Counts,
    pub(super) filter: Option<Filter>,
    /// The rows that pass the filter. Undefined without a filter, and if `stale` is true.
    pub(super) passing: Bitmap,
    /// Whether the filter has changed since `passing` was set.
    stale: bool,
}

impl LinkedChart {
    /// Keeps only the rows that pass the filter.
    fn keep_passing(&self, chunk: usize, rows: &mut ChunkRows) {
        if self.filter.is_some() {
            let passing = self.passing.chunk(chunk);
            rows.iter_mut().zip(passing).for_each(|(rows, passing)| *rows &= passing);
        }
    }
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
        let linked = |chart| LinkedChart {
            chart,
            counts: Counts::default(),
            filter: None,
            passing: Bitmap::default(),
            stale: false,
        };
        Self {
            source,
            columns,
            live: Bitmap::default(),
            superseded: 0,
            charts: charts.into_iter().map(linked).collect(),
            slices: None,
            all: None,
            finder: Box::new(RowFinder::new()),
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
        // Sets of rows, and what group keys remember of each row.
        reserve(8 * columns.len() + columns.room_for_questions())
    }

    /// Sets, moves or clears the filter of a chart. The other charts change their counts.
    pub fn filter(&mut self, chart: usize, filter: Option<Filter>) {
        if self.live.len() == 0 {
            // Nothing is counted yet. The first count finds the rows that pass.
            if let Some(linked) = self.charts.get_mut(chart) {
                linked.filter = filter;
            }
            return;
        }
        self.catch_up();
        self.slices.take_if(|slices| slices.chart != chart);
        let mut brush_move = filter.as_ref().and_then(|filter| self.brush_move(chart, filter));
        if brush_move.as_ref().is_some_and(|brush_move| brush_move.missing.is_empty()) {
            let Some(linked) = self.charts.get_mut(chart) else { return };
            linked.filter = filter;
            linked.stale = true;
        } else {
            self.refresh();
            let Some(change) = self.set_filter(chart, filter) else { return };
            brush_move.take_if(|_| change.is_recounted());
            match &brush_move {
                Some(brush_move) => self.add_slices(chart, &brush_move.missing, &change),
                None => self.count_change(chart, &change),
            }
        }
        let (Some(brush_move), Some(slices)) = (brush_move, &self.slices) else { return };
        for (value, by) in brush_move.crossed {
            for (linked, slice) in self.charts.iter_mut().zip(slices.get(value)) {
                linked.counts.merge(slice, by);
            }
        }
        self.slices.take_if(|slices| slices.are_too_large());
    }

    /// Sets the filter of a chart, and finds the rows for which that makes a difference.
    fn set_filter(&mut self, chart: usize, filter: Option<Filter>) -> Option<FilterChange> {
        let linked = self.charts.get_mut(chart)?;
        let passing = |filter: Option<&Filter>, passing: &Bitmap| {
            let mut rows = self.live.clone();
            if filter.is_some() {
                rows.and(passing);
            }
            rows
        };
        let old = passing(linked.filter.as_ref(), &linked.passing);
        if let Some(filter) = &filter {
            filter.select_from(&self.columns.borrow(), 0, &mut linked.passing);
        }
        let new = passing(filter.as_ref(), &linked.passing);
        linked.filter = filter;
        let (mut entering, mut leaving) = (new.clone(), old.clone());
        entering.remove_all(&old);
        leaving.remove_all(&new);
        Some(FilterChange { entering, leaving, passing: new })
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

    /// Counts what a change of a filter changes, or counts anew if fewer rows pass now.
    fn count_change(&mut self, chart: usize, change: &FilterChange) {
        if change.is_recounted() {
            let others = self.charts.iter_mut().enumerate().filter(|(other, _)| *other != chart);
            others.for_each(|(_, linked)| linked.counts.clear());
            self.count(Some(chart), &change.passing, ADD);
        } else {
            self.count(Some(chart), &change.entering, ADD);
            self.count(Some(chart), &change.leaving, REMOVE);
        }
    }

    /// The move of a brush that a new filter means. `None` if the filter is not a brush of the same field, or if too
    /// many crossed values have no slice.
    fn brush_move(&mut self, chart: usize, filter: &Filter) -> Option<BrushMove> {
        let (field, new) = brushed(filter)?;
        let (old_field, old) = brushed(self.charts.get(chart)?.filter.as_ref()?)?;
        let crossed = crossed(old, new).filter(|_| field == old_field)?;
        self.slices.take_if(|slices| slices.field != field);
        let slices = self.slices.get_or_insert_with(|| Slices::new(chart, field));
        let missing = slices.missing(&crossed)?;
        Some(BrushMove { crossed, missing })
    }

    /// Adds the slices of crossed values: counts the rows of each value separately.
    fn add_slices(&mut self, chart: usize, values: &[usize], change: &FilterChange) {
        let Some(mut slices) = self.slices.take() else { return };
        let mut new = vec![vec![Counts::default(); self.charts.len()]; values.len()];
        let mut splitter = Splitter::new(slices.field, values);
        let mut changed = change.entering.clone();
        changed.add_all(&change.leaving);
        self.for_each_set(Some(chart), &changed, &mut |rows, charts| {
            for (rows, slice) in splitter.split(rows).zip(&mut new) {
                for (index, linked) in charts.iter_mut().filter(|_| !rows.all().is_empty()) {
                    if let Some(counts) = slice.get_mut(*index) {
                        linked.chart.count(&rows, counts, ADD);
                    }
                }
            }
        });
        for (value, slice) in values.iter().zip(new) {
            slices.insert(*value, slice);
        }
        self.slices = Some(slices);
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
                    match &other.filter {
                        Some(filter) if other.stale => {
                            let passing = filter.select_chunk(&columns, chunk);
                            rows.iter_mut().zip(passing).for_each(|(rows, now)| *rows &= now);
                        }
                        _ => other.keep_passing(chunk, &mut rows),
                    }
                }
                rows
            };
            linked.chart.result(&linked.counts, &|| span_of_rows(&columns, rows_of_chunk))
        };
        self.charts.iter().enumerate().map(result).collect()
    }

    /// Counts rows in every chart except `changed`, the chart whose filter has changed.
    fn count(&mut self, changed: Option<usize>, rows: &Bitmap, by: i64) {
        self.for_each_set(changed, rows, &mut |rows, charts| {
            for (_, linked) in charts {
                linked.chart.count(rows, &mut linked.counts, by);
            }
        });
    }

    /// Counts rows that the table gets or loses.
    fn count_rows(&mut self, rows: &Bitmap, by: i64) {
        let columns = Rc::clone(&self.columns);
        let columns = columns.borrow();
        for (index, words) in rows.chunks() {
            let chunk = Chunk::new(&columns, index);
            let rows = self.finder.find(&chunk, &words);
            self.charts.iter_mut().for_each(|linked| linked.chart.count_total(&rows, by));
        }
        self.count(None, rows, by);
    }

    /// Calls `visit` with rows of each chunk, and with the charts that count them: all except `changed`. A chart counts the
    /// rows that pass the filters of all charts except its own and that of `changed`.
    fn for_each_set(&mut self, changed: Option<usize>, rows: &Bitmap, visit: &mut CountRows) {
        let columns = Rc::clone(&self.columns);
        let columns = columns.borrow();
        let sets = self.row_sets(changed);
        for (index, words) in rows.chunks() {
            let chunk = Chunk::new(&columns, index);
            for set in &sets {
                let mut words = words;
                for (other, linked) in self.charts.iter().enumerate() {
                    if Some(other) != changed && Some(other) != set.except {
                        linked.keep_passing(index, &mut words);
                    }
                }
                if !is_empty(&words) {
                    let charts = self.charts.iter_mut().enumerate();
                    let mut charts: Vec<(usize, &mut LinkedChart)> =
                        charts.filter(|(index, _)| set.charts.contains(index)).collect();
                    visit(&self.finder.find(&chunk, &words), &mut charts);
                }
            }
        }
    }

    /// The sets of rows that the charts except `changed` count. The charts without a filter count the same rows.
    fn row_sets(&self, changed: Option<usize>) -> Vec<RowSet> {
        let mut sets = vec![RowSet { except: None, charts: Vec::new() }];
        for (index, linked) in self.charts.iter().enumerate() {
            if Some(index) == changed {
                continue;
            }
            if linked.filter.is_some() {
                sets.push(RowSet { except: Some(index), charts: vec![index] });
            } else if let Some(set) = sets.first_mut() {
                set.charts.push(index);
            }
        }
        sets.retain(|set| !set.charts.is_empty());
        sets
    }

    /// Counts the changes of the table since the last operation.
    pub(super) fn catch_up(&mut self) {
        let table = match &self.source {
            Source::Table(table) => table,
            Source::View(rows) => {
                if self.live.len() < rows.len() {
                    self.add_rows(&rows.clone());
                }
                return;
            }
        };
        let columns = Rc::clone(table.borrow().columns());
        if !Rc::ptr_eq(&columns, &self.columns) {
            self.restart(Rc::clone(&columns));
        }
        let columns = columns.borrow();
        let live = columns.live();
        if columns.replaced() > self.superseded {
            self.drop_slices();
            self.superseded = columns.replaced();
            let mut removed = self.live.clone();
            removed.remove_all(live);
            self.count_rows(&removed, REMOVE);
            self.live.and(live);
            self.all = None;
        }
        if self.live.len() < columns.len() {
            self.add_rows(live);
        }
    }

    /// Counts the rows of `live` beyond those that are counted already.
    fn add_rows(&mut self, live: &Bitmap) {
        let counted = self.live.len();
        self.drop_slices();
        for linked in &mut self.charts {
            if let Some(filter) = &linked.filter {
                filter.select_from(&self.columns.borrow(), counted, &mut linked.passing);
            }
        }
        self.all = None;
        let mut new = live.clone();
        new.remove_before(counted);
        self.live = live.clone();
        self.count_rows(&new, ADD);
    }

    /// Drops the slices, because rows are added or removed.
    fn drop_slices(&mut self) {
        self.refresh();
        self.slices = None;
    }

    /// Drops all counts, because the table has moved to new columns.
    fn restart(&mut self, columns: Rc<RefCell<CallColumns>>) {
        self.columns = columns;
        self.live = Bitmap::default();
        self.superseded = 0;
        self.slices = None;
        self.all = None;
        for linked in &mut self.charts {
            linked.chart.forget();
            linked.counts = Counts::default();
            linked.passing = Bitmap::default();
            linked.stale = false;
        }
    }
}
