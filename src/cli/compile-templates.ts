/** Last step of the build: templates/ as a script beside the program. */
import { writeFileSync } from 'node:fs';
import { compileTemplates } from '../renderers/compiled-templates.ts';
import { COMPILED_TEMPLATES, readTemplates } from './package-files.ts';

writeFileSync(COMPILED_TEMPLATES, compileTemplates(readTemplates()));
