//! A simulated vendor with a list that changes. Rows enter at the head and leave at any position. A row that returns
//! has changed and returns to the head.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::future::pending;
use std::rc::Rc;

use byrobot_calls::client::{Clock, HttpRequest, HttpResponse, Transport};
use byrobot_calls::error::{Error, ErrorKind, Result};
use byrobot_calls::json::{Value, parse};

use crate::harness::{FakeClock, answer};

/// A random number generator. The same seed gives the same numbers.
pub(crate) struct Rng(Cell<u64>);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
    }

    /// A number from 0 to below `limit`.
    pub(crate) fn below(&self, limit: u64) -> u64 {
        let mut state = self.0.get();
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.0.set(state);
        (state >> 16) % limit.max(1)
    }

    /// `true` once in `count` times on average; never for 0.
    pub(crate) fn one_in(&self, count: u64) -> bool {
        count > 0 && self.below(count) == 0
    }
}

/// The rates at which a list changes: the average number of requests between two events of a kind; 0 for never.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Activity {
    pub(crate) arrivals: u64,
    /// The maximum number of rows that enter together.
    pub(crate) most: u64,
    /// A row moves to the head.
    pub(crate) moves: u64,
    /// A row leaves, and returns to the head later.
    pub(crate) redials: u64,
    /// A row changes in place.
    pub(crate) edits: u64,
    /// A request fails.
    pub(crate) faults: u64,
}

/// Properties in which servers differ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Behaviour {
    /// The server sends the length of its list.
    pub(crate) has_total: bool,
    /// The maximum page size.
    pub(crate) max_size: usize,
    /// The server uses `pageNum`.
    pub(crate) pages: bool,
    /// The server uses `index`.
    pub(crate) index: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { has_total: true, max_size: 50, pages: true, index: false }
    }
}

/// A call: its id, the number of its changes, and its `callIndex`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) version: u64,
    pub(crate) index: i64,
}

pub(crate) struct Vendor {
    /// The rows, the newest first.
    pub(crate) list: RefCell<Vec<Row>>,
    /// The rows that are redialled and not in the list.
    pub(crate) redialled: RefCell<Vec<Row>>,
    /// The ids that have been in the list since the last request of page 1.
    pub(crate) listed_since_head: RefCell<Vec<i64>>,
    /// The ids that have left at least once.
    pub(crate) left: RefCell<BTreeSet<i64>>,
    pub(crate) activity: Cell<Activity>,
    pub(crate) behaviour: Behaviour,
    /// The number of rows that have entered.
    pub(crate) entered: Cell<u64>,
    /// The number of rows that have left.
    pub(crate) departed: Cell<u64>,
    /// The page of each answered request.
    pub(crate) requested: RefCell<Vec<u64>>,
    pub(crate) in_flight: Cell<usize>,
    pub(crate) script: RefCell<Vec<ScriptedChange>>,
    last_index: Cell<i64>,
    rng: Rng,
    clock: FakeClock,
}

/// A change of the list before the request with this number, from 0.
pub(crate) type ScriptedChange = (usize, Box<dyn Fn(&Vendor)>);

impl Vendor {
    pub(crate) fn new(rows: u64, seed: u64, behaviour: Behaviour, clock: FakeClock) -> Rc<Self> {
        let vendor = Self {
            list: RefCell::default(),
            redialled: RefCell::default(),
            listed_since_head: RefCell::default(),
            left: RefCell::default(),
            activity: Cell::default(),
            behaviour,
            entered: Cell::new(0),
            departed: Cell::new(0),
            requested: RefCell::default(),
            in_flight: Cell::new(0),
            script: RefCell::default(),
            last_index: Cell::new(0),
            rng: Rng::new(seed),
            clock,
        };
        vendor.enter(rows);
        vendor.entered.set(0);
        Rc::new(vendor)
    }

    pub(crate) fn enter(&self, rows: u64) {
        for _ in 0..rows {
            let index = self.next_index();
            // The ids are not in the order of the list.
            let id = 1_000_000 + index * 7919 % 999_983;
            self.list.borrow_mut().insert(0, Row { id, version: 0, index });
            self.entered.set(self.entered.get() + 1);
        }
    }

    fn next_index(&self) -> i64 {
        self.last_index.set(self.last_index.get() + 1);
        self.last_index.get()
    }

    fn random_position(&self) -> Option<usize> {
        let rows = self.list.borrow().len() as u64;
        (rows > 0).then(|| usize::try_from(self.rng.below(rows)).unwrap())
    }

    /// Removes the row at a position from the list.
    pub(crate) fn leave(&self, position: usize) {
        let row = self.list.borrow_mut().remove(position);
        self.listed_since_head.borrow_mut().retain(|id| *id != row.id);
        self.left.borrow_mut().insert(row.id);
        self.redialled.borrow_mut().push(row);
        self.departed.set(self.departed.get() + 1);
    }

    /// Returns the first of the redialled rows to the list.
    pub(crate) fn return_first(&self) {
        let mut redialled = self.redialled.borrow_mut();
        if !redialled.is_empty() {
            let row = redialled.remove(0);
            let changed = Row { version: row.version + 1, index: self.next_index(), ..row };
            self.list.borrow_mut().insert(0, changed);
            self.entered.set(self.entered.get() + 1);
        }
    }

    /// Changes a row in place.
    pub(crate) fn edit(&self, position: usize) {
        self.list.borrow_mut()[position].version += 1;
    }

    /// Returns all redialled rows to the list.
    pub(crate) fn return_all(&self) {
        while !self.redialled.borrow().is_empty() {
            self.return_first();
        }
    }

    /// The current list: each call with its version.
    pub(crate) fn state(&self) -> BTreeMap<i64, u64> {
        self.list.borrow().iter().map(|row| (row.id, row.version)).collect()
    }

    /// Changes the list before a request.
    fn change_list(&self) {
        let number = self.requested.borrow().len();
        let due: Vec<ScriptedChange> =
            self.script.borrow_mut().extract_if(.., |(before, _)| *before <= number).collect();
        for (_, change) in due {
            change(self);
        }
        let activity = self.activity.get();
        if self.rng.one_in(activity.arrivals) {
            self.enter(1 + self.rng.below(activity.most));
        }
        if self.rng.one_in(activity.moves)
            && let Some(position) = self.random_position()
        {
            let last = self.redialled.borrow().len();
            self.leave(position);
            self.redialled.borrow_mut().rotate_right(usize::from(last > 0));
            self.return_first();
        }
        if self.rng.one_in(activity.redials) {
            for _ in 0..=self.rng.below(4) {
                if let Some(position) = self.random_position() {
                    self.leave(position);
                }
            }
        }
        if self.rng.one_in(activity.redials) {
            self.return_first();
        }
        if self.rng.one_in(activity.edits)
            && let Some(position) = self.random_position()
        {
            self.edit(position);
        }
    }

    fn page(&self, requested: &Value) -> String {
        let number = |name: &str| match requested.get(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        };
        let size =
            usize::try_from(number("pageSize").unwrap_or(10)).unwrap().min(self.behaviour.max_size);
        let page = if self.behaviour.pages { number("pageNum").unwrap_or(1) } else { 1 };
        self.requested.borrow_mut().push(number("pageNum").unwrap_or(1).try_into().unwrap());
        let mut list = self.list.borrow().clone();
        if page == 1 {
            *self.listed_since_head.borrow_mut() = list.iter().map(|row| row.id).collect();
        }
        if let Some(index) = number("index").filter(|_| self.behaviour.index) {
            list.retain(|row| row.index > index);
            list.reverse();
        }
        let total = list.len();
        let from = (usize::try_from(page).unwrap() - 1) * size;
        let mut rows = String::new();
        for row in list.iter().skip(from).take(size) {
            let comma = if rows.is_empty() { "" } else { "," };
            let Row { id, version, index } = row;
            let index = if self.behaviour.index {
                format!(r#","callIndex":{index}"#)
            } else {
                String::new()
            };
            write!(
                rows,
                r#"{comma}{{"callInstanceId":{id},"callJobId":62,"duration":{version}{index}}}"#
            )
            .unwrap();
        }
        let total =
            if self.behaviour.has_total { format!(r#","total":{total}"#) } else { String::new() };
        format!(
            r#"{{"code":200,"data":{{"pageNum":{page},"pageSize":{size},"list":[{rows}]{total}}}}}"#
        )
    }
}

/// A network between the client and the vendor.
pub(crate) struct Network(pub(crate) Rc<Vendor>);

impl Transport for Network {
    async fn send(&self, outgoing: HttpRequest<'_>) -> Result<HttpResponse> {
        let vendor = &self.0;
        vendor.in_flight.set(vendor.in_flight.get() + 1);
        let _flight = InFlight(vendor);
        let requested = parse(outgoing.request.body.as_deref().unwrap_or("{}").as_bytes()).unwrap();
        // Random delays, so that requests overtake each other.
        let wait = |least| u32::try_from(least + vendor.rng.below(50)).unwrap();
        vendor.clock.sleep(wait(1)).await;
        vendor.change_list();
        let fault = vendor.rng.one_in(vendor.activity.get().faults).then(|| vendor.rng.below(6));
        let body = vendor.page(&requested);
        if fault.is_some() {
            vendor.requested.borrow_mut().pop();
        }
        vendor.clock.sleep(wait(1)).await;
        match fault {
            None => Ok(answer(200, &body)),
            Some(0) => Err(Error::new(ErrorKind::Network, "connection reset")),
            Some(1) => Ok(answer(502, "<html>bad gateway</html>")),
            Some(2) => {
                Ok(HttpResponse { retry_after: Some("1".into()), ..answer(429, "slow down") })
            }
            Some(3) => Ok(answer(200, r#"{"code":500,"data":null,"resultMsg":"未知错误"}"#)),
            Some(4) => Ok(answer(200, r#"{"code":429,"data":null}"#)),
            Some(_) => pending().await,
        }
    }
}

struct InFlight<'a>(&'a Vendor);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get() - 1);
    }
}
