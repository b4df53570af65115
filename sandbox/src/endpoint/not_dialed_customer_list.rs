//! `POST notDialedCustomerList`: what is left of a task's list, in its order: numbers not yet
//! dialled, in progress, or waiting for a redial. Its page is the document's example: without
//! `total` and `pages`, which the table promises.

use serde::Serialize;

use super::{Arguments, DONE, Failure, Scene, line, respond};
use crate::calendar::date_time;
use crate::dialler::Call;
use crate::http::{Request, Response};
use crate::task::Task;

const MOST: usize = 50;
const COMPANY: &str = "杭州云帆示例科技有限公司";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BarePage {
    page_num: usize,
    page_size: usize,
    list: Vec<Row>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    call_instance_id: u64,
    customer_name: String,
    customer_telephone: String,
    status: u8,
    /// When it was last dialled; null if it never was.
    start_time: Option<String>,
    /// The name of the line, not its number; null if it was never dialled.
    caller_phone: Option<&'static str>,
    corp_name: &'static str,
    called_times: u32,
}

impl Row {
    fn new(task: &Task, place: u32, call: &Call) -> Self {
        let customer = task.customer(place);
        let attempt = Some(&call.attempt).filter(|_| call.attempts > 0);
        Self {
            call_instance_id: task.call_instance_id(place),
            customer_name: customer.name,
            customer_telephone: customer.telephone,
            status: call.status as u8,
            start_time: attempt.map(|attempt| date_time(attempt.dialled)),
            caller_phone: attempt.and_then(line).map(|line| line.name),
            corp_name: COMPANY,
            called_times: call.attempts,
        }
    }
}

/// `POST notDialedCustomerList`
pub(crate) fn not_dialed_customer_list(scene: &Scene, request: &Request) -> Response {
    respond(DONE, page(scene, request))
}

fn page(scene: &Scene, request: &Request) -> Result<BarePage, Failure> {
    let arguments = Arguments::of_body(request)?;
    let task = scene.world.task(arguments.id("taskId")?);
    let page = arguments.page(MOST, scene.newcomers)?;
    let task = task.ok_or_else(|| Failure::not_found("taskId"))?;
    let rows = page.of(task.unended());
    let list = rows.map(|(place, call)| Row::new(task, place, call)).collect();
    Ok(BarePage { page_num: page.number, page_size: page.size, list })
}
