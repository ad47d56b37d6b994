import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fetchMavenArtifacts, type MavenArtifact } from '../setup/maven.ts';

export const VERSION = '2.19.6';

/** A part of the full server that Maven Central has as jars, without the two files that make a module of them. */
interface Module {
  readonly name: string;
  /** The class that the server loads. */
  readonly classname: string;
  /** What it may do beyond what every module may, as in its `plugin-security.policy` in OpenSearch's repository. */
  readonly permissions?: readonly string[];
  readonly jars: readonly MavenArtifact[];
}

/**
 * What a pipeline's users meet on AWS: `_reindex` and its like, ingest processors, templates. Versions are those of each
 * jar's POM. The three add some 0.15 s of CPU and 10 MB to a boot of 1.9 s and 266 MB.
 *
 * Other modules are to be had in the same way and are left out for what they would add to every boot: `lang-painless`
 * 0.8 s of CPU and 45 MB (it reads its list of allowed methods once for each kind of script), `analysis-common` and
 * `mapper-extras` together 0.1 to 0.2 s and 25 MB. `ingest-common` extends Painless on AWS, and does without it.
 */
const MODULES: readonly Module[] = [
  {
    name: 'reindex',
    classname: 'org.opensearch.index.reindex.ReindexPlugin',
    // Connecting is left out: it is only needed for remote clusters, none of which the server's settings allow.
    jars: [
      jar(
        'org.opensearch.plugin',
        'reindex-client',
        VERSION,
        '431d1037eadaa1fc144155b9397d4781d7b68e5b4700f68735c6a97bf52defff',
      ),
      jar(
        'org.opensearch',
        'opensearch-ssl-config',
        VERSION,
        '93e27cba4a85bc751f68a0c70146f341008ff6c63bfa43d5d3a41cbd4a99d59c',
      ),
      jar(
        'org.opensearch.client',
        'opensearch-rest-client',
        VERSION,
        '225987b8fd88db60f0aade505bd55b1321eb302f942e15874e2192f2d47a1d98',
      ),
      jar(
        'org.apache.httpcomponents',
        'httpclient',
        '4.5.14',
        'c8bc7e1c51a6d4ce72f40d2ebbabf1c4b68bfe76e732104b04381b493478e9d6',
      ),
      jar(
        'org.apache.httpcomponents',
        'httpasyncclient',
        '4.1.5',
        '0c1877489a9d1ba4fa50f6cfcab11d1123618858cb31d56afaab5afdd5064d99',
      ),
      jar(
        'org.apache.httpcomponents',
        'httpcore',
        '4.4.16',
        '6c9b3dd142a09dc468e23ad39aad6f75a0f2b85125104469f026e52a474e464f',
      ),
      jar(
        'org.apache.httpcomponents',
        'httpcore-nio',
        '4.4.16',
        '4018736ede2d321034e8517ea90baefb31831a8608afccc446d8a699fb1d00d4',
      ),
      jar(
        'commons-codec',
        'commons-codec',
        '1.18.0',
        'ba005f304cef92a3dede24a38ad5ac9b8afccf0d8f75839d6c1338634cf7f6e4',
      ),
      jar(
        'commons-logging',
        'commons-logging',
        '1.2',
        'daddea1ea0be0f56978ab3006b8ac92834afeefbd9b7e4e6316fca57df0fa636',
      ),
    ],
  },
  {
    name: 'ingest-common',
    classname: 'org.opensearch.ingest.common.IngestCommonPlugin',
    jars: [
      jar(
        'org.opensearch.plugin',
        'ingest-common',
        VERSION,
        '41362d471b010131e6f8fbefd0b5f53ba64bcf225acb287dd7f474ad475098fe',
      ),
      jar(
        'org.opensearch',
        'opensearch-grok',
        VERSION,
        '9ea35b11039233fc5951813632b60a325cadfddc593d75aae1ffe41f210bf0d1',
      ),
      jar(
        'org.opensearch',
        'opensearch-dissect',
        VERSION,
        '526c99b4a8b8f191263460f98a31ceec7d94bf059a1bb1b608f130921af827c4',
      ),
      jar('org.jruby.joni', 'joni', '2.2.1', 'b3e4b657a3ed1d8f684114f6baa462d553a5932a865c1574695498dda8577748'),
      jar(
        'org.jruby.jcodings',
        'jcodings',
        '1.0.61',
        '3238c68a2f86cec53cc184ad26df8352db87bb22a419bd17fb4acdfbb0bc40f0',
      ),
    ],
  },
  {
    // Without it, ingest processors take `{{field}}` for a plain text.
    name: 'lang-mustache',
    classname: 'org.opensearch.script.mustache.MustachePlugin',
    permissions: ['java.lang.RuntimePermission "accessDeclaredMembers"'],
    jars: [
      jar(
        'org.opensearch.plugin',
        'lang-mustache-client',
        VERSION,
        '0386b19d570b85be9b60c2a1f1703131d091ca5481bcaa212b050b6d8d842bce',
      ),
      jar(
        'com.github.spullara.mustache.java',
        'compiler',
        '0.9.14',
        '99a7e7855609135006f078e6de7ee69daad9c42f98e679d56f80653cb17526b9',
      ),
    ],
  },
];

export const MODULE_NAMES = MODULES.map(({ name }) => name);

/** Another one for every other list of modules. */
export const MODULES_HASH = createHash('sha256').update(JSON.stringify(MODULES)).digest('hex').slice(0, 8);

/** Fetches the modules and puts them into a folder, that of an installation's modules. */
export async function addModules(folder: string, options: Parameters<typeof fetchMavenArtifacts>[2]): Promise<void> {
  const jars = MODULES.flatMap((module) => module.jars);
  const files = await fetchMavenArtifacts(jars, `the modules of OpenSearch ${VERSION}`, options);
  const fileOf = new Map(jars.map((artifact, index) => [artifact, files[index] as string]));
  for (const module of MODULES) {
    const home = join(folder, module.name);
    mkdirSync(home);
    for (const artifact of module.jars) {
      const file = fileOf.get(artifact) as string;
      copyFileSync(file, join(home, basename(file)));
    }
    writeFileSync(join(home, 'plugin-descriptor.properties'), descriptorOf(module));
    if (module.permissions !== undefined) {
      writeFileSync(join(home, 'plugin-security.policy'), policyOf(module.permissions));
    }
  }
}

/** The file's keys are told in `plugin-descriptor.properties` of every module that is shipped. */
function descriptorOf({ name, classname }: Module): string {
  return `name=${name}
description=${name} of OpenSearch
version=${VERSION}
opensearch.version=${VERSION}
java.version=11
classname=${classname}
has.native.controller=false
`;
}

function policyOf(permissions: readonly string[]): string {
  return `grant {\n${permissions.map((permission) => `  permission ${permission};\n`).join('')}};\n`;
}

function jar(group: string, name: string, version: string, sha256: string): MavenArtifact {
  return { group, name, version, type: 'jar', sha256 };
}
