//! The sandbox itself: its options, its clock, and the way of a request from door to endpoint.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::broken;
use crate::calendar::http_date;
use crate::endpoint::{self, Failure};
use crate::fault::{Fault, Faults, Met, Rule};
use crate::http::{Request, Response};
use crate::people::NUMBERS;
use crate::world::World;
use crate::{recording, signature};

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
/// Rows that `shiftRows` has arrive.
const NEWCOMERS: usize = 3;
const MOST_CALLS: u64 = 1_000_000;
/// Year 1 to year 9999, with a century to run into.
const NOW_MS: std::ops::RangeInclusive<i64> = -62_000_000_000_000..=250_000_000_000_000;

/// An option out of its range; the text names it and the range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionsError(pub(crate) String);

impl std::fmt::Display for OptionsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OptionsError {}

impl Options {
    fn faults(&self) -> Result<Faults, OptionsError> {
        Faults::new(self.seed, &self.faults, &self.script)
    }

    fn check(&self) -> Result<(), OptionsError> {
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

/// The pretend vendor.
pub struct Sandbox {
    options: Options,
    world: World,
    now_ms: i64,
    faults: Faults,
}

impl Sandbox {
    /// A world at the start of its clock. The default one is made in a few milliseconds.
    ///
    /// # Errors
    /// When an option is out of its range.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        options.check()?;
        let faults = options.faults()?;
        let world = World::new(&options);
        Ok(Self { now_ms: options.now_ms, world, faults, options })
    }

    /// The virtual clock, epoch milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Lets time pass, to the millisecond. Time does not go back: less than nothing is nothing.
    pub fn advance(&mut self, seconds: f64) {
        let limit = *NOW_MS.end() - self.now_ms;
        // A cast from a float saturates, and takes what is not a number for 0.
        #[expect(clippy::cast_possible_truncation)]
        let passed = (seconds * 1000.0).round() as i64;
        self.now_ms += passed.clamp(0, limit.max(0));
        self.world.run_until(self.now_ms.div_euclid(1000));
    }

    /// Back to the start of the clock, as if nothing had been asked.
    pub fn reset(&mut self) {
        self.world = World::new(&self.options);
        self.now_ms = self.options.now_ms;
        self.faults.reset();
    }

    /// A rule beside those of the script, until the next reset. It counts requests from now on.
    ///
    /// # Errors
    /// When a number of it is out of its range.
    pub fn inject(&mut self, rule: Rule) -> Result<(), OptionsError> {
        self.faults.add(rule)
    }

    /// Answers one request, or says that there is no answer. Does not change the world, which only
    /// time does; but requests are counted, for the faults.
    #[must_use]
    pub fn handle(&self, request: &Request) -> Response {
        let met = self.faults.meet(request);
        let answer = broken::instead(&met)
            .unwrap_or_else(|| broken::alter(&met, self.answer(request, &met)));
        if answer.transport.is_some() {
            return answer;
        }
        let clock = self.server_clock_ms(request) + broken::skew_ms(&met);
        let response = answer.with("date", http_date(clock.div_euclid(1000)));
        let response = if self.options.cors { with_cors(request, response) } else { response };
        if response.status == 204 {
            return response;
        }
        let length = response.body.len().to_string();
        let mut response = response.with("content-length", length);
        if request.method == "HEAD" {
            response.body = Vec::new();
        }
        response
    }

    fn answer(&self, request: &Request, met: &Met) -> Response {
        if self.options.cors && request.method == "OPTIONS" {
            return Response { status: 204, ..Response::default() };
        }
        // Only the end of the path counts, so that it can be put behind any.
        if let Some((_, name)) = request.path().rsplit_once("/recordings/") {
            return recording::answer(&self.world, self.options.seed, request, name);
        }
        let Some((prefix, name)) = request.path().rsplit_once("/openapi/v1/task/") else {
            return Response::new(404, "text/plain;charset=UTF-8", "Not Found");
        };
        if self.options.require_signature {
            let Options { app_key, app_secret, .. } = &self.options;
            let clock = self.server_clock_ms(request);
            if let Err(failure) = signature::check(request, app_key, app_secret, clock) {
                return endpoint::refuse(&failure);
            }
        }
        let here = || format!("{}{prefix}", request.origin());
        let scene = endpoint::Scene {
            world: &self.world,
            now: self.now_ms.div_euclid(1000),
            recordings: self.options.recording_base.clone().unwrap_or_else(here),
            newcomers: if met.changes(Fault::ShiftRows) { NEWCOMERS } else { 0 },
            ignore_index: met.changes(Fault::IgnoreIndex),
        };
        match (request.method.as_str(), name) {
            ("GET", "getTasks") => endpoint::get_tasks(&scene, request),
            ("GET", "getTaskDetail") => endpoint::get_task_detail(&scene, request),
            ("POST", "queryDoneTaskPhones") => endpoint::query_done_task_phones(&scene, request),
            ("POST", "notDialedCustomerList") => {
                endpoint::not_dialed_customer_list(&scene, request)
            }
            ("GET", "phoneLogInfo") => endpoint::phone_log_info(&scene, request),
            _ => endpoint::refuse(&Failure::not_found(name)),
        }
    }

    /// The clock a signature is measured against and the `Date` header shows. With signatures it is
    /// the real one, if the request brought it along, since clients sign with theirs; without, the
    /// virtual one, so that headers too are the same for ever.
    fn server_clock_ms(&self, request: &Request) -> i64 {
        request.wall_ms.filter(|_| self.options.require_signature).unwrap_or(self.now_ms)
    }
}

fn with_cors(request: &Request, response: Response) -> Response {
    let exposed = "date, content-range, accept-ranges, content-length";
    let waits = response.header("retry-after").is_some();
    let exposed = if waits { format!("{exposed}, retry-after") } else { exposed.to_owned() };
    let response = response
        .with("access-control-allow-origin", "*")
        .with("access-control-expose-headers", exposed);
    let Some(headers) = request
        .header("access-control-request-method")
        .map(|_| request.header("access-control-request-headers").unwrap_or_default().to_owned())
    else {
        return response;
    };
    response
        .with("access-control-allow-methods", "GET, HEAD, POST, OPTIONS")
        .with("access-control-allow-headers", headers)
        .with("access-control-max-age", "600")
}
