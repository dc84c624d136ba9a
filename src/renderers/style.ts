/** The page's only style sheet: light, dark and print, system fonts, no external resource. */
export const STYLE = `
:root { --ink: #1c2024; --soft: #5b6470; --paper: #ffffff; --panel: #f5f6f8; --line: #d9dde3; --accent: #0b5cad; --root: #b3261e; --mark: #fff3c4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --soft: #9aa4b0; --paper: #14171a; --panel: #1d2125; --line: #353b42; --accent: #7cb7f2; --root: #ff8a80; --mark: #4a3f12; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .7rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p, ul, ol { margin: .6rem 0; }
ul, ol { padding-left: 1.4rem; }
li { margin: .25rem 0; }
a { color: var(--accent); }
a.ref { font-size: .82em; text-decoration: none; white-space: nowrap; }
a.ref:hover { text-decoration: underline; }
a.ref::before { content: "["; }
a.ref::after { content: "]"; }
blockquote { margin: 1rem 0; padding: .5rem 1rem; border-left: 4px solid var(--line); background: var(--panel); color: var(--soft); }
blockquote p { margin: .2rem 0; }
code { font: .86em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--panel); padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 5px; padding: .7rem .9rem; overflow-x: auto; }
pre code { background: none; padding: 0; white-space: pre-wrap; }
.table { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { background: var(--panel); font-weight: 600; }
td:first-child { font-variant-numeric: tabular-nums; }
.about td:first-child { width: 11rem; font-weight: 600; white-space: nowrap; }
.evidence td:nth-child(-n+3) { white-space: nowrap; }
.evidence td:nth-child(2) code { overflow-wrap: normal; }
tr:target td { background: var(--mark); }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--soft); }
.diagram { margin: 1rem 0; overflow-x: auto; border: 1px solid var(--line); border-radius: 5px; padding: .5rem; }
svg.cascade { display: block; max-width: none; color: var(--ink); }
svg.cascade text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
svg.cascade text.layer { fill: var(--soft); font-weight: 600; }
svg.cascade text.when { fill: var(--soft); font-size: 11px; }
svg.cascade rect { fill: var(--panel); stroke: var(--soft); stroke-width: 1.2; }
svg.cascade .derived rect { stroke-dasharray: 2 3; }
svg.cascade .root rect { stroke: var(--root); }
svg.cascade .root rect.inner { fill: none; }
svg.cascade .lane { stroke: var(--line); }
svg.cascade .link { fill: none; stroke: var(--soft); stroke-width: 1.5; }
svg.cascade .link.observed { stroke-width: 3.2; }
svg.cascade .link.assumed { stroke-dasharray: 5 4; }
svg.cascade .tip { fill: var(--soft); }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --panel: #f4f4f4; --line: #bbb; --accent: #000; --root: #900; }
  main { max-width: none; padding: 0; }
  body { font-size: 10.5pt; }
  h2, h3 { break-after: avoid; }
  tr, pre, figure { break-inside: avoid; }
  .diagram { overflow: visible; }
  svg.cascade { max-width: 100%; height: auto; }
  details { display: none; }
}
`;
