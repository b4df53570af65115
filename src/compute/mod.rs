//! Filters, sorting, statistics and charts of calls in columns. Each number is computed at one place.
//! Not here: the columns (`table/`), their filling (`ingest/`).
//!
//! - `view.rs`: a set of rows, and its filters, windows, charts and exports
//! - `filter.rs`: a checked filter; `selection.rs`: finds the rows that pass it
//! - `order.rs`: sorts rows; windows of rows
//! - `rows.rs`: the rows of a chunk that are counted; `counts.rs`: the numbers that count them
//! - `dimension.rs`: by what calls can be grouped; `keys.rs`, `buckets.rs`, `value_codes.rs`: small numbers for keys and
//!   values, under which rows are counted
//! - `kinds/`: a kind of chart each; `distribution.rs`: sums and quantiles of counted values
//! - `chart.rs`: what each kind implements; `kinds/mod.rs`: their list; `spec.rs`: reads specs; `spans.rs`: first and last start
//! - `linked.rs`: charts that filter each other; `linked_rows.rs`: the calls that pass their filters; `slices.rs`: cached
//!   counts of a brush
//! - `repeats.rs`: how often the same number was called within a time

mod buckets;
mod chart;
mod counts;
mod dimension;
mod distribution;
mod filter;
mod keys;
mod kinds;
mod linked;
mod linked_rows;
mod order;
mod repeats;
mod rows;
mod selection;
mod slices;
mod spans;
mod spec;
mod value_codes;
mod view;

pub use chart::{Chart, ChartResult, Part};
pub use filter::Filter;
pub use keys::GroupKey;
pub(crate) use keys::result_named;
pub use kinds::{chart, linked_chart};
pub use linked::Linked;
pub use order::Order;
pub use repeats::Repeats;
pub use spec::{ParseNumber, no_such_option};
pub use view::View;
