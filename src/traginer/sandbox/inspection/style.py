"""How the inspection page looks: calm, in light and dark, down to 390 pixels."""

STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf8; --ink: #24221f; --soft: #6a655e; --line: #e3dfd8; --mark: #0b6e4f; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #191a1b; --ink: #e6e3de; --soft: #a09b93; --line: #34353a; --mark: #62c9a4; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; }
p { margin: .25rem 0 .75rem; color: var(--soft); }
a, a:visited { color: var(--mark); }
a[aria-current] { font-weight: 600; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 0; }
dl div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border-bottom: 1px solid var(--line);
  font-variant-numeric: tabular-nums; }
th { color: var(--soft); font-weight: 500; white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
.none { font-style: italic; }
"""
