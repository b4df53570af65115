import { makeCalls } from "./calls.mjs";
import { difference, overviewFilter } from "./questions.mjs";
import * as columns from "./contestants/columns.mjs";
import * as duckdb from "./contestants/duckdb.mjs";
import { connect } from "./contestants/duckdb-node.mjs";
const N=+process.argv[2]||100000;
const calls=makeCalls(N);
const a=columns.open(), b=await duckdb.open({connect}); a.load(calls); let t=performance.now(); await b.load(calls); console.log("load",performance.now()-t);
for(let r=0;r<4;r++){const f=overviewFilter(r,calls); const want=a.overview(f); t=performance.now(); const got=await b.overview(f); console.log("overview",performance.now()-t, difference(want,got));}
const la=a.linked(), lb=b.linked();
const steps=[l=>{},l=>l.hours([9,10,11,14,15,16,17]),l=>l.brush([20,60]),l=>l.brush([23,63]),l=>l.brush([200,400]),l=>l.brush([5,5]),l=>l.brush(null),l=>l.brush([0,50]),l=>l.hours(null),l=>l.brush([1000,2000]),l=>l.brush([30,80])];
for(const s of steps){s(la);s(lb);t=performance.now(); const got=await lb.read(); console.log(s.toString(),(performance.now()-t).toFixed(1),difference(la.read(),got));}
for (const by of ["startTimeMs","duration"]) for (const o of [0,5000,N-50]) {t=performance.now(); const got=await b.sorted(by)(o); console.log(by,o,performance.now()-t, difference(a.sorted(by)(o).map(x=>x.callInstanceId),got.map(x=>x.callInstanceId)));}
b.free();
