import { makeCalls } from "./calls.mjs";
import { difference, overviewFilter } from "./questions.mjs";
import * as table from "./contestants/table.mjs";
import * as objects from "./contestants/objects.mjs";
import * as columns from "./contestants/columns.mjs";
import * as crossfilter from "./contestants/crossfilter.mjs";
import * as arquero from "./contestants/arquero.mjs";
import * as incremental from "./contestants/incremental.mjs";
const N=+process.argv[2]||100000;
const calls=makeCalls(N);
const cs=[];
for(const m of [columns,objects,table,crossfilter,arquero]){ const c=m.open(); const t=performance.now(); c.load(calls); console.log(m.name,"load",(performance.now()-t).toFixed(0)); cs.push([m.name,c]); }
for(let r=0;r<3;r++){const f=overviewFilter(r,calls); const want=cs[0][1].overview(f); for(const [n,c] of cs) { const t=performance.now(); const got=c.overview(f); console.log(n,"overview",(performance.now()-t).toFixed(2), difference(want,got));}}
for(const[,c]of cs)c.forget?.();
const ls=cs.map(([n,c])=>[n,c.linked()]);
const steps=[l=>{},l=>l.hours([9,10,11,14,15,16,17]),l=>l.brush([20,60]),l=>l.brush([23,63]),l=>l.brush([200,400]),l=>l.brush([5,5]),l=>l.brush(null),l=>l.brush([0,50]),l=>l.hours(null),l=>l.brush([1000,2000]),l=>l.brush([30,80])];
for(const s of steps){let want; for(const [n,l] of ls){s(l); const got=l.read(); want??=got; const d=difference(want,got); if(d)console.log(n,s.toString(),d);}}
for(const [,l] of ls) {l.hours([9,10,11,14,15,16,17]); l.brush([0,60]); l.read()}
for(const [n,l] of ls){const ts=[]; for(let i=0;i<80;i++){const lo=i*3; const t=performance.now(); l.brush([lo,lo+60]); l.read(); if(n==='arquero'&&i>8)break; ts.push(performance.now()-t);} ts.sort((a,b)=>a-b); console.log(n,"move median",ts[ts.length>>1].toFixed(3),"max",ts.at(-1).toFixed(2),"min",ts[0].toFixed(3));}
for (const by of ["startTimeMs","duration"]) {let want; for(const [n,c] of cs){const t=performance.now(); const w=c.sorted(by); const got=[0,5000,N-50].map(o=>w(o).map(x=>x.callInstanceId)); console.log(n,by,(performance.now()-t).toFixed(1),difference(want??=got,got));}}
