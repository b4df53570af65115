//! Ten thousand worlds: vendors of every restlessness, requests that fail, stops at any moment, tables
//! that go on from what was last saved. In each, the table comes to hold what the vendor lists.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use byrobot_calls::client::{Backoff, BaseUrl, Client, Policy, Semaphore, Settings};
use byrobot_calls::error::Result;
use byrobot_calls::json::Value;
use byrobot_calls::paging::{Mode, Sync, SyncOptions, SyncReport};
use byrobot_calls::request::Query;
use byrobot_calls::table::Table;
use serde_json::json;

use super::vendor::{Chance, Line, Manners, Unrest, Vendor};
use crate::world::{FakeClock, Log, Someone};

/// A table, a client, and the vendor they are to follow.
pub(crate) struct World {
    pub(crate) clock: FakeClock,
    pub(crate) vendor: Rc<Vendor>,
    pub(crate) client: Client<Line, FakeClock>,
    pub(crate) table: RefCell<Table>,
    pub(crate) query: Query,
    pub(crate) settings: Settings,
    pub(crate) caller: Someone,
    /// What a store would hold.
    pub(crate) saved: RefCell<Vec<u8>>,
}

pub(crate) const WALK: SyncOptions = SyncOptions { mode: Mode::Pages, full: false, concurrency: 1 };

impl World {
    pub(crate) fn new(rows: u64, size: i64, seed: u64, manners: Manners) -> Self {
        let clock = FakeClock::at(1_700_000_000_000);
        let vendor = Vendor::new(rows, seed, manners, clock.clone());
        let base_url = BaseUrl::parse("https://robots.example").unwrap();
        let line = Line(Rc::clone(&vendor));
        let client = Client::new(base_url, line, clock.clone(), Semaphore::new(6));
        let patient = Policy { attempts: 30, ..Policy::default() };
        let settings =
            Settings { retry: patient, backoff: Some(Backoff::default()), ..Settings::default() };
        Self {
            clock,
            vendor,
            client,
            table: RefCell::default(),
            query: crate::query(
                "queryDoneTaskPhones",
                &json!({ "callJobId": 62, "pageSize": size }),
            )
            .unwrap(),
            settings,
            caller: Someone { log: Rc::new(Log::default()), headers: RefCell::default() },
            saved: RefCell::default(),
        }
    }

    /// A synchronisation that is saved after every page, and stopped after so many steps.
    pub(crate) fn sync_for(
        &self,
        options: SyncOptions,
        steps: usize,
    ) -> Option<Result<SyncReport>> {
        let World { client, settings, caller, table, query, .. } = self;
        let sync = Sync { client, settings, caller, table, query };
        let mut save = |_| drop(self.saved.replace(table.borrow().snapshot().unwrap()));
        let done = self.clock.run_for(sync.run(options, &mut save), steps);
        assert_eq!(self.vendor.in_flight.get(), 0, "a request goes on");
        assert_eq!(self.clock.timers(), 0, "a timer is left");
        done
    }

    pub(crate) fn sync(&self, options: SyncOptions) -> SyncReport {
        self.sync_for(options, usize::MAX).unwrap().unwrap()
    }

    /// The page is closed and opened again: what was saved is what there is.
    pub(crate) fn reload(&self) {
        let saved = self.saved.borrow();
        let table =
            if saved.is_empty() { Table::default() } else { Table::restore(&saved).unwrap() };
        self.table.replace(table);
    }

    pub(crate) fn requests(&self) -> u64 {
        self.vendor.asked.borrow().len() as u64
    }

    /// Every call of the table with its version.
    pub(crate) fn state(&self) -> BTreeMap<i64, u64> {
        let table = self.table.borrow();
        let mut state = BTreeMap::new();
        for row in byrobot_calls::compute::View::of(&table).rows(0, usize::MAX, None) {
            let number = |name: &str| match row.get(name) {
                Some(Value::Int(number)) => *number,
                other => panic!("{name}: {other:?}"),
            };
            let version = u64::try_from(number("duration")).unwrap();
            assert_eq!(state.insert(number("callInstanceId"), version), None, "doubled");
        }
        state
    }
}

/// What a synchronisation that calls itself complete has promised.
fn check_promise(world: &World, report: SyncReport) {
    if report.complete {
        let state = world.state();
        let missing: Vec<_> = world
            .vendor
            .at_head
            .borrow()
            .iter()
            .filter(|id| !state.contains_key(id))
            .copied()
            .collect();
        assert!(missing.is_empty(), "lost {missing:?} of {}", world.vendor.at_head.borrow().len());
    }
}

fn one_world(seed: u64, concurrency: usize, unrest: impl Fn(&Chance) -> Unrest) {
    let chance = Chance::new(seed + 77);
    let size = 2 + chance.below(8);
    let manners = Manners { counts: !chance.one_in(8), ..Manners::default() };
    let world = World::new(chance.below(80), size.try_into().unwrap(), seed, manners);
    let mut edited = false;
    for _ in 0..chance.below(5) {
        // Calls come more slowly than they can be read.
        let mut unrest = Unrest { most: size.div_ceil(3), ..unrest(&chance) };
        if !manners.counts {
            (unrest.moves, unrest.redials) = (0, 0);
        }
        world.vendor.unrest.set(unrest);
        edited |= unrest.edits > 0;
        let options = SyncOptions { full: chance.one_in(6), concurrency, ..WALK };
        let steps =
            if chance.one_in(2) { usize::MAX } else { chance.below(60).try_into().unwrap() };
        match world.sync_for(options, steps) {
            Some(Ok(report)) => check_promise(&world, report),
            Some(Err(error)) => assert_eq!(error.kind.code(), "paging_unstable", "{error:?}"),
            None if chance.one_in(2) => world.reload(),
            None => {}
        }
    }
    // The task comes to rest.
    world.vendor.everyone_comes_back();
    world.vendor.unrest.set(Unrest { faults: 9, ..Unrest::default() });
    let report = world.sync(SyncOptions { concurrency, ..WALK });
    assert!(report.complete);
    let (table, vendor) = (world.state(), world.vendor.state());
    assert!(table.keys().eq(vendor.keys()), "lost or invented:\n{table:?}\n{vendor:?}");
    if !edited {
        assert_eq!(table, vendor);
    }
    // A second one finds nothing, cheaply; a full one finds every edit.
    let before = world.requests();
    world.vendor.unrest.set(Unrest::default());
    let again = world.sync(WALK);
    if manners.counts {
        assert!(
            world.requests() - before <= 3,
            "{} requests for nothing",
            world.requests() - before
        );
    }
    assert_eq!((again.added, again.complete), (0, true));
    let full = world.sync(SyncOptions { full: true, concurrency, ..WALK });
    assert!(full.complete);
    assert_eq!(world.state(), world.vendor.state());
}

fn worlds(
    count: u64,
    concurrency: usize,
    unrest: impl Fn(&Chance) -> Unrest + Copy + std::panic::RefUnwindSafe,
) {
    for seed in 0..count {
        let run = std::panic::catch_unwind(|| one_world(seed, concurrency, unrest));
        assert!(run.is_ok(), "world {seed}");
    }
}

#[test]
fn nothing_is_lost_while_calls_come_in() {
    worlds(3000, 1, |chance| Unrest {
        arrivals: 3 + chance.below(4),
        faults: 8,
        ..Unrest::default()
    });
}

#[test]
fn nothing_is_lost_while_calls_are_redialled() {
    worlds(4000, 1, |chance| Unrest {
        arrivals: [0, 3, 4, 6][usize::try_from(chance.below(4)).unwrap()],
        moves: chance.below(5),
        redials: chance.below(5),
        edits: if chance.one_in(3) { 3 } else { 0 },
        faults: [0, 4, 8, 12][usize::try_from(chance.below(4)).unwrap()],
        most: 0,
    });
}

#[test]
fn nothing_is_lost_with_several_requests_at_once() {
    worlds(4000, 4, |chance| Unrest {
        arrivals: [0, 3, 4, 6][usize::try_from(chance.below(4)).unwrap()],
        moves: chance.below(8),
        redials: chance.below(8),
        edits: 0,
        faults: [0, 4, 8, 12][usize::try_from(chance.below(4)).unwrap()],
        most: 0,
    });
}

/// The least is a page for each so many calls as there are and come. Beyond that: a page for each call that
/// leaves, because what stood below it moves up; the pages of those that come once more, because they push
/// down what has been read; and two for each of at most four looks at the head.
#[test]
fn requests_stay_within_a_bound_of_the_least_possible() {
    for seed in 0..2000 {
        let chance = Chance::new(seed + 5);
        let size = 5 + chance.below(20);
        let rows = chance.below(300);
        let world = World::new(rows, size.try_into().unwrap(), seed, Manners::default());
        world.vendor.unrest.set(Unrest {
            arrivals: [0, 3, 5][usize::try_from(chance.below(3)).unwrap()],
            redials: [0, 0, 4, 8][usize::try_from(chance.below(4)).unwrap()],
            most: size.div_ceil(3),
            ..Unrest::default()
        });
        let report = world.sync(WALK);
        let (came, went) = (world.vendor.came.get(), world.vendor.went.get());
        let least = (rows + came).div_ceil(size);
        let requests = u64::from(report.requests);
        assert!(requests <= least + went + came.div_ceil(size) + 8, "world {seed}: {requests}");
        assert!(came + went > 0 || requests <= least + 2, "world {seed}: {requests}");
        assert_eq!((report.restarts, report.complete), (0, true), "world {seed}");
    }
}
