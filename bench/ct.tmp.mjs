import { inChromium } from "./chromium.mjs";
const rows=+process.argv[2]||10000; const only=process.argv[3]?.split(",");
const t=Date.now();
const {version,results}=await inChromium([rows],{...(only&&{only})},(r,x)=>console.error(((Date.now()-t)/1000).toFixed(1),r,x));
console.log(version);
for(const [w,r] of Object.entries(results[rows])) console.log(w.padEnd(34), Object.entries(r).map(([n,x])=>n+" "+(x.ms?.toFixed(3)??((x.bytes/rows).toFixed(1)+"B"))+(x.perSecond?" "+x.perSecond.toFixed(0)+"MB/s":"")+(x.worst?"/"+x.worst.toFixed(2):"")+" n"+x.rounds+(x.stoppedAt?" stopped "+x.stoppedAt:"")).join(" | "));
