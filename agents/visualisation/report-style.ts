import { palette } from './palette.ts';

const roles = Object.entries(palette);

// Drawings hold the colours of a light page as attributes; on a dark one each role's colour is exchanged.
const darkDrawing = roles
  .flatMap(([role, { light }]) =>
    ['fill', 'stroke'].map((part) => `.chart [${part}="${light}"]{${part}:var(--${role})}`),
  )
  .join('\n');

function declareColours(mode: 'light' | 'dark'): string {
  return roles.map(([role, colours]) => `--${role}:${colours[mode]}`).join(';');
}

/** The style sheet of a report: 320 px and wider, light and dark, print. */
export const reportStyle = `
:root{color-scheme:light dark;${declareColours('light')};--panel:#f6f8fa}
@media (prefers-color-scheme:dark){:root{${declareColours('dark')};--panel:#1d232a}
${darkDrawing}
}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 'Noto Sans','Helvetica Neue',Arial,'Noto Sans TC','Noto Sans HK','Noto Sans CJK TC','PingFang TC','PingFang HK','Microsoft JhengHei',system-ui,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:62rem;margin:0 auto;padding:0 1rem}
header{padding-top:2rem}
h1{font-size:clamp(1.5rem,5vw,2.1rem);line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.35rem;line-height:1.3;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:2px solid var(--gridline)}
h3{font-size:1.1rem;line-height:1.35;margin:2rem 0 .5rem}
p,ul{margin:.5rem 0}
ul{padding-left:1.25rem}
li{margin:.3rem 0}
.muted,figcaption,footer{color:var(--muted)}
figcaption{font-size:.9rem;margin-top:.25rem}
.topic{color:var(--muted);margin:-.25rem 0 .5rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.lead{background:var(--panel);border-radius:.5rem;padding:.75rem 1rem .75rem 2rem;font-size:1.05rem}
.chart{margin:0}
.chart svg{display:block;width:100%;height:auto;max-width:60rem}
.chart .narrow{display:none;max-width:27rem}
.scroll{overflow-x:auto;max-height:28rem;overflow-y:auto;border:1px solid var(--gridline);border-radius:.35rem;margin:.5rem 0}
.scroll:focus-visible,summary:focus-visible{outline:3px solid var(--forecast);outline-offset:2px}
summary{cursor:pointer;padding:.6rem 0;color:var(--forecast)}
table{border-collapse:collapse;font-size:.875rem;width:100%;overflow-wrap:normal}
th,td{padding:.35rem .6rem;text-align:left;border-bottom:1px solid var(--gridline);vertical-align:top}
thead th{position:sticky;top:0;background:var(--panel);min-width:5.5rem}
tbody tr:last-child>*{border-bottom:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.period{white-space:nowrap}
.long{min-width:12rem}
footer{padding-bottom:2.5rem;margin-top:3rem;font-size:.9rem}
@media (max-width:40rem){.chart .wide{display:none}.chart .narrow{display:block}}
@media print{
:root{color-scheme:light;${declareColours('light')}}
header,main,footer{max-width:none;padding:0}
.chart .wide{display:block}.chart .narrow{display:none}
.chart,.chart-title{break-inside:avoid}
h2,h3{break-after:avoid}
details:not([open]){display:none}
.scroll{max-height:none;overflow:visible;border:0}
tr{break-inside:avoid}
}
`;
