//! The vendor's five endpoints, one file each, and what they share: arguments, pages, the envelope.
//! Every answer comes with HTTP status 200, also a refusal (the document does not say otherwise);
//! the vendor's own `code` is in the envelope.

mod get_task_detail;
mod get_tasks;
mod not_dialed_customer_list;
mod phone_log_info;
mod query_done_task_phones;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::http::{Request, Response};
use crate::outcome::Attempt;
use crate::people::{LINES, Line};
use crate::world::World;

pub(crate) use get_task_detail::get_task_detail;
pub(crate) use get_tasks::get_tasks;
pub(crate) use not_dialed_customer_list::not_dialed_customer_list;
pub(crate) use phone_log_info::phone_log_info;
pub(crate) use query_done_task_phones::query_done_task_phones;

/// What an endpoint answers from.
pub(crate) struct Scene<'a> {
    pub world: &'a World,
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

/// Why an endpoint does not answer.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u32,
    message: &'static str,
    /// The argument or header at fault.
    culprit: String,
}

impl Failure {
    pub(crate) fn unauthorized(culprit: &str) -> Self {
        Self { code: 401, message: "校验数据错误", culprit: culprit.to_owned() }
    }
    pub(crate) fn forbidden(culprit: &str) -> Self {
        Self { code: 403, message: "权限不足", culprit: culprit.to_owned() }
    }
    pub(crate) fn not_found(culprit: &str) -> Self {
        Self { code: 404, message: "资源未找到", culprit: culprit.to_owned() }
    }
    pub(crate) fn clock(culprit: &str) -> Self {
        Self { code: 408, message: "时间选择不对", culprit: culprit.to_owned() }
    }
    pub(crate) fn parameter(culprit: &str) -> Self {
        Self { code: 412, message: "参数错误", culprit: culprit.to_owned() }
    }
    pub(crate) fn unknown() -> Self {
        Self {
            code: 500, message: "未知错误", culprit: "java.lang.NullPointerException".into()
        }
    }
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

/// The page that a request asks for; nothing, if what it says is no number.
pub(crate) fn page_number(request: &Request) -> Option<i64> {
    let arguments = if request.method == "POST" {
        Arguments::of_body(request).ok()?
    } else {
        Arguments::of_query(request)
    };
    Some(arguments.integer("pageNum").ok()?.unwrap_or(1))
}

/// The arguments of a request, from its query or its JSON body. Numbers may come as text, as Spring
/// and Jackson allow; an argument that is null or empty is as good as absent.
struct Arguments(Map<String, Value>);

impl Arguments {
    fn of_query(request: &Request) -> Self {
        Self(request.query().map(|(name, value)| (name, Value::String(value))).collect())
    }

    /// A body must be declared as JSON and be an object.
    fn of_body(request: &Request) -> Result<Self, Failure> {
        let media_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
        if !media_type.starts_with("application/json") {
            return Err(Failure::parameter("Content-Type"));
        }
        serde_json::from_slice(&request.body).map(Self).map_err(|_| Failure::parameter("body"))
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null() && *value != "")
    }

    fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        let read = |value: &'_ Value| value.as_str().is_some();
        match self.get(name) {
            None => Ok(None),
            Some(value) if read(value) => Ok(value.as_str()),
            Some(_) => Err(Failure::parameter(name)),
        }
    }

    fn integer(&self, name: &str) -> Result<Option<i64>, Failure> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
        number.map(Some).ok_or_else(|| Failure::parameter(name))
    }

    fn flag(&self, name: &str) -> Result<bool, Failure> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) if text == "true" => Ok(true),
            Some(Value::String(text)) if text == "false" => Ok(false),
            Some(_) => Err(Failure::parameter(name)),
        }
    }

    /// A required id.
    fn id(&self, name: &str) -> Result<u64, Failure> {
        let id = self.integer(name)?.and_then(|id| u64::try_from(id).ok());
        id.ok_or_else(|| Failure::parameter(name))
    }

    /// `pageNum` (from 1, default 1) and `pageSize` (from 1 to the limit, default 10), of a list at
    /// whose head so many rows have arrived. The first page is as it is: there are no such rows.
    fn page(&self, limit: usize, newcomers: usize) -> Result<PageRequest, Failure> {
        let read = |name, default, most| {
            let number = self.integer(name)?.unwrap_or(default);
            let number = usize::try_from(number).ok().filter(|number| (1..=most).contains(number));
            number.ok_or_else(|| Failure::parameter(name))
        };
        let number = read("pageNum", 1, i32::MAX as usize)?;
        let size = read("pageSize", 10, limit)?;
        Ok(PageRequest { number, size, newcomers: if number == 1 { 0 } else { newcomers } })
    }
}

#[derive(Clone, Copy)]
struct PageRequest {
    number: usize,
    size: usize,
    newcomers: usize,
}

impl PageRequest {
    fn offset(self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }

    /// The page's part of the rows that there are.
    fn of<T>(self, rows: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        rows.skip(self.offset().saturating_sub(self.newcomers)).take(self.size)
    }
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
