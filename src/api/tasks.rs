//! Questions about tasks: `getTasks`, `getTaskDetail`.

use super::arguments::{Arguments, check_date, check_id, check_page};
use super::{Endpoint, Request, get, list};
use crate::error::{Error, Result};
use crate::json::Value;
use crate::model::{Asked, Path, TASK, TASK_DETAIL, read_page};

query! {
    /// `getTasks`: the tasks of a company, a page at a time.
    pub struct GetTasks as "GetTasksQuery" for "getTasks" {
        required {
            /// Company id. Required.
            company_id = "companyId";
        }
        optional {
            /// Part of the task's name. An empty string counts as not given.
            task_name: String = "taskName", text, "string | undefined";
            /// Day the task was made, "2024-02-29".
            create_date: String = "createDate", text, "string | undefined";
            /// State of the task, see `JobStatus`.
            status: i64 = "status", integer, "JobStatus | undefined";
            /// Also tasks that are marked deleted. The server's default is false.
            need_all: bool = "needAll", flag, "boolean | undefined";
            /// Page, from 1. The server's default is 1.
            page_num: i64 = "pageNum", integer, "number | undefined";
            /// Rows of a page, 1–100. The server's default is 10.
            page_size: i64 = "pageSize", integer, "number | undefined";
        }
    }
}

list! { GetTasks by "callJobId" }

impl GetTasks {
    /// The vendor's limit for `pageSize`.
    pub const MAX_PAGE_SIZE: i64 = 100;
}

impl Endpoint for GetTasks {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn request(&self) -> Result<Request> {
        check_id("companyId", self.company_id)?;
        check_date("createDate", self.create_date.as_deref())?;
        check_page(self.page_num, self.page_size, Self::MAX_PAGE_SIZE)?;
        Ok(get(
            Self::NAME,
            &[
                ("companyId", Some(self.company_id.to_string())),
                ("taskName", self.task_name.clone().filter(|name| !name.is_empty())),
                ("createDate", self.create_date.clone()),
                ("status", self.status.map(|status| status.to_string())),
                ("needAll", self.need_all.map(|need| need.to_string())),
                ("pageNum", self.page_num.map(|number| number.to_string())),
                ("pageSize", self.page_size.map(|size| size.to_string())),
            ],
        ))
    }

    fn read(&self, data: &Value) -> Result<Value> {
        read_page(&TASK, data, &Path::root("data"), Asked::of(self.page_num, self.page_size))
    }
}

query! {
    /// `getTaskDetail`: one task with its counts and statistics.
    pub struct GetTaskDetail as "GetTaskDetailQuery" for "getTaskDetail" {
        required {
            /// Company id. Required.
            company_id = "companyId";
            /// Task id, `callJobId` of a task. Required, though the vendor's table says otherwise.
            task_id = "taskId";
        }
    }
}

impl Endpoint for GetTaskDetail {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn request(&self) -> Result<Request> {
        check_id("companyId", self.company_id)?;
        check_id("taskId", self.task_id)?;
        Ok(get(
            Self::NAME,
            &[
                ("companyId", Some(self.company_id.to_string())),
                ("taskId", Some(self.task_id.to_string())),
            ],
        ))
    }

    fn read(&self, data: &Value) -> Result<Value> {
        TASK_DETAIL.read(data, &Path::root("data"))
    }
}
