/** `node web/build.ts` builds the page into `web/dist`; the server does so where what is there was made of other sources. */
import { PageBuild } from '../../page-kit/build.ts';

const page = new PageBuild({ script: import.meta.filename, packages: ['vite', 'uplot'] });

export const ensurePage = () => page.ensure();

if (import.meta.main) await page.build();
