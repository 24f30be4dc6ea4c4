/** The report's style sheet: light and dark by the system, one column on a phone, ink on paper. */
export const STYLE = `
:root{color-scheme:light dark;--page:#fcfbf8;--card:#fff;--ink:#1d1e23;--muted:#686a73;--rule:#e5e2da;--cool:#2b62c9;--warm:#c4511d;--tint:43 98 201;--alarm:196 81 29}
@media screen and (prefers-color-scheme:dark){:root{--page:#131418;--card:#1a1c21;--ink:#e9e7e2;--muted:#9c9ea8;--rule:#2f3138;--cool:#86aefc;--warm:#ff9a66;--tint:134 174 252;--alarm:255 154 102}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
main,header,footer{max-width:1040px;margin:0 auto;padding:0 20px}
header{padding-top:44px}
h1{font-size:clamp(1.5rem,4.5vw,2.1rem);line-height:1.15;margin:0 0 6px;letter-spacing:-.015em}
h1 small{font-weight:400;color:var(--muted);font-size:.62em;letter-spacing:0;white-space:nowrap}
h2{font-size:1.35rem;line-height:1.25;margin:0 0 4px;letter-spacing:-.01em}
h3{font-size:1rem;margin:0 0 2px}
p{margin:0 0 12px;max-width:68ch}
.lead,.note{color:var(--muted)}
.note{font-size:.9rem}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em;overflow-wrap:anywhere}
section{padding:34px 0 6px;border-top:1px solid var(--rule);margin-top:34px}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:.92rem;margin:18px 0 0}
a{color:var(--cool);text-decoration-thickness:1px;text-underline-offset:3px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:18px 26px;margin:26px 0 0;padding:0}
.figures div{border-top:2px solid var(--ink);padding-top:8px}
.figures dt{font-size:.86rem;color:var(--muted)}
.figures dd{margin:0;font-size:1.5rem;font-weight:650;letter-spacing:-.015em;line-height:1.25}
.figures dd small{display:block;font-size:.82rem;font-weight:400;color:var(--muted);letter-spacing:0;line-height:1.4}
.figures .main dd{font-size:2.5rem;line-height:1.1;color:var(--cool)}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:28px 40px;margin:16px 0}
.grid>*{min-width:0}
figure{margin:0;break-inside:avoid}
figcaption{font-size:.9rem;color:var(--muted);margin-bottom:6px}
figcaption b{color:var(--ink);font-weight:650;font-size:1rem}
.plot{display:block;width:100%;height:auto;max-width:480px;overflow:visible;font-variant-numeric:tabular-nums}
.plot text{white-space:pre}
.key{white-space:nowrap}
.key::before{content:"";display:inline-block;width:.72em;height:.72em;border-radius:50%;margin:0 .35em 0 .1em;background:var(--cool)}
.key.warm::before{background:var(--warm)}
.key.ring::before{background:none;border:2px solid var(--warm)}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch;padding-bottom:4px}
table{border-collapse:collapse;font-size:.88rem}
th,td{text-align:right;padding:4px 10px;border-bottom:1px solid var(--rule);font-weight:400}
th{color:var(--muted)}
td:first-child,th:first-child{text-align:left;padding-left:0}
.confusion{border-collapse:separate;border-spacing:2px;width:100%;max-width:480px;table-layout:fixed;font-size:clamp(.66rem,2.6vw,.86rem)}
.confusion td,.confusion th{border:0;padding:0;height:2.5em;text-align:center!important;border-radius:3px}
.confusion td{background:rgb(var(--alarm)/calc(var(--v)*.75))}
.confusion td.right{background:rgb(var(--tint)/.14);color:var(--muted)}
.confusion td.none{background:none;color:var(--rule)}
.ink{display:block;image-rendering:pixelated;filter:invert(1);mix-blend-mode:multiply}
.weights{display:block;image-rendering:pixelated}
.wide{width:100%;min-width:600px;height:auto}
.mistakes{display:grid;grid-template-columns:repeat(auto-fill,minmax(86px,1fr));gap:18px 14px;margin:16px 0;padding:0;list-style:none}
.mistakes li{break-inside:avoid;font-size:.8rem;line-height:1.35;min-width:0}
.mistakes .ink{width:84px;height:84px;border-radius:3px}
.mistakes b{font-size:1.02rem;font-weight:650}
.mistakes i{font-style:normal;color:var(--warm)}
.mistakes span{color:var(--muted);display:block;overflow-wrap:anywhere}
.mistakes .sure{color:inherit}
.mistakes .pair{display:flex;gap:4px}
.mistakes.pictures{grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}
.mistakes.pictures .ink,.mistakes.pictures .sent{width:72px;height:72px}
.sent{object-fit:contain;border:1px solid var(--rule);border-radius:3px}
.rows{display:grid;gap:14px;margin:12px 0}
.rows>*{min-width:0}
.recipe td{text-align:left;vertical-align:top;overflow-wrap:anywhere}
.scroll .recipe td{overflow-wrap:normal}
.recipe td:first-child{color:var(--muted);padding-right:22px;overflow-wrap:normal}
footer{padding-top:26px;padding-bottom:60px;color:var(--muted);font-size:.88rem}
@media screen and (prefers-color-scheme:dark){.ink{filter:none;mix-blend-mode:screen}}
@media (max-width:520px){header{padding-top:26px}main,header,footer{padding-left:16px;padding-right:16px}.figures{grid-template-columns:1fr 1fr}.figures .main{grid-column:1/-1}.mistakes{grid-template-columns:repeat(auto-fill,minmax(76px,1fr));gap:14px 10px}.mistakes .ink{width:72px;height:72px}}
@media print{@page{margin:14mm}:root{color-scheme:light}body{background:#fff;font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}nav{display:none}main,header,footer{max-width:none;padding:0}header{padding-top:0}section{margin-top:18px;padding-top:18px}h2,h3,.note,figcaption{break-after:avoid}p{break-inside:avoid}table{break-inside:avoid}.figures{grid-template-columns:1.4fr 1fr 1fr 1fr 1fr;gap:14px}.figures .main dd{font-size:1.7rem}.figures dd{font-size:1.25rem}.sent{border-color:#ddd}.grid{grid-template-columns:1fr 1fr;gap:16px 24px}.plot,.confusion{max-width:none}.ink{mix-blend-mode:normal}.scroll{overflow:visible;break-inside:avoid}.wide{min-width:0}.mistakes{grid-template-columns:repeat(9,1fr);gap:10px 8px}.mistakes .ink{width:100%;height:auto}.mistakes.pictures{grid-template-columns:repeat(4,1fr)}a{color:inherit;text-decoration:none}}
`.trim()
