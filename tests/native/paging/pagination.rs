//! Pagination of lists that change: a row that stays is returned once, and every pagination ends.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use byrobot_calls::client::{BaseUrl, Caller, Client, Policy, Semaphore, Settings};
use byrobot_calls::error::Result;
use byrobot_calls::json::Value;
use byrobot_calls::paging::{PageHeader, Pages, Pagination};
use serde_json::json;

use super::vendor::{Activity, Behaviour, Network, Rng, Vendor};
use crate::harness::FakeClock;

#[derive(Clone)]
struct NoHeaders;

impl Caller for NoHeaders {
    async fn headers(&self) -> Result<Vec<(String, String)>> {
        Ok(Vec::new())
    }
}

/// Reads all pages and returns the ids in their order.
fn read_all(vendor: &Rc<Vendor>, clock: &FakeClock, size: u64, ahead: usize) -> Result<Vec<i64>> {
    let base_url = BaseUrl::parse("https://robots.example").unwrap();
    let network = Network(Rc::clone(vendor));
    let client = Rc::new(Client::new(base_url, network, clock.clone(), Semaphore::new(6)));
    let settings =
        Settings { retry: Policy { attempts: 30, ..Policy::default() }, ..Settings::default() };
    let list = Rc::new(
        crate::query("queryDoneTaskPhones", &json!({ "callJobId": 62, "pageSize": size })).unwrap(),
    );
    let mut pages = Pages::new(client, settings, NoHeaders, list, ahead);
    assert!(
        vendor.requested.borrow().is_empty(),
        "nothing is sent before the first call of `next`"
    );
    let outcome = clock.run(async {
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
    outcome
}

/// The ids as a set. Fails for an id that occurs twice.
fn each_once(ids: &[i64]) -> BTreeSet<i64> {
    let set: BTreeSet<i64> = ids.iter().copied().collect();
    assert_eq!(set.len(), ids.len(), "doubled");
    set
}

#[test]
fn a_row_that_stays_in_the_list_is_returned_once() {
    for seed in 0..3000 {
        let rng = Rng::new(seed);
        let (size, rows) = (2 + rng.below(9), rng.below(90));
        let clock = FakeClock::at(1_700_000_000_000);
        let vendor = Vendor::new(rows, seed, Behaviour::default(), clock.clone());
        let listed: BTreeSet<i64> = vendor.state().into_keys().collect();
        vendor.activity.set(Activity {
            arrivals: 3 + rng.below(4),
            most: size.div_ceil(3),
            moves: rng.below(5),
            redials: rng.below(5),
            edits: rng.below(3),
            faults: [0, 4, 8][usize::try_from(rng.below(3)).unwrap()],
        });
        let ids = each_once(&read_all(&vendor, &clock, size, 1).unwrap());
        let left = vendor.left.borrow();
        let lost: Vec<_> = listed.difference(&left).filter(|id| !ids.contains(id)).collect();
        assert!(lost.is_empty(), "simulation {seed} lost {lost:?}");
    }
}

#[test]
fn an_unchanged_list_is_returned_in_order_with_any_number_of_pages_ahead() {
    for seed in 0..300 {
        let rng = Rng::new(seed);
        let (size, rows) = (1 + rng.below(9), rng.below(90));
        let clock = FakeClock::at(1_700_000_000_000);
        let has_total = !rng.one_in(3);
        let vendor =
            Vendor::new(rows, seed, Behaviour { has_total, ..Behaviour::default() }, clock.clone());
        vendor.activity.set(Activity { faults: 6, ..Activity::default() });
        let ahead = usize::try_from(rng.below(7)).unwrap();
        let listed: Vec<i64> = vendor.list.borrow().iter().map(|row| row.id).collect();
        assert_eq!(read_all(&vendor, &clock, size, ahead).unwrap(), listed, "simulation {seed}");
        if has_total {
            let requests = vendor.requested.borrow().len() as u64;
            assert_eq!(requests, rows.div_ceil(size).max(1), "simulation {seed}");
        }
    }
}

#[test]
fn a_server_that_always_sends_the_first_page_is_paging_unstable() {
    let clock = FakeClock::at(1_700_000_000_000);
    let vendor =
        Vendor::new(500, 1, Behaviour { pages: false, ..Behaviour::default() }, clock.clone());
    for ahead in [0, 1, 5] {
        vendor.requested.borrow_mut().clear();
        let error = read_all(&vendor, &clock, 10, ahead).unwrap_err();
        assert_eq!(error.kind.code(), "paging_unstable");
        assert!(vendor.requested.borrow().len() <= 12 + ahead);
    }
}

/// The server invents pages without an end.
#[test]
fn a_pagination_ends_for_any_answers_of_the_server() {
    for seed in 0..2000 {
        let rng = Rng::new(seed);
        let size = 1 + rng.below(5);
        let mut pagination = Pagination::new(1, size);
        let next = Cell::new(0);
        let (repeats, totals) = (rng.below(3), rng.below(4));
        let mut pages = 0;
        while let Some(page) = pagination.page() {
            pages += 1;
            assert!(pages <= 200_000, "simulation {seed} does not end");
            let rows = if rng.one_in(9) { rng.below(size + 1) } else { size };
            let ids: Vec<i64> = (0..rows)
                .map(|_| {
                    next.set(next.get() + i64::from(repeats == 0 || rng.one_in(repeats)));
                    next.get()
                })
                .collect();
            let total = match totals {
                0 => None,
                1 => Some(i64::try_from(rng.below(2000)).unwrap()),
                2 => Some(i64::try_from(page * size + 1).unwrap()),
                _ => Some(next.get() * 2),
            };
            let header = PageHeader::new(page, size, total, ids.len());
            match pagination.take(header, &ids) {
                Ok(new) => assert_eq!(new.len(), ids.len()),
                Err(error) => {
                    assert_eq!(error.kind.code(), "paging_unstable");
                    break;
                }
            }
        }
    }
}
