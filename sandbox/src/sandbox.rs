//! The sandbox: its clock, and the route of a request to its endpoint. Not here: options (`options.rs`).

use crate::calendar::http_date;
use crate::endpoint::{self, Failure};
use crate::error::OptionsError;
use crate::fault::{AppliedFault, Fault, Faults, Rule};
use crate::fault_response;
use crate::http::{Request, Response};
use crate::options::{NOW_MS, Options};
use crate::simulation_state::SimulationState;
use crate::{recording, signature};

/// Rows that `shiftRows` has arrive.
const NEWCOMERS: usize = 3;
/// The sandbox: a mock server of BYRobot.
pub struct Sandbox {
    options: Options,
    world: SimulationState,
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
        let world = SimulationState::new(&options);
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
        self.world = SimulationState::new(&self.options);
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
        let answer = fault_response::instead(&met)
            .unwrap_or_else(|| fault_response::alter(&met, self.answer(request, &met)));
        if answer.transport.is_some() {
            return answer;
        }
        let clock = self.server_clock_ms(request) + fault_response::skew_ms(&met);
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

    fn answer(&self, request: &Request, met: &AppliedFault) -> Response {
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
