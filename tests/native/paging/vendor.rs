//! A vendor whose list moves. Rows enter at its head and leave anywhere; a row that comes back comes
//! to the head, and has changed.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::future::pending;
use std::rc::Rc;

use byrobot_calls::client::{Clock, HttpRequest, HttpResponse, Transport};
use byrobot_calls::error::{Error, ErrorKind, Result};
use byrobot_calls::json::{Value, parse};

use crate::world::{FakeClock, answer};

/// Chance, the same for the same seed.
pub(crate) struct Chance(Cell<u64>);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
    }

    /// From 0 to below `limit`.
    pub(crate) fn below(&self, limit: u64) -> u64 {
        let mut state = self.0.get();
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.0.set(state);
        (state >> 16) % limit.max(1)
    }

    pub(crate) fn one_in(&self, chances: u64) -> bool {
        chances > 0 && self.below(chances) == 0
    }
}

/// How restless a vendor is: one event of a kind in so many requests; 0 for never.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Unrest {
    pub(crate) arrivals: u64,
    /// Rows that come at once.
    pub(crate) most: u64,
    /// A row goes to the head at once.
    pub(crate) moves: u64,
    /// A row leaves, and comes back to the head later.
    pub(crate) redials: u64,
    /// A row changes where it stands.
    pub(crate) edits: u64,
    /// A request fails.
    pub(crate) faults: u64,
}

/// What a server may do differently.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manners {
    /// Says how long its list is.
    pub(crate) counts: bool,
    /// Largest page it sends.
    pub(crate) most: usize,
    /// Looks at `pageNum`.
    pub(crate) pages: bool,
    /// Answers by `index`.
    pub(crate) index: bool,
}

impl Default for Manners {
    fn default() -> Self {
        Self { counts: true, most: 50, pages: true, index: false }
    }
}

/// A call: its id, how often it has changed, and the number of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) version: u64,
    pub(crate) index: i64,
}

pub(crate) struct Vendor {
    /// Newest first.
    pub(crate) list: RefCell<Vec<Row>>,
    /// Rows that are being redialled.
    pub(crate) away: RefCell<Vec<Row>>,
    /// The ids that have been listed ever since page 1 was last asked for.
    pub(crate) at_head: RefCell<Vec<i64>>,
    /// The ids that have ever left.
    pub(crate) left: RefCell<BTreeSet<i64>>,
    pub(crate) unrest: Cell<Unrest>,
    pub(crate) manners: Manners,
    /// What happened, for the bound on requests: arrivals, and departures.
    pub(crate) came: Cell<u64>,
    pub(crate) went: Cell<u64>,
    /// The page of every request that was answered.
    pub(crate) asked: RefCell<Vec<u64>>,
    pub(crate) in_flight: Cell<usize>,
    /// Before the request of that number, from 0, something happens to the list.
    pub(crate) script: RefCell<Vec<Happening>>,
    ended: Cell<i64>,
    chance: Chance,
    clock: FakeClock,
}

/// Before the request of that number, from 0, this is done to the list.
pub(crate) type Happening = (usize, Box<dyn Fn(&Vendor)>);

impl Vendor {
    pub(crate) fn new(rows: u64, seed: u64, manners: Manners, clock: FakeClock) -> Rc<Self> {
        let vendor = Self {
            list: RefCell::default(),
            away: RefCell::default(),
            at_head: RefCell::default(),
            left: RefCell::default(),
            unrest: Cell::default(),
            manners,
            came: Cell::new(0),
            went: Cell::new(0),
            asked: RefCell::default(),
            in_flight: Cell::new(0),
            script: RefCell::default(),
            ended: Cell::new(0),
            chance: Chance::new(seed),
            clock,
        };
        vendor.arrive(rows);
        vendor.came.set(0);
        Rc::new(vendor)
    }

    pub(crate) fn arrive(&self, rows: u64) {
        for _ in 0..rows {
            let index = self.next_index();
            // Ids are not in the order of the list.
            let id = 1_000_000 + index * 7919 % 999_983;
            self.list.borrow_mut().insert(0, Row { id, version: 0, index });
            self.came.set(self.came.get() + 1);
        }
    }

    fn next_index(&self) -> i64 {
        self.ended.set(self.ended.get() + 1);
        self.ended.get()
    }

    fn anywhere(&self) -> Option<usize> {
        let rows = self.list.borrow().len() as u64;
        (rows > 0).then(|| usize::try_from(self.chance.below(rows)).unwrap())
    }

    /// A row at a position leaves the list.
    pub(crate) fn leave(&self, position: usize) {
        let row = self.list.borrow_mut().remove(position);
        self.at_head.borrow_mut().retain(|id| *id != row.id);
        self.left.borrow_mut().insert(row.id);
        self.away.borrow_mut().push(row);
        self.went.set(self.went.get() + 1);
    }

    /// The first of those that left comes back.
    pub(crate) fn come_back(&self) {
        let mut away = self.away.borrow_mut();
        if !away.is_empty() {
            let row = away.remove(0);
            let changed = Row { version: row.version + 1, index: self.next_index(), ..row };
            self.list.borrow_mut().insert(0, changed);
            self.came.set(self.came.get() + 1);
        }
    }

    /// A row changes where it stands.
    pub(crate) fn edit(&self, position: usize) {
        self.list.borrow_mut()[position].version += 1;
    }

    pub(crate) fn everyone_comes_back(&self) {
        while !self.away.borrow().is_empty() {
            self.come_back();
        }
    }

    /// The list as it is: every call with its version.
    pub(crate) fn state(&self) -> BTreeMap<i64, u64> {
        self.list.borrow().iter().map(|row| (row.id, row.version)).collect()
    }

    fn happen(&self) {
        let number = self.asked.borrow().len();
        let due: Vec<Happening> =
            self.script.borrow_mut().extract_if(.., |(at, _)| *at <= number).collect();
        for (_, happens) in due {
            happens(self);
        }
        let unrest = self.unrest.get();
        if self.chance.one_in(unrest.arrivals) {
            self.arrive(1 + self.chance.below(unrest.most));
        }
        if self.chance.one_in(unrest.moves)
            && let Some(position) = self.anywhere()
        {
            let last = self.away.borrow().len();
            self.leave(position);
            self.away.borrow_mut().rotate_right(usize::from(last > 0));
            self.come_back();
        }
        if self.chance.one_in(unrest.redials) {
            for _ in 0..=self.chance.below(4) {
                if let Some(position) = self.anywhere() {
                    self.leave(position);
                }
            }
        }
        if self.chance.one_in(unrest.redials) {
            self.come_back();
        }
        if self.chance.one_in(unrest.edits)
            && let Some(position) = self.anywhere()
        {
            self.edit(position);
        }
    }

    fn page(&self, asked: &Value) -> String {
        let number = |name: &str| match asked.get(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        };
        let size =
            usize::try_from(number("pageSize").unwrap_or(10)).unwrap().min(self.manners.most);
        let page = if self.manners.pages { number("pageNum").unwrap_or(1) } else { 1 };
        self.asked.borrow_mut().push(number("pageNum").unwrap_or(1).try_into().unwrap());
        let mut list = self.list.borrow().clone();
        if page == 1 {
            *self.at_head.borrow_mut() = list.iter().map(|row| row.id).collect();
        }
        if let Some(index) = number("index").filter(|_| self.manners.index) {
            list.retain(|row| row.index > index);
            list.reverse();
        }
        let total = list.len();
        let from = (usize::try_from(page).unwrap() - 1) * size;
        let mut rows = String::new();
        for row in list.iter().skip(from).take(size) {
            let comma = if rows.is_empty() { "" } else { "," };
            let Row { id, version, index } = row;
            let index =
                if self.manners.index { format!(r#","callIndex":{index}"#) } else { String::new() };
            write!(
                rows,
                r#"{comma}{{"callInstanceId":{id},"callJobId":62,"duration":{version}{index}}}"#
            )
            .unwrap();
        }
        let total =
            if self.manners.counts { format!(r#","total":{total}"#) } else { String::new() };
        format!(
            r#"{{"code":200,"data":{{"pageNum":{page},"pageSize":{size},"list":[{rows}]{total}}}}}"#
        )
    }
}

/// A vendor behind a network.
pub(crate) struct Line(pub(crate) Rc<Vendor>);

impl Transport for Line {
    async fn send(&self, outgoing: HttpRequest<'_>) -> Result<HttpResponse> {
        let vendor = &self.0;
        vendor.in_flight.set(vendor.in_flight.get() + 1);
        let _flight = Flight(vendor);
        let asked = parse(outgoing.request.body.as_deref().unwrap_or("{}").as_bytes()).unwrap();
        // Requests overtake each other.
        let wait = |least| u32::try_from(least + vendor.chance.below(50)).unwrap();
        vendor.clock.sleep(wait(1)).await;
        vendor.happen();
        let fault =
            vendor.chance.one_in(vendor.unrest.get().faults).then(|| vendor.chance.below(6));
        let body = vendor.page(&asked);
        if fault.is_some() {
            vendor.asked.borrow_mut().pop();
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

struct Flight<'a>(&'a Vendor);

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get() - 1);
    }
}
