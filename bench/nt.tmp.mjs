import { fork } from "node:child_process";
const rows=+process.argv[2]||10000; const only=process.argv[3]?.split(",");
const c=fork("./node.mjs",[JSON.stringify({rows,...(only&&{only})})],{execArgv:["--expose-gc","--max-old-space-size=8192"]});
const t=Date.now();
c.on("message",m=>{ if(m.progress) console.error(((Date.now()-t)/1000).toFixed(1),m.progress); else for(const [w,r] of Object.entries(m.results)) console.log(w.padEnd(34), Object.entries(r).map(([n,x])=>n+" "+(x.ms?.toFixed(3)??((x.bytes/rows).toFixed(1)+"B"))+(x.perSecond?" "+x.perSecond.toFixed(0)+"MB/s":"")+(x.worst?"/"+x.worst.toFixed(2):"")+" n"+x.rounds+(x.own?JSON.stringify(x.own):"")+(x.stoppedAt?" stopped "+x.stoppedAt:"")).join(" | ")); });
c.on("exit",x=>console.error("exit",x,((Date.now()-t)/1000).toFixed(1)));
