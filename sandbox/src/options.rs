//! The options of a sandbox, their defaults and limits.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::OptionsError;
use crate::fault::{Fault, Faults, Rule};
use crate::people::NUMBERS;
use crate::scenario::Scenario;

/// Options of a sandbox. Every option has a default; the same options give the same data.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Options {
    /// Seed of the generated data; any number. Default 1.
    pub seed: u64,
    /// The companies that own the tasks. Tasks are assigned to them in turn; other companies have none. Default: 1.
    pub companies: Vec<u64>,
    /// Number of tasks, without those marked as deleted (one more for every eight). From eleven tasks on, every status
    /// occurs. Default 24.
    pub tasks: u32,
    /// Number of telephone numbers per task; `None`: from 200 to 2,000, different for each task.
    pub calls_per_task: Option<u32>,
    /// A company's history in place of `tasks` and `calls_per_task`. Default: none.
    pub scenario: Option<Scenario>,
    /// Start of the virtual clock, epoch milliseconds. Default 2024-03-15 10:30 in Shanghai.
    pub now_ms: i64,
    /// Whether requests must be signed. Default false.
    pub require_signature: bool,
    /// The key that signs. Default `DemoAppKey000000`.
    pub app_key: String,
    /// The key's secret. Default `DemoAppSecret0000000000000000`.
    pub app_secret: String,
    /// Whether pages of other origins may read the answers. The vendor's document does not mention CORS, so the default
    /// is false.
    pub cors: bool,
    /// Base URL of recordings, `http://host:port` without a slash at the end. `None`: the origin and path prefix of the
    /// request.
    pub recording_base: Option<String>,
    /// Probability of each fault, from 0 to 1. Faults that fail a request exclude each other, so their sum is at most 1.
    pub faults: BTreeMap<Fault, f64>,
    /// Faults of certain requests. If a rule applies to a request, `faults` does not.
    pub script: Vec<Rule>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            companies: vec![1],
            tasks: 24,
            calls_per_task: None,
            scenario: None,
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

const MAX_TASKS: u32 = 500;
const MAX_CALLS: u64 = 1_000_000;
/// Range of the virtual clock: years 6 to 9892. The formats end at year 9999.
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
        if self.tasks > MAX_TASKS {
            return refuse(format!("tasks must be at most {MAX_TASKS}"));
        }
        if let Some(calls) = self.calls_per_task {
            if !(1..=NUMBERS).contains(&calls) {
                return refuse(format!("callsPerTask must be from 1 to {NUMBERS}"));
            }
            if u64::from(calls) * u64::from(self.tasks) > MAX_CALLS {
                return refuse(format!("tasks × callsPerTask must be at most {MAX_CALLS}"));
            }
        }
        if let Some(scenario) = &self.scenario {
            scenario.check()?;
            if scenario.calls() * self.companies.len() as u64 > MAX_CALLS {
                return refuse(format!(
                    "companies × scenario.days × scenario.callsPerDay must be at most {MAX_CALLS}"
                ));
            }
        }
        if !NOW_MS.contains(&self.now_ms) {
            return refuse("now must be a date between the years 6 and 9892".into());
        }
        Ok(())
    }
}
