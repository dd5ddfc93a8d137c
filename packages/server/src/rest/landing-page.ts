// The page at /app/explorer.html: what this server is and where to go on. One file, nothing loaded from elsewhere.

/** White lighthouse on blue: the icon of the page, as SVG. */
export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#14425f"/><path d="M13 11h6l2 15H11z" fill="#fff"/><path d="M12.6 15h6.8l.4 3h-7.6z" fill="#e4573d"/><rect x="12.5" y="7" width="7" height="4" rx="1" fill="#ffd166"/><path d="M20 9l9-3v6zM12 9L3 6v6z" fill="#ffd166" opacity=".6"/></svg>`;

export const landingPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pharos</title>
<link rel="icon" href="images/favicon.ico">
<style>
:root { color-scheme: light dark; --ink: #16242e; --soft: #5a6b77; --page: #f5f7f8; --card: #fff; --line: #dde4e8; --blue: #14608f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eef2; --soft: #9fb0bb; --page: #10181d; --card: #18232a; --line: #2a3942; --blue: #6db7e6; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--page); }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem; }
header { display: flex; gap: 1rem; align-items: center; }
header img { width: 3.5rem; height: 3.5rem; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
header p { margin: 0; color: var(--soft); }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 2rem 0; padding: 0; list-style: none; }
.counts li { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; }
.counts b { display: block; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
.counts span { color: var(--soft); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.25rem; margin-top: 1rem; }
h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
a { color: var(--blue); }
pre { overflow-x: auto; margin: .5rem 0 0; padding: .8rem 1rem; border-radius: .45rem; background: var(--page); border: 1px solid var(--line); font-size: .9rem; }
ul { margin: 0; padding-left: 1.2rem; }
</style>
</head>
<body>
<main>
<header><img src="images/favicon.ico" alt=""><div><h1 id="name">Pharos</h1><p id="about">A DICOM server</p></div></header>
<ul class="counts" aria-live="polite">
<li><b id="CountPatients">&ndash;</b><span>patients</span></li>
<li><b id="CountStudies">&ndash;</b><span>studies</span></li>
<li><b id="CountSeries">&ndash;</b><span>series</span></li>
<li><b id="CountInstances">&ndash;</b><span>instances</span></li>
<li><b id="TotalDiskSizeMB">&ndash;</b><span>MB stored</span></li>
</ul>
<section><h2>Send images</h2>
<p id="dicom">From a scanner or workstation: C-STORE to this machine.</p>
<pre id="upload">curl -X POST http://localhost:8042/instances --data-binary @image.dcm</pre></section>
<section><h2>Look around</h2>
<ul>
<li><a href="../studies?expand">Studies</a>, <a href="../patients?expand">patients</a>, <a href="../changes?limit=50">recent changes</a></li>
<li><a href="../statistics">Statistics</a>, <a href="../system">system</a>, <a href="../tools/metrics-prometheus">figures for Prometheus</a></li>
<li><a href="../openapi.json">The REST API, as OpenAPI</a>: compatible with Orthanc's</li>
</ul></section>
</main>
<script>
const show = (id, text) => { document.getElementById(id).textContent = text; };
const read = (path) => fetch(path).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status));
read('../statistics').then((counts) => {
  for (const id of ['CountPatients', 'CountStudies', 'CountSeries', 'CountInstances', 'TotalDiskSizeMB']) show(id, Number(counts[id]).toLocaleString());
}).catch(() => {});
read('../system').then((system) => {
  show('name', system.Name);
  show('about', 'Pharos ' + system.PharosVersion + ', speaks the REST API of Orthanc ' + system.Version);
  show('dicom', 'From a scanner or workstation: C-STORE to ' + system.DicomAet + ' at ' + location.hostname + ', port ' + system.DicomPort + '.');
}).catch(() => {});
show('upload', 'curl -X POST ' + new URL('../instances', location.href).href + ' --data-binary @image.dcm');
</script>
</body>
</html>
`;
