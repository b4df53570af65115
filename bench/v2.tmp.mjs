import { makeCalls } from "./calls.mjs";
import * as columns from "./contestants/columns.mjs";
const calls=makeCalls(1000000); const c=columns.open(); c.load(calls); const l=c.linked(); l.hours([9,10,11,14,15,16]);
for(let k=0;k<4;k++){const ts=[]; for(let i=0;i<80;i++){const lo=(i<40?i:80-i)*3; const t=performance.now(); l.brush([lo,lo+40]); l.read(); ts.push(performance.now()-t);} ts.sort((a,b)=>a-b); console.log("move median",ts[40].toFixed(3),"max",ts.at(-1).toFixed(2),"min",ts[0].toFixed(3));}
