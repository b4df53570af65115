//! `POST queryDoneTaskPhones`: the calls of a task that have ended. Newest first, so that rows move
//! from page to page while a task runs; with an `index` of 0 or more, the calls that ended after
//! that one, oldest first, so that a cursor can follow them (the document leaves the order open).

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::{Arguments, DONE, Failure, Named, Page, Scene, line, on_day_zero, respond};
use crate::calendar::date_time;
use crate::dialler::Call;
use crate::http::{Request, Response};
use crate::outcome::Attempt;
use crate::task::Task;

const MOST: usize = 50;

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
    fn new(scene: &Scene, task: &'a Task, place: u32, call: &Call) -> Self {
        let attempt = &call.attempt;
        let customer = task.customer(place);
        let call_instance_id = task.call_instance_id(place);
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
            luyin_oss_url: scene.recording_url(call_instance_id, attempt.finish),
            secondary_call_time: on_day_zero(task.terms.hours.starts),
            secondary_call_times: call.attempts.saturating_sub(1),
            gmt_create: date_time(task.created),
            gmt_modified: date_time(attempt.ends),
            job_name: &task.name,
            result_list,
        }
    }
}

/// What a call must be like. Bounds are inclusive; every result asked for must be there, label for
/// label.
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

    fn lets_all_through(&self) -> bool {
        let open = (None, None);
        let bounds = self.duration == open && self.rounds == open;
        bounds && self.finish.is_none() && self.results.is_empty()
    }

    fn choose(&self, task: &Task, places: &[u32]) -> Vec<u32> {
        let chosen =
            |place: &u32| task.call_at(*place).is_some_and(|call| self.lets_through(task, call));
        places.iter().copied().filter(chosen).collect()
    }

    fn lets_through(&self, task: &Task, call: &Call) -> bool {
        let Attempt { finish, talk, .. } = &call.attempt;
        let within = |value: u32, (least, most): (Option<i64>, Option<i64>)| {
            let value = i64::from(value);
            least.is_none_or(|least| least <= value) && most.is_none_or(|most| value <= most)
        };
        let plain = within(talk.duration, self.duration)
            && within(talk.rounds, self.rounds)
            && self.finish.is_none_or(|wanted| *finish as i64 == wanted);
        plain && (self.results.is_empty() || self.finds_results(task, call))
    }

    fn finds_results(&self, task: &Task, call: &Call) -> bool {
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
pub(crate) fn query_done_task_phones(scene: &Scene, request: &Request) -> Response {
    respond(DONE, page(scene, request))
}

fn page<'a>(scene: &'a Scene, request: &Request) -> Result<Page<Row<'a>>, Failure> {
    let arguments = Arguments::of_body(request)?;
    let call_job_id = arguments.id("callJobId")?;
    let filter = Filter::read(&arguments)?;
    let cursor = arguments.integer("index")?.unwrap_or(-1);
    let cursor = if scene.ignore_index { -1 } else { cursor };
    // Oldest first, rows arrive at the other end.
    let page = arguments.page(MOST, if cursor < 0 { scene.newcomers } else { 0 })?;
    let task = scene.world.task(call_job_id).ok_or_else(|| Failure::not_found("callJobId"))?;

    let ended = task.ended_after(usize::try_from(cursor).unwrap_or(0));
    // A walk without a filter is what people do most: it must not cost the whole list per page.
    let found: Cow<[u32]> =
        if filter.lets_all_through() { ended.into() } else { filter.choose(task, ended).into() };
    let row = |place: &u32| Some(Row::new(scene, task, *place, task.call_at(*place)?));
    let rows = if cursor < 0 {
        page.of(found.iter().rev()).filter_map(row).collect()
    } else {
        page.of(found.iter()).filter_map(row).collect()
    };
    Ok(Page::new(page, found.len(), 0, rows))
}
