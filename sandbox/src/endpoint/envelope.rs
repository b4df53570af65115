//! The shared parts of answers: pages, the envelope; and what an answer is made of. Every answer has HTTP status 200,
//! also a refusal (the document does not state another); the vendor's own `code` is in the envelope.

use serde::Serialize;

use super::arguments::PageRequest;
use super::failure::Failure;
use crate::http::Response;
use crate::outcome::Attempt;
use crate::people::{LINES, Line};
use crate::simulation_state::SimulationState;

/// The input of an endpoint besides the request.
pub(crate) struct EndpointContext<'a> {
    pub state: &'a SimulationState,
    /// The virtual clock, in seconds.
    pub now: i64,
    /// Base URL of `/recordings/`.
    pub recordings: String,
    /// Simulated number of rows added at the head of a list since its first page.
    pub shifted_rows: usize,
    /// Whether `index` is ignored.
    pub ignore_index: bool,
    /// Greatest page of ended calls.
    pub most_done_calls: usize,
}

/// `resultMsg` of every endpoint except `phoneLogInfo`.
pub(super) const SUCCESS_MESSAGE: &str = "操作成功";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, T> {
    code: u32,
    data: Option<T>,
    result_msg: &'a str,
    error_stack_trace: Option<String>,
}

/// The envelope of a refusal. The trace names the argument or header at fault, like a Java server's trace.
pub(crate) fn refuse(failure: &Failure) -> Response {
    let trace = format!("com.byrobot.openapi.ApiException: {} {}", failure.code, failure.cause);
    write(&Envelope::<()> {
        code: failure.code,
        data: None,
        result_msg: failure.message,
        error_stack_trace: Some(trace),
    })
}

pub(super) fn respond<T: Serialize>(message: &str, answer: Result<T, Failure>) -> Response {
    match answer {
        Err(failure) => refuse(&failure),
        Ok(data) => write(&Envelope {
            code: 200,
            data: Some(data),
            result_msg: message,
            error_stack_trace: None,
        }),
    }
}

fn write<T: Serialize>(envelope: &T) -> Response {
    // Every value here has a JSON form, so this never fails.
    let body = serde_json::to_vec(envelope).unwrap_or_default();
    Response::new(200, "application/json;charset=UTF-8", body)
}

/// `PageHelper`'s page. A page beyond the last is empty and keeps its number.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the vendor's names")]
pub(super) struct Page<T> {
    page_num: usize,
    page_size: usize,
    size: usize,
    order_by: Option<&'static str>,
    start_row: usize,
    end_row: usize,
    total: usize,
    pages: usize,
    list: Vec<T>,
}

impl<T> Page<T> {
    /// `first_row` is the number of the list's first row: the document counts from 1 in `getTasks` and from 0 in
    /// `queryDoneTaskPhones`.
    pub(super) fn new(request: PageRequest, total: usize, first_row: usize, list: Vec<T>) -> Self {
        let PageRequest { number: page_num, size: page_size, shifted_rows } = request;
        let total = total + shifted_rows;
        let size = list.len();
        let start_row = if size == 0 { 0 } else { request.offset() + first_row };
        Self {
            page_num,
            page_size,
            size,
            order_by: None,
            start_row,
            end_row: (start_row + size).saturating_sub(1),
            total,
            pages: total.div_ceil(page_size),
            list,
        }
    }
}

/// `{"name": …, "value": …}`, the vendor's form of counts and of results.
#[derive(Serialize)]
pub(super) struct Named<N, V> {
    pub(super) name: N,
    pub(super) value: V,
}

pub(super) fn line(attempt: &Attempt) -> Option<&'static Line> {
    LINES.get(attempt.line)
}

/// A time of day on 1 January 1970, the format of `secondaryCallTime`.
pub(super) fn on_day_zero(second_of_day: i64) -> String {
    format!("1970-01-01 {}", crate::calendar::time_of_day(second_of_day))
}
