//! `POST queryDoneTaskPhones`: the calls of a task that have ended, newest first, so rows move from page to page while a
//! task runs. With an `index` of 0 or more: the calls that ended after the call with that index, oldest first, so a
//! cursor can follow them (the document does not define the order).

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::arguments::Arguments;
use super::envelope::{EndpointContext, Named, Page, SUCCESS_MESSAGE, line, on_day_zero, respond};
use super::failure::Failure;
use crate::calendar::date_time;
use crate::dialler::Call;
use crate::http::{Request, Response};
use crate::outcome::Attempt;
use crate::task::Task;

pub(crate) const MAX_PAGE_SIZE: usize = 50;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    call_instance_id: u64,
    scene_def_id: u64,
    call_job_id: u64,
    customer_telephone: String,
    customer_name: String,
    status: u8,
    finish_status: u8,
    /// `"27秒"`, as in the document's example (its table says int).
    duration: String,
    chat_round: u32,
    start_time: String,
    end_time: String,
    caller_phone: Option<&'static str>,
    call_index: u32,
    luyin_oss_url: Option<String>,
    secondary_call_time: String,
    secondary_call_times: u32,
    gmt_create: String,
    gmt_modified: String,
    job_name: &'a str,
    result_list: Vec<Named<&'static str, Cow<'static, str>>>,
}

impl<'a> Row<'a> {
    fn new(context: &EndpointContext, task: &'a Task, position: u32, call: &Call) -> Self {
        let attempt = &call.attempt;
        let customer = task.customer(position);
        let call_instance_id = task.call_instance_id(position);
        let mut result_list = Vec::new();
        task.results(call, |name, value| result_list.push(Named { name, value }));
        Self {
            call_instance_id,
            scene_def_id: task.script_id,
            call_job_id: task.call_job_id,
            customer_telephone: customer.telephone,
            customer_name: customer.name,
            status: call.status as u8,
            finish_status: attempt.finish as u8,
            duration: format!("{}秒", attempt.talk.duration),
            chat_round: attempt.talk.rounds,
            start_time: date_time(attempt.starts),
            end_time: date_time(attempt.ends),
            caller_phone: line(attempt).map(|line| line.phone),
            call_index: call.index,
            luyin_oss_url: context.recording_url(call_instance_id, attempt.finish),
            secondary_call_time: on_day_zero(task.config.hours.starts),
            secondary_call_times: call.attempts.saturating_sub(1),
            gmt_create: date_time(task.created),
            gmt_modified: date_time(attempt.ends),
            job_name: &task.name,
            result_list,
        }
    }
}

/// Filter of ended calls. Bounds are inclusive; a call must have every requested result with exactly the same label.
struct Filter {
    duration: (Option<i64>, Option<i64>),
    rounds: (Option<i64>, Option<i64>),
    finish: Option<i64>,
    results: Vec<(String, String)>,
}

impl Filter {
    fn read(arguments: &Arguments) -> Result<Self, Failure> {
        let integer = |name| arguments.integer(name);
        Ok(Self {
            duration: (integer("durationLeft")?, integer("durationRight")?),
            rounds: (integer("chatRoundLeft")?, integer("chatRoundRight")?),
            finish: integer("finishStatus")?,
            results: results(arguments.get("resultQueryList"))?,
        })
    }

    fn is_empty(&self) -> bool {
        let open = (None, None);
        let bounds = self.duration == open && self.rounds == open;
        bounds && self.finish.is_none() && self.results.is_empty()
    }

    fn select(&self, task: &Task, positions: &[u32]) -> Vec<u32> {
        let matching =
            |position: &u32| task.call_at(*position).is_some_and(|call| self.matches(task, call));
        positions.iter().copied().filter(matching).collect()
    }

    fn matches(&self, task: &Task, call: &Call) -> bool {
        let Attempt { finish, talk, .. } = &call.attempt;
        let within = |value: u32, (least, most): (Option<i64>, Option<i64>)| {
            let value = i64::from(value);
            least.is_none_or(|least| least <= value) && most.is_none_or(|most| value <= most)
        };
        let numbers_match = within(talk.duration, self.duration)
            && within(talk.rounds, self.rounds)
            && self.finish.is_none_or(|wanted| *finish as i64 == wanted);
        numbers_match && (self.results.is_empty() || self.matches_results(task, call))
    }

    fn matches_results(&self, task: &Task, call: &Call) -> bool {
        let mut missing: Vec<_> = self.results.iter().collect();
        task.results(call, |name, value| {
            missing.retain(|(wanted, label)| wanted != name || *label != value);
        });
        missing.is_empty()
    }
}

fn results(list: Option<&Value>) -> Result<Vec<(String, String)>, Failure> {
    let wrong = || Failure::parameter("resultQueryList");
    let Some(list) = list else { return Ok(Vec::new()) };
    let pair = |item: &Value| {
        let text = |name| item.get(name)?.as_str().map(str::to_owned);
        text("name").zip(text("value")).ok_or_else(wrong)
    };
    list.as_array().ok_or_else(wrong)?.iter().map(pair).collect()
}

/// `POST queryDoneTaskPhones`
pub(super) fn answer(context: &EndpointContext, request: &Request) -> Response {
    respond(SUCCESS_MESSAGE, page(context, request))
}

fn page<'a>(context: &'a EndpointContext, request: &Request) -> Result<Page<Row<'a>>, Failure> {
    let arguments = Arguments::of_body(request)?;
    let call_job_id = arguments.id("callJobId")?;
    let filter = Filter::read(&arguments)?;
    let cursor = arguments.integer("index")?.unwrap_or(-1);
    let cursor = if context.ignore_index { -1 } else { cursor };
    // Oldest first, new rows are added at the end.
    let page = arguments
        .page(context.most_done_calls, if cursor < 0 { context.shifted_rows } else { 0 })?;
    let task = context.state.task(call_job_id).ok_or_else(|| Failure::not_found("callJobId"))?;

    let ended = task.ended_after(usize::try_from(cursor).unwrap_or(0));
    // Pagination without a filter is the most frequent use: a page must not cost a pass over the whole list.
    let found: Cow<[u32]> =
        if filter.is_empty() { ended.into() } else { filter.select(task, ended).into() };
    let row = |position: &u32| Some(Row::new(context, task, *position, task.call_at(*position)?));
    let rows = if cursor < 0 {
        page.of(found.iter().rev()).filter_map(row).collect()
    } else {
        page.of(found.iter()).filter_map(row).collect()
    };
    Ok(Page::new(page, found.len(), 0, rows))
}
