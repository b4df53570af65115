import { makeCalls } from "./calls.mjs";
import { Columns, Counts, cellsOf, blockSize } from "./contestants/columns.mjs";
const calls=makeCalls(1000000); const c=new Columns(); c.load(calls);
const counts=new Counts(); const inHours=cellsOf([9,10,11,14,15,16]);
const {rows,cell,duration,cellAnswered,roundAnswered,lineAnswered,outcome,timed,start,firsts,lasts}=c;
const chosen=new Uint32Array(4097), both=new Uint32Array(4097);
function A(low,high){const {cells,rounds,lines,lineSeconds,outcomes}=counts, tc=counts.timed; counts.clear(600); const width=high-low;
 for(let b=0;b*4096<rows;b++){const end=Math.min(rows,(b+1)*4096); let n=0; for(let r=b*4096;r<end;r++){chosen[n]=r; n+=(duration[r]-low)>>>0<=width?1:0;}
 let m=0; for(let a=0;a<n;a++){const r=chosen[a]; cells[cellAnswered[r]]++; both[m]=r; m+=inHours[cell[r]];}
 for(let a=0;a<m;a++){const r=both[a]; const l=lineAnswered[r]; lines[l]++; lineSeconds[l]+=duration[r]; rounds[roundAnswered[r]]++; outcomes[outcome[r]]++; tc[timed[r]]++;}}}
const pass=new Uint8Array(65536);
function A2(low,high){const {cells,rounds,lines,lineSeconds,outcomes}=counts, tc=counts.timed; counts.clear(600); pass.fill(0,0,601); pass.fill(1,low,high+1);
 for(let b=0;b*4096<rows;b++){const end=Math.min(rows,(b+1)*4096); let n=0; for(let r=b*4096;r<end;r++){chosen[n]=r; n+=pass[duration[r]];}
 let m=0; for(let a=0;a<n;a++){const r=chosen[a]; cells[cellAnswered[r]]++; both[m]=r; m+=inHours[cell[r]];}
 for(let a=0;a<m;a++){const r=both[a]; const l=lineAnswered[r]; lines[l]++; lineSeconds[l]+=duration[r]; rounds[roundAnswered[r]]++; outcomes[outcome[r]]++; tc[timed[r]]++;}}}
function B(low,high){const {cells,rounds,lines,lineSeconds,outcomes}=counts, tc=counts.timed; counts.clear(600); const width=high-low;
 for(let r=0;r<rows;r++){const d=duration[r]; if((d-low)>>>0>width)continue; cells[cellAnswered[r]]++; if(inHours[cell[r]]===0)continue; const l=lineAnswered[r]; lines[l]++; lineSeconds[l]+=d; rounds[roundAnswered[r]]++; outcomes[outcome[r]]++; tc[timed[r]]++;}}
// C: unrolled selection by 4
function C(low,high){const {cells,rounds,lines,lineSeconds,outcomes}=counts, tc=counts.timed; counts.clear(600); const width=high-low;
 for(let b=0;b*4096<rows;b++){const end=Math.min(rows,(b+1)*4096); let n=0; let r=b*4096; for(;r+3<end;r+=4){chosen[n]=r; n+=(duration[r]-low)>>>0<=width?1:0;chosen[n]=r+1; n+=(duration[r+1]-low)>>>0<=width?1:0;chosen[n]=r+2; n+=(duration[r+2]-low)>>>0<=width?1:0;chosen[n]=r+3; n+=(duration[r+3]-low)>>>0<=width?1:0;} for(;r<end;r++){chosen[n]=r; n+=(duration[r]-low)>>>0<=width?1:0;}
 let m=0; for(let a=0;a<n;a++){const r=chosen[a]; cells[cellAnswered[r]]++; both[m]=r; m+=inHours[cell[r]];}
 for(let a=0;a<m;a++){const r=both[a]; const l=lineAnswered[r]; lines[l]++; lineSeconds[l]+=duration[r]; rounds[roundAnswered[r]]++; outcomes[outcome[r]]++; tc[timed[r]]++;}}}
// D: as A, seconds by line as uint32
const ls32=new Uint32Array(256);
function D(low,high){const {cells,rounds,lines,outcomes}=counts, tc=counts.timed; counts.clear(600); ls32.fill(0); const width=high-low;
 for(let b=0;b*4096<rows;b++){const end=Math.min(rows,(b+1)*4096); let n=0; for(let r=b*4096;r<end;r++){chosen[n]=r; n+=(width-(duration[r]-low>>>0)>>31)+1;}
 let m=0; for(let a=0;a<n;a++){const r=chosen[a]; cells[cellAnswered[r]]++; both[m]=r; m+=inHours[cell[r]];}
 for(let a=0;a<m;a++){const r=both[a]; const l=lineAnswered[r]; lines[l]++; ls32[l]+=duration[r]; rounds[roundAnswered[r]]++; outcomes[outcome[r]]++; tc[timed[r]]++;}}}
// E: arithmetic mask (d-low)|(high-d) sign bit
function E(low,high){const {cells,rounds,lines,lineSeconds,outcomes}=counts, tc=counts.timed; counts.clear(600);
 for(let b=0;b*4096<rows;b++){const end=Math.min(rows,(b+1)*4096); let n=0; for(let r=b*4096;r<end;r++){const d=duration[r]; chosen[n]=r; n+=1+(((d-low)|(high-d))>>31);}
 let m=0; for(let a=0;a<n;a++){const r=chosen[a]; cells[cellAnswered[r]]++; both[m]=r; m+=inHours[cell[r]];}
 for(let a=0;a<m;a++){const r=both[a]; const l=lineAnswered[r]; lines[l]++; lineSeconds[l]+=duration[r]; rounds[roundAnswered[r]]++; outcomes[outcome[r]]++; tc[timed[r]]++;}}}
// F: E with duration histogram for line seconds replaced by line x timed joint? skip; use timed only for lines seconds sum via answered

// G: branch on brush only, then list for hours
function G(low,high){const {cells,rounds,lines,lineSeconds,outcomes}=counts, tc=counts.timed; counts.clear(600); const width=high-low;
 for(let b=0;b*4096<rows;b++){const end=Math.min(rows,(b+1)*4096); let m=0; for(let r=b*4096;r<end;r++){ if((duration[r]-low)>>>0>width)continue; cells[cellAnswered[r]]++; both[m]=r; m+=inHours[cell[r]];}
 for(let a=0;a<m;a++){const r=both[a]; const l=lineAnswered[r]; lines[l]++; lineSeconds[l]+=duration[r]; rounds[roundAnswered[r]]++; outcomes[outcome[r]]++; tc[timed[r]]++;}}}
// H: hours list kept as bits per row is static: precomputed pass byte column
const hoursPass=new Uint8Array(rows); for(let r=0;r<rows;r++)hoursPass[r]=inHours[cell[r]];
function H(low,high){const {cells,rounds,lines,lineSeconds,outcomes}=counts, tc=counts.timed; counts.clear(600); const width=high-low;
 for(let r=0;r<rows;r++){const d=duration[r]; if((d-low)>>>0>width)continue; cells[cellAnswered[r]]++; if(hoursPass[r]===0)continue; const l=lineAnswered[r]; lines[l]++; lineSeconds[l]+=d; rounds[roundAnswered[r]]++; outcomes[outcome[r]]++; tc[timed[r]]++;}}
const cases={slide:(i)=>{const lo=(i<30?i:60-i)*4;return[lo,lo+40]}, all:()=>[0,600], many:()=>[0,5], set:()=>[20,80], few:()=>[100,600]};
for(const rep of [0,1]) for(const [k,g] of Object.entries(cases)) {let line=k.padEnd(6); for(const [n,f] of Object.entries({A,B,C,E,G,H})){const ts=[];for(let i=0;i<60;i++){const [lo,hi]=g(i);const t=performance.now();f(lo,hi);ts.push(performance.now()-t);}ts.sort((a,b)=>a-b);line+=` ${n} ${ts[30].toFixed(2)}/${ts[55].toFixed(2)}`;} console.log(line);}
