// `npm run bench`: how fast the gateway is, beside the least a server can do and beside what else there is.
import { makeBase } from './databases/base.mjs';
import { openEngines } from './databases/engines.mjs';
import { MEASURES } from './measures/index.mjs';
import { readOptions } from './options.mjs';
import { planOf } from './plan.mjs';
import { leaveServerCore } from './processes/cores.mjs';
import { method } from './report/machine.mjs';
import { markdown, writeReport } from './report/markdown.mjs';
import { verdicts } from './report/verdicts.mjs';
import { TOKENS } from './registry.mjs';

const options = readOptions(process.argv);
const plan = planOf(options);
const say = (rows) => console.log(rows.map((row) => row.join('  ')).join('\n'));

leaveServerCore();
const engines = await openEngines(options.engine);
const sections = [];
const servers = [];
try {
  for (const engine of engines) {
    servers.push(await engine.describe());
    const base = await makeBase(engine);
    for (const { name, measure } of chosenMeasures(engine)) {
      console.log(`\n${name}, ${engine.name}`);
      sections.push(await measure({ engine, base, say, ...plan }));
    }
  }
} finally {
  for (const engine of engines) await engine.close();
}

const text = markdown(method({ ...plan, tokens: TOKENS, servers: servers.filter(Boolean) }), sections);
console.log(`\n${text}`);
if (options.write && !options.quick) writeReport(text);
if (options.quick) failWhereFarOff();

function chosenMeasures(engine) {
  const isChosen = ({ name, isExtra, hasNoBar }) => {
    if (options.only) return options.only.includes(name) || options[name] === true;
    return isExtra ? options[name] === true : !(options.quick && hasNoBar);
  };
  const isFor = ({ once, engineKey = engine.key }) => engineKey === engine.key && (!once || engine === engines[0]);
  return MEASURES.filter((measure) => isChosen(measure) && isFor(measure));
}

function failWhereFarOff() {
  const values = Object.assign({}, ...sections.map((section) => section.values));
  const farOff = verdicts(values).filter(({ isFarOff, isToldOnly }) => isFarOff && !isToldOnly);
  for (const { id, bar, value } of farOff) console.error(`${id} is ${value.toFixed(2)}, and its bar ${bar}`);
  if (farOff.length > 0) process.exitCode = 1;
}
