//! The vendor's five endpoints, one file each, and their shared parts: pages, the envelope.
//! Every answer comes with HTTP status 200, also a refusal (the document does not say otherwise);
//! the vendor's own `code` is in the envelope.

pub(crate) mod arguments;
pub(crate) mod failure;
mod get_task_detail;
mod get_tasks;
mod not_dialed_customer_list;
mod phone_log_info;
mod query_done_task_phones;

use serde::Serialize;

use crate::http::Response;
use crate::outcome::Attempt;
use crate::people::{LINES, Line};
use crate::simulation_state::SimulationState;

use arguments::{Arguments, PageRequest};
pub(crate) use failure::Failure;
pub(crate) use get_task_detail::get_task_detail;
pub(crate) use get_tasks::get_tasks;
pub(crate) use not_dialed_customer_list::not_dialed_customer_list;
pub(crate) use phone_log_info::phone_log_info;
pub(crate) use query_done_task_phones::query_done_task_phones;

/// What an endpoint answers from.
pub(crate) struct Scene<'a> {
    pub world: &'a SimulationState,
    /// The virtual clock, in seconds.
    pub now: i64,
    /// Where `/recordings/` is.
    pub recordings: String,
    /// How many rows have, it seems, arrived at the head of a list since its first page was read.
    pub newcomers: usize,
    /// Whether `index` counts for nothing.
    pub ignore_index: bool,
}

/// Every endpoint but one says so.
const DONE: &str = "操作成功";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, T> {
    code: u32,
    data: Option<T>,
    result_msg: &'a str,
    error_stack_trace: Option<String>,
}

/// The envelope of a refusal. The trace names the culprit, as servers' internals do.
pub(crate) fn refuse(failure: &Failure) -> Response {
    let trace = format!("com.byrobot.openapi.ApiException: {} {}", failure.code, failure.culprit);
    write(&Envelope::<()> {
        code: failure.code,
        data: None,
        result_msg: failure.message,
        error_stack_trace: Some(trace),
    })
}

fn respond<T: Serialize>(message: &str, answer: Result<T, Failure>) -> Response {
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
    // Nothing written here has a form that JSON lacks.
    let body = serde_json::to_vec(envelope).unwrap_or_default();
    Response::new(200, "application/json;charset=UTF-8", body)
}

/// `PageHelper`'s page. A page beyond the last is empty and keeps its number.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the vendor's names")]
struct Page<T> {
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
    /// `first_row` is what the first of all rows is called: the document counts from 1 in `getTasks`
    /// and from 0 in `queryDoneTaskPhones`.
    fn new(request: PageRequest, total: usize, first_row: usize, list: Vec<T>) -> Self {
        let PageRequest { number: page_num, size: page_size, newcomers } = request;
        let total = total + newcomers;
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

/// `{"name": …, "value": …}`, which the vendor uses for counts and for results alike.
#[derive(Serialize)]
struct Named<N, V> {
    name: N,
    value: V,
}

fn line(attempt: &Attempt) -> Option<&'static Line> {
    LINES.get(attempt.line)
}

/// A time of day on the first of January 1970, as `secondaryCallTime` is sent.
fn on_day_zero(second_of_day: i64) -> String {
    format!("1970-01-01 {}", crate::calendar::time_of_day(second_of_day))
}
