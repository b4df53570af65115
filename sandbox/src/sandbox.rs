//! The sandbox: its clock, and the routing of a request to its endpoint. Not here: options (`options.rs`).

use crate::calendar::http_date;
use crate::endpoint::envelope::{EndpointContext, refuse};
use crate::endpoint::failure::Failure;
use crate::endpoint::query_done_task_phones::MAX_PAGE_SIZE;
use crate::endpoint::{self, Endpoint};
use crate::error::OptionsError;
use crate::fault::{AppliedFault, Fault, Faults, Rule};
use crate::fault_response;
use crate::http::{Request, Response};
use crate::initial_tasks::initial_tasks;
use crate::options::{NOW_MS, Options};
use crate::scenario::plan;
use crate::scenario::truth::Truth;
use crate::simulation_state::SimulationState;
use crate::{recording, signature};

/// Number of rows that `shiftRows` adds at the head of a list.
const SHIFTED_ROWS: usize = 3;
/// Number of calls in a body of `done_calls`.
const CALLS_AT_ONCE: usize = 5000;

/// The sandbox: a mock server of BYRobot.
pub struct Sandbox {
    options: Options,
    state: SimulationState,
    truth: Vec<Truth>,
    now_ms: i64,
    faults: Faults,
}

impl Sandbox {
    /// A sandbox at the start of its clock. With default options this takes a few milliseconds.
    ///
    /// # Errors
    /// If an option is out of its range.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        options.check()?;
        let faults = options.faults()?;
        let (state, truth) = initial_state(&options);
        Ok(Self { now_ms: options.now_ms, state, truth, faults, options })
    }

    /// What is hidden in the companies of a scenario, as JSON: a list with an object for each company.
    #[must_use]
    pub fn truth(&self) -> String {
        // Every value here has a JSON form, so this never fails.
        let truth: Vec<_> = self.truth.iter().map(|truth| &truth.json).collect();
        serde_json::to_string(&truth).unwrap_or_default()
    }

    /// The virtual clock, epoch milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Advances the clock, to the millisecond. The clock does not go back: a negative number counts as 0.
    pub fn advance(&mut self, seconds: f64) {
        let limit = *NOW_MS.end() - self.now_ms;
        // A cast from a float saturates; NaN becomes 0.
        #[expect(clippy::cast_possible_truncation)]
        let passed = (seconds * 1000.0).round() as i64;
        self.now_ms += passed.clamp(0, limit.max(0));
        self.state.run_until(self.now_ms.div_euclid(1000));
    }

    /// Resets the clock, the tasks, the count of requests and the rules to their initial state.
    pub fn reset(&mut self) {
        (self.state, self.truth) = initial_state(&self.options);
        self.now_ms = self.options.now_ms;
        self.faults.reset();
    }

    /// Adds a rule to those of the script, until the next reset. It counts requests from now on.
    ///
    /// # Errors
    /// If a number of the rule is out of its range.
    pub fn inject(&mut self, rule: Rule) -> Result<(), OptionsError> {
        self.faults.add(rule)
    }

    /// Answers one request, or names the transport fault that replaces the answer. Only time changes tasks and calls; a
    /// request changes only the count of requests, which decides faults.
    #[must_use]
    pub fn handle(&self, request: &Request) -> Response {
        let applied = self.faults.apply(request);
        let answer = fault_response::replacement(&applied)
            .unwrap_or_else(|| fault_response::corrupt(&applied, self.answer(request, &applied)));
        if answer.transport.is_some() {
            return answer;
        }
        let clock = self.server_clock_ms(request) + fault_response::skew_ms(&applied);
        let response = answer.with_header("date", http_date(clock.div_euclid(1000)));
        let response = if self.options.cors { with_cors(request, response) } else { response };
        if response.status == 204 {
            return response;
        }
        let length = response.body.len().to_string();
        let mut response = response.with_header("content-length", length);
        if request.method == "HEAD" {
            response.body = Vec::new();
        }
        response
    }

    fn answer(&self, request: &Request, applied: &AppliedFault) -> Response {
        if self.options.cors && request.method == "OPTIONS" {
            return Response { status: 204, ..Response::default() };
        }
        // Only the end of the path counts, so the sandbox works below any path prefix.
        if let Some((_, name)) = request.path().rsplit_once("/recordings/") {
            return recording::answer(&self.state, self.options.seed, request, name);
        }
        let Some((prefix, name)) = request.path().rsplit_once(endpoint::PATH) else {
            return Response::new(404, "text/plain;charset=UTF-8", "Not Found");
        };
        if self.options.require_signature {
            let Options { app_key, app_secret, .. } = &self.options;
            let clock = self.server_clock_ms(request);
            if let Err(failure) = signature::check(request, app_key, app_secret, clock) {
                return refuse(&failure);
            }
        }
        let default_base = || format!("{}{prefix}", request.origin());
        let context = EndpointContext {
            shifted_rows: if applied.changes(Fault::ShiftRows) { SHIFTED_ROWS } else { 0 },
            ignore_index: applied.changes(Fault::IgnoreIndex),
            ..self.context(self.options.recording_base.clone().unwrap_or_else(default_base))
        };
        match Endpoint::named(name).filter(|endpoint| endpoint.method() == request.method) {
            Some(endpoint) => endpoint.answer(&context, request),
            None => refuse(&Failure::not_found(name)),
        }
    }

    fn context(&self, recordings: String) -> EndpointContext<'_> {
        EndpointContext {
            state: &self.state,
            now: self.now_ms.div_euclid(1000),
            recordings,
            shifted_rows: 0,
            ignore_index: false,
            most_done_calls: MAX_PAGE_SIZE,
        }
    }

    /// The `page_num`-th body of `queryDoneTaskPhones` with thousands of calls, which the vendor does not have: a fast way
    /// to fill a table.
    /// `None` beyond the last call.
    #[must_use]
    pub fn done_calls(&self, call_job_id: u64, page_num: u32) -> Option<Vec<u8>> {
        let before = (page_num as usize).saturating_sub(1).saturating_mul(CALLS_AT_ONCE);
        self.state.task(call_job_id).filter(|task| before < task.dialler.ended.len())?;
        let recordings = self.options.recording_base.clone().unwrap_or_default();
        let context =
            EndpointContext { most_done_calls: CALLS_AT_ONCE, ..self.context(recordings) };
        let asked = format!(
            r#"{{"callJobId":{call_job_id},"pageNum":{page_num},"pageSize":{CALLS_AT_ONCE}}}"#
        );
        Some(Endpoint::QueryDoneTaskPhones.answer(&context, &Request::post("", asked)).body)
    }

    /// The clock of the `Date` header and of the check of signatures. With signatures it is the real clock, if the
    /// request has its time, because clients sign with the real clock. Without signatures it is the virtual clock, so
    /// headers are deterministic too.
    fn server_clock_ms(&self, request: &Request) -> i64 {
        request.wall_ms.filter(|_| self.options.require_signature).unwrap_or(self.now_ms)
    }
}

/// The tasks at the start of the clock, and what is hidden in them.
fn initial_state(options: &Options) -> (SimulationState, Vec<Truth>) {
    let now = options.now_ms.div_euclid(1000);
    let (tasks, truth) = match &options.scenario {
        Some(scenario) => plan::tasks(options, scenario),
        None => (initial_tasks(options), Vec::new()),
    };
    (SimulationState::new(tasks, now), truth)
}

fn with_cors(request: &Request, response: Response) -> Response {
    let exposed = "date, content-range, accept-ranges, content-length";
    let has_retry_after = response.header("retry-after").is_some();
    let exposed =
        if has_retry_after { format!("{exposed}, retry-after") } else { exposed.to_owned() };
    let response = response
        .with_header("access-control-allow-origin", "*")
        .with_header("access-control-expose-headers", exposed);
    let Some(headers) = request
        .header("access-control-request-method")
        .map(|_| request.header("access-control-request-headers").unwrap_or_default().to_owned())
    else {
        return response;
    };
    response
        .with_header("access-control-allow-methods", "GET, HEAD, POST, OPTIONS")
        .with_header("access-control-allow-headers", headers)
        .with_header("access-control-max-age", "600")
}
