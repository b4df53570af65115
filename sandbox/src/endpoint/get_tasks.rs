//! `GET getTasks`: the company's tasks, newest first. Counters are null, as in the document;
//! only `getTaskDetail` has them.

use serde::Serialize;

use super::arguments::Arguments;
use super::envelope::{EndpointContext, Page, SUCCESS_MESSAGE, respond};
use super::failure::Failure;
use crate::calendar::{date, parse_date, shanghai_day, time_of_day};
use crate::http::{Request, Response};
use crate::schedule::JobStatus;
use crate::task::Task;

const MAX_PAGE_SIZE: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    call_job_id: u64,
    job_name: &'a str,
    job_type: u8,
    start_date: String,
    working_start_time: String,
    working_end_time: String,
    /// In the document's table but not in its example: present only if the task has a break.
    #[serde(skip_serializing_if = "Option::is_none")]
    break_start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    break_end_time: Option<String>,
    status: u8,
    scene_def_id: u64,
    remark: &'static str,
    total_count: Option<usize>,
    done_count: Option<usize>,
    called_count: Option<usize>,
    rejected_count: Option<usize>,
    unavailable_count: Option<usize>,
    from_unavailable_count: Option<usize>,
    scene_def_name: Option<&'static str>,
    call_phones: Option<()>,
}

impl<'a> Row<'a> {
    fn new(task: &'a Task, status: JobStatus) -> Self {
        let hours = task.config.hours;
        Self {
            call_job_id: task.call_job_id,
            job_name: &task.name,
            job_type: if task.scheduled { 1 } else { 2 },
            start_date: date(task.start_day),
            working_start_time: time_of_day(hours.starts),
            working_end_time: time_of_day(hours.ends),
            break_start_time: hours.break_time.map(|(from, _)| time_of_day(from)),
            break_end_time: hours.break_time.map(|(_, to)| time_of_day(to)),
            status: status as u8,
            scene_def_id: task.script_id,
            remark: task.remark,
            total_count: None,
            done_count: None,
            called_count: None,
            rejected_count: None,
            unavailable_count: None,
            from_unavailable_count: None,
            scene_def_name: None,
            call_phones: None,
        }
    }
}

/// `GET getTasks`
pub(super) fn answer(context: &EndpointContext, request: &Request) -> Response {
    respond(SUCCESS_MESSAGE, page(context, request))
}

fn page<'a>(context: &'a EndpointContext, request: &Request) -> Result<Page<Row<'a>>, Failure> {
    let arguments = Arguments::of_query(request);
    let company_id = arguments.id("companyId")?;
    let name = arguments.text("taskName")?;
    let created = arguments.text("createDate")?;
    let created = created
        .map(|text| parse_date(text).ok_or_else(|| Failure::parameter("createDate")))
        .transpose()?;
    let status = arguments.integer("status")?;
    let need_all = arguments.flag("needAll")?;
    let page = arguments.page(MAX_PAGE_SIZE, context.shifted_rows)?;

    let found: Vec<_> = (context.state.tasks.iter().rev())
        .filter(|task| {
            company_id == task.company_id
                && (need_all || !task.deleted)
                && name.is_none_or(|part| task.name.contains(part))
                && created.is_none_or(|day| shanghai_day(task.created) == day)
        })
        .map(|task| (task, task.status_at(context.now)))
        .filter(|(_, now)| status.is_none_or(|status| *now as i64 == status))
        .collect();
    let rows = page.of(found.iter()).map(|(task, status)| Row::new(task, *status)).collect();
    Ok(Page::new(page, found.len(), 1, rows))
}
