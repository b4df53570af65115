//! What goes wrong on purpose: which request meets which fault, and what a fault does to an answer.
//! The world itself never suffers: who asks again, and meets no fault, gets the true answer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::draw::{Draw, Topic};
use crate::endpoint::{self, Failure};
use crate::http::{Delivery, Request, Response};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fault {
    /// The connection breaks before there is an answer.
    Network,
    /// There never is an answer.
    Timeout,
    /// HTTP 500 with the error page of a Java server.
    Http500,
    /// HTTP 429 with `Retry-After: 1`.
    Http429,
    /// A login page under HTTP 200.
    Html200,
    /// The first half of the true answer, and no more.
    Truncated,
    /// HTTP 200 without a body.
    Empty,
    /// The vendor's `code` 500 under HTTP 200.
    Vendor500,
    /// The vendor's `code` 408, and a `Date` five minutes ahead.
    ClockSkew,
    /// Rows have come in at the head, and are gone again at the next request: pages but the first begin
    /// with rows of the page before.
    ShiftRows,
    /// Up to three rows of a page come twice.
    DuplicateRows,
    /// The same answer in the other spellings that the vendor's servers have for it.
    OddFields,
    /// `index` is ignored, as by the vendor's later servers.
    IgnoreIndex,
}

/// A request that is to meet a fault.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Which.
    pub fault: Fault,
    /// Only at this endpoint.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Only for this page.
    #[serde(default)]
    pub page_num: Option<u32>,
    /// Only the request of that number, from 1, among those that this rule is about.
    #[serde(default)]
    pub nth: Option<u32>,
}

impl Rule {
    fn is_about(&self, endpoint: &str, page_num: Option<u32>) -> bool {
        self.endpoint.as_deref().is_none_or(|name| name == endpoint)
            && (self.page_num.is_none() || self.page_num == page_num)
    }
}

/// All faults of a sandbox. Who meets which depends on the seed and on the requests before, and on
/// nothing else.
#[derive(Default)]
pub(crate) struct Faults {
    seed: u64,
    /// In parts of a million.
    likely: BTreeMap<Fault, u32>,
    script: Vec<Rule>,
    /// Requests so far, and those that each rule was about.
    asked: AtomicU64,
    met: Vec<AtomicU32>,
}

impl Faults {
    /// # Errors
    /// A text that names the option at fault.
    pub(crate) fn new(
        seed: u64,
        likely: &BTreeMap<Fault, f64>,
        script: &[Rule],
    ) -> Result<Self, String> {
        if likely.values().any(|share| !(0.0..=1.0).contains(share)) {
            return Err("faults must be numbers from 0 to 1".into());
        }
        for Rule { endpoint, page_num, nth, .. } in script {
            if let Some(name) = endpoint.as_deref().filter(|name| !endpoint::NAMES.contains(name)) {
                let names = endpoint::NAMES.join(", ");
                return Err(format!("script: there is no endpoint {name}; there are {names}"));
            }
            if *page_num == Some(0) || *nth == Some(0) {
                return Err("script: pageNum and nth count from 1".into());
            }
        }
        // From 0 to a million.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let parts = |share: &f64| (share * 1e6).round() as u32;
        Ok(Self {
            seed,
            likely: likely.iter().map(|(fault, share)| (*fault, parts(share))).collect(),
            script: script.to_vec(),
            asked: AtomicU64::new(0),
            met: script.iter().map(|_| AtomicU32::new(0)).collect(),
        })
    }

    pub(crate) fn reset(&self) {
        self.asked.store(0, Relaxed);
        self.met.iter().for_each(|count| count.store(0, Relaxed));
    }

    /// What this request meets.
    pub(crate) fn of(&self, endpoint: &str, request: &Request) -> Met {
        let number = self.asked.fetch_add(1, Relaxed) + 1;
        let mut met = Met { faults: Vec::new(), draw: self.draw(number, 0) };
        if !self.script.is_empty() {
            let page_num = page_num(request);
            for (rule, count) in self.script.iter().zip(&self.met) {
                if rule.is_about(endpoint, page_num) {
                    let count = count.fetch_add(1, Relaxed) + 1;
                    if rule.nth.is_none_or(|nth| nth == count) {
                        met.faults.push(rule.fault);
                    }
                }
            }
        }
        for (fault, parts) in &self.likely {
            if self.draw(number, 1 + *fault as u64).below(1_000_000) < *parts {
                met.faults.push(*fault);
            }
        }
        met
    }

    fn draw(&self, number: u64, what: u64) -> Draw {
        Draw::new(self.seed, Topic::Fault, number, what)
    }
}

/// The page that a request asks for.
fn page_num(request: &Request) -> Option<u32> {
    let body = || serde_json::from_slice::<Value>(&request.body).ok();
    let number = match request.query().find(|(name, _)| name == "pageNum") {
        Some((_, number)) => number.parse().ok(),
        None => body().and_then(|body| match body.get("pageNum") {
            Some(Value::String(number)) => number.parse().ok(),
            number => u32::try_from(number?.as_u64()?).ok(),
        }),
    };
    number.or(Some(1))
}

/// The faults that one request meets: those of its rules first, then those of chance.
pub(crate) struct Met {
    faults: Vec<Fault>,
    draw: Draw,
}

impl Met {
    fn meets(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    pub(crate) fn ignores_index(&self) -> bool {
        self.meets(Fault::IgnoreIndex)
    }

    /// Rows that have come in at the head, less than a page of fifty.
    pub(crate) fn arrivals(&mut self) -> usize {
        if self.meets(Fault::ShiftRows) { self.draw.between(1, 40) as usize } else { 0 }
    }

    /// Whether the clock of the answer is wrong, in milliseconds.
    pub(crate) fn clock_offset_ms(&self) -> i64 {
        if self.failure() == Some(Fault::ClockSkew) { 5 * 60 * 1000 } else { 0 }
    }

    /// The fault that takes the answer's place. There can only be one.
    fn failure(&self) -> Option<Fault> {
        self.faults.iter().copied().find(|fault| *fault < Fault::ShiftRows)
    }

    /// What arrives of an answer.
    pub(crate) fn spoil(
        mut self,
        answer: impl FnOnce() -> Response,
        request: &Request,
    ) -> Response {
        let page = |status, title: &str, body: &str| {
            let html = format!(
                "<!doctype html>\n<html><head><title>{title}</title></head>\
                 <body><h1>{title}</h1>{body}</body></html>\n"
            );
            Response::new(status, "text/html;charset=UTF-8", html)
        };
        match self.failure() {
            None => self.respell(answer()),
            Some(Fault::Network) => Response { delivery: Delivery::Lost, ..Response::default() },
            Some(Fault::Timeout) => Response { delivery: Delivery::Silent, ..Response::default() },
            Some(Fault::Http429) => page(429, "429 Too Many Requests", "").with("retry-after", "1"),
            Some(Fault::Html200) => {
                let form = r#"<form action="/login"><input name="account"></form>"#;
                page(200, "登录 - 百应", form)
            }
            Some(Fault::Empty) => Response::new(200, "application/json;charset=UTF-8", ""),
            Some(Fault::Vendor500) => endpoint::refuse(&Failure::internal()),
            Some(Fault::ClockSkew) => endpoint::refuse(&Failure::clock("datetime")),
            Some(Fault::Truncated) => {
                let mut whole = self.respell(answer());
                whole.body.truncate(whole.body.len() / 2);
                whole
            }
            Some(_) => {
                let said = json!({
                    "status": 500,
                    "error": "Internal Server Error",
                    "message": "java.lang.NullPointerException",
                    "path": request.path(),
                });
                Response::new(500, "application/json;charset=UTF-8", said.to_string())
            }
        }
    }

    /// The answer with its rows twice or in other spellings.
    fn respell(&mut self, mut response: Response) -> Response {
        let (twice, odd) = (self.meets(Fault::DuplicateRows), self.meets(Fault::OddFields));
        if !(twice || odd) {
            return response;
        }
        let Ok(mut envelope) = serde_json::from_slice::<Value>(&response.body) else {
            return response;
        };
        if let Some(data) = envelope.get_mut("data") {
            if odd {
                self.odd(data);
            }
            if let Some(Value::Array(rows)) = data.get_mut("list").filter(|_| twice) {
                for _ in 0..self.draw.between(1, 3) {
                    let at = self.draw.below(u32::try_from(rows.len()).unwrap_or(0)) as usize;
                    if let Some(row) = rows.get(at).cloned() {
                        rows.insert(at, row);
                    }
                }
            }
        }
        response.body = envelope.to_string().into_bytes();
        response
    }

    /// Gives the same in other spellings, field by field.
    fn odd(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.odd(item)),
            Value::Object(fields) => {
                for (name, value) in fields.iter_mut() {
                    self.odd(value);
                    if self.draw.chance(400) {
                        self.odd_field(name, value);
                    }
                }
                // Later servers leave out what is not known, and say more than is documented.
                fields.retain(|_, value| !value.is_null() || self.draw.chance(500));
                if self.draw.chance(200) {
                    fields.insert("bugType".into(), Value::Null);
                }
            }
            _ => {}
        }
    }

    fn odd_field(&mut self, name: &str, value: &mut Value) {
        let other = match (name, &*value) {
            ("duration", Value::String(text)) => {
                let seconds = text.trim_end_matches('秒');
                match seconds.parse::<u32>() {
                    Ok(number) if self.draw.chance(500) => Some(json!(number)),
                    _ => Some(json!(seconds)),
                }
            }
            ("duration", Value::Number(seconds)) => Some(json!(format!("{seconds}秒"))),
            ("aiUnknown", Value::Number(flag)) => Some(json!(flag.as_u64() == Some(1))),
            ("resultList", Value::Array(results)) => Some(as_map(results)),
            ("extraStat", Value::Object(lists)) => {
                Some(lists.iter().map(|(name, list)| json!({ name: list })).collect())
            }
            // Page numbers are read by less than everything.
            ("pageNum" | "pageSize" | "total" | "pages", _) => None,
            (_, Value::Number(number)) => Some(json!(number.to_string())),
            _ => None,
        };
        if let Some(other) = other {
            *value = other;
        }
    }
}

/// `[{ "name": …, "value": … }]` as `{ name: value }`; a name that comes twice forbids it.
fn as_map(pairs: &[Value]) -> Value {
    let text = |pair: &Value, key| Some(pair.get(key)?.as_str()?.to_owned());
    let map: Option<BTreeMap<String, String>> =
        pairs.iter().map(|pair| text(pair, "name").zip(text(pair, "value"))).collect();
    match map {
        Some(map) if map.len() == pairs.len() => json!(map),
        _ => json!(pairs),
    }
}
