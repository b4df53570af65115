import { makeCalls } from "./calls.mjs";
import { difference, overviewFilter } from "./questions.mjs";
import * as objects from "./contestants/objects.mjs";
import * as columns from "./contestants/columns.mjs";
import * as incremental from "./contestants/incremental.mjs";
import * as crossfilter from "./contestants/crossfilter.mjs";
const N=+process.argv[2]||100000;
const calls=makeCalls(N);
const cs=[];
for(const m of [columns,crossfilter,incremental]){ const c=m.open(); c.load(calls); cs.push([m.name,c]); }
for(let r=0;r<6;r++){const f=overviewFilter(r,calls); const want=cs[0][1].overview(f); for(const [n,c] of cs) { if(!c.overview)continue; const t=performance.now(); const got=c.overview(f); console.log(n,"overview",(performance.now()-t).toFixed(2), difference(want,got));}}
for(const[,c]of cs)c.forget?.();
const ls=cs.map(([n,c])=>[n,c.linked()]);
for(const [,l] of ls) {l.hours([9,10,11,14,15,16]); l.brush([0,40]); l.read()}
for(let k=0;k<2;k++)for(const [n,l] of ls){const ts=[]; for(let i=0;i<80;i++){const lo=(i<40?i:80-i)*3; const t=performance.now(); l.brush([lo,lo+40]); l.read(); ts.push(performance.now()-t);} ts.sort((a,b)=>a-b); console.log(n,"move median",ts[40].toFixed(3),"max",ts.at(-1).toFixed(2),"min",ts[0].toFixed(3));}
