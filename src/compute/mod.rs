//! Filters, sorting, statistics and charts of calls in columns. Each number is computed at one place.
//! Not here: the columns (`table/`), their filling (`ingest/`).
//!
//! - `view.rs`: a set of rows, and its filters, windows, charts and exports
//! - `filter.rs`: a checked filter; `selection.rs`: finds the rows that pass it
//! - `order.rs`: sorts rows; windows of rows
//! - `row_features.rs`, `value_codes.rs`, `keys.rs`: per-row inputs of the aggregates, as small numbers
//! - `statistics.rs`, `groups.rs`, `histogram.rs`, `heatmap.rs`: an aggregate each: init, add, remove, value
//! - `chart.rs`: a chart of any kind; `linked.rs`: charts that filter each other; `slices.rs`: cached counts of a brush

mod chart;
mod filter;
mod groups;
mod heatmap;
mod histogram;
mod keys;
mod linked;
mod order;
mod row_features;
mod selection;
mod slices;
mod statistics;
mod value_codes;
mod view;

pub use chart::{ChartResult, ChartSpec};
pub use filter::Filter;
pub use groups::Group;
pub use heatmap::Heatmap;
pub use histogram::{Bins, Histogram, HistogramField};
pub(crate) use keys::result_named;
pub use keys::{Dimension, GroupKey};
pub use linked::Linked;
pub use order::Order;
pub use statistics::{Measured, Statistics, StatisticsOptions};
pub use view::View;
