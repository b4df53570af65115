//! Questions asked of columns. Every number is defined once, here. Not here: how calls get into the
//! columns (`table/`).
//!
//! - `filter.rs`: which rows, `passing.rs` finds them; `view.rs`: a set of rows, and all that can be asked of one
//! - `order.rs`: rows in an order, a window of them at a time
//! - `facts.rs`, `slots.rs`, `keys.rs`: what is looked at in a row, as small numbers
//! - `statistics.rs`, `groups.rs`, `histogram.rs`, `heatmap.rs`: what is counted, and what it says
//! - `chart.rs`: any of these; `linked.rs`: several, each filtering the others; `slices.rs`: what its brush remembers

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
pub use keys::{Dimension, GroupKey};
pub use linked::Linked;
pub use order::Order;
pub use statistics::{Measured, Statistics, StatisticsOptions};
pub use view::View;
