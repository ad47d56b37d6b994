import type { MeasureContext, Measurement, Readings } from '../measurement.ts';
import { apacheVelocity, type Job, ours, type Renderer, velocityjs } from '../templates.ts';

const WARM_UP_MS = 5000;

/** A device's readings into a record for Kinesis: JSON read, looped over, and encoded whole. */
const JSON_JOB: Job = {
  template: `#set($root = $input.path('$'))
{
  "StreamName": "readings",
  "PartitionKey": "$root.device",
  "Data": "$util.base64Encode($input.json('$'))",
  "Readings": [
#foreach($reading in $root.readings)
    {"id": $foreach.count, "sensor": "$reading.sensor", "value": $reading.value, "alarm": #if($reading.value > 80)true#{else}false#end}#if($foreach.hasNext),#end

#end
  ]
}
`,
  body: JSON.stringify({
    device: 'gas-detector-17',
    at: '2026-11-21T03:16:22Z',
    readings: Array.from({ length: 10 }, (_, index) => ({
      sensor: `sensor-${index}`,
      value: 40 + 7 * index,
      unit: 'ppm',
    })),
  }),
};

/** A form into JSON, as the widespread template does it. */
const FORM_JOB: Job = {
  template: `#set($form = $input.path('$'))
{
#foreach($pair in $form.split("&"))
#set($parts = $pair.split("="))
  "$util.urlDecode($parts[0])": "#if($parts.size() > 1)$util.urlDecode($parts[1])#end"#if($foreach.hasNext),#end

#end
}
`,
  body: 'key=abc123&event=install&city=%EC%84%9C%EC%9A%B8&os=android+14&model=SM-S921N&campaign=spring%202026&price=12900&currency=KRW',
};

export const templatesJson = measurement('templates-json', 'a JSON body', JSON_JOB, 'velocityjs');
export const templatesForm = measurement('templates-form', 'a form', FORM_JOB, 'velocityjs');
export const templatesJsonJava = measurement('templates-json-java', 'a JSON body', JSON_JOB, 'Apache Velocity');
export const templatesFormJava = measurement('templates-form-java', 'a form', FORM_JOB, 'Apache Velocity');

function measurement(name: string, what: string, job: Job, rival: 'velocityjs' | 'Apache Velocity'): Measurement {
  return {
    name,
    title: `Mapping templates of ${what} rendered a second, on one thread, each with a body that is read anew`,
    rival: rival === 'velocityjs' ? 'velocityjs' : 'Apache Velocity 1.7 with Jayway JsonPath in a warm JVM',
    unit: '/s',
    measure: (context) => measure(context, job, rival),
  };
}

async function measure(context: MeasureContext, job: Job, rivalName: string): Promise<Readings> {
  const { rounds, roundMs, amount, parts, progress } = context;
  const side = ours(job);
  const rival = rivalName === 'velocityjs' ? checked(await velocityjs(job), side.output) : await apacheVelocity(job);
  parts.use(rival);
  const readings = { ours: [] as number[], rival: [] as number[] };
  progress('warming up');
  await side.renderer.run(amount(WARM_UP_MS, 100));
  await rival.run(amount(WARM_UP_MS, 100));
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round}: ours, then ${rivalName}`);
    readings.ours.push(await side.renderer.run(roundMs));
    readings.rival.push(await rival.run(roundMs));
  }
  return { ...readings, notes: [`A body of ${job.body.length} bytes becomes ${side.output.length} characters`] };
}

/** A rival that renders something else does other work. Where line ends go is not looked at. */
function checked({ output, renderer }: { output: string; renderer: Renderer }, expected: string): Renderer {
  const [theirs, wanted] = [output, expected].map((text) => JSON.stringify(JSON.parse(text)));
  if (theirs !== wanted) throw new Error(`The rival renders ${theirs}, not ${wanted}.`);
  return renderer;
}
