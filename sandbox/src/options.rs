//! The options of a sandbox, their defaults and limits.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::OptionsError;
use crate::fault::{Fault, Faults, Rule};
use crate::people::NUMBERS;

/// What a sandbox is made of. Everything has a default; the same options make the same world.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Options {
    /// Which world; any number is one. Default 1.
    pub seed: u64,
    /// The companies that have the tasks, which are dealt out to them in turn; all others have none.
    /// Default 1.
    pub companies: Vec<u64>,
    /// How many tasks it has, not counting those marked as deleted (one more for every eight).
    /// Eleven and more show every status. Default 24.
    pub tasks: u32,
    /// How many numbers each task has; without it, from 200 to 2,000, different for each.
    pub calls_per_task: Option<u32>,
    /// Start of the virtual clock, epoch milliseconds. Default 2024-03-15 10:30 in Shanghai.
    pub now_ms: i64,
    /// Whether requests must be signed. Default false.
    pub require_signature: bool,
    /// Default `DemoAppKey000000`.
    pub app_key: String,
    /// Default `DemoAppSecret0000000000000000`.
    pub app_secret: String,
    /// Whether pages of other origins may read the answers. The vendor says nothing of CORS, so by
    /// default they may not.
    pub cors: bool,
    /// Where recordings are, `http://host:port` without a slash at the end. Without it they are
    /// where the request believed us to be, below the same path.
    pub recording_base: Option<String>,
    /// How probable a fault is, from 0 to 1. Those that fail a request exclude each other, so that
    /// they add up to at most 1.
    pub faults: BTreeMap<Fault, f64>,
    /// Faults that happen to certain requests. Where a rule applies, chance has no say.
    pub script: Vec<Rule>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            companies: vec![1],
            tasks: 24,
            calls_per_task: None,
            now_ms: 1_710_469_800_000,
            require_signature: false,
            app_key: "DemoAppKey000000".into(),
            app_secret: "DemoAppSecret0000000000000000".into(),
            cors: false,
            recording_base: None,
            faults: BTreeMap::new(),
            script: Vec::new(),
        }
    }
}

const MOST_TASKS: u32 = 500;
const MOST_CALLS: u64 = 1_000_000;
/// Year 1 to year 9999, with a century to run into.
pub(crate) const NOW_MS: std::ops::RangeInclusive<i64> = -62_000_000_000_000..=250_000_000_000_000;

impl Options {
    pub(crate) fn faults(&self) -> Result<Faults, OptionsError> {
        Faults::new(self.seed, &self.faults, &self.script)
    }

    pub(crate) fn check(&self) -> Result<(), OptionsError> {
        let refuse = |text: String| Err(OptionsError(text));
        if self.companies.is_empty() {
            return refuse("companies must name one or more".into());
        }
        if self.tasks > MOST_TASKS {
            return refuse(format!("tasks must be at most {MOST_TASKS}"));
        }
        if let Some(calls) = self.calls_per_task {
            if !(1..=NUMBERS).contains(&calls) {
                return refuse(format!("callsPerTask must be from 1 to {NUMBERS}"));
            }
            if u64::from(calls) * u64::from(self.tasks) > MOST_CALLS {
                return refuse(format!("tasks × callsPerTask must be at most {MOST_CALLS}"));
            }
        }
        if !NOW_MS.contains(&self.now_ms) {
            return refuse("now must be a date between the years 6 and 9892".into());
        }
        Ok(())
    }
}
