//! `POST notDialedCustomerList`: the calls of a task that have not ended, in the order of the list: not yet dialled, in
//! progress, or waiting for a redial. The page has the form of the document's example, without `total` and `pages`,
//! although the document's table has them.

use serde::Serialize;

use super::arguments::Arguments;
use super::envelope::{EndpointContext, SUCCESS_MESSAGE, line, respond};
use super::failure::Failure;
use crate::calendar::date_time;
use crate::dialler::Call;
use crate::http::{Request, Response};
use crate::task::Task;

const MAX_PAGE_SIZE: usize = 50;
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
    /// Time of the last attempt; null before the first.
    start_time: Option<String>,
    /// Name of the line, not its number; null before the first attempt.
    caller_phone: Option<&'static str>,
    corp_name: &'static str,
    called_times: u32,
}

impl Row {
    fn new(task: &Task, position: u32, call: &Call) -> Self {
        let customer = task.customer(position);
        let attempt = Some(&call.attempt).filter(|_| call.attempts > 0);
        Self {
            call_instance_id: task.call_instance_id(position),
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
pub(super) fn answer(context: &EndpointContext, request: &Request) -> Response {
    respond(SUCCESS_MESSAGE, page(context, request))
}

fn page(context: &EndpointContext, request: &Request) -> Result<BarePage, Failure> {
    let arguments = Arguments::of_body(request)?;
    let task = context.state.task(arguments.id("taskId")?);
    let page = arguments.page(MAX_PAGE_SIZE, context.shifted_rows)?;
    let task = task.ok_or_else(|| Failure::not_found("taskId"))?;
    let rows = page.of(task.unended());
    let list = rows.map(|(position, call)| Row::new(task, position, call)).collect();
    Ok(BarePage { page_num: page.number, page_size: page.size, list })
}
