//! Questions about calls: `queryDoneTaskPhones`, `notDialedCustomerList`, `phoneLogInfo`.

use super::arguments::{Arguments, check_bounds, check_id, check_page};
use super::{Endpoint, Request, get, list, post};
use crate::error::{Error, Result};
use crate::json::Value;
use crate::model::{Asked, CALL_DETAIL, DONE_CALL, Path, UNDIALED_CUSTOMER, read_page};

query! {
    /// `queryDoneTaskPhones`: the finished calls of a task, a page at a time, newest first.
    pub struct GetDoneCalls as "DoneCallsQuery" for "queryDoneTaskPhones" {
        required {
            /// Task id. Required.
            call_job_id = "callJobId";
        }
        optional {
            /// Least talk time in seconds.
            duration_left: i64 = "durationLeft", integer, "number | undefined";
            /// Greatest talk time in seconds.
            duration_right: i64 = "durationRight", integer, "number | undefined";
            /// Least chat rounds.
            chat_round_left: i64 = "chatRoundLeft", integer, "number | undefined";
            /// Greatest chat rounds.
            chat_round_right: i64 = "chatRoundRight", integer, "number | undefined";
            /// How the call ended, see `FinishStatus`.
            finish_status: i64 = "finishStatus", integer, "FinishStatus | undefined";
            /// Greatest `callIndex` already fetched; −1 for the beginning. Later servers ignore it.
            index: i64 = "index", integer, "number | undefined";
            /// Page, from 1. The server's default is 1.
            page_num: i64 = "pageNum", integer, "number | undefined";
            /// Rows of a page, 1–50. The server's default is 10.
            page_size: i64 = "pageSize", integer, "number | undefined";
            /// Results that a call must have; the value is the vendor's older wording, "A级(较强)".
            result_query_list: Vec<(String, String)> = "resultQueryList", named_values, "NamedValue[] | undefined";
        }
    }
}

list! { GetDoneCalls by "callInstanceId" }

impl GetDoneCalls {
    /// The vendor's limit for `pageSize`.
    pub const MAX_PAGE_SIZE: i64 = 50;
}

impl Endpoint for GetDoneCalls {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn request(&self) -> Result<Request> {
        check_id("callJobId", self.call_job_id)?;
        check_bounds(("durationLeft", self.duration_left), ("durationRight", self.duration_right))?;
        check_bounds(
            ("chatRoundLeft", self.chat_round_left),
            ("chatRoundRight", self.chat_round_right),
        )?;
        if self.index.is_some_and(|index| index < -1) {
            return Err(Error::invalid_argument("index", "expected −1 or a callIndex"));
        }
        check_page(self.page_num, self.page_size, Self::MAX_PAGE_SIZE)?;
        let pair = |(name, value): &(String, String)| {
            Value::Object(vec![
                ("name".to_owned(), Value::Text(name.clone())),
                ("value".to_owned(), Value::Text(value.clone())),
            ])
        };
        let results = self.result_query_list.as_ref();
        Ok(post(
            Self::NAME,
            vec![
                ("callJobId", Some(Value::Int(self.call_job_id))),
                ("durationLeft", self.duration_left.map(Value::Int)),
                ("durationRight", self.duration_right.map(Value::Int)),
                ("chatRoundLeft", self.chat_round_left.map(Value::Int)),
                ("chatRoundRight", self.chat_round_right.map(Value::Int)),
                ("finishStatus", self.finish_status.map(Value::Int)),
                ("index", self.index.map(Value::Int)),
                ("pageNum", self.page_num.map(Value::Int)),
                ("pageSize", self.page_size.map(Value::Int)),
                (
                    "resultQueryList",
                    results.map(|list| Value::List(list.iter().map(pair).collect())),
                ),
            ],
        ))
    }

    fn read(&self, data: &Value) -> Result<Value> {
        read_page(&DONE_CALL, data, &Path::root("data"), Asked::of(self.page_num, self.page_size))
    }
}

query! {
    /// `notDialedCustomerList`: the calls of a task that wait, a page at a time.
    pub struct GetUndialedCustomers as "UndialedQuery" for "notDialedCustomerList" {
        required {
            /// Task id, `callJobId` of a task. Required.
            task_id = "taskId";
        }
        optional {
            /// Page, from 1. The server's default is 1.
            page_num: i64 = "pageNum", integer, "number | undefined";
            /// Rows of a page, 1–50. The server's default is 10.
            page_size: i64 = "pageSize", integer, "number | undefined";
        }
    }
}

list! { GetUndialedCustomers by "callInstanceId" }

impl GetUndialedCustomers {
    /// The vendor's limit for `pageSize`.
    pub const MAX_PAGE_SIZE: i64 = 50;
}

impl Endpoint for GetUndialedCustomers {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn request(&self) -> Result<Request> {
        check_id("taskId", self.task_id)?;
        check_page(self.page_num, self.page_size, Self::MAX_PAGE_SIZE)?;
        Ok(post(
            Self::NAME,
            vec![
                ("pageNum", self.page_num.map(Value::Int)),
                ("pageSize", self.page_size.map(Value::Int)),
                ("taskId", Some(Value::Int(self.task_id))),
            ],
        ))
    }

    fn read(&self, data: &Value) -> Result<Value> {
        read_page(
            &UNDIALED_CUSTOMER,
            data,
            &Path::root("data"),
            Asked::of(self.page_num, self.page_size),
        )
    }
}

query! {
    /// `phoneLogInfo`: one call with its transcript.
    pub struct GetCallDetail as "PhoneLogQuery" for "phoneLogInfo" {
        required {
            /// Id of the call. Required.
            call_instance_id = "callInstanceId";
        }
    }
}

impl Endpoint for GetCallDetail {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn request(&self) -> Result<Request> {
        check_id("callInstanceId", self.call_instance_id)?;
        let id = Some(self.call_instance_id.to_string());
        Ok(get(Self::NAME, &[("callInstanceId", id)]))
    }

    fn read(&self, data: &Value) -> Result<Value> {
        CALL_DETAIL.read(data, &Path::root("data"))
    }
}
