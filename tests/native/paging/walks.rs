//! Walks through lists that move: what was listed all the while comes once, and every walk ends.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use byrobot_calls::client::{BaseUrl, Caller, Client, Policy, Semaphore, Settings};
use byrobot_calls::error::Result;
use byrobot_calls::json::Value;
use byrobot_calls::paging::{PageHeader, Pages, Pagination};
use serde_json::json;

use super::vendor::{Chance, Line, Manners, Unrest, Vendor};
use crate::world::FakeClock;

#[derive(Clone)]
struct Nobody;

impl Caller for Nobody {
    async fn headers(&self) -> Result<Vec<(String, String)>> {
        Ok(Vec::new())
    }
}

/// Walks from page to page; returns the ids that came, in their order.
fn walk(vendor: &Rc<Vendor>, clock: &FakeClock, size: u64, ahead: usize) -> Result<Vec<i64>> {
    let base_url = BaseUrl::parse("https://robots.example").unwrap();
    let line = Line(Rc::clone(vendor));
    let client = Rc::new(Client::new(base_url, line, clock.clone(), Semaphore::new(6)));
    let settings =
        Settings { retry: Policy { attempts: 30, ..Policy::default() }, ..Settings::default() };
    let list = Rc::new(
        crate::query("queryDoneTaskPhones", &json!({ "callJobId": 62, "pageSize": size })).unwrap(),
    );
    let mut pages = Pages::new(client, settings, Nobody, list, ahead);
    assert!(vendor.asked.borrow().is_empty(), "nothing is sent before the first page is asked for");
    let walked = clock.run(async {
        let mut ids = Vec::new();
        while let Some(page) = pages.next().await? {
            let Some(Value::List(rows)) = page.get("list") else { panic!("{page:?}") };
            for row in rows {
                let Some(Value::Int(id)) = row.get("callInstanceId") else { panic!("{row:?}") };
                ids.push(*id);
            }
        }
        Ok(ids)
    });
    drop(pages);
    assert_eq!(vendor.in_flight.get(), 0, "a request goes on");
    assert_eq!(clock.timers(), 0, "a timer is left");
    walked
}

fn each_once(ids: &[i64]) -> BTreeSet<i64> {
    let set: BTreeSet<i64> = ids.iter().copied().collect();
    assert_eq!(set.len(), ids.len(), "doubled");
    set
}

#[test]
fn what_is_listed_all_the_while_comes_once_in_every_world() {
    for seed in 0..3000 {
        let chance = Chance::new(seed);
        let (size, rows) = (2 + chance.below(9), chance.below(90));
        let clock = FakeClock::at(1_700_000_000_000);
        let vendor = Vendor::new(rows, seed, Manners::default(), clock.clone());
        let there: BTreeSet<i64> = vendor.state().into_keys().collect();
        vendor.unrest.set(Unrest {
            arrivals: 3 + chance.below(4),
            most: size.div_ceil(3),
            moves: chance.below(5),
            redials: chance.below(5),
            edits: chance.below(3),
            faults: [0, 4, 8][usize::try_from(chance.below(3)).unwrap()],
        });
        let ids = each_once(&walk(&vendor, &clock, size, 1).unwrap());
        let left = vendor.left.borrow();
        let lost: Vec<_> = there.difference(&left).filter(|id| !ids.contains(id)).collect();
        assert!(lost.is_empty(), "world {seed} lost {lost:?}");
    }
}

#[test]
fn a_list_at_rest_comes_whole_and_in_order_however_many_pages_are_ahead() {
    for seed in 0..300 {
        let chance = Chance::new(seed);
        let (size, rows) = (1 + chance.below(9), chance.below(90));
        let clock = FakeClock::at(1_700_000_000_000);
        let counts = !chance.one_in(3);
        let vendor =
            Vendor::new(rows, seed, Manners { counts, ..Manners::default() }, clock.clone());
        vendor.unrest.set(Unrest { faults: 6, ..Unrest::default() });
        let ahead = usize::try_from(chance.below(7)).unwrap();
        let listed: Vec<i64> = vendor.list.borrow().iter().map(|row| row.id).collect();
        assert_eq!(walk(&vendor, &clock, size, ahead).unwrap(), listed, "world {seed}");
        if counts {
            let requests = vendor.asked.borrow().len() as u64;
            assert_eq!(requests, rows.div_ceil(size).max(1), "world {seed}");
        }
    }
}

#[test]
fn a_server_that_knows_one_page_only_is_stopped() {
    let clock = FakeClock::at(1_700_000_000_000);
    let vendor = Vendor::new(500, 1, Manners { pages: false, ..Manners::default() }, clock.clone());
    for ahead in [0, 1, 5] {
        vendor.asked.borrow_mut().clear();
        let error = walk(&vendor, &clock, 10, ahead).unwrap_err();
        assert_eq!(error.kind.code(), "paging_unstable");
        assert!(vendor.asked.borrow().len() <= 12 + ahead);
    }
}

/// Pages that have no end: however they are made up, the walk ends after so many of them.
#[test]
fn whatever_a_server_says_a_walk_ends() {
    for seed in 0..2000 {
        let chance = Chance::new(seed);
        let size = 1 + chance.below(5);
        let mut walk = Pagination::new(1, size);
        let next = Cell::new(0);
        let (repeats, totals) = (chance.below(3), chance.below(4));
        let mut pages = 0;
        while let Some(page) = walk.page() {
            pages += 1;
            assert!(pages <= 200_000, "world {seed} does not end");
            let rows = if chance.one_in(9) { chance.below(size + 1) } else { size };
            let ids: Vec<i64> = (0..rows)
                .map(|_| {
                    next.set(next.get() + i64::from(repeats == 0 || chance.one_in(repeats)));
                    next.get()
                })
                .collect();
            let total = match totals {
                0 => None,
                1 => Some(i64::try_from(chance.below(2000)).unwrap()),
                2 => Some(i64::try_from(page * size + 1).unwrap()),
                _ => Some(next.get() * 2),
            };
            let heading = PageHeader::new(page, size, total, ids.len());
            match walk.take(heading, &ids) {
                Ok(new) => assert_eq!(new.len(), ids.len()),
                Err(error) => {
                    assert_eq!(error.kind.code(), "paging_unstable");
                    break;
                }
            }
        }
    }
}
